"""Why a word of the trade was not accepted.

Few classes; the docstring of each is its default sentence. All are ``ValueError``: a caller that only wants yes or no
uses the ``is_valid`` of the value type.
"""

from __future__ import annotations


class TermError(ValueError):
    """The value is not acceptable."""

    def __init__(self, found: str = "", *, wanted: str = "") -> None:
        """Keep what was found and what was wanted apart, so that a face can show them in its language."""
        self.found = found
        self.wanted = wanted
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        """Default sentence, then the two values where they are known."""
        sentence = (type(self).__doc__ or "").splitlines()[0]
        values = [
            f"{label} {value}" for label, value in (("found", repr(self.found)), ("wanted", self.wanted)) if value
        ]
        return f"{sentence.rstrip('.')}: {', '.join(values)}."


class FormatError(TermError):
    """The value is not written the way it must be."""


class LengthError(FormatError):
    """The value has the wrong number of characters."""


class CheckDigitError(TermError):
    """The check digit does not follow from the characters before it."""


class PartError(TermError):
    """A part of the value cannot be, such as a day that no calendar has."""


class UnknownCodeError(TermError):
    """The code is not in its table."""

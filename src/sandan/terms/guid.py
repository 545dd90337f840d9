"""System number of a record (系统唯一序号, guid): exactly thirty-six characters, chosen by the sender.

The specification asks for an upper-case UUID; the real system accepts any thirty-six characters, and receipts come with
lower-case UUIDs (message specification 202205, section 2 rule 2). So any visible ASCII of that length is valid, and what
we write ourselves is an upper-case UUID.

>>> validate("6F1C1C6E-0A5B-4B0E-9A3C-0F2D5E7A9B11")
'6F1C1C6E-0A5B-4B0E-9A3C-0F2D5E7A9B11'
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import TermError
from sandan.terms.ids import Guid

LENGTH: Final = 36


def compact(text: str) -> str:
    """The guid as people may type it, without surrounding spaces; its letters keep their case."""
    return text.strip()


def validate(text: str) -> Guid:
    """The guid, if it has the length and can be printed.

    Raises:
        LengthError: Not thirty-six characters.
        FormatError: Blank or other characters that cannot be seen.
    """
    if len(text) != LENGTH:
        raise LengthError(text, wanted=f"{LENGTH} characters")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise FormatError(text, wanted=f"{LENGTH} visible half-width characters")
    return Guid(text)


def is_valid(text: str) -> bool:
    """Whether the text can be a guid."""
    try:
        validate(text)
    except TermError:
        return False
    return True


def from_uuid(value: UUID) -> Guid:
    """A UUID as the upper-case guid we write."""
    return Guid(str(value).upper())

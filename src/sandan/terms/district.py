"""Customs district (关区代码, JGS/T 18): four digits; the first two name the customs (直属海关).

>>> validate("2900"), directly_under("2924")
('2900', '2900')
"""

from __future__ import annotations

from typing import Final

from sandan.terms import codes
from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import TermError
from sandan.terms.errors import UnknownCodeError
from sandan.terms.ids import CustomsCode

LENGTH: Final = 4


def compact(text: str) -> str:
    """The code as people may type it, without surrounding spaces."""
    return text.strip()


def validate(text: str) -> CustomsCode:
    """The code, if it is a known customs district.

    Raises:
        LengthError: Not four characters.
        FormatError: Not digits only.
        UnknownCodeError: Not in the list of districts at hand.
    """
    if len(text) != LENGTH:
        raise LengthError(text, wanted=f"{LENGTH} digits")
    if not (text.isascii() and text.isdecimal()):
        raise FormatError(text, wanted=f"{LENGTH} digits")
    if text not in codes.DISTRICTS:
        raise UnknownCodeError(text, wanted="a customs district of the list at hand")
    return CustomsCode(text)


def is_valid(text: str) -> bool:
    """Whether the text is a known customs district."""
    try:
        validate(text)
    except TermError:
        return False
    return True


def directly_under(text: str) -> str:
    """Code of the customs a district belongs to (直属海关)."""
    return f"{text[:2]}00"

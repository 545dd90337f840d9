"""Commodity code (商品编码) of the tariff: ten digits, of which the first eight name the tariff line (税则号列).

Chapter 2, heading 4, subheading 6 (these six are the Harmonized System's), line 8, statistical and supervision suffix 10.
Issued by the tariff commission each 1 January; the last two digits by customs.

>>> validate("3304990029"), tariff_line("3304990029"), chapter("3304990029")
('3304990029', '33049900', '33')
"""

from __future__ import annotations

import re
from typing import Final

from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import PartError
from sandan.terms.errors import TermError
from sandan.terms.ids import HsCode

LENGTH: Final = 10
LINE_LENGTH: Final = 8


def compact(text: str) -> str:
    """The code as people may type it, without spaces, points and hyphens."""
    return re.sub(r"[\s.\-]", "", text)


def validate(text: str) -> HsCode:
    """The code, if it can be one; whether the tariff has it is the law's question.

    Raises:
        LengthError: Not ten characters.
        FormatError: Not digits only.
        PartError: Chapter 00, which does not exist.
    """
    if len(text) != LENGTH:
        raise LengthError(text, wanted=f"{LENGTH} digits")
    if not (text.isascii() and text.isdecimal()):
        raise FormatError(text, wanted=f"{LENGTH} digits")
    if text.startswith("00"):
        raise PartError(text, wanted="a chapter from 01 to 99")
    return HsCode(text)


def is_valid(text: str) -> bool:
    """Whether the text can be a commodity code."""
    try:
        validate(text)
    except TermError:
        return False
    return True


def tariff_line(text: str) -> str:
    """First eight digits: the tariff line, by which the positive list is kept."""
    return text[:LINE_LENGTH]


def chapter(text: str) -> str:
    """First two digits: the chapter (章)."""
    return text[:2]

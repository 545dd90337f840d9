"""Money and quantities as integers: 10⁻⁵ of a unit as the wire writes them, fen as customs books them.

The wire's ``decimal(19,5)`` carries at most fourteen digits before the point and five after it, without exponent or
thousands separator (message specification 202205, section 2 rule 8). The integer of 10⁻⁵ units holds it exactly, so no
amount is ever a binary fraction.
"""

from __future__ import annotations

from typing import Final

from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError

PLACES: Final = 5
"""Decimal places of the wire."""
SCALE: Final = 10**PLACES
"""How many 10⁻⁵ parts make one unit."""
E5_PER_FEN: Final = SCALE // 100
"""How many 10⁻⁵ yuan make one fen (分)."""
DIGITS: Final = 19
"""Significant digits the wire allows."""

_ZEROS: Final = "0" * PLACES


def parse_e5(text: str) -> int:
    """Decimal text of the wire as an integer of 10⁻⁵ units, exactly.

    Args:
        text: Digits with an optional leading sign and an optional point; up to five decimal places.

    Returns:
        The value times 10⁵.

    Raises:
        FormatError: Not a plain decimal number, or more than five decimal places.
        LengthError: More than nineteen significant digits.

    >>> parse_e5("12.34567")
    1234567
    >>> parse_e5("1e3")
    Traceback (most recent call last):
        ...
    sandan.terms.errors.FormatError: The value is not written the way it must be: found '1e3', wanted a decimal number such as 12.34.
    """
    whole, point, part = text.partition(".")
    if not point and whole.isdecimal() and whole.isascii() and len(whole) <= DIGITS - PLACES:
        return int(whole) * SCALE
    if whole.isdecimal() and part.isdecimal() and text.isascii() and len(part) <= PLACES and len(text) <= DIGITS:
        return int(whole + part + _ZEROS[len(part) :])
    return _parse_unusual(text)


def _parse_unusual(text: str) -> int:
    """The rarer spellings that are numbers too: signs, leading or trailing zeros, a point without digits on one side."""
    sign, body = (text[0], text[1:]) if text[:1] in {"+", "-"} else ("", text)
    whole, point, part = body.partition(".")
    if not (body.isascii() and (whole + part).isdecimal()) or (point and not whole + part):
        raise FormatError(text, wanted="a decimal number such as 12.34")
    part = part.rstrip("0")
    if len(part) > PLACES:
        raise FormatError(text, wanted=f"at most {PLACES} decimal places")
    whole = whole.lstrip("0")
    if len(whole) + len(part) > DIGITS:
        raise LengthError(text, wanted=f"at most {DIGITS} digits")
    value = int((whole or "0") + part + _ZEROS[len(part) :])
    return -value if sign == "-" else value


def format_e5(value: int) -> str:
    """An integer of 10⁻⁵ units as the shortest decimal text that means it.

    >>> format_e5(1234500), format_e5(-5), format_e5(0)
    ('12.345', '-0.00005', '0')
    """
    whole, part = divmod(abs(value), SCALE)
    sign = "-" if value < 0 else ""
    if not part:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:05d}".rstrip("0")


def fen_from_e5(value: int) -> int:
    """Yuan in 10⁻⁵ parts to fen (分), half up by magnitude.

    Rounding rule RF-7 with interpretation K5: amounts are booked to the fen, half a fen rounds away from zero.

    >>> fen_from_e5(500), fen_from_e5(499), fen_from_e5(-500)
    (1, 0, -1)
    """
    fen = (abs(value) + E5_PER_FEN // 2) // E5_PER_FEN
    return -fen if value < 0 else fen


def e5_from_fen(fen: int) -> int:
    """Fen (分) to 10⁻⁵ yuan, exactly."""
    return fen * E5_PER_FEN


def round_half_up(numerator: int, denominator: int) -> int:
    """A ratio of integers to the nearest integer, halves away from zero (RF-7, K5).

    Args:
        numerator: Any integer.
        denominator: A positive integer.

    >>> round_half_up(5, 2), round_half_up(-5, 2), round_half_up(7, 3)
    (3, -3, 2)
    """
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -rounded if numerator < 0 else rounded


def yuan_text(fen: int) -> str:
    """Fen (分) as yuan with two decimals, without separators.

    >>> yuan_text(123456), yuan_text(-5)
    ('1234.56', '-0.05')
    """
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"

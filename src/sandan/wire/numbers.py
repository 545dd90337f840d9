"""Numbers as the wire spells them (``xs:decimal``, ``xs:int``) and as we hold them.

A ``decimal(19,5)`` (N19,5) becomes an integer of 10⁻⁵ units; the schema allows forms a plain reader would not
expect: a leading plus sign, leading zeros, ``.5`` and ``5.``, blanks around the number.
"""

from __future__ import annotations

import re

BLANK = " \t\r\n"
"""White space of XML; nothing else is."""

INT_LEAST = -(2**31)
INT_MOST = 2**31 - 1
"""Range of ``xs:int``."""

E5_MOST = 2**63 - 1
"""Largest amount that can be booked, in 10⁻⁵: some ninety trillion."""

_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_INT = re.compile(r"[+-]?[0-9]+")
_PLACES = 5


def decimal_parts(text: str) -> tuple[str, str, str] | None:
    """Take a decimal apart as the schema reads it.

    Args:
        text: The element's text, blanks around it allowed.

    Returns:
        Sign, digits before and digits behind the point without the zeros that carry no value; None where it is no decimal.
    """
    match = _DECIMAL.fullmatch(text.strip(BLANK))
    if match is None or not (match[2] or match[3]):
        return None
    return match[1].replace("+", ""), match[2].lstrip("0"), (match[3] or "").rstrip("0")


def e5_of(parts: tuple[str, str, str]) -> int:
    """Make 10⁻⁵ units of the parts of a decimal with at most five digits behind the point."""
    sign, whole, part = parts
    return int(f"{sign}{whole or '0'}{part.ljust(_PLACES, '0')}")


def int_of(text: str) -> int | None:
    """Read an ``xs:int``; None where the text is none or out of its range."""
    stripped = text.strip(BLANK)
    if not _INT.fullmatch(stripped):
        return None
    value = int(stripped) if len(stripped) <= _PLAIN_INT_DIGITS else _long_int(stripped)
    return value if INT_LEAST <= value <= INT_MOST else None


_PLAIN_INT_DIGITS = 18


def _long_int(text: str) -> int:
    """Value of a long row of digits; leading zeros may make it long without making it large."""
    digits = text.lstrip("+-").lstrip("0")
    if len(digits) > _PLAIN_INT_DIGITS:
        return INT_MOST + 1
    return int(digits or "0") * (-1 if text.startswith("-") else 1)


def e5_text(value: int) -> str:
    """Write 10⁻⁵ units the shortest way: ``0``, ``12.5``, ``-0.00001``.

    Args:
        value: Amount in 10⁻⁵ units.

    Returns:
        A decimal without exponent, separators or zeros at its end.
    """
    whole, part = divmod(abs(value), 10**_PLACES)
    digits = f"{whole}.{part:05d}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 else digits

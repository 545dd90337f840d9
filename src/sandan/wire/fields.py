"""One field judged and read by its definition: the slow, complete way."""

from __future__ import annotations

import re

from sandan.wire.definitions import Field
from sandan.wire.facts import Value
from sandan.wire.numbers import BLANK
from sandan.wire.numbers import decimal_parts
from sandan.wire.numbers import e5_of
from sandan.wire.numbers import int_of

_BLANKS = re.compile(r"[ \t\r\n]+")


def effective(field: Field, text: str) -> str:
    """Text as the schema sees it: white space collapsed where it says so, the fixed or default value where empty."""
    if text == "" and (field.fixed is not None or field.default is not None):
        return field.fixed or field.default or ""
    if field.collapse or field.base != "string":
        return _BLANKS.sub(" ", text.strip(BLANK))
    return text


def fault_of(field: Field, text: str) -> str:
    """Name what the schema holds against a text.

    Args:
        field: Definition of the element.
        text: Its text as received.

    Returns:
        Code of the fault catalogue, empty where the schema accepts the text.
    """
    seen = effective(field, text)
    if field.base == "string":
        return _string_fault(field, seen)
    if seen.strip(BLANK) == "":
        return "W-EMPTY-NUMBER"
    return _decimal_fault(field, seen) if field.base == "decimal" else _int_fault(field, seen)


def value_of(field: Field, text: str) -> Value:
    """Value of a text the schema accepts: a string, an int, or 10⁻⁵ units of a decimal."""
    seen = effective(field, text)
    if field.base == "string":
        return seen
    if field.base == "int":
        return int_of(seen)
    parts = decimal_parts(seen)
    return None if parts is None else e5_of(parts)


def _string_fault(field: Field, text: str) -> str:
    if not field.low <= len(text) <= (len(text) if field.high is None else field.high):
        return "W-LENGTH"
    return "W-FIXED" if field.fixed is not None and text != field.fixed else ""


def _decimal_fault(field: Field, text: str) -> str:
    parts = decimal_parts(text)
    if parts is None:
        return "W-NUMBER"
    if len(parts[2]) > field.fraction:
        return "W-FRACTION"
    too_long = field.digits is not None and len(parts[1]) + len(parts[2]) > field.digits
    return "W-DIGITS" if too_long else ""


def _int_fault(field: Field, text: str) -> str:
    value = int_of(text)
    if value is None:
        return "W-NUMBER"
    too_long = field.digits is not None and len(str(abs(value))) > field.digits
    return "W-DIGITS" if too_long else ""

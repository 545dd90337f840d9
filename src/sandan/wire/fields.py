"""One field judged and read by its definition: the slow, complete way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from sandan.wire.definitions import Field
from sandan.wire.facts import Value
from sandan.wire.numbers import BLANK
from sandan.wire.numbers import E5_MOST
from sandan.wire.numbers import decimal_parts
from sandan.wire.numbers import e5_of
from sandan.wire.numbers import int_of
from sandan.wire.signature import is_base64

_DIGIT_TIMES = {8: "YYYYMMDD", 14: "YYYYMMDDhhmmss", 17: "YYYYMMDDhhmmssSSS"}
_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9]{2}:[0-9]{2}:[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)
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
    if field.base in _LEXICAL:
        return _LEXICAL[field.base](seen)
    if seen.strip(BLANK) == "":
        return "W-EMPTY-NUMBER"
    return _decimal_fault(field, seen) if field.base == "decimal" else _int_fault(field, seen)


def value_of(field: Field, text: str) -> Value:
    """Value of a text the schema accepts: a string, an int, or 10⁻⁵ units of a decimal."""
    seen = effective(field, text)
    if field.base in {"string", *_LEXICAL}:
        return seen
    if field.base == "int":
        return int_of(seen)
    parts = decimal_parts(seen)
    return None if parts is None else e5_of(parts)


def _datetime_fault(text: str) -> str:
    """``xs:dateTime`` and ``xs:date``: the calendar is asked for the day, an offset may follow."""
    match = _DATETIME.fullmatch(text)
    if match is None:
        return "W-DATETIME"
    try:
        datetime.fromisoformat(match[1] + (match[2] or ""))
    except ValueError:
        return "W-DATETIME"
    return ""


def _base64_fault(text: str) -> str:
    return "" if is_base64(text) else "W-BASE64"


_LEXICAL: dict[str, Callable[[str], str]] = {
    "base64": _base64_fault,
    "datetime": lambda text: _datetime_fault(text) if "T" in text else "W-DATETIME",
    "date": lambda text: "W-DATETIME" if "T" in text else _datetime_fault(text),
}


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


def field_fault(field: Field, text: str) -> str:
    """Name what is wrong with a text, as sharply as can be told.

    Args:
        field: Definition of the element.
        text: Its text as received.

    Returns:
        Code of the fault catalogue, empty where nothing is wrong.
    """
    code = fault_of(field, text)
    if code:
        return _sharper(code, field, text)
    too_large = field.base == "decimal" and abs(int(value_of(field, text) or 0)) > E5_MOST
    return "W-AMOUNT" if too_large else ""


_LEXICAL_FORMS = {"base64": "base64", "datetime": "YYYY-MM-DDThh:mm:ss", "date": "YYYY-MM-DD"}


def _sharper(code: str, field: Field, text: str) -> str:
    """The more telling code where one is known."""
    if code == "W-LENGTH" and effective(field, text) == "":
        return "W-EMPTY-TEXT"
    if code == "W-LENGTH" and field.name == "guid":
        return "W-GUID"
    if code == "W-LENGTH" and field.low == field.high and field.low in _DIGIT_TIMES and _is_time(field):
        return "W-TIME"
    return code


def _is_time(field: Field) -> bool:
    return field.name.endswith(("Time", "Date"))


def allowed(field: Field) -> tuple[str, str]:
    """What a field allows, in Chinese and English."""
    if field.fixed is not None:
        return f"固定为 {field.fixed}", f"always {field.fixed}"
    if field.base == "string":
        return _allowed_text(field)
    if field.base in _LEXICAL:
        shown = _LEXICAL_FORMS[field.base]
        return shown, shown
    if field.base == "int":
        digits = "" if field.digits is None else f"，至多 {field.digits} 位"
        return f"整数{digits}", "a whole number" + (f" of at most {field.digits} digits" if field.digits else "")
    return (
        f"数值，至多 {field.digits} 位，其中小数至多 {field.fraction} 位",
        f"a number of at most {field.digits} digits, at most {field.fraction} of them behind the point",
    )


def _allowed_text(field: Field) -> tuple[str, str]:
    time = _DIGIT_TIMES.get(field.low) if _is_time(field) else None
    if time is not None and field.low == field.high:
        return f"{field.low} 位数字 {time}", f"{field.low} digits, {time}"
    if field.low == field.high:
        return f"{field.low} 个字符", f"exactly {field.low} characters"
    if field.high is None:
        return "任意长度", "text of any length"
    return f"{field.low} 至 {field.high} 个字符", f"{field.low} to {field.high} characters"

"""Legal days and wire times: the law counts in Beijing days, the wire writes Beijing time without a zone.

Times of the wire are fourteen digits (``appTime``, ``payTime``) or seventeen with milliseconds (``returnTime``);
message specification 202205, section 2 rule 9.
"""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from typing import Final

from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import PartError

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Beijing time (北京时间): eight hours ahead of UTC the whole year since 1991, before any law kept here."""


def legal_day(at: datetime) -> date:
    """Day on which a moment falls for the law (Asia/Shanghai).

    Raises:
        ValueError: The moment carries no zone.

    >>> legal_day(datetime(2018, 12, 31, 16, 0, tzinfo=UTC))
    datetime.date(2019, 1, 1)
    """
    return _aware(at).astimezone(SHANGHAI).date()


def wire_time(at: datetime) -> str:
    """A moment as fourteen digits in Beijing time (YYYYMMDDhhmmss)."""
    return _aware(at).astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")


def wire_time_ms(at: datetime) -> str:
    """A moment as seventeen digits in Beijing time, with milliseconds."""
    local = _aware(at).astimezone(SHANGHAI)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


def wire_day(day: date) -> str:
    """A day as the eight digits of the wire (YYYYMMDD)."""
    return day.strftime("%Y%m%d")


def parse_wire_time(text: str) -> datetime:
    """Fourteen or seventeen digits of the wire as an aware moment in Beijing time.

    Raises:
        FormatError: Not digits only.
        LengthError: Neither fourteen nor seventeen characters.
        PartError: No such day or time.

    >>> parse_wire_time("20190101000000").isoformat()
    '2019-01-01T00:00:00+08:00'
    """
    if len(text) not in {14, 17}:
        raise LengthError(text, wanted="14 or 17 digits")
    digits = _numbers(text)
    try:
        second = datetime(*(int(digits[a:b]) for a, b in _PARTS), tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]
    except ValueError as error:
        raise PartError(text, wanted="a day and time that exist") from error
    return second + timedelta(milliseconds=int(digits[14:] or 0))


def parse_wire_day(text: str) -> date:
    """Eight digits of the wire as a day.

    Raises:
        FormatError: Not digits only.
        LengthError: Not eight characters.
        PartError: No such day.
    """
    if len(text) != len("YYYYMMDD"):
        raise LengthError(text, wanted="8 digits")
    digits = _numbers(text)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError as error:
        raise PartError(text, wanted="a day that exists") from error


_PARTS: Final = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))


def _numbers(text: str) -> str:
    """The text itself if it is ASCII digits only."""
    if text.isascii() and text.isdecimal():
        return text
    raise FormatError(text, wanted="digits only")


def _aware(at: datetime) -> datetime:
    """The moment itself if it carries a zone; a naive one would be read in the machine's zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} carries no time zone; give an aware moment, for example in {UTC}")
    return at

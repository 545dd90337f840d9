"""How amounts, moments and ages are written for readers; days and hours are Beijing's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.dates import format_datetime
from babel.numbers import format_decimal

from sandan.console.words import mark
from sandan.terms.days import SHANGHAI
from sandan.terms.money import SCALE
from sandan.terms.money import format_e5

_UNITS = (
    (mark("%(n)s d"), timedelta(days=1)),
    (mark("%(n)s h"), timedelta(hours=1)),
    (mark("%(n)s min"), timedelta(minutes=1)),
)


def yuan(fen: int | None, locale: str) -> str:
    """Returns fen as yuan with two decimals and separators; a dash where there is no amount.

    >>> yuan(123456789, "en_GB"), yuan(None, "en_GB")
    ('1,234,567.89', '–')
    """
    return "–" if fen is None else format_decimal(Decimal(fen) / 100, format="#,##0.00", locale=locale)


def amount(value_e5: int | None, locale: str) -> str:
    """Returns an amount of 10⁻⁵ units with at least two decimals and no digit lost.

    >>> amount(1234500000, "en_GB"), amount(100001, "en_GB")
    ('12,345.00', '1.00001')
    """
    if value_e5 is None:
        return "–"
    return format_decimal(Decimal(value_e5) / SCALE, format="#,##0.00###", locale=locale)


def quantity(value_e5: int | None) -> str:
    """Returns a quantity of 10⁻⁵ units as the shortest decimal text."""
    return "–" if value_e5 is None else format_e5(value_e5)


def count(value: int, locale: str) -> str:
    """Returns a whole number with separators."""
    return format_decimal(value, locale=locale)


def moment(at: datetime | None) -> str:
    """Returns a moment to the second in Beijing time; a dash where there is none."""
    return "–" if at is None else format_datetime(at.astimezone(SHANGHAI), "yyyy-MM-dd HH:mm:ss", tzinfo=SHANGHAI)


def moment_ms(at: datetime) -> str:
    """Returns a moment to the millisecond in Beijing time."""
    local = at.astimezone(SHANGHAI)
    return f"{moment(at)}.{local.microsecond // 1000:03d}"


def day(value: date | None, locale: str) -> str:
    """Returns a day as readers of the locale write it."""
    return "–" if value is None else format_date(value, "medium", locale=locale)


def age(since: datetime, now: datetime, gettext: Callable[[str], str]) -> str:
    """Returns how long ago, in the two largest units, or that it is less than a minute.

    >>> age(datetime(2026, 1, 1, tzinfo=SHANGHAI), datetime(2026, 1, 2, 3, 4, tzinfo=SHANGHAI), str)
    '1 d 3 h'
    """
    left = max(now - since, timedelta())
    parts: list[str] = []
    for unit, length in _UNITS:
        n, left = divmod(left, length)
        if n or parts:
            parts.append(gettext(unit) % {"n": n})
    return " ".join(parts[:2]) or gettext("less than a minute")

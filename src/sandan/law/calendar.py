"""Working days and the counting of days and months (工作日、期限计算).

Each counting rule stands here once: day 1 is the day after the event (K1); "within n months" ends on the same day of the
month, inclusive, clipped to the month's last day (K2); the 15th moves to the next working day when it is a rest day
(194/2018 art. 10). A working day is Monday to Friday outside the State Council's holidays, or a make-up day (调休上班).
For a year whose notice is not published the answer goes by the weekday alone and is marked provisional.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from functools import cache

from msgspec import Struct

from sandan.law import data_files

ONE_DAY = timedelta(days=1)


class Schedule(Struct, frozen=True):
    """Holidays and make-up working days of the published years."""

    #: Rest days by law, with the name of the holiday
    holidays: Mapping[date, str]
    #: Weekend days on which work is made up, with the holiday they pay for
    makeup: Mapping[date, str]
    years: frozenset[int]


class Deadline(Struct, frozen=True):
    """A last day, and how sure it is."""

    day: date
    #: Day the rule names, before any shift
    nominal: date
    #: The calendar of a year it touches is not published yet
    provisional: bool

    @property
    def shifted(self) -> bool:
        """Whether the nominal day was a rest day."""
        return self.day != self.nominal


@cache
def schedule() -> Schedule:
    """The shipped table of yearly notices."""
    holidays: dict[date, str] = {}
    makeup: dict[date, str] = {}
    for row in data_files.table("calendar", "holidays.csv"):
        day, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        while day <= last:
            holidays[day] = row["holiday"]
            day += ONE_DAY
        makeup.update((date.fromisoformat(text), row["holiday"]) for text in row["makeup"].split())
    return Schedule(holidays, makeup, frozenset(day.year for day in holidays))


def published(day: date) -> bool:
    """Whether the notice for the day's year is in the table."""
    return day.year in schedule().years


def working_day(day: date) -> bool:
    """Whether a day is a working day; by the weekday alone where the year is not published (see ``published``)."""
    if day in schedule().makeup:
        return True
    return day.weekday() < months.SATURDAY and day not in schedule().holidays


def shift(day: date) -> date:
    """The day itself if it is a working day, else the first working day after it."""
    while not working_day(day):
        day += ONE_DAY
    return day


def summary_deadline(month: date, day_of_month: int) -> Deadline:
    """Last day to declare in summary the export lists closed in a month (R194-10.1).

    Args:
        month: Any day of the month in which the lists were closed (结关).
        day_of_month: Day of the following month, parameter ``export.summary_day``.
    """
    nominal = add_months(month.replace(day=1), 1).replace(day=day_of_month)
    day = shift(nominal)
    return Deadline(day=day, nominal=nominal, provisional=not (published(nominal) and published(day)))


def nth_day_after(event: date, number: int) -> date:
    """Day ``number`` after an event, day 1 being the day after it (K1); calendar days, no holiday shift."""
    return event + timedelta(days=number)


def days_since(event: date, day: date) -> int:
    """Which day after an event a day is: 1 for the day after, 0 for the day itself (K1)."""
    return (day - event).days


def add_months(day: date, number: int) -> date:
    """Same day of the month ``number`` months later, clipped to the month's last day (K2)."""
    month = day.month - 1 + number
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def within_months(event: date, day: date, number: int) -> bool:
    """Whether a day lies within ``number`` months of an event, the last day included (K2)."""
    return event <= day <= add_months(event, number)


def reference_wednesday(month: date, choice: int, fallback: int) -> Deadline:
    """Day whose exchange rate is used for declarations of a month (RDV-3).

    Args:
        month: Any day of the month of declaration.
        choice: Which Wednesday of the month before, parameter ``exchange.reference_wednesday``.
        fallback: Which one when that is a rest day, parameter ``exchange.fallback_wednesday``.
    """
    first = add_months(month.replace(day=1), -1)
    wednesday = first + timedelta(days=(months.WEDNESDAY - first.weekday()) % 7)
    nominal = wednesday + timedelta(weeks=choice - 1)
    day = nominal if working_day(nominal) else wednesday + timedelta(weeks=fallback - 1)
    return Deadline(day=day, nominal=nominal, provisional=not published(nominal))

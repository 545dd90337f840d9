"""The law in time and place: what changes, the calendar of deadlines, and what holds in a city (法规变化、期限、地点)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from starlette.responses import Response

from sandan.console.law_days import FIRST_DAY
from sandan.console.law_days import LAST_DAY
from sandan.console.law_days import day_of
from sandan.console.law_days import refused_day
from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.law import Law
from sandan.law import calendar
from sandan.law import catalogue
from sandan.law import changes as law_changes
from sandan.law import parameters
from sandan.law import places as law_places
from sandan.law import reading
from sandan.law.errors import LawError
from sandan.terms.ids import RuleId

CHANGES_SHOWN = 500
WINDOWS = ("return.apply_days", "return.arrive_days", "tax.payable_from_day", "tax.payable_to_day")
"""Parameters counted in days from release (K1)."""


class Month(Struct, frozen=True):
    """Deadlines of one month; None where no verified rule gives the day."""

    month: date
    #: Last day of the summary declaration of lists closed in it
    summary: calendar.Deadline | None
    #: Day whose exchange rate is used for its declarations
    exchange: calendar.Deadline | None


class Window(Struct, frozen=True):
    """One window counted from release."""

    parameter: str
    zh: str
    en: str
    number: int | None
    day: date | None


def changes(visit: Visit) -> Response:
    """Returns what differs between two days, and what changes after today by the data at hand."""
    days = {name: day_of(visit, name) for name in ("from", "to")}
    for name, day in days.items():
        if day is None:
            return refused_day(visit, name)
    first, second = days["from"] or visit.law.day, days["to"] or visit.law.day
    overlay = visit.law.overlay
    asked = bool(visit.query("from") or visit.query("to"))
    return visit.show(
        "law_changes.html",
        first=first,
        second=second,
        asked=asked,
        between=law_changes.difference(first, second, overlay, visit.language)[:CHANGES_SHOWN] if asked else (),
        coming=law_changes.coming(visit.law.day, overlay, visit.language)[:CHANGES_SHOWN],
        most=CHANGES_SHOWN,
        sentence=partial(_sentence, visit.language),
    )


def places(visit: Visit) -> Response:
    """Returns all pilot zones by batch, or goes to the city asked for."""
    city = visit.query("city")
    if city:
        return go(f"/law/place/{quote(city[:40], safe='')}")
    return visit.show("law_places.html", zones=law_places.zones(), day=visit.law.day)


def place(visit: Visit) -> Response:
    """Returns what holds in a city on a day: pilot zone, bonded import 1210, and every row that says so."""
    day = day_of(visit, "day")
    if day is None:
        return refused_day(visit, "day")
    city = visit.request.path_params["city"]
    shown = reading.place(city, day, visit.law.overlay)
    known = bool(shown.zones or shown.bonded or shown.supplied)
    return visit.show("law_place.html", place=shown, day=day, known=known)


def deadlines(visit: Visit) -> Response:
    """Returns the deadlines of a year, its holidays, and the windows counted from a day of release."""
    released = day_of(visit, "released")
    if released is None:
        return refused_day(visit, "released")
    year = _year(visit)
    if year is None:
        _ = visit.gettext
        return visit.refuse(BAD_REQUEST, _("Check the year"), _("Write a year of four digits, from 1950 to 2098."))
    return visit.show(
        "law_calendar.html",
        year=year,
        months=[_month(visit, date(year, number, 1)) for number in range(1, 13)],
        holidays=_holidays(year),
        published=calendar.published(date(year, 1, 1)),
        released=released,
        windows=[_window(visit.deps.law_on(released), name, released) for name in WINDOWS],
    )


def _sentence(language: str, change: law_changes.Difference) -> str:
    """The sentence of the parameter or rule that changes; empty for a place or a row, which its name tells."""
    found = parameters.shipped().get(change.name) or catalogue.shipped().get(RuleId(change.name))
    return "" if found is None else found.zh if language == "zh" else found.en


def _year(visit: Visit) -> int | None:
    text = visit.query("year") or str(visit.law.day.year)
    if not text.isascii() or not text.isdecimal() or len(text) != len("2026"):
        return None
    return int(text) if FIRST_DAY.year < int(text) < LAST_DAY.year else None


def _month(visit: Visit, month: date) -> Month:
    there = visit.deps.law_on(month)
    return Month(month, _summary(there, month), _exchange(there, month))


def _summary(there: Law, month: date) -> calendar.Deadline | None:
    try:
        return calendar.summary_deadline(month, there.number("export.summary_day"))
    except LawError:
        return None


def _exchange(there: Law, month: date) -> calendar.Deadline | None:
    try:
        choice = there.number("exchange.reference_wednesday")
        return calendar.reference_wednesday(month, choice, there.number("exchange.fallback_wednesday"))
    except LawError:
        return None


def _window(there: Law, name: str, released: date) -> Window:
    shown: Any = reading.show(name, there.day, there.overlay)
    number = there.find(name)
    days = number if isinstance(number, int) else None
    day = calendar.nth_day_after(released, days) if days is not None else None
    return Window(name, shown.zh, shown.en, days, day)


def _holidays(year: int) -> list[tuple[str, list[date], list[date]]]:
    """Holidays of a year by name, each with its rest days and its make-up days."""
    schedule = calendar.schedule()
    return [
        (name, _of_year(schedule.holidays, name, year), _of_year(schedule.makeup, name, year))
        for name in dict.fromkeys(_names(year))
    ]


def _names(year: int) -> Iterator[str]:
    return (name for day, name in sorted(calendar.schedule().holidays.items()) if day.year == year)


def _of_year(days: Any, name: str, year: int) -> list[date]:  # noqa: ANN401 - day to name of the holiday
    return sorted(day for day, holiday in days.items() if holiday == name and day.year == year)

"""A collector's calendar of money as iCalendar (RFC 5545): one all-day event for each last day of payment."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import groupby

from icalendar import Alarm
from icalendar import Calendar
from icalendar import Event

from sandan.store.views.tax import Falling
from sandan.terms.money import yuan_text

ALARM_DAYS = (10, 3, 1)
"""Days before the last day on which a calendar reminds its reader."""


def feed(collector: str, falling: Iterable[Falling], now: datetime) -> bytes:
    """The feed of one collector.

    Args:
        collector: Its code.
        falling: What falls due, in the order of the last days.
        now: Moment of the feed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Sandan//tax calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"税款日历 {collector}")
    for last, group in groupby(falling, key=lambda one: one.payable_to):
        calendar.add_component(_event(collector, last, list(group), now))
    return bytes(calendar.to_ical())


def _event(collector: str, last: date, due: list[Falling], now: datetime) -> Event:
    amount, bills = sum(one.tax_fen for one in due), sum(one.bills for one in due)
    overdue = any(one.stage == "overdue" for one in due)
    event = Event()
    event.add("uid", f"tax-{collector}-{last:%Y%m%d}@sandan")
    event.add("dtstamp", now)
    event.add("dtstart", last)
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", f"{'逾期 overdue' if overdue else '应缴税款 tax due'} {yuan_text(amount)}")
    event.add("description", "\n".join(_lines(due, bills)))
    for days in ALARM_DAYS:
        event.add_component(_alarm(days, last))
    return event


def _lines(due: list[Falling], bills: int) -> Iterator[str]:
    yield f"{bills} 份税单 bills"
    for one in due:
        yield (
            f"{one.district}: 放行 released {one.released_on}, {one.bills} 份 bills, {yuan_text(one.tax_fen)} 元,"
            f" 可缴 payable {one.payable_from} – {one.payable_to}"
        )


def _alarm(days: int, last: date) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-days))
    alarm.add("description", f"{last} 前缴税 pay by {last}")
    return alarm

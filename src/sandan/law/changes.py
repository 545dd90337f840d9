"""What of the law changes: between two days, and after a day (法规变化), with what the operator supplied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from sandan.law import calendar
from sandan.law import catalogue
from sandan.law import overlay as files
from sandan.law import parameters
from sandan.law import places
from sandan.law.edition import Law
from sandan.law.edition import at
from sandan.law.reading import rule_state
from sandan.law.reading import state_of
from sandan.law.supplied import EMPTY
from sandan.law.supplied import Overlay


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that is not the same on two days."""

    #: ``parameter``, ``rule``, ``zone``, or the kind of an operator's file
    kind: str
    name: str
    before: str
    after: str
    #: Announcement that brought it, where known
    source: str


ROW_KINDS = ("positive_list", "tariff", "places", "suspensions", "local_lists")
"""Kinds of an operator's file whose rows begin and end by themselves; parameters and rules are told as such."""


def difference(first: date, second: date, overlay: Overlay = EMPTY, language: str = "en") -> tuple[Difference, ...]:
    """What is not the same on two days: values, rules applied, pilot zones, and rows the operator supplied.

    Values are written in the language; states are the words of ``reading``, for a face to put.
    """
    before, after = at(first, overlay), at(second, overlay)
    return (
        *_values(before, after, language),
        *_rules(before, after),
        *_zones(first, second),
        *_rows(first, second, overlay),
    )


def coming(day: date, overlay: Overlay = EMPTY, language: str = "en") -> tuple[tuple[str, Difference], ...]:
    """Changes after a day that the data at hand already holds, each with its first day."""
    days = sorted({begin for begin in _turning_days(overlay) if begin > day})
    return tuple(
        (begin.isoformat(), change) for begin in days for change in difference(_eve(begin), begin, overlay, language)
    )


def _values(before: Law, after: Law, language: str) -> Iterator[Difference]:
    for name, parameter in parameters.shipped().items():
        old, new = state_of(parameter, before, language), state_of(parameter, after, language)
        if (old[0], old[2]) != (new[0], new[2]):
            source = after.values[name].source.title if name in after.values else ""
            yield Difference(
                kind="parameter", name=name, before=old[0] or old[2], after=new[0] or new[2], source=source
            )


def _rules(before: Law, after: Law) -> Iterator[Difference]:
    for rule in catalogue.shipped().values():
        old, new = rule_state(rule, before), rule_state(rule, after)
        if old != new:
            yield Difference(kind="rule", name=rule.id, before=old, after=new, source=rule.source.title)


def _zones(first: date, second: date) -> Iterator[Difference]:
    for zone in places.zones():
        old, new = zone.active(first), zone.active(second)
        if old != new:
            said = {True: "zone", False: "no zone"}
            yield Difference(kind="zone", name=zone.zh, before=said[old], after=said[new], source=zone.document)


def _rows(first: date, second: date, overlay: Overlay) -> Iterator[Difference]:
    """Rows of the operator's files that hold on one of the days and not on the other."""
    for row in files.rows_of(overlay, ROW_KINDS):
        old, new = row.covers(first), row.covers(second)
        if old != new:
            said = {True: "stands", False: "none"}
            yield Difference(kind=row.kind, name=row.name, before=said[old], after=said[new], source=row.source)


def _turning_days(overlay: Overlay) -> Iterator[date]:
    """First days of values, rules, zones and rows, and the days after their last ones."""
    for name, parameter in parameters.shipped().items():
        for value in (*parameter.values, *overlay.parameters.get(name, ())):
            yield value.since
            yield from _after(value.until)
    for rule in catalogue.shipped().values():
        yield rule.since
        yield from _after(rule.until)
    for zone in places.zones():
        yield zone.published
        yield from (day for day in (zone.revoked,) if day)
    for row in files.rows_of(overlay, (*ROW_KINDS, "switches")):
        yield row.since
        yield from _after(row.until)


def _after(day: date | None) -> Iterator[date]:
    if day:
        yield day + calendar.ONE_DAY


def _eve(day: date) -> date:
    return day - calendar.ONE_DAY

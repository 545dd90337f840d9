"""The law for readers: what is in force on a day, places and deadlines (``changes`` tells what differs and what comes).

Plain structures for the command line, the console and the reference pages; every one can be written as JSON.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandan.law import calendar
from sandan.law import catalogue
from sandan.law import parameters
from sandan.law import places
from sandan.law.edition import Law
from sandan.law.edition import at
from sandan.law.errors import NotInForceError
from sandan.law.errors import UnknownNameError
from sandan.law.errors import UnverifiedError
from sandan.law.facts import DatedValue
from sandan.law.facts import Parameter
from sandan.law.facts import Rule
from sandan.law.facts import Value
from sandan.law.supplied import EMPTY
from sandan.law.supplied import Overlay
from sandan.terms.money import yuan_text


class ShownValue(Struct, frozen=True, kw_only=True):
    """One value of a parameter with its days and source."""

    value: str
    since: str
    until: str
    source: str
    article: str
    evidence: str
    checked: str
    note: str


class ShownParameter(Struct, frozen=True, kw_only=True):
    """A parameter on a day."""

    kind: str
    name: str
    zh: str
    en: str
    unit: str
    rules: tuple[str, ...]
    day: str
    #: Value in force, empty where there is none
    value: str
    #: Why there is none
    reason: str
    #: ``in-force``, ``unverified`` or ``none``
    state: str
    values: tuple[ShownValue, ...]


class ShownRule(Struct, frozen=True, kw_only=True):
    """A rule on a day."""

    kind: str
    id: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    source: str
    article: str
    evidence: str
    since: str
    until: str
    actors: tuple[str, ...]
    severity: str
    retry: str
    receipt_code: str
    receipt_text: str
    day: str
    #: Applied on the day
    on: bool
    #: ``in-force``, ``not-yet``, ``ended`` or ``off``
    state: str
    by: tuple[str, ...]
    not_executable: str
    waits_for: str
    passing: dict[str, Any]
    failing: dict[str, Any]
    note: str


class ShownZone(Struct, frozen=True, kw_only=True):
    """A pilot zone with both of its days."""

    zh: str
    en: str
    batch: str
    document: str
    approved: str
    published: str
    revoked: str
    evidence: str


class ShownNamed(Struct, frozen=True, kw_only=True):
    """A row that names a city for bonded import, or a class of place in it, with its days."""

    #: Name of the place, or of the city the operator gave
    name: str
    #: Stage that named it, or the kind an operator's row states
    kind: str
    holds: bool
    since: str
    until: str
    source: str
    evidence: str


class ShownPlace(Struct, frozen=True, kw_only=True):
    """What holds in a city on a day; each answer is true, false or ``unknown``."""

    city: str
    day: str
    pilot_zone: bool | str
    bonded_1210: bool | str
    #: Stage of the scope of bonded import
    stage: str
    zones: tuple[ShownZone, ...]
    #: Rows of bonded import that name the city, of every stage
    bonded: tuple[ShownNamed, ...]
    #: Rows the operator supplied about the city
    supplied: tuple[ShownNamed, ...]
    note: str


class ShownDeadline(Struct, frozen=True, kw_only=True):
    """A deadline and how it was found."""

    month: str
    deadline: str
    nominal: str
    shifted: bool
    #: The calendar of the year is not published yet
    provisional: bool
    rule: str


def show(name: str, day: date, overlay: Overlay = EMPTY) -> ShownParameter | ShownRule:
    """A parameter or a rule on a day.

    Raises:
        UnknownNameError: Neither has that name; the nearest names are given.
    """
    if name in parameters.shipped():
        return show_parameter(parameters.shipped()[name], at(day, overlay))
    rules = catalogue.shipped()
    found = next((rule for rule_id, rule in rules.items() if rule_id.casefold() == name.casefold()), None)
    if found is None:
        near = ", ".join(search(name)[:5]) or "none with that word in it"
        raise UnknownNameError(f"no rule or parameter is called {name!r}; near ones: {near}")
    return show_rule(found, at(day, overlay))


def search(words: str) -> list[str]:
    """Names of rules and parameters in which every word occurs, in id, sentence, remedy, source or receipt."""
    wanted = words.casefold().split()
    texts = [(name, f"{name} {each.zh} {each.en}") for name, each in parameters.shipped().items()]
    texts += [(rule.id, _text(rule)) for rule in catalogue.shipped().values()]
    return [name for name, text in texts if all(word in text.casefold() for word in wanted)]


def _text(rule: Rule) -> str:
    """Everything a rule is found by."""
    source = f"{rule.source.title} {rule.source.article}"
    return f"{rule.id} {rule.zh} {rule.en} {source} {rule.remedy_zh} {rule.remedy_en} {rule.receipt_code} {rule.receipt_text}"


def place(city: str, day: date, overlay: Overlay = EMPTY) -> ShownPlace:
    """What holds in a city on a day."""
    law = at(day, overlay)
    zones = places.zones_of(city)
    return ShownPlace(
        city=city,
        day=day.isoformat(),
        pilot_zone=_answer(law.pilot_zone(city)),
        bonded_1210=_answer(law.bonded_place(city)),
        stage=str(law.find("places.bonded_class") or ""),
        zones=tuple(_zone(zone) for zone in zones),
        bonded=tuple(_bonded(row) for row in places.bonded_places_of(city)),
        supplied=tuple(_supplied(row) for row in overlay.places if places.names_match(city, row.city, row.city)),
        note=_place_note(law, zones),
    )


def summary(month: date, overlay: Overlay = EMPTY) -> ShownDeadline:
    """Last day of the summary declaration of a month (R194-10.1).

    Raises:
        NotInForceError: No verified rule gives the day of the month.
    """
    found = calendar.summary_deadline(month, at(month, overlay).number("export.summary_day"))
    return ShownDeadline(
        month=f"{month:%Y-%m}",
        deadline=found.day.isoformat(),
        nominal=found.nominal.isoformat(),
        shifted=found.shifted,
        provisional=found.provisional,
        rule="R194-10.1",
    )


def show_parameter(parameter: Parameter, law: Law) -> ShownParameter:
    """A parameter on the day of a law."""
    value, reason, state = state_of(parameter, law)
    supplied = law.overlay.parameters.get(parameter.name, ())
    return ShownParameter(
        kind="parameter",
        name=parameter.name,
        zh=parameter.zh,
        en=parameter.en,
        unit=parameter.unit,
        rules=parameter.rules,
        day=law.day.isoformat(),
        value=value,
        reason=reason,
        state=state,
        values=tuple(_shown(each, parameter.unit) for each in (*parameter.values, *supplied)),
    )


def show_rule(rule: Rule, law: Law) -> ShownRule:
    """A rule on the day of a law."""
    return ShownRule(
        kind="rule",
        id=rule.id,
        zh=rule.zh,
        en=rule.en,
        remedy_zh=rule.remedy_zh,
        remedy_en=rule.remedy_en,
        source=rule.source.title,
        article=rule.source.article,
        evidence=rule.evidence,
        since=rule.since.isoformat(),
        until=_iso(rule.until),
        actors=rule.actors,
        severity=rule.severity,
        retry=rule.retry,
        receipt_code=rule.receipt_code,
        receipt_text=rule.receipt_text,
        day=law.day.isoformat(),
        on=law.is_on(rule.id),
        state=rule_state(rule, law),
        by=rule.implemented_by,
        not_executable=rule.not_executable,
        waits_for=rule.waits_for,
        passing=dict(rule.passing),
        failing=dict(rule.failing),
        note=rule.note,
    )


def text_of(value: Value, unit: str, language: str = "en") -> str:
    """A value as people read it: fen as yuan, rates as per cent, codes with commas."""
    zh = language == "zh"
    if unit == "fen" and isinstance(value, int):
        return f"{yuan_text(value)} {'元' if zh else 'yuan'}"
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %"
    if isinstance(value, tuple):
        return ("、" if zh else ", ").join(value)
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    return str(value)


def state_of(parameter: Parameter, law: Law, language: str = "en") -> tuple[str, str, str]:
    """Value of a parameter, reason for its absence, and its state: ``in-force``, ``unverified`` or ``none``."""
    try:
        return text_of(law.value(parameter.name), parameter.unit, language), "", "in-force"
    except UnverifiedError as error:
        return "", str(error), "unverified"
    except NotInForceError as error:
        return "", str(error), "none"


def rule_state(rule: Rule, law: Law) -> str:
    """State of a rule: ``in-force``, ``not-yet``, ``ended`` or ``off``."""
    if law.is_on(rule.id):
        return "in-force"
    if law.day < rule.since:
        return "not-yet"
    return "ended" if rule.until and rule.until < law.day else "off"


def _shown(value: DatedValue, unit: str) -> ShownValue:
    return ShownValue(
        value=text_of(value.value, unit),
        since=value.since.isoformat(),
        until=_iso(value.until),
        source=value.source.title,
        article=value.source.article,
        evidence=value.evidence,
        checked=value.checked.isoformat(),
        note=value.note,
    )


def _answer(answer: bool | None) -> bool | str:  # noqa: FBT001 the value itself, no switch
    return "unknown" if answer is None else answer


def _zone(zone: places.Zone) -> ShownZone:
    return ShownZone(
        zh=zone.zh,
        en=zone.en,
        batch=zone.batch,
        document=zone.document,
        approved=_iso(zone.approved),
        published=zone.published.isoformat(),
        revoked=_iso(zone.revoked),
        evidence=zone.evidence,
    )


def _bonded(row: places.BondedPlace) -> ShownNamed:
    return ShownNamed(
        name=row.zh,
        kind=row.stage,
        holds=True,
        since=row.since.isoformat(),
        until=_iso(row.until),
        source=row.document,
        evidence=row.evidence,
    )


def _supplied(row: places.PlaceFact) -> ShownNamed:
    return ShownNamed(
        name=row.city,
        kind=row.kind,
        holds=row.holds,
        since=row.since.isoformat(),
        until=_iso(row.until),
        source=f"{row.source.title} {row.source.article}".strip(),
        evidence=row.evidence,
    )


def _place_note(law: Law, zones: tuple[places.Zone, ...]) -> str:
    """What the reader should know about the answer."""
    notes = [
        f"{zone.zh} is on the list from memory only; load its text to rely on it."
        for zone in zones
        if zone.evidence == "memory"
    ]
    if law.find("places.bonded_class") == places.CLASS_STAGE:
        notes.append("Since 2021-03-18 classes of places count; a city not known to hold one is unknown, not no (K9).")
    if zones:
        notes.append("Rights that need zone status count from publication (RZ-1).")
    return " ".join(notes)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""

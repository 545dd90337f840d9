"""Where: comprehensive pilot zones (综合试验区) and places of bonded import 1210 (网购保税进口区域).

Answers are yes, no or unknown (``None``). A place known from memory only answers unknown until an operator supplies its
text. From 2021-03-18 classes of places count (商财发〔2021〕39号) and public lists of them are partial: a city not known to hold
one is unknown, not no (K9).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from functools import cache

from msgspec import Struct

from sandan.law import data_files
from sandan.law.facts import Evidence
from sandan.law.facts import Source

HAINAN = "海南全岛"
BONDED_KIND = "bonded_1210"
ZONE_KIND = "pilot_zone"
FIRST_PUBLIC_LIST = "37-cities"
CLASS_STAGE = "five-classes"


class Zone(Struct, frozen=True, kw_only=True):
    """One comprehensive pilot zone."""

    zh: str
    en: str
    province: str
    batch: str
    approved: date | None
    #: Rights that need zone status count from this day (RZ-1)
    published: date
    revoked: date | None
    document: str
    #: How well it is supported that the city is on the list
    evidence: Evidence
    approved_evidence: str
    published_evidence: str

    def active(self, day: date) -> bool:
        """Whether the zone exists on a day, counted from publication to the day before revocation."""
        return self.published <= day and (self.revoked is None or day < self.revoked)


class BondedPlace(Struct, frozen=True, kw_only=True):
    """One place named for bonded import before classes counted."""

    zh: str
    en: str
    #: Value of the parameter ``places.bonded_class`` of the stage that named it
    stage: str
    since: date
    until: date | None
    document: str
    evidence: Evidence


class PlaceFact(Struct, frozen=True, kw_only=True):
    """One place an operator supplied."""

    city: str
    #: ``pilot_zone``, ``bonded_1210`` or one of the classes of ``places.bonded_classes``
    kind: str
    holds: bool
    since: date
    until: date | None
    source: Source
    evidence: Evidence

    def on(self, day: date) -> bool:
        """Whether the fact speaks about a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@cache
def zones() -> tuple[Zone, ...]:
    """All pilot zones ever approved, in their batches."""
    return tuple(_zone(row) for row in data_files.table("places", "zones.csv"))


@cache
def bonded_places() -> tuple[BondedPlace, ...]:
    """All places named one by one for bonded import."""
    return tuple(_bonded(row) for row in data_files.table("places", "bonded.csv"))


def zones_of(city: str) -> tuple[Zone, ...]:
    """Zones a city name means: the Chinese name with or without 市, or the English one."""
    return tuple(zone for zone in zones() if names_match(city, zone.zh, zone.en))


def bonded_places_of(city: str) -> tuple[BondedPlace, ...]:
    """Rows that named a city for bonded import, of every stage."""
    return tuple(place for place in bonded_places() if _meant(city, place))


def pilot_zone(city: str, day: date, supplied: Sequence[PlaceFact] = ()) -> bool | None:
    """Whether a city is a comprehensive pilot zone on a day (RZ-1).

    Returns:
        None where the only zone of that name is known from memory, or the English name means two cities.
    """
    told = _told(city, day, (ZONE_KIND,), supplied)
    if told is not None:
        return told
    active = [zone for zone in (*zones_of(city), *_island(city)) if zone.active(day)]
    if any(zone.evidence is not Evidence.MEMORY for zone in active):
        return True if len({zone.zh for zone in active}) == 1 else None
    return None if active else False


def bonded_place(city: str, day: date, stage: str, supplied: Sequence[PlaceFact] = ()) -> bool | None:
    """Whether bonded import 1210 is open in a city on a day (R1210-1 to R39-1).

    Args:
        city: Chinese or English name.
        day: Legal day.
        stage: Value of ``places.bonded_class`` on the day; empty before the transitional measures.
        supplied: The operator's places.

    Returns:
        True or False where the lists at hand say so, None where they do not.
    """
    told = _told(city, day, (BONDED_KIND,), supplied)
    if told is not None or not stage:
        return told
    if any(place.evidence is not Evidence.MEMORY for place in _named(city, day)):
        return True
    if stage != CLASS_STAGE:
        return None if _partial(stage) else False
    return _holds_a_class(city, day, supplied)


def names_match(city: str, zh: str, en: str) -> bool:
    """Whether a name as people write it means a place."""
    asked = city.strip().casefold().removesuffix("市")
    return asked in {zh.removesuffix("市"), _short(zh), en.casefold().removesuffix("市")}


def _holds_a_class(city: str, day: date, supplied: Sequence[PlaceFact]) -> bool | None:
    """Yes when the city is known to hold one of the five classes; otherwise unknown (K9)."""
    classes = {fact.kind for fact in supplied} - {BONDED_KIND}
    if _told(city, day, classes, supplied) or pilot_zone(city, day, supplied):
        return True
    return None


def _named(city: str, day: date) -> list[BondedPlace]:
    """Places named one by one that the city means on a day; a later stage keeps the places of the one before."""
    return [place for place in bonded_places() if _meant(city, place) and _open(place, day)]


def _open(place: BondedPlace, day: date) -> bool:
    return place.since <= day and (place.until is None or day <= place.until)


def _meant(city: str, place: BondedPlace) -> bool:
    return names_match(city, place.zh, place.en) or (place.zh == HAINAN and _in_hainan(city))


def _partial(stage: str) -> bool:
    """Whether the stage's list is public only in part: fewer names with a source than names."""
    return any(place.stage == stage and place.evidence is Evidence.MEMORY for place in bonded_places())


def _told(city: str, day: date, kinds: Iterable[str], supplied: Sequence[PlaceFact]) -> bool | None:
    """What the operator's files say about a city; the last row wins."""
    wanted = frozenset(kinds)
    answers = [f.holds for f in supplied if f.kind in wanted and names_match(city, f.city, f.city) and f.on(day)]
    return answers[-1] if answers else None


def _island(city: str) -> tuple[Zone, ...]:
    """The zone of Hainan island, for any city on it."""
    return tuple(zone for zone in zones() if zone.zh == HAINAN) if _in_hainan(city) else ()


@cache
def _hainan() -> tuple[tuple[str, str], ...]:
    return tuple((row["zh"], row["en"]) for row in data_files.table("places", "hainan.csv"))


def _in_hainan(city: str) -> bool:
    return any(names_match(city, zh, en) for zh, en in _hainan())


def _short(zh: str) -> str:
    """First two characters of a long official name, such as 平潭 of 平潭综合实验区; whole for a city."""
    return zh[:2] if len(zh) > len("石家庄市") else zh


def _zone(row: Mapping[str, str]) -> Zone:
    return Zone(
        zh=row["zh"],
        en=row["en"],
        province=row["province"],
        batch=row["batch"],
        approved=data_files.day(row["approved"]),
        published=date.fromisoformat(row["published"]),
        revoked=data_files.day(row["revoked"]),
        document=row["document"],
        evidence=Evidence(row["listed_evidence"]),
        approved_evidence=row["approved_evidence"],
        published_evidence=row["published_evidence"],
    )


def _bonded(row: Mapping[str, str]) -> BondedPlace:
    return BondedPlace(
        zh=row["zh"],
        en=row["en"],
        stage=row["stage"],
        since=date.fromisoformat(row["since"]),
        until=data_files.day(row["until"]),
        document=row["document"],
        evidence=Evidence(row["evidence"]),
    )

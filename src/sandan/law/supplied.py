"""What an operator adds to the law at hand: lists, rates, places, suspensions, parameters and switches, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from sandan.law.facts import Consumption
from sandan.law.facts import DatedValue
from sandan.law.facts import Evidence
from sandan.law.facts import ListEntry
from sandan.law.facts import Measure
from sandan.law.facts import Source
from sandan.law.places import PlaceFact
from sandan.terms.ids import RuleId


class Period(Struct, frozen=True, kw_only=True):
    """Days on which a supplied row holds, and where it comes from."""

    since: date
    #: Last day, inclusive; None without end
    until: date | None
    source: Source
    evidence: Evidence

    def covers(self, day: date) -> bool:
        """Whether the row holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class RateRow(Struct, frozen=True, kw_only=True):
    """Rates of one commodity code or of all codes that begin with it."""

    #: Ten, eight, six or four digits
    code: str
    period: Period
    #: A rate, or the name of the parameter that holds it by date: ``vat.standard_rate`` or ``vat.lower_rate``
    vat: Decimal | str
    tariff: Decimal | None = None
    consumption: Consumption | None = None
    cosmetics: bool = False
    measure: Measure | None = None
    #: Legal units where they differ from the table at hand
    unit1: str = ""
    unit2: str = ""


class Ban(StrEnum):
    """Why goods are not let in."""

    EPIDEMIC = "epidemic"
    """From an epidemic area under an explicit suspension (疫区暂停进口)."""
    EMERGENCY = "emergency"
    """Under an emergency measure for a major quality or safety risk (紧急措施)."""
    PROHIBITED = "prohibited"
    """Prohibited by law (禁止进境)."""


class Suspension(Struct, frozen=True, kw_only=True):
    """Goods that are not let in for a time (R194-4.2)."""

    #: Digits the commodity code begins with; empty for all goods
    code: str
    #: Country of origin; empty for all countries
    country: str
    kind: Ban
    reason: str
    period: Period

    def hits(self, gcode: str, country: str, day: date) -> bool:
        """Whether the measure speaks about goods on a day."""
        same_country = self.country in {"", country}
        return same_country and gcode.startswith(self.code) and self.period.covers(day)


class LocalList(Struct, frozen=True, kw_only=True):
    """One line of a local negative or focus list of a zone (RZ-2): it narrows, never widens."""

    zone: str
    code: str
    #: ``negative``: not in this zone; ``focus``: a class the zone favours, without effect on eligibility
    kind: str
    period: Period


class Switch(Struct, frozen=True, kw_only=True):
    """A rule turned on or off from a day, with the text that allows it."""

    rule: RuleId
    enabled: bool
    period: Period


class Overlay(Struct, frozen=True, kw_only=True, eq=False):
    """Everything an operator supplied, as one consistent set; compared by identity so that it can key a cache."""

    positive_list: Mapping[str, tuple[ListEntry, ...]] = {}
    tariff: Mapping[str, tuple[RateRow, ...]] = {}
    places: tuple[PlaceFact, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    local_lists: tuple[LocalList, ...] = ()
    parameters: Mapping[str, tuple[DatedValue, ...]] = {}
    switches: Mapping[RuleId, tuple[Switch, ...]] = {}


EMPTY = Overlay()
"""Nothing supplied."""

"""The law on one day: one consistent set of parameters, rules, lists and places.

``at`` is the only door: everything that judges takes a ``Law`` as an argument. The day is the day customs accepts the
declaration (194/2018 art. 32).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from msgspec import Struct
from msgspec import field

from sandan.law import catalogue
from sandan.law import parameters
from sandan.law import places
from sandan.law import positive_list
from sandan.law import tariff
from sandan.law.errors import LawError
from sandan.law.errors import NotInForceError
from sandan.law.errors import UnknownNameError
from sandan.law.facts import DatedValue
from sandan.law.facts import ListEntry
from sandan.law.facts import Rule
from sandan.law.facts import TariffLine
from sandan.law.facts import Value
from sandan.law.supplied import EMPTY
from sandan.law.supplied import Overlay
from sandan.law.supplied import RateRow
from sandan.law.supplied import Suspension
from sandan.terms import hs_code
from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId

T = TypeVar("T")


@lru_cache(maxsize=256)
def at(day: date, overlay: Overlay = EMPTY) -> Law:
    """The law in force on a legal day, with what the operator supplied; the same object for the same day and overlay."""
    names = {**parameters.shipped()}
    values: dict[str, DatedValue] = {}
    absent: dict[str, NotInForceError] = {}
    for name, parameter in names.items():
        try:
            values[name] = parameters.value_on(parameter, day, overlay.parameters.get(name, ()))
        except NotInForceError as error:
            absent[name] = error
    return Law(day=day, overlay=overlay, values=values, absent=absent, on=_rules_on(day, overlay))


class Law(Struct, frozen=True, kw_only=True, eq=False):
    """The law of one day. Build it with ``at``."""

    day: date
    overlay: Overlay
    #: Values in force, by name of the parameter
    values: Mapping[str, DatedValue]
    #: Why a parameter has no value today
    absent: Mapping[str, NotInForceError]
    #: Rules applied today
    on: frozenset[RuleId]
    _tariff: dict[str, TariffLine | None] = field(default_factory=dict)
    _listed: dict[str, ListEntry | None] = field(default_factory=dict)
    _bonded: dict[str, bool | None] = field(default_factory=dict)
    _zones: dict[str, bool | None] = field(default_factory=dict)

    def dated(self, name: str) -> DatedValue:
        """A parameter's value with its source and days.

        Raises:
            UnknownNameError: No such parameter.
            NotInForceError: No value today, with the stated reason; ``UnverifiedError`` if known from memory only.
        """
        found = self.values.get(name)
        if found is not None:
            return found
        raise self.absent.get(name) or UnknownNameError(f"no parameter is called {name!r}")

    def value(self, name: str) -> Value:
        """A parameter's value: fen or a count, a rate, a text, a day, a yes or no, or codes. Raises as ``dated``."""
        return self.dated(name).value

    def find(self, name: str) -> Value | None:
        """A parameter's value, or None where it has none today."""
        found = self.values.get(name)
        return found.value if found else None

    def number(self, name: str) -> int:
        """A parameter that is fen, days, months or a count."""
        return _typed(self.value(name), int, name)

    def rate(self, name: str) -> Decimal:
        """A parameter that is a rate from 0 to 1."""
        return _typed(self.value(name), Decimal, name)

    def text(self, name: str) -> str:
        """A parameter that is one code or word."""
        return _typed(self.value(name), str, name)

    def codes(self, name: str) -> tuple[str, ...]:
        """A parameter that is a list of codes or words."""
        return _typed(self.value(name), tuple, name)

    def flag(self, name: str) -> bool:
        """A parameter that is yes or no."""
        return _typed(self.value(name), bool, name)

    def rule(self, rule: str) -> Rule:
        """A rule of the catalogue, whether applied today or not.

        Raises:
            UnknownNameError: No such rule.
        """
        try:
            return catalogue.shipped()[RuleId(rule)]
        except KeyError:
            raise UnknownNameError(f"no rule is called {rule!r}") from None

    def is_on(self, rule: str) -> bool:
        """Whether a rule is applied today: in force, and switched on."""
        return rule in self.on

    def tariff(self, gcode: str) -> TariffLine | None:
        """Rates and legal units of a commodity code; None where no rate is known, which blocks assessment (税率)."""
        if gcode not in self._tariff:
            self._tariff[gcode] = self._tariff_line(gcode)
        return self._tariff[gcode]

    def legal_units(self, gcode: str) -> tuple[str, str] | None:
        """Legal units of a commodity code (法定计量单位); None where the tariff at hand does not know the code."""
        line = self.tariff(gcode)
        if line is not None and line.unit1:
            return line.unit1, line.unit2
        return tariff.legal_units(gcode)

    def listed(self, gcode: str) -> ListEntry | None:
        """Line of the positive list (正面清单) for a code of eight or ten digits; None: not on the list at hand."""
        hs8 = hs_code.tariff_line(gcode)
        if hs8 not in self._listed:
            supplied = self.overlay.positive_list.get(hs8, ())
            self._listed[hs8] = positive_list.entry_on(hs8, self.day, supplied)
        return self._listed[hs8]

    def bonded_place(self, city: str) -> bool | None:
        """Whether bonded import 1210 is open in a city; None where the lists at hand do not say (R1210, R39)."""
        if city not in self._bonded:
            stage = str(self.find("places.bonded_class") or "")
            self._bonded[city] = places.bonded_place(city, self.day, stage, self.overlay.places)
        return self._bonded[city]

    def pilot_zone(self, city: str) -> bool | None:
        """Whether a city is a comprehensive pilot zone (综合试验区); None where known from memory only."""
        if city not in self._zones:
            self._zones[city] = places.pilot_zone(city, self.day, self.overlay.places)
        return self._zones[city]

    def suspension(self, gcode: str, country: str) -> Suspension | None:
        """The measure that keeps goods of a code and origin out today, if there is one (R194-4.2)."""
        measures = self.overlay.suspensions
        return next((measure for measure in measures if measure.hits(gcode, country, self.day)), None)

    def suspended(self, gcode: str, country: str) -> str:
        """Reason of the measure that keeps goods out today; empty where there is none."""
        measure = self.suspension(gcode, country) if self.overlay.suspensions else None
        return measure.reason if measure else ""

    def local_ban(self, zone: str, gcode: str) -> bool:
        """Whether a zone's local negative list keeps a code out of it (RZ-2)."""
        lists = self.overlay.local_lists
        return any(
            line.kind == "negative" and line.period.covers(self.day) and gcode.startswith(line.code)
            for line in lists
            if places.names_match(zone, line.zone, line.zone)
        )

    def domestic_shop_may_sell(self) -> bool:
        """Whether a domestic enterprise with signed contracts may still sell by retail import (R194-32.2)."""
        last_day = self.find("domestic_shop.until")
        return isinstance(last_day, date) and self.day <= last_day

    def _tariff_line(self, gcode: str) -> TariffLine | None:
        """The longest supplied code that the commodity code begins with, on this day."""
        for prefix in tariff.prefixes(gcode):
            for row in self.overlay.tariff.get(prefix, ()):
                if row.period.covers(self.day):
                    return self._line(gcode, row)
        return None

    def _line(self, gcode: str, row: RateRow) -> TariffLine:
        units = (row.unit1, row.unit2) if row.unit1 else tariff.legal_units(gcode) or ("", "")
        return TariffLine(
            gcode=HsCode(gcode),
            vat_rate=self.rate(row.vat) if isinstance(row.vat, str) else row.vat,
            tariff_rate=row.tariff,
            consumption=row.consumption,
            cosmetics=row.cosmetics,
            measure=row.measure,
            unit1=units[0],
            unit2=units[1],
            since=row.period.since,
            until=row.period.until,
            source=row.period.source,
            evidence=row.period.evidence,
        )


def _typed(value: Value, kind: type[T], name: str) -> T:
    if isinstance(value, kind):
        return value
    raise LawError(f"{name} is {value!r}, which is no {kind.__name__}")


def _rules_on(day: date, overlay: Overlay) -> frozenset[RuleId]:
    """Rules in force and switched on; an operator's switch comes before the shipped one."""
    return frozenset(rule.id for rule in catalogue.shipped().values() if _applied(rule, day, overlay))


def _applied(rule: Rule, day: date, overlay: Overlay) -> bool:
    in_force = rule.since <= day and (rule.until is None or day <= rule.until)
    switches = [switch for switch in overlay.switches.get(rule.id, ()) if switch.period.covers(day)]
    return in_force and (switches[-1].enabled if switches else rule.enabled)

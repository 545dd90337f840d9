"""Rows of an operator's tables as facts of the law: one reader a kind of file."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from sandan.law import catalogue
from sandan.law import parameters
from sandan.law.cells import Row
from sandan.law.facts import Consumption
from sandan.law.facts import DatedValue
from sandan.law.facts import Evidence
from sandan.law.facts import ListEntry
from sandan.law.facts import Measure
from sandan.law.facts import Remark
from sandan.law.facts import Restriction
from sandan.law.facts import Source
from sandan.law.facts import Value
from sandan.law.places import BONDED_KIND
from sandan.law.places import ZONE_KIND
from sandan.law.places import PlaceFact
from sandan.law.supplied import Ban
from sandan.law.supplied import LocalList
from sandan.law.supplied import Period
from sandan.law.supplied import RateRow
from sandan.law.supplied import Suspension
from sandan.law.supplied import Switch
from sandan.terms import codes
from sandan.terms.errors import TermError
from sandan.terms.ids import RuleId
from sandan.terms.money import parse_e5

Supplied = ListEntry | RateRow | PlaceFact | Suspension | LocalList | DatedValue | Switch
"""What one row becomes."""


class Read(Struct, frozen=True):
    """One row as a fact, under the key that it may not share on the same day."""

    key: str
    fact: Supplied
    since: date
    until: date | None
    row: int


class Table(Struct, frozen=True, kw_only=True):
    """What a kind of file looks like."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Row, Period], tuple[str, Supplied]]
    #: Whether the days of one key must follow each other without a gap
    unbroken: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the file may have."""
        return (*self.required, *self.optional, "until", "source", "article", "evidence")


PLACE_KINDS: Final = frozenset(
    {
        BONDED_KIND,
        ZONE_KIND,
        "pilot_ftz",
        "comprehensive_bonded_zone",
        "import_promotion_zone",
        "bonded_logistics_centre_b",
    }
)
"""What a row of places can say a city holds."""

VAT_WORDS: Final[Mapping[str, str]] = {"standard": "vat.standard_rate", "lower": "vat.lower_rate"}
"""Words that stand for a rate kept by date."""

_OPERATOR_EVIDENCE: Final = frozenset({Evidence.OPERATOR, Evidence.STATED, Evidence.FOUND, Evidence.INVENTED})
_LONG_AGO: Final = date(1949, 10, 1)


def read_row(table: Table, row: Row, source: str, evidence: str) -> Read | None:
    """One row as a fact; None where it has faults, which stay with the row.

    Args:
        table: Kind of file.
        row: Cells.
        source: Title of the source for rows that name none.
        evidence: Evidence for rows that name none.
    """
    period = _period(row, source, evidence)
    key, fact = table.read(row, period)
    if row.faults:
        return None
    return Read(key, fact, period.since, period.until, row.number)


def _period(row: Row, source: str, evidence: str) -> Period:
    """Days, source and evidence that every kind of row has."""
    since = row.day("since", required=True) or _LONG_AGO
    until = row.day("until")
    if until and until < since:
        row.fault("until", f"must not lie before {since}")
    title = row.text("source") or source
    if not title:
        row.fault("source", "must name the announcement or other text the row comes from")
    said = row.choice("evidence", _OPERATOR_EVIDENCE, evidence)
    return Period(
        since=since,
        until=until,
        source=Source(title=title, article=row.text("article")),
        evidence=Evidence(said) if said in _OPERATOR_EVIDENCE else Evidence.OPERATOR,
    )


def _list_entry(row: Row, period: Period) -> tuple[str, Supplied]:
    hs8 = row.digits("hs8", {8})
    entry = ListEntry(
        hs8=hs8,
        name=row.text("name", required=True),
        edition=row.text("edition"),
        remarks=_remarks(row),
        since=period.since,
        until=period.until,
        source=period.source,
        evidence=period.evidence,
    )
    return hs8, entry


def _remarks(row: Row) -> tuple[Remark, ...]:
    """Restrictions a row states, in the order of the columns."""
    found = [
        Remark(kind=Restriction.BONDED_ONLY, text="仅限网购保税商品") if row.flag("bonded_only") else None,
        _named(row),
        _excluded(row),
        _yearly(row),
    ]
    return tuple(remark for remark in found if remark)


def _named(row: Row) -> Remark | None:
    names = tuple(row.text("names").split())
    return Remark(kind=Restriction.NAME_ONLY, text=f"仅限{'、'.join(names)}", names=names) if names else None


def _excluded(row: Row) -> Remark | None:
    text = row.text("excluded")
    return Remark(kind=Restriction.EXCLUSION, text=text) if text else None


def _yearly(row: Row) -> Remark | None:
    """Quantity a person a year, which needs its unit."""
    quantity = row.text("yearly_quantity")
    if not quantity:
        return None
    try:
        quantity_e5 = parse_e5(quantity)
    except TermError:
        row.fault("yearly_quantity", "must be a number such as 2 or 0.5")
        return None
    unit = _unit(row, "yearly_unit", required=True)
    text = f"每人每年{quantity}{codes.UNITS.name(unit)}"
    return Remark(
        kind=Restriction.YEARLY_QUANTITY, text=text, quantity_e5=quantity_e5, unit=unit, pool=row.text("pool")
    )


def _rate_row(row: Row, period: Period) -> tuple[str, Supplied]:
    code = row.digits("code", {10, 8, 6, 4})
    fact = RateRow(
        code=code,
        period=period,
        vat=_vat(row),
        tariff=row.rate("tariff"),
        consumption=_consumption(row),
        cosmetics=row.flag("cosmetics"),
        measure=_measure(row),
        unit1=_unit(row, "unit1"),
        unit2=_unit(row, "unit2"),
    )
    return code, fact


def _vat(row: Row) -> Decimal | str:
    """A word for a rate kept by date, or a rate."""
    word = row.text("vat", required=True)
    return VAT_WORDS[word] if word in VAT_WORDS else row.rate("vat") or Decimal(0)


def _consumption(row: Row) -> Consumption | None:
    """Consumption tax of a row: a share, an amount in fen per unit, or both."""
    rate, specific = row.rate("consumption"), row.amount("specific_fen")
    if not rate and not specific:
        return None
    unit = _unit(row, "specific_unit", required=bool(specific))
    return Consumption(rate=rate or Decimal(0), specific_fen=specific, unit=unit)


def _measure(row: Row) -> Measure | None:
    value = row.choice("measure", {"", *Measure})
    return Measure(value) if value in set(Measure) else None


def _unit(row: Row, column: str, *, required: bool = False) -> str:
    value = row.text(column, required=required)
    if value and value not in codes.UNITS:
        row.fault(column, "must be a unit code of three digits, such as 035 for kilograms")
    return value


def _country(row: Row) -> str:
    value = row.text("country")
    if value and value not in codes.COUNTRIES:
        row.fault("country", "must be a country code of three digits, such as 116 for Japan")
    return value


def _place(row: Row, period: Period) -> tuple[str, Supplied]:
    city, kind = row.text("city", required=True), row.choice("kind", PLACE_KINDS)
    fact = PlaceFact(
        city=city,
        kind=kind,
        holds=row.flag("holds", default=True),
        since=period.since,
        until=period.until,
        source=period.source,
        evidence=period.evidence,
    )
    return f"{city} {kind}", fact


def _suspension(row: Row, period: Period) -> tuple[str, Supplied]:
    code, country = row.digits("code", {0, 2, 4, 6, 8, 10}), _country(row)
    kind = row.choice("kind", set(Ban))
    if not code and not country:
        row.fault(
            "code", "must be filled in where no country is named; a row for all goods of all countries is a mistake"
        )
    ban = Ban(kind) if kind in set(Ban) else Ban.PROHIBITED
    fact = Suspension(code=code, country=country, kind=ban, reason=row.text("reason", required=True), period=period)
    return f"{code} {country} {kind}", fact


def _local_list(row: Row, period: Period) -> tuple[str, Supplied]:
    zone, code = row.text("zone", required=True), row.digits("code", {2, 4, 6, 8, 10})
    kind = row.choice("kind", {"negative", "focus"})
    return f"{zone} {code} {kind}", LocalList(zone=zone, code=code, kind=kind, period=period)


def _parameter(row: Row, period: Period) -> tuple[str, Supplied]:
    """A value of a known parameter, in the type its unit asks for."""
    name, raw = row.text("name", required=True), row.text("value", required=True)
    known = parameters.shipped().get(name)
    if known is None:
        row.fault("name", "is no parameter of the law; see sandan law show")
    elif row.text("unit") not in {"", known.unit}:
        row.fault("unit", f"must be {known.unit}")
    fact = DatedValue(
        value=_typed(row, raw, known.unit if known else "text"),
        since=period.since,
        until=period.until,
        source=period.source,
        evidence=period.evidence,
        checked=row.day("checked", required=True) or period.since,
    )
    return name, fact


def _typed(row: Row, raw: str, unit: str) -> Value:
    try:
        return parameters.typed(raw, unit)
    except (ValueError, KeyError, ArithmeticError):
        row.fault("value", f"does not fit the unit {unit}")
        return raw


def _switch(row: Row, period: Period) -> tuple[str, Supplied]:
    rule = RuleId(row.text("rule", required=True))
    if rule not in catalogue.shipped():
        row.fault("rule", "is no rule of the catalogue; see sandan law coverage")
    return rule, Switch(rule=rule, enabled=row.flag("enabled", default=True), period=period)


TABLES: Final[Mapping[str, Table]] = {
    "positive_list": Table(
        required=("hs8", "name", "since"),
        optional=("edition", "bonded_only", "names", "excluded", "yearly_quantity", "yearly_unit", "pool"),
        read=_list_entry,
    ),
    "tariff": Table(
        required=("code", "vat", "since"),
        optional=(
            "name",
            "tariff",
            "consumption",
            "specific_fen",
            "specific_unit",
            "cosmetics",
            "measure",
            "unit1",
            "unit2",
        ),
        read=_rate_row,
        unbroken=True,
    ),
    "places": Table(required=("city", "kind", "since"), optional=("holds",), read=_place),
    "suspensions": Table(required=("code", "country", "kind", "reason", "since"), optional=(), read=_suspension),
    "local_lists": Table(required=("zone", "code", "kind", "since"), optional=(), read=_local_list),
    "parameters": Table(
        required=("name", "value", "since", "checked"), optional=("unit",), read=_parameter, unbroken=True
    ),
    "rules": Table(required=("rule", "enabled", "since"), optional=(), read=_switch),
}
"""Kinds of file an operator may load, with their columns; every kind may have until, source, article and evidence."""

"""What a line is taxed on and at: its rates, and the quantities they count.

Nothing is guessed: a rate, a quantity or a content that is not at hand becomes a finding which names it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from sandan.duty.cosmetics import UNIT_MARKS
from sandan.duty.cosmetics import content_of
from sandan.duty.cosmetics import is_high_end
from sandan.duty.cosmetics import threshold_fen
from sandan.duty.facts import Route
from sandan.duty.facts import Step
from sandan.duty.facts import StepName
from sandan.duty.facts import Taxable
from sandan.duty.rates import LawInForce
from sandan.duty.rates import Ratio
from sandan.duty.rates import per_unit
from sandan.duty.rates import percent
from sandan.duty.rates import require_conventions
from sandan.law.errors import LawError
from sandan.law.facts import Consumption
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.law.facts import TariffLine
from sandan.terms.ids import RuleId
from sandan.terms.money import SCALE
from sandan.terms.money import format_e5
from sandan.terms.money import round_half_up
from sandan.terms.money import yuan_text

_FREE = Consumption()
_WHOLE = percent(Decimal(1))

_HIGH_END = "cosmetics.high_end_consumption_rate"
_ORDINARY = "cosmetics.ordinary_consumption_rate"

_TAX = RuleId("R194-12.1")
_TARIFF_RATES = RuleId("RC-3")
_SPECIFIC = RuleId("RF-3")
_COSMETICS = RuleId("RC-1")


class Treatment(NamedTuple):
    """What the route says for every line of a list."""

    route: Route
    #: Share of VAT and consumption tax that is levied
    share: Ratio
    #: Tariff of every line, where the route and not the goods decide it
    tariff: Ratio | None


class Levy(NamedTuple):
    """What one line is taxed on and at."""

    value_fen: int
    tariff: Ratio
    vat: Ratio
    consumption: Ratio
    specific: Ratio
    #: Quantity the specific amount counts, in 10⁻⁵ of its unit
    quantity_e5: int
    treatment: Treatment
    #: The test whether a cosmetic is high-end; None for other goods
    content: Step | None


class _Bearing(NamedTuple):
    """Consumption tax a line bears, with the test that decided it."""

    tax: Consumption
    content: Step | None


def treatment_of(route: Route, law: LawInForce) -> Treatment:
    """Shares and tariff of a route on the day (RTAX-3, RTAX-4).

    Raises:
        LawError: The day has no such share, or a convention this room does not follow.
    """
    require_conventions(law)
    if route is Route.FULL:
        return Treatment(route, _WHOLE, None)
    share = percent(law.rate("import.reduced_share"))
    return Treatment(route, share, percent(law.rate("import.reduced_tariff_rate")))


def levy_of(line: Taxable, value_fen: int, treatment: Treatment, law: LawInForce) -> Levy | Finding:
    """Rates and quantities of a line, or the finding that names what is not at hand.

    Args:
        line: The goods.
        value_fen: Their dutiable value with the shares of freight and insurance.
        treatment: What the route says.
        law: Law of the day of acceptance.

    Raises:
        LawError: A rate has no value on the day, or one with which no tax can be computed.
    """
    goods = law.tariff(line.gcode)
    if goods is None:
        return _no_rate(line, _TAX, "VAT")
    tariff = _tariff_of(goods, treatment)
    if tariff is None:
        return _no_rate(line, _TARIFF_RATES, "tariff")
    bearing = _bearing(line, value_fen, goods, law)
    if isinstance(bearing, Finding):
        return bearing
    tax = bearing.tax
    quantity_e5 = _quantity_e5(line, tax.unit) if tax.specific_fen else 0
    if quantity_e5 is None:
        return _no_quantity(line, _SPECIFIC, tax.unit)
    if tax.rate >= 1:
        raise LawError(f"consumption tax of {line.gcode} is {tax.rate}; a share of a price with tax in it is below 1")
    rates = (tariff, percent(goods.vat_rate), percent(tax.rate), per_unit(tax.specific_fen))
    return Levy(value_fen, *rates, quantity_e5, treatment, bearing.content)


def _tariff_of(goods: TariffLine, treatment: Treatment) -> Ratio | None:
    if treatment.tariff is not None:
        return treatment.tariff
    return None if goods.tariff_rate is None else percent(goods.tariff_rate)


def _bearing(line: Taxable, value_fen: int, goods: TariffLine, law: LawInForce) -> _Bearing | Finding:
    """Consumption tax of the goods; since 2016-10-01 a cosmetic bears it only when it is high-end (RC-1)."""
    if not goods.cosmetics:
        return _Bearing(goods.consumption or _FREE, None)
    if law.find(_HIGH_END) is None:
        return _Bearing(Consumption(rate=law.rate(_ORDINARY)), None)
    content = content_of(line, goods)
    if content is None:
        return _no_quantity(line, _COSMETICS, str(goods.measure or "weight/volume/sheet"))
    limit = threshold_fen(content, law)
    high_end = is_high_end(value_fen, content, limit)
    amount = f"{format_e5(content.amount_e5)} {UNIT_MARKS[content.measure]}"
    formula = f"{yuan_text(value_fen)} ÷ {amount} {'≥' if high_end else '<'} {yuan_text(limit)}"
    each_fen = round_half_up(value_fen * SCALE, content.amount_e5)
    step = Step(name=StepName.CONTENT, formula=formula, amount_fen=each_fen, rule=_COSMETICS)
    return _Bearing(Consumption(rate=law.rate(_HIGH_END if high_end else _ORDINARY)), step)


def _quantity_e5(line: Taxable, unit: str) -> int | None:
    """Declared quantity in a unit, from whichever of the line's three it stands in."""
    for declared, quantity_e5 in ((line.unit1, line.qty1_e5), (line.unit2, line.qty2_e5), (line.unit, line.qty_e5)):
        if declared == unit and quantity_e5:
            return quantity_e5
    return None


def _no_rate(line: Taxable, rule: RuleId, tax: str) -> Finding:
    found = Said(document="list", field=f"lines[{line.gnum}].gcode", value=line.gcode)
    against = Said(document="law", field=f"{tax} rate", value="")
    return Finding(rule=rule, severity=Severity.REFUSE, found=found, against=against, detail=f"{line.gcode}: {tax}")


def _no_quantity(line: Taxable, rule: RuleId, wanted: str) -> Finding:
    units = "/".join(each for each in (line.unit, line.unit1, line.unit2) if each)
    found = Said(document="list", field=f"lines[{line.gnum}].unit1", value=units)
    against = Said(document="law", field="unit", value=wanted)
    return Finding(rule=rule, severity=Severity.REFUSE, found=found, against=against, detail=line.gcode)

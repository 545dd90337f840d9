"""Tax of one line: tariff, consumption tax and value-added tax, with the working.

Formulas RF-1 to RF-4: the composite price (组成计税价格) is (value + tariff + quantity × unit tax) ÷ (1 − c); the
ad valorem consumption tax is its share c, value-added tax its share v. Within the limits the tariff is zero and the
reduced share of both taxes is levied (RTAX-3). A tax is exact until it is rounded once, half up to the fen (RF-7),
so that every formula of the working gives its amount from the numbers it shows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from sandan.documents.facts import ListLine
from sandan.duty.cosmetics import content_of
from sandan.duty.cosmetics import is_high_end
from sandan.duty.cosmetics import threshold_fen
from sandan.duty.facts import LineTax
from sandan.duty.facts import Route
from sandan.duty.facts import Step
from sandan.duty.facts import StepName
from sandan.duty.rates import LawInForce
from sandan.duty.rates import Ratio
from sandan.duty.rates import decimal_of
from sandan.duty.rates import per_unit
from sandan.duty.rates import percent
from sandan.duty.value import LineValue
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

_NOTHING = percent(Decimal(0))
_FREE = Consumption()

_VALUE = RuleId("R194-12.1")
_APPORTIONED = RuleId("RF-6")
_REDUCED = RuleId("RTAX-3")
_FULL = RuleId("RTAX-4")
_AD_VALOREM = RuleId("RF-1")
_AD_VALOREM_FULL = RuleId("RF-2")
_SPECIFIC = RuleId("RF-3")
_COMPOUND = RuleId("RF-4")
_COSMETICS = RuleId("RC-1")
_TARIFF_RATES = RuleId("RC-3")


class Treatment(NamedTuple):
    """What the route says for every line of a list."""

    route: Route
    #: Share of VAT and consumption tax that is levied
    share: Ratio
    #: Tariff of every line, where the route and not the goods decide it
    tariff: Ratio | None


class _Levy(NamedTuple):
    """What one line is taxed on and at."""

    value_fen: int
    tariff: Ratio
    vat: Ratio
    consumption: Ratio
    specific: Ratio
    #: Quantity the specific amount counts, in 10⁻⁵ of its unit
    quantity_e5: int
    treatment: Treatment


def treatment_of(route: Route, law: LawInForce) -> Treatment:
    """Shares and tariff of a route on the day (RTAX-3, RTAX-4)."""
    if route is Route.REDUCED:
        share = percent(decimal_of(law, "import.reduced_share"))
        return Treatment(route, share, percent(decimal_of(law, "import.reduced_tariff_rate")))
    return Treatment(route, percent(Decimal(1)), None)


def tax_line(line: ListLine, value: LineValue, treatment: Treatment, law: LawInForce) -> LineTax | Finding:
    """Tax of one line with its working, or the finding that stands in its way.

    Args:
        line: Line of the list.
        value: Its dutiable value with the shares of freight and insurance.
        treatment: What the route says.
        law: Law of the day of acceptance.
    """
    goods = law.tariff(line.gcode)
    if goods is None:
        return _no_rate(line, _VALUE, "VAT")
    tariff = treatment.tariff or (percent(goods.tariff_rate) if goods.tariff_rate is not None else None)
    if tariff is None:
        return _no_rate(line, _TARIFF_RATES, "tariff")
    steps = [_value_step(value)]
    duty = _consumption(line, value, goods, law, steps)
    if isinstance(duty, Finding):
        return duty
    quantity_e5 = _quantity_e5(line, duty.unit) if duty.specific_fen else 0
    if quantity_e5 is None:
        return _no_quantity(line, duty.unit)
    vat, rate, specific = percent(goods.vat_rate), percent(duty.rate), per_unit(duty.specific_fen)
    return _taxed(line, _Levy(value.fen, tariff, vat, rate, specific, quantity_e5, treatment), steps)


def _taxed(line: ListLine, levy: _Levy, steps: list[Step]) -> LineTax:
    tariff_fen = _tariff(levy, steps)
    consumption_tax_fen = _consumption_tax(levy, steps) if levy.consumption.n or levy.specific.n else 0
    vat_fen = _vat(levy, steps)
    return LineTax(
        gnum=line.gnum,
        gcode=line.gcode,
        value_fen=levy.value_fen,
        tariff_fen=tariff_fen,
        consumption_tax_fen=consumption_tax_fen,
        vat_fen=vat_fen,
        steps=tuple(steps),
    )


def _tariff(levy: _Levy, steps: list[Step]) -> int:
    amount = round_half_up(levy.value_fen * levy.tariff.n, levy.tariff.d)
    rule = _REDUCED if levy.treatment.route is Route.REDUCED else _FULL
    formula = f"{yuan_text(levy.value_fen)} × {levy.tariff.text}"
    steps.append(Step(name=StepName.TARIFF, formula=formula, amount_fen=amount, rule=rule))
    return amount


def _consumption_tax(levy: _Levy, steps: list[Step]) -> int:
    """(Composite price × c + quantity × unit tax) × share."""
    n, d = _composite(levy)
    n, d = n * levy.consumption.n, d * levy.consumption.d
    formula = f"{_composite_text(levy)} × {levy.consumption.text}" if levy.consumption.n else ""
    if levy.specific.n:
        specific_n, specific_d = _specific(levy)
        n, d = n * specific_d + specific_n * d, d * specific_d
        formula = f"{formula} + {_specific_text(levy)}" if formula else _specific_text(levy)
    names = (StepName.CONSUMPTION_TAX_STATUTORY, StepName.CONSUMPTION_TAX)
    return _levied(levy, steps, names, (n, d, formula, _consumption_rule(levy)))


def _vat(levy: _Levy, steps: list[Step]) -> int:
    """Composite price × v × share."""
    n, d = _composite(levy)
    formula = f"{_composite_text(levy)} × {levy.vat.text}"
    rule = _AD_VALOREM if levy.treatment.route is Route.REDUCED else _AD_VALOREM_FULL
    return _levied(levy, steps, (StepName.VAT_STATUTORY, StepName.VAT), (n * levy.vat.n, d * levy.vat.d, formula, rule))


def _levied(
    levy: _Levy, steps: list[Step], names: tuple[StepName, StepName], statutory: tuple[int, int, str, RuleId]
) -> int:
    """The statutory tax and the share of it that is payable, each as a step; rounding happens here and only here."""
    n, d, formula, rule = statutory
    share = levy.treatment.share
    amount = round_half_up(n * share.n, d * share.d)
    if share.n != share.d:
        steps.append(Step(name=names[0], formula=formula, amount_fen=round_half_up(n, d), rule=rule))
        formula = f"({formula}) × {share.text}" if " + " in formula else f"{formula} × {share.text}"
        rule = _REDUCED
    steps.append(Step(name=names[1], formula=formula, amount_fen=amount, rule=rule))
    return amount


def _composite(levy: _Levy) -> tuple[int, int]:
    """(Value + tariff + quantity × unit tax) ÷ (1 − c) in fen, as a ratio."""
    n, d = levy.value_fen * (levy.tariff.d + levy.tariff.n), levy.tariff.d
    if levy.specific.n:
        specific_n, specific_d = _specific(levy)
        n, d = n * specific_d + specific_n * d, d * specific_d
    return n * levy.consumption.d, d * (levy.consumption.d - levy.consumption.n)


def _composite_text(levy: _Levy) -> str:
    value = yuan_text(levy.value_fen)
    text = f"{value} × (100 % + {levy.tariff.text})" if levy.tariff.n else value
    if levy.specific.n:
        text = f"({text} + {_specific_text(levy)})"
    return f"{text} ÷ (100 % − {levy.consumption.text})" if levy.consumption.n else text


def _specific(levy: _Levy) -> tuple[int, int]:
    return levy.quantity_e5 * levy.specific.n, SCALE * levy.specific.d


def _specific_text(levy: _Levy) -> str:
    return f"{format_e5(levy.quantity_e5)} × {levy.specific.text}"


def _consumption_rule(levy: _Levy) -> RuleId:
    if not levy.specific.n:
        return _AD_VALOREM if levy.treatment.route is Route.REDUCED else _AD_VALOREM_FULL
    return _COMPOUND if levy.consumption.n else _SPECIFIC


def _value_step(value: LineValue) -> Step:
    parts = [value.goods_fen, value.freight_fen, value.insurance_fen]
    formula = " + ".join(yuan_text(part) for part in parts if part) or yuan_text(0)
    rule = _APPORTIONED if value.fen != value.goods_fen else _VALUE
    return Step(name=StepName.VALUE, formula=formula, amount_fen=value.fen, rule=rule)


def _consumption(
    line: ListLine, value: LineValue, goods: TariffLine, law: LawInForce, steps: list[Step]
) -> Consumption | Finding:
    """Consumption tax of the goods; a cosmetic bears it only when it is high-end (RC-1)."""
    if not goods.cosmetics:
        return goods.consumption or _FREE
    content = content_of(line, goods)
    if content is None:
        return _no_content(line, goods)
    limit = threshold_fen(content, law)
    high_end = is_high_end(value.fen, content, limit)
    formula = (
        f"{yuan_text(value.fen)} ÷ {format_e5(content.amount_e5)} {_MARKS[content.measure]}"
        f" {'≥' if high_end else '<'} {yuan_text(limit)}"
    )
    each = round_half_up(value.fen * SCALE, content.amount_e5)
    steps.append(Step(name=StepName.CONTENT, formula=formula, amount_fen=each, rule=_COSMETICS))
    return Consumption(rate=decimal_of(law, "cosmetics.high_end_consumption_rate")) if high_end else _FREE


_MARKS = {"weight": "g", "volume": "ml", "sheet": "片"}


def _quantity_e5(line: ListLine, unit: str) -> int | None:
    """Declared quantity in a unit, from whichever of the line's three it stands in."""
    for declared, quantity_e5 in ((line.unit1, line.qty1_e5), (line.unit2, line.qty2_e5), (line.unit, line.qty_e5)):
        if declared == unit and quantity_e5:
            return quantity_e5
    return None


def _no_rate(line: ListLine, rule: RuleId, tax: str) -> Finding:
    found = Said(document="list", field=f"lines[{line.gnum}].gcode", value=line.gcode)
    against = Said(document="law", field=f"{tax} rate", value="")
    return Finding(rule=rule, severity=Severity.REFUSE, found=found, against=against, detail=f"{line.gcode}: {tax}")


def _no_quantity(line: ListLine, unit: str) -> Finding:
    units = "/".join(each for each in (line.unit, line.unit1, line.unit2) if each)
    found = Said(document="list", field=f"lines[{line.gnum}].unit1", value=units)
    against = Said(document="law", field="consumption.unit", value=unit)
    return Finding(rule=_SPECIFIC, severity=Severity.REFUSE, found=found, against=against, detail=line.gcode)


def _no_content(line: ListLine, goods: TariffLine) -> Finding:
    units = "/".join(each for each in (line.unit, line.unit1, line.unit2) if each)
    found = Said(document="list", field=f"lines[{line.gnum}].unit1", value=units)
    wanted = str(goods.measure) if goods.measure else "weight, volume or sheet"
    against = Said(document="law", field="tariff.measure", value=wanted)
    return Finding(rule=_COSMETICS, severity=Severity.REFUSE, found=found, against=against, detail=line.gcode)

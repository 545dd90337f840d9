"""Tax of one line: tariff, consumption tax and value-added tax, with the working.

Formulas RF-1 to RF-4: the composite price (组成计税价格) is (value + tariff + quantity × unit tax) ÷ (1 − c); the
ad valorem consumption tax is its share c, value-added tax its share v. Within the limits the tariff is zero and the
reduced share of both taxes is levied (RTAX-3). A tax is exact until it is rounded once, half up to the fen (RF-7),
so that every formula of the working gives its amount from the numbers it shows.
"""

from __future__ import annotations

from sandan.duty.facts import LineTax
from sandan.duty.facts import Route
from sandan.duty.facts import Step
from sandan.duty.facts import StepName
from sandan.duty.facts import Taxable
from sandan.duty.levy import Levy
from sandan.duty.levy import Treatment
from sandan.duty.levy import levy_of
from sandan.duty.rates import LawInForce
from sandan.duty.value import LineValue
from sandan.law.facts import Finding
from sandan.terms.ids import RuleId
from sandan.terms.money import SCALE
from sandan.terms.money import format_e5
from sandan.terms.money import round_half_up
from sandan.terms.money import yuan_text

_VALUE = RuleId("R194-12.1")
_APPORTIONED = RuleId("RF-6")
_REDUCED = RuleId("RTAX-3")
_FULL = RuleId("RTAX-4")
_AD_VALOREM = RuleId("RF-1")
_AD_VALOREM_FULL = RuleId("RF-2")
_SPECIFIC = RuleId("RF-3")
_COMPOUND = RuleId("RF-4")


def tax_line(line: Taxable, value: LineValue, treatment: Treatment, law: LawInForce) -> LineTax | Finding:
    """Tax of one line with its working, or the finding that stands in its way.

    Args:
        line: The goods.
        value: Their dutiable value with the shares of freight and insurance.
        treatment: What the route says.
        law: Law of the day of acceptance.
    """
    levy = levy_of(line, value.fen, treatment, law)
    if isinstance(levy, Finding):
        return levy
    steps = [_value_step(value)]
    tariff_fen = _tariff(levy, steps)
    consumption_tax_fen = _consumption_tax(levy, steps)
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


def _tariff(levy: Levy, steps: list[Step]) -> int:
    amount = round_half_up(levy.value_fen * levy.tariff.n, levy.tariff.d)
    rule = _REDUCED if levy.treatment.route is Route.REDUCED else _FULL
    formula = f"{yuan_text(levy.value_fen)} × {levy.tariff.text}"
    steps.append(Step(name=StepName.TARIFF, formula=formula, amount_fen=amount, rule=rule))
    return amount


def _consumption_tax(levy: Levy, steps: list[Step]) -> int:
    """(Composite price × c + quantity × unit tax) × share."""
    if levy.content:
        steps.append(levy.content)
    if not levy.consumption.n and not levy.specific.n:
        return 0
    n, d = _composite(levy)
    n, d = n * levy.consumption.n, d * levy.consumption.d
    formula = f"{_composite_text(levy)} × {levy.consumption.text}" if levy.consumption.n else ""
    if levy.specific.n:
        specific_n, specific_d = _specific(levy)
        n, d = n * specific_d + specific_n * d, d * specific_d
        formula = f"{formula} + {_specific_text(levy)}" if formula else _specific_text(levy)
    names = (StepName.CONSUMPTION_TAX_STATUTORY, StepName.CONSUMPTION_TAX)
    return _levied(levy, steps, names, (n, d, formula, _consumption_rule(levy)))


def _vat(levy: Levy, steps: list[Step]) -> int:
    """Composite price × v × share."""
    n, d = _composite(levy)
    formula = f"{_composite_text(levy)} × {levy.vat.text}"
    rule = _AD_VALOREM if levy.treatment.route is Route.REDUCED else _AD_VALOREM_FULL
    return _levied(levy, steps, (StepName.VAT_STATUTORY, StepName.VAT), (n * levy.vat.n, d * levy.vat.d, formula, rule))


def _levied(
    levy: Levy, steps: list[Step], names: tuple[StepName, StepName], statutory: tuple[int, int, str, RuleId]
) -> int:
    """The statutory tax and the share of it that is payable, each as a step; rounding happens here and only here."""
    n, d, formula, rule = statutory
    share = levy.treatment.share
    amount = round_half_up(n * share.n, d * share.d)
    if share.n != share.d:
        steps.append(Step(name=names[0], formula=formula, amount_fen=round_half_up(n, d), rule=rule))
        formula = f"({formula}) × {share.text}" if rule == _COMPOUND else f"{formula} × {share.text}"
        rule = _REDUCED
    steps.append(Step(name=names[1], formula=formula, amount_fen=amount, rule=rule))
    return amount


def _composite(levy: Levy) -> tuple[int, int]:
    """(Value + tariff + quantity × unit tax) ÷ (1 − c) in fen, as a ratio."""
    n, d = levy.value_fen * (levy.tariff.d + levy.tariff.n), levy.tariff.d
    if levy.specific.n:
        specific_n, specific_d = _specific(levy)
        n, d = n * specific_d + specific_n * d, d * specific_d
    return n * levy.consumption.d, d * (levy.consumption.d - levy.consumption.n)


def _composite_text(levy: Levy) -> str:
    value = yuan_text(levy.value_fen)
    text = f"{value} × (100 % + {levy.tariff.text})" if levy.tariff.n else value
    if levy.specific.n:
        text = f"({text} + {_specific_text(levy)})"
    return f"{text} ÷ (100 % − {levy.consumption.text})" if levy.consumption.n else text


def _specific(levy: Levy) -> tuple[int, int]:
    return levy.quantity_e5 * levy.specific.n, SCALE * levy.specific.d


def _specific_text(levy: Levy) -> str:
    return f"{format_e5(levy.quantity_e5)} × {levy.specific.text}"


def _consumption_rule(levy: Levy) -> RuleId:
    if not levy.specific.n:
        return _AD_VALOREM if levy.treatment.route is Route.REDUCED else _AD_VALOREM_FULL
    return _COMPOUND if levy.consumption.n else _SPECIFIC


def _value_step(value: LineValue) -> Step:
    parts = [value.goods_fen, value.freight_fen, value.insurance_fen]
    formula = " + ".join(yuan_text(part) for part in parts if part) or yuan_text(0)
    rule = _APPORTIONED if value.fen != value.goods_fen else _VALUE
    return Step(name=StepName.VALUE, formula=formula, amount_fen=value.fen, rule=rule)

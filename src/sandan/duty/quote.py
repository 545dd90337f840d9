"""What goods would cost in tax, and how much of the annual limit would be left (税款试算).

The same limits, levies and formulas as for a declared list; nothing is reserved or written.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from sandan.duty.decide import assess_goods
from sandan.duty.facts import Assessment
from sandan.duty.facts import Purchase
from sandan.duty.facts import Route
from sandan.duty.levy import Levy
from sandan.duty.levy import levy_of
from sandan.duty.levy import treatment_of
from sandan.duty.limits import items_of
from sandan.duty.limits import room_fen
from sandan.duty.limits import route_for
from sandan.duty.rates import LawInForce
from sandan.duty.value import LineValue
from sandan.duty.value import shares
from sandan.duty.value import spread
from sandan.law.errors import LawError
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.ledger.facts import Balance
from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId
from sandan.terms.money import SCALE
from sandan.terms.money import round_half_up
from sandan.terms.money import yuan_text

_INCLUSIVE = RuleId("RF-5")
_FOUR_PLACES = Decimal("0.0001")


class Item(Struct, frozen=True, kw_only=True):
    """Goods one asks about; the quantities are those a declaration would state."""

    gcode: HsCode
    #: Price of all of it without tax, in fen
    total_fen: int
    #: How many are bought, 10⁻⁵ of ``unit``
    qty_e5: int = SCALE
    unit: str = ""
    qty1_e5: int = 0
    unit1: str = ""
    qty2_e5: int | None = None
    unit2: str = ""
    gmodel: str = ""
    #: Number of the line; counted from 1 in a basket
    gnum: int = 1


class Basket(Struct, frozen=True, kw_only=True):
    """One order one asks about, all amounts in fen."""

    items: tuple[Item, ...]
    freight_fen: int = 0
    insurance_fen: int = 0
    #: Discount open to all consumers (RDV-1), which lowers the value; one for a particular person does not and is left out
    open_discount_fen: int = 0


class Quote(Struct, frozen=True, kw_only=True):
    """What the law of the day says about a basket."""

    value_fen: int
    #: None where a limit is passed
    route: Route | None
    assessment: Assessment | None
    #: Taxes as a share of the value for each line, from its rates; None where a line bears a specific tax
    composite: tuple[Decimal | None, ...]
    single_limit_fen: int
    annual_limit_fen: int
    #: Left of the annual limit before and after this purchase
    left_before_fen: int
    left_after_fen: int
    findings: tuple[Finding, ...] = ()

    @property
    def tax_fen(self) -> int | None:
        """All taxes; None where nothing could be assessed."""
        return self.assessment.tax_fen if self.assessment else None


def quote(basket: Basket, used_fen: int, law: LawInForce) -> Quote:
    """Tax, route and quota left for goods on a day.

    Args:
        basket: What would be bought.
        used_fen: Annual total the consumer has used already.
        law: Law of the day.

    Raises:
        LawError: The day has no limits, as before 2016-04-08.
    """
    single, limit = law.number("import.single_limit_fen"), law.number("import.annual_limit_fen")
    annual = Balance(granted=max(limit, used_fen), settled=used_fen)
    values = _values(basket)
    value_fen = sum(value.fen for value in values)
    left_fen = room_fen(annual, limit)
    purchase = Purchase(value_fen=value_fen, items=items_of(item.qty_e5 for item in basket.items))
    route = route_for(purchase, annual, law)
    lines = _numbered(basket.items)
    result = assess_goods(lines, values, law, route) if isinstance(route, Route) else route
    return Quote(
        value_fen=value_fen,
        route=route if isinstance(route, Route) else None,
        assessment=result if isinstance(result, Assessment) else None,
        composite=_composites(lines, values, law, result.route) if isinstance(result, Assessment) else (),
        single_limit_fen=single,
        annual_limit_fen=limit,
        left_before_fen=left_fen,
        left_after_fen=left_fen - value_fen if isinstance(route, Route) else left_fen,
        findings=() if isinstance(result, Assessment) else result,
    )


def net_of(item: Item, inclusive_fen: int, law: LawInForce) -> int | Finding:
    """Price without tax of goods offered at a tax-inclusive price within the limits, in fen (RF-5).

    P = P_h × (1 − c) ÷ (1 − 0.3 c + 0.7 v) for a reduced share of 70 %. For a cosmetic the answer must agree with its own
    threshold: some tax-inclusive prices have no price without tax, because tax sets in at once when it is reached.

    Args:
        item: The goods; their own price is not looked at.
        inclusive_fen: Price with tax of all of it.
        law: Law of the day.

    Returns:
        The price without tax, or the finding that stands in its way.
    """
    try:
        return _solved(item, inclusive_fen, law)
    except LawError as error:
        return _no_net(inclusive_fen, str(error))


def composite_of(levy: Levy) -> Decimal | None:
    """Composite rate (综合税率) of a line: [t + v + c + t·v] ÷ (1 − c) in full, (c + v) ÷ (1 − c) × the share reduced.

    RF-1, RF-2. Half up to a hundredth of a per cent; None where a specific tax makes it depend on the quantity.
    """
    if levy.specific.n:
        return None
    tariff, vat, consumption, share = (
        Decimal(each.n) / each.d for each in (levy.tariff, levy.vat, levy.consumption, levy.treatment.share)
    )
    rate = tariff + (1 + tariff) / (1 - consumption) * (consumption + vat) * share
    return rate.quantize(_FOUR_PLACES, ROUND_HALF_UP)


def _composites(
    lines: Sequence[Item], values: Sequence[LineValue], law: LawInForce, route: Route
) -> tuple[Decimal | None, ...]:
    treatment = treatment_of(route, law)
    levies = (levy_of(line, value.fen, treatment, law) for line, value in zip(lines, values, strict=True))
    return tuple(composite_of(levy) for levy in levies if isinstance(levy, Levy))


def _numbered(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(replace(item, gnum=place) for place, item in enumerate(items, 1))


def _values(basket: Basket) -> tuple[LineValue, ...]:
    goods = [item.total_fen for item in basket.items]
    less = shares(basket.open_discount_fen, goods)
    paid = [price - part for price, part in zip(goods, less, strict=True)]
    return spread(paid, basket.freight_fen, basket.insurance_fen)


def _net(levy: Levy, inclusive_fen: int) -> int:
    """Solve P + tax(P) = P_h for P; tax is linear in P while the rates stay the same.

    With s the share, q·u the specific amount and k = s (c + v) ÷ (1 − c): P (1 + k) = P_h − q·u (k + s).
    """
    vat, consumption, share = (Fraction(each.n, each.d) for each in (levy.vat, levy.consumption, levy.treatment.share))
    specific = Fraction(levy.quantity_e5 * levy.specific.n, SCALE * levy.specific.d)
    slope = share * (consumption + vat) / (1 - consumption)
    net = (inclusive_fen - specific * (slope + share)) / (1 + slope)
    return round_half_up(net.numerator, net.denominator)


def _solved(item: Item, inclusive_fen: int, law: LawInForce) -> int | Finding:
    """The net price whose own rates lead back to the tax-inclusive one; a cosmetic is tried taxed, then free."""
    treatment = treatment_of(Route.REDUCED, law)
    levy = levy_of(item, inclusive_fen, treatment, law)
    for _ in ("as at the tax-inclusive price", "as at the net price found first"):
        if isinstance(levy, Finding):
            return levy
        net = _net(levy, inclusive_fen)
        if net < 0:
            return _no_net(inclusive_fen, "the specific consumption tax alone is more than this price")
        again = levy_of(item, net, treatment, law)
        if isinstance(again, Levy) and again.consumption == levy.consumption:
            return net
        levy = again
    return _no_net(
        inclusive_fen, "no price without tax leads to this price: the tax of a high-end cosmetic sets in at once"
    )


def _no_net(inclusive_fen: int, reason: str) -> Finding:
    found = Said(document="list", field="price", value=yuan_text(inclusive_fen))
    return Finding(rule=_INCLUSIVE, severity=Severity.REFUSE, found=found, detail=reason)

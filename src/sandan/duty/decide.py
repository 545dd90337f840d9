"""Which treatment a list gets, and its tax line by line with the working."""

from __future__ import annotations

from collections.abc import Sequence

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.duty.facts import Assessment
from sandan.duty.facts import LineTax
from sandan.duty.facts import Purchase
from sandan.duty.facts import Route
from sandan.duty.facts import Taxable
from sandan.duty.levy import treatment_of
from sandan.duty.limits import items_of
from sandan.duty.limits import route_for
from sandan.duty.line import tax_line
from sandan.duty.rates import LawInForce
from sandan.duty.value import LineValue
from sandan.duty.value import line_values
from sandan.law.errors import LawError
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.ledger.facts import Balance
from sandan.terms.ids import RuleId

_TAX = RuleId("R194-12.1")


def route_of(
    declaration: DeclarationList, order: Order, value_fen: int, annual: Balance, law: LawInForce
) -> Route | tuple[Finding, ...]:
    """Treatment of a list by the single and the annual limit (单次交易限值、年度交易限值).

    RTAX-1 to RTAX-6: within both limits the reduced share applies. Since 2019 one single item over the single limit is
    taxed in full while the total stays below the annual limit (interpretation K4); before, whatever passed a limit was
    general trade and no matter for a declaration list.

    Args:
        declaration: The list; findings name its sender.
        order: The order; one item means quantity 1 in it (仅一件商品).
        value_fen: Dutiable value of the list (:func:`sandan.duty.value.value_of`).
        annual: The consumer's annual account before this list; one never opened stands at zero.
        law: Law of the day of acceptance.

    Returns:
        The route, or a finding for every limit that is passed.
    """
    items = items_of(line.qty_e5 for line in order.lines)
    return route_for(Purchase(value_fen=value_fen, items=items, sender=declaration.agent_code), annual, law)


def assess(declaration: DeclarationList, law: LawInForce, route: Route) -> Assessment | tuple[Finding, ...]:
    """Tax of a list, line by line to the fen, with the working (R194-12.1, RF-1 to RF-7).

    Args:
        declaration: The list.
        law: Law of the day of acceptance, which chooses the rates.
        route: What :func:`route_of` answered.

    Returns:
        The assessment, or a finding for every line that cannot be taxed: no rate at hand, no quantity in the unit of
        a specific tax, no content of a cosmetic. Nothing is guessed.
    """
    return assess_goods(declaration.lines, line_values(declaration), law, route)


def assess_goods(
    lines: Sequence[Taxable], values: Sequence[LineValue], law: LawInForce, route: Route
) -> Assessment | tuple[Finding, ...]:
    """Tax of goods whose values are known, as :func:`assess` does for a list."""
    try:
        treatment = treatment_of(route, law)
        results = [tax_line(line, value, treatment, law) for line, value in zip(lines, values, strict=True)]
    except LawError as error:
        return (_no_law(route, str(error)),)
    findings = tuple(each for each in results if isinstance(each, Finding))
    if findings:
        return findings
    return Assessment(route=route, lines=tuple(each for each in results if isinstance(each, LineTax)))


def _no_law(route: Route, reason: str) -> Finding:
    found = Said(document="list", field="route", value=route)
    against = Said(document="law", field="rate", value="")
    return Finding(rule=_TAX, severity=Severity.REFUSE, found=found, against=against, detail=reason)

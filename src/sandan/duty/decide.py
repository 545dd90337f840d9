"""Which treatment a list gets, and its tax line by line with the working."""

from __future__ import annotations

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.duty.facts import Assessment
from sandan.duty.facts import LineTax
from sandan.duty.facts import Route
from sandan.duty.line import tax_line
from sandan.duty.line import treatment_of
from sandan.duty.rates import LawInForce
from sandan.duty.rates import fen_of
from sandan.duty.value import line_values
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.ledger.facts import Balance
from sandan.terms.ids import RuleId
from sandan.terms.money import SCALE
from sandan.terms.money import yuan_text

_BEFORE_2019 = RuleId("RTAX-1")
_SINGLE_ITEM = RuleId("RTAX-4")
_ANNUAL = RuleId("RTAX-5")
_SEVERAL_ITEMS = RuleId("RTAX-6")

_SINGLE_CODE = "-621005"
_ANNUAL_CODE = "1313"


def route_of(
    declaration: DeclarationList, order: Order, value_fen: int, annual: Balance, law: LawInForce
) -> Route | tuple[Finding, ...]:
    """Treatment of a list by the single and the annual limit (单次交易限值、年度交易限值).

    RTAX-1 to RTAX-6: within both limits the reduced share applies, equal to a limit is within. Since 2019 one single
    item over the single limit is taxed in full while the total stays below the annual limit (interpretation K4);
    before, whatever passed a limit was general trade.

    Args:
        declaration: The list; only its references are named in findings.
        order: The order; one item means quantity 1 in it.
        value_fen: Dutiable value of the list (:func:`sandan.duty.value.value_of`).
        annual: The consumer's annual account before this list; one never opened stands at zero.
        law: Law of the day of acceptance.

    Returns:
        The route, or every limit that is passed.
    """
    single, limit = fen_of(law, "import.single_limit_fen"), fen_of(law, "import.annual_limit_fen")
    used = annual.reserved + annual.settled
    left = min(limit - used, annual.available) if annual.granted else limit - used
    total = limit - left + value_fen
    if value_fen <= single:
        return Route.REDUCED if total <= limit else (_over_annual(declaration, total, limit, law),)
    findings = [] if _may_be_full(order, law) else [_over_single(declaration, value_fen, single, law)]
    if total > limit:
        findings.append(_over_annual(declaration, total, limit, law))
    elif total == limit and not findings:
        findings.append(_passed(declaration, _SINGLE_ITEM, _ANNUAL_CODE, (total, limit)))
    return tuple(findings) or Route.FULL


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
    treatment = treatment_of(route, law)
    values = line_values(declaration)
    results = [tax_line(line, value, treatment, law) for line, value in zip(declaration.lines, values, strict=True)]
    findings = tuple(each for each in results if isinstance(each, Finding))
    if findings:
        return findings
    return Assessment(route=route, lines=tuple(each for each in results if isinstance(each, LineTax)))


def _may_be_full(order: Order, law: LawInForce) -> bool:
    return law.is_on(_SINGLE_ITEM) and len(order.lines) == 1 and order.lines[0].qty_e5 == SCALE


def _or_before_2019(rule: RuleId, law: LawInForce) -> RuleId:
    return rule if law.is_on(_SINGLE_ITEM) else _BEFORE_2019


def _over_single(declaration: DeclarationList, value_fen: int, single: int, law: LawInForce) -> Finding:
    return _passed(declaration, _or_before_2019(_SEVERAL_ITEMS, law), _SINGLE_CODE, (value_fen, single))


def _over_annual(declaration: DeclarationList, total_fen: int, limit: int, law: LawInForce) -> Finding:
    return _passed(declaration, _or_before_2019(_ANNUAL, law), _ANNUAL_CODE, (total_fen, limit))


def _passed(declaration: DeclarationList, rule: RuleId, code: str, figures: tuple[int, int]) -> Finding:
    found, limit = (yuan_text(each) for each in figures)
    return Finding(
        rule=rule,
        severity=Severity.REFUSE,
        found=Said(document="list", field="value", value=found, sender=declaration.agent_code),
        against=Said(document="law", field="limit", value=limit),
        code=code,
        detail=f"{found} {'>' if figures[0] > figures[1] else '='} {limit}",
    )

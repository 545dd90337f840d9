"""The single and the annual limit of retail imports, and the treatment they choose.

财关税〔2016〕18号 and 〔2018〕49号, RTAX-1 to RTAX-7. Equal to a limit is within it; only the full-tax route of a single
item must stay below the annual limit (interpretation K4). The annual total counts dutiable value (interpretation K3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sandan.duty.facts import Purchase
from sandan.duty.facts import Route
from sandan.duty.rates import LawInForce
from sandan.law.errors import LawError
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

_GENERAL_TRADE = "general-trade-tax"
_SINGLE_ITEM_FULL = "single-item-full"

_ANNUAL_CODE = "1313"
"""Receipt code of a year's total passed before 2019, when one rule set both limits (订购人购买超过年度限额)."""


class _Limits(NamedTuple):
    """The limits of the day in fen, and what may pass the single one."""

    single: int
    annual: int
    #: Items an order over the single limit may have; zero before there was a full-tax route
    full_items: int
    #: Whether the full-tax route may reach the annual limit
    full_inclusive: bool


def route_for(purchase: Purchase, annual: Balance, law: LawInForce) -> Route | tuple[Finding, ...]:
    """Treatment of a purchase by both limits.

    Args:
        purchase: Its value and how many items it has.
        annual: The consumer's annual account before it; one never opened stands at zero and has the whole limit.
        law: Law of the day of acceptance.

    Returns:
        The route, or a finding for every limit that is passed.
    """
    try:
        limits = _limits(law)
    except LawError as error:
        return (_no_limits(purchase, str(error)),)
    return _route(purchase, limits.annual - room_fen(annual, limits.annual) + purchase.value_fen, limits)


def items_of(quantities_e5: Iterable[int]) -> int:
    """How many items an order has (interpretation K4); zero where a quantity is no whole number and counts nothing."""
    quantities = tuple(quantities_e5)
    return 0 if any(each % SCALE for each in quantities) else sum(quantities) // SCALE


def room_fen(annual: Balance, limit_fen: int) -> int:
    """What is left of the annual limit; below zero where more was used than the law of the day allows."""
    left = limit_fen - annual.reserved - annual.settled
    return min(left, annual.available) if annual.granted else left


def _limits(law: LawInForce) -> _Limits:
    single, annual = law.number("import.single_limit_fen"), law.number("import.annual_limit_fen")
    over = law.value("import.over_limit")
    if over == _GENERAL_TRADE:
        return _Limits(single, annual, 0, full_inclusive=False)
    if over != _SINGLE_ITEM_FULL:
        raise LawError(
            f"import.over_limit is {over!r}; only {_GENERAL_TRADE!r} and {_SINGLE_ITEM_FULL!r} are implemented"
        )
    items, inclusive = law.number("import.full_route_max_items"), law.flag("import.full_route_annual_inclusive")
    return _Limits(single, annual, items, full_inclusive=inclusive)


def _route(purchase: Purchase, total_fen: int, limits: _Limits) -> Route | tuple[Finding, ...]:
    over_annual = total_fen > limits.annual
    if purchase.value_fen <= limits.single and not over_annual:
        return Route.REDUCED
    findings = []
    if purchase.value_fen > limits.single and not 0 < purchase.items <= limits.full_items:
        rule = _SEVERAL_ITEMS if limits.full_items else _BEFORE_2019
        findings.append(_passed(purchase, rule, (purchase.value_fen, limits.single)))
    if over_annual and limits.full_items:
        findings.append(_passed(purchase, _ANNUAL, (total_fen, limits.annual)))
    elif over_annual:
        findings.append(_passed(purchase, _BEFORE_2019, (total_fen, limits.annual), _ANNUAL_CODE))
    elif total_fen == limits.annual and not (findings or limits.full_inclusive):
        findings.append(_passed(purchase, _SINGLE_ITEM, (total_fen, limits.annual)))
    return tuple(findings) or Route.FULL


def _passed(purchase: Purchase, rule: RuleId, figures: tuple[int, int], code: str = "") -> Finding:
    found, limit = (yuan_text(each) for each in figures)
    return Finding(
        rule=rule,
        severity=Severity.REFUSE,
        found=Said(document="list", field="value", value=found, sender=purchase.sender),
        against=Said(document="law", field="limit", value=limit),
        code=code,
        detail=f"{found} {'>' if figures[0] > figures[1] else '='} {limit}",
    )


def _no_limits(purchase: Purchase, reason: str) -> Finding:
    found = Said(document="list", field="value", value=yuan_text(purchase.value_fen), sender=purchase.sender)
    against = Said(document="law", field="limit", value="")
    return Finding(rule=_BEFORE_2019, severity=Severity.REFUSE, found=found, against=against, detail=reason)

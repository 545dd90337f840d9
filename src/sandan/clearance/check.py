"""Examination of each paper by itself: every finding, never the first.

A check is a plain function from a paper on the bench to its findings. The literal lists at the foot of this file say which checks each paper
goes through, and in which order; the order is the order in which findings are named.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from sandan.clearance import check_goods
from sandan.clearance import check_head
from sandan.clearance import check_list
from sandan.clearance import check_order
from sandan.clearance.check_head import AnySheet
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Received
from sandan.law.facts import Finding
from sandan.parties.bench import Bench
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.decide import may_declare
from sandan.parties.decide import may_send
from sandan.parties.sheet import Sheet

Check = Callable[[AnySheet], Findings]
"""One check: a paper on the bench to its findings."""


def examine(received: Received, bench: Bench) -> Findings:
    """Everything that is wrong with one paper by itself, its parties included.

    Args:
        received: An order, payment, waybill or list with how it came.
        bench: The law of the day with the register.

    Raises:
        TypeError: An officer's act has no checks of its own; it is applied to a case.
    """
    document = received.document
    if isinstance(document, OfficerAct):
        raise TypeError("an officer's act is applied to a case, not examined")
    sheet: AnySheet = Sheet(document, received, bench)
    found = run(CHECKS[document.ref.kind], sheet)
    found += may_declare(received, bench) if isinstance(document, DeclarationList) else may_send(received, bench)
    return tuple(found) if found else CLEAN


def authorship(received: Received, bench: Bench) -> Findings:
    """Whether the list's declarant itself signed and sent this: asked even where nothing else is examined.

    Args:
        received: A list with how it came.
        bench: The law of the day with the register.
    """
    document = received.document
    if not isinstance(document, DeclarationList):
        return CLEAN
    return tuple(run(AUTHORSHIP, Sheet(document, received, bench)))


def run(checks: Sequence[Check], sheet: AnySheet) -> list[Finding]:
    """Findings of all the checks, in their order."""
    found: list[Finding] = []
    for check in checks:
        if breaches := check(sheet):
            found += breaches
    return found


AUTHORSHIP: tuple[Check, ...] = (
    check_head.signed,
    check_list.declarant,
)
"""Who signed and sent a list."""

CHECKS: dict[Kind, tuple[Check, ...]] = {
    Kind.ORDER: (
        check_head.app_type,
        check_head.app_status,
        check_head.app_time,
        check_head.signed,
        check_order.order_numbers,
        check_order.order_type,
        check_head.currency,
        check_head.buyer,
        check_order.order_names,
        check_order.order_codes,
        check_order.order_not_negative,
        check_order.order_amounts,
        check_order.order_sum,
        check_order.order_lines,
    ),
    Kind.PAYMENT: (
        check_head.app_type,
        check_head.app_status,
        check_head.app_time,
        check_head.signed,
        check_head.currency,
        check_head.payer,
        check_order.payment_names,
        check_order.payment_codes,
        check_order.amount_paid,
        check_order.pay_time,
    ),
    Kind.WAYBILL: (
        check_head.app_type,
        check_head.app_status,
        check_head.app_time,
        check_head.signed,
        check_head.currency,
        check_order.pack_no,
        check_order.waybill_names,
        check_order.waybill_codes,
        check_order.waybill_amounts,
    ),
    Kind.LIST: (
        check_head.app_type,
        check_head.app_status,
        check_head.app_time,
        check_head.signed,
        check_list.declarant,
        check_list.gnums,
        check_list.ie_flag,
        check_list.trade_mode,
        check_head.currency,
        check_head.buyer,
        check_list.names,
        check_list.numbers,
        check_list.dates,
        check_order.pack_no,
        check_list.head_codes,
        check_list.bonded_fields,
        check_list.direct_fields,
        check_list.weights,
        check_list.charges,
        check_list.lines,
        check_list.collector,
        check_goods.goods,
        check_goods.yearly,
        check_goods.account_book,
    ),
}
"""What each paper goes through, in this order."""

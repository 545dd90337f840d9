"""What is checked of an upload beside its bytes: its session, its time, and the papers it is held against."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from urllib.parse import urlsplit

from sandan.oversight.facts import STORED
from sandan.oversight.facts import Answer
from sandan.oversight.facts import Compared
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Hearing
from sandan.oversight.facts import PaidOrder
from sandan.oversight.facts import Papers
from sandan.oversight.facts import Slip
from sandan.terms.days import wire_time
from sandan.terms.ids import RuleId
from sandan.terms.money import format_e5

Check = Callable[[Answer, Hearing], Iterator[Slip]]
"""One check: the answer and all it is judged on in, what is wrong out."""


def session(answer: Answer, hearing: Hearing) -> Iterator[Slip]:
    """The session is one that customs opened (P179-SESSION)."""
    if hearing.demand is None:
        yield Slip(rule=RuleId("P179-SESSION"), field="sessionID", found=answer.session_id)


def platform(answer: Answer, hearing: Hearing) -> Iterator[Slip]:
    """The platform that was asked answers (P179-SESSION-PLATFORM)."""
    found = answer.data.head.ebp_code
    if hearing.demand is not None and found != hearing.demand.ebp_code:
        rule, expected = RuleId("P179-SESSION-PLATFORM"), hearing.demand.ebp_code
        yield Slip(rule=rule, field="payExchangeInfoHead.ebpCode", found=found, expected=expected)


def in_time(_: Answer, hearing: Hearing) -> Iterator[Slip]:
    """The answer came before the demand's last moment (P179-LATE); the moment itself is in time."""
    if hearing.demand is not None and hearing.now > hearing.demand.due_at:
        found, expected = wire_time(hearing.now), f"≤ {wire_time(hearing.demand.due_at)}"
        yield Slip(rule=RuleId("P179-LATE"), field="received", found=found, expected=expected)


def order_listed(answer: Answer, hearing: Hearing) -> Iterator[Slip]:
    """The order asked for is among those listed (P179-ORDER-NO)."""
    listed = [order.order_no for order in answer.data.orders]
    if hearing.demand is not None and hearing.demand.order_no not in listed:
        rule, expected = RuleId("P179-ORDER-NO"), hearing.demand.order_no
        yield Slip(rule=rule, field="payExchangeInfoLists.orderNo", found=", ".join(listed), expected=expected)


def once(answer: Answer, hearing: Hearing) -> Iterator[Slip]:
    """The session was not used before (P179-SESSION-REUSED); said last, as customs does, after the signature held."""
    if hearing.answered:
        yield Slip(rule=RuleId("P179-SESSION-REUSED"), field="sessionID", found=answer.session_id)


CHECKS: tuple[Check, ...] = (session, platform, in_time, order_listed, once)
"""In the order they run."""


def compare(answer: Answer, papers: Papers, demand: Demand) -> tuple[Compared, ...]:
    """Each field that was declared before beside what the answer says of it."""
    head = answer.data.head
    payment = papers.payments.get(demand.order_no)
    order = papers.order
    paid = payment or order
    return (
        _compared("P179-PAYER", "payCode", head.pay_code, paid.pay_code if paid else None, _name_of(payment)),
        _total(answer, papers),
        _compared("P179-CURRENCY", "currency", head.currency, paid.currency if paid else None, _name_of(payment)),
        _compared("P179-TRADED-AT", "tradingTime", head.trading_time, payment.pay_time if payment else None, "payment"),
        _compared(
            "P179-TRANSACTION",
            "payTransactionId",
            head.transaction_id,
            paid.pay_transaction_id if paid else None,
            _name_of(payment),
        ),
        _goods(answer, papers, demand),
    )


def callback(url: str) -> tuple[Slip, ...]:
    """What is wrong with a callback address (回调地址) by P179-CALLBACK."""
    if _is_plain(url):
        return ()
    return (Slip(rule=RuleId("P179-CALLBACK"), field="url", found=url, expected="http://…"),)


def acknowledgement(code: str, content_type: str) -> tuple[Slip, ...]:
    """What is wrong with a platform's immediate answer: P179-ACKNOWLEDGED and P179-ACKNOWLEDGED-TYPE.

    Args:
        code: ``code`` of the answer, or what came instead of an answer.
        content_type: Its header.
    """
    slips = []
    if code != STORED:
        slips.append(Slip(rule=RuleId("P179-ACKNOWLEDGED"), field="code", found=code, expected=STORED))
    kind, _, charset = content_type.lower().partition(";")
    if kind.strip() != "application/json" or charset.strip() not in {"charset=utf-8", 'charset="utf-8"'}:
        rule, expected = RuleId("P179-ACKNOWLEDGED-TYPE"), "application/json; charset=utf-8"
        slips.append(Slip(rule=rule, field="Content-Type", found=content_type, expected=expected))
    return tuple(slips)


def _is_plain(url: str) -> bool:
    """Whether an address is plain HTTP without port or user."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and bool(parts.hostname) and not {":", "@"} & set(parts.netloc)


def _name_of(payment: object) -> str:
    return "payment" if payment else "order"


def _compared(rule: str, field: str, answered: str, declared: str | None, document: str) -> Compared:
    agrees = None if declared is None else answered == declared
    name = f"payExchangeInfoHead.{field}"
    return Compared(
        rule=RuleId(rule), field=name, answered=answered, declared=declared or "", document=document, agrees=agrees
    )


def _total(answer: Answer, papers: Papers) -> Compared:
    """The total against the sum of the payments of all orders listed; not comparable while one of them is unknown."""
    known = [papers.payments.get(order.order_no) for order in answer.data.orders]
    amounts = [payment.amount_paid_e5 for payment in known if payment is not None]
    declared = sum(amounts) if amounts and len(amounts) == len(known) else None
    return Compared(
        rule=RuleId("P179-TOTAL"),
        field="payExchangeInfoHead.totalAmount",
        answered=format_e5(answer.data.head.total_e5),
        declared="" if declared is None else format_e5(declared),
        document="payment",
        agrees=None if declared is None else declared == answer.data.head.total_e5,
    )


def _goods(answer: Answer, papers: Papers, demand: Demand) -> Compared:
    listed = next((order for order in answer.data.orders if order.order_no == demand.order_no), None)
    ordered = sorted({line.item_name for line in papers.order.lines if line.item_name}) if papers.order else []
    return Compared(
        rule=RuleId("P179-GOODS"),
        field="payExchangeInfoLists.goodsInfo.gname",
        answered="; ".join(_names(listed)),
        declared="; ".join(ordered),
        document="order",
        agrees=set(ordered) <= set(_names(listed)) if ordered else None,
    )


def _names(order: PaidOrder | None) -> list[str]:
    return sorted({goods.name for goods in order.goods}) if order else []

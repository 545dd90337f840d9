"""Real-time payment data (支付相关原始数据实时获取): the demand, the answer, and what was found in it.

Announcements 165 and 179 of 2018 with their interface description: customs asks a platform for the raw data of one
order's payment, and the platform uploads it, signed, within two minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.law import Law
from sandan.law.facts import Finding
from sandan.terms.ids import RuleId


class Demand(Struct, frozen=True, kw_only=True):
    """What customs asks one platform for (platDataOpen)."""

    #: Unique id of this demand, echoed by the answer (sessionID)
    session_id: str
    #: Platform asked (ebpCode)
    ebp_code: str
    #: Order asked for (orderNo)
    order_no: str
    #: Account of the officer who asks
    officer: str
    issued_at: datetime
    #: Last moment at which the answer is in time
    due_at: datetime


class Goods(Struct, frozen=True, kw_only=True):
    """One article of an order (goodsInfo)."""

    #: Name (gname)
    name: str
    #: Where it is shown, several joined by ``;`` (itemLink)
    link: str


class PaidOrder(Struct, frozen=True, kw_only=True):
    """One order of a payment (payExchangeInfoLists)."""

    order_no: str
    goods: tuple[Goods, ...]
    #: Account the money went to (recpAccount)
    payee_account: str
    #: 统一社会信用代码 of the payee (recpCode); empty for one overseas
    payee_code: str = ""
    payee_name: str


class PaymentHead(Struct, frozen=True, kw_only=True):
    """One payment in the payment firm's own words (payExchangeInfoHead)."""

    guid: str
    #: Raw request to the payment firm (initalRequest)
    request: str
    #: Raw response of the payment firm (initalResponse)
    response: str
    ebp_code: str
    pay_code: str
    #: Number that UnionPay or NetsUnion can look up (payTransactionId)
    transaction_id: str
    #: Total in 10⁻⁵ yuan (totalAmount)
    total_e5: int
    currency: str
    #: 1 UnionPay, 2 NetsUnion, 3 other (verDept)
    ver_dept: str
    #: 1 app, 2 PC, 3 scan, 4 other (payType); empty where not said
    pay_type: str = ""
    #: Fourteen digits, Beijing time (tradingTime)
    trading_time: str
    note: str = ""


class PaymentData(Struct, frozen=True, kw_only=True):
    """What a platform keeps about one payment and opens when asked."""

    head: PaymentHead
    orders: tuple[PaidOrder, ...]


class Answer(Struct, frozen=True, kw_only=True):
    """One upload (realTimeDataUp)."""

    session_id: str
    data: PaymentData
    #: Milliseconds since 1970 as thirteen digits (serviceTime)
    service_time: str
    #: Serial of the signer's certificate (certNo), as sent
    cert_no: str
    #: Signature, base64, as sent (signValue)
    sign_value: str


class Slip(Struct, frozen=True, kw_only=True):
    """One thing that is not as the interface wants it, before the law says what that means."""

    rule: RuleId
    #: Path of the element, such as ``payExchangeInfoHead.guid``
    field: str = ""
    found: str = ""
    expected: str = ""


class Seal(Struct, frozen=True, kw_only=True):
    """What became of the signature."""

    holds: bool
    #: What is wrong with certificate or signature, and the mistake that explains it
    slips: tuple[Slip, ...] = ()


class Papers(Struct, frozen=True, kw_only=True):
    """What the parties declared about the order that was asked for."""

    order: Order | None = None
    #: Payments by order number, of the demanded platform, for every order the answer lists
    payments: Mapping[str, Payment] = {}


class Hearing(Struct, frozen=True, kw_only=True):
    """Everything an answer is judged on."""

    #: The demand of that session, None where customs made none
    demand: Demand | None
    #: An earlier upload of the session was stored
    answered: bool
    seal: Seal
    papers: Papers
    now: datetime
    law: Law


class Compared(Struct, frozen=True, kw_only=True):
    """One field of the answer beside what was declared."""

    rule: RuleId
    field: str
    #: Value in the answer
    answered: str
    #: Value declared; empty where nothing was
    declared: str
    #: Document the declared value stands in
    document: str
    #: None where there is nothing to compare with
    agrees: bool | None


class Judgement(Struct, frozen=True, kw_only=True):
    """What customs answers to an upload, and why."""

    #: 10000 stored, 20000 and 20004 not
    code: str
    message: str
    findings: tuple[Finding, ...] = ()
    compared: tuple[Compared, ...] = ()

    @property
    def stored(self) -> bool:
        """Whether the data was taken."""
        return self.code == STORED


STORED = "10000"
"""Code of an upload that was taken, and of a platform's acknowledgement (成功)."""
FAILED = "20000"
"""Code of an upload that was not (失败)."""

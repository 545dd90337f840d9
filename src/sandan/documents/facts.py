"""Order, payment, waybill and declaration list as frozen facts, with the receipts that answer them.

Amounts of money and quantities are integers in 10⁻⁵ of their unit (names end in ``_e5``), exactly as wide as the
wire's ``decimal(19,5)``; sums that customs books are in fen. Times of the wire stay as its digits in Beijing time,
which compare as text; a rule says where they are no time. Absent optional text is the empty string.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from enum import StrEnum

from msgspec import Struct

from sandan.terms.ids import BookNo
from sandan.terms.ids import CopNo
from sandan.terms.ids import CustomsCode
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import Guid
from sandan.terms.ids import HsCode
from sandan.terms.ids import InvtNo
from sandan.terms.ids import ItemRecordNo
from sandan.terms.ids import LogisticsNo
from sandan.terms.ids import OrderNo
from sandan.terms.ids import PayTransactionId
from sandan.terms.ids import PersonId
from sandan.terms.ids import PreNo
from sandan.terms.ids import RuleId


class Kind(StrEnum):
    """What a document is; the value is stored and shown."""

    ORDER = "order"
    """Electronic order (电子订单), CEB311."""
    PAYMENT = "payment"
    """Payment voucher (支付凭证), CEB411."""
    WAYBILL = "waybill"
    """Waybill (物流运单), CEB511."""
    LIST = "list"
    """Declaration list (申报清单), CEB621."""
    OFFICER_ACT = "officer_act"
    """An officer's decision on a case (关员处置)."""
    TAX_BILL = "tax_bill"
    """Electronic tax bill (电子税单), CEB816 and its status CEB818."""
    TAX_PAYMENT = "tax_payment"
    """A payment of tax (缴税): owner is the collector, key the bank's reference."""
    OPENING = "opening"
    """What an account is opened with: a guarantee lodged, goods entered (开立)."""


class AppType(StrEnum):
    """What the sender wants done (报送类型)."""

    ADD = "1"
    CHANGE = "2"
    DELETE = "3"


class AppStatus(StrEnum):
    """Whether the sender declares or only saves a draft (业务状态)."""

    DRAFT = "1"
    DECLARE = "2"


class Head(Struct, gc=False, frozen=True, kw_only=True):
    """What every business document begins with."""

    #: Unique id of this record (guid)
    guid: Guid
    #: Add, change or delete (appType), as sent
    app_type: str
    #: When the sender says it reported, fourteen digits, Beijing time (appTime)
    app_time: str
    #: Draft or declared (appStatus), as sent
    app_status: str


class OrderLine(Struct, gc=False, frozen=True, kw_only=True):
    """One line of an order (电子订单表体)."""

    gnum: int
    item_no: str = ""
    item_name: str
    gmodel: str
    item_describe: str = ""
    bar_code: str = ""
    unit: str
    qty_e5: int
    price_e5: int
    total_price_e5: int
    currency: str
    country: str
    note: str = ""


class Order(Struct, gc=False, frozen=True, kw_only=True, tag="order"):
    """Electronic order (电子订单): what was bought, by whom, for how much."""

    head: Head
    order_type: str
    order_no: OrderNo
    ebp_code: EnterpriseCode
    ebp_name: str
    ebc_code: EnterpriseCode
    ebc_name: str
    goods_value_e5: int
    freight_e5: int
    discount_e5: int
    tax_total_e5: int
    #: Amount actually paid (acturalPaid on the wire)
    actual_paid_e5: int
    currency: str
    buyer_reg_no: str
    buyer_name: str
    buyer_telephone: str
    buyer_id_type: str
    buyer_id_number: PersonId
    pay_code: EnterpriseCode
    pay_name: str = ""
    pay_transaction_id: PayTransactionId
    batch_numbers: str = ""
    consignee: str
    consignee_telephone: str
    consignee_address: str
    consignee_district: str = ""
    note: str = ""
    lines: tuple[OrderLine, ...]

    @property
    def ref(self) -> Ref:
        """Business key: the platform and its order number."""
        return Ref(kind=Kind.ORDER, owner=self.ebp_code, key=self.order_no)


class Payment(Struct, gc=False, frozen=True, kw_only=True, tag="payment"):
    """Payment voucher (支付凭证): who paid how much for which order."""

    head: Head
    pay_code: EnterpriseCode
    pay_name: str
    pay_transaction_id: PayTransactionId
    order_no: OrderNo
    ebp_code: EnterpriseCode
    ebp_name: str
    payer_id_type: str
    payer_id_number: PersonId
    payer_name: str
    telephone: str = ""
    amount_paid_e5: int
    currency: str
    pay_time: str
    note: str = ""

    @property
    def ref(self) -> Ref:
        """Business key: payment enterprise and transaction number, held under the platform that sold."""
        return Ref(kind=Kind.PAYMENT, owner=self.ebp_code, key=f"{self.pay_code}/{self.pay_transaction_id}")


class Waybill(Struct, gc=False, frozen=True, kw_only=True, tag="waybill"):
    """Waybill (物流运单): what is carried, to whom."""

    head: Head
    logistics_code: EnterpriseCode
    logistics_name: str
    logistics_no: LogisticsNo
    bill_no: str = ""
    order_no: OrderNo
    freight_e5: int | None
    insured_fee_e5: int | None
    currency: str
    weight_kg_e5: int
    pack_no: int
    goods_info: str = ""
    consignee: str
    consignee_address: str
    consignee_telephone: str
    note: str = ""

    @property
    def ref(self) -> Ref:
        """Business key: the logistics enterprise and its waybill number."""
        return Ref(kind=Kind.WAYBILL, owner=self.logistics_code, key=self.logistics_no)


class ListLine(Struct, gc=False, frozen=True, kw_only=True):
    """One line of a declaration list (清单表体)."""

    gnum: int
    item_record_no: ItemRecordNo
    item_no: str = ""
    item_name: str = ""
    gcode: HsCode
    gname: str
    gmodel: str
    bar_code: str = ""
    country: str
    trade_country: str = ""
    currency: str
    qty_e5: int
    unit: str
    qty1_e5: int
    unit1: str
    qty2_e5: int | None
    unit2: str = ""
    price_e5: int
    total_price_e5: int
    note: str = ""


class DeclarationList(Struct, gc=False, frozen=True, kw_only=True, tag="list"):
    """Declaration list (申报清单): what customs is asked to release; one parcel."""

    head: Head
    order_no: OrderNo
    ebp_code: EnterpriseCode
    ebp_name: str
    ebc_code: EnterpriseCode
    ebc_name: str
    logistics_no: LogisticsNo
    logistics_code: EnterpriseCode
    logistics_name: str
    cop_no: CopNo
    pre_no: PreNo
    assure_code: EnterpriseCode
    ems_no: BookNo
    invt_no: InvtNo
    ie_flag: str
    decl_time: str
    customs_code: CustomsCode
    port_code: CustomsCode
    ie_date: str = ""
    buyer_id_type: str
    buyer_id_number: PersonId
    buyer_name: str
    buyer_telephone: str
    consignee_address: str
    agent_code: EnterpriseCode
    agent_name: str
    area_code: EnterpriseCode
    area_name: str = ""
    trade_mode: str
    traf_mode: str
    traf_no: str = ""
    voyage_no: str = ""
    bill_no: str = ""
    loct_no: str = ""
    license_no: str = ""
    country: str
    freight_e5: int
    insured_fee_e5: int
    currency: str
    wrap_type: str = ""
    pack_no: int
    gross_weight_kg_e5: int
    net_weight_kg_e5: int
    note: str = ""
    lines: tuple[ListLine, ...]

    @property
    def ref(self) -> Ref:
        """Business key: the declaring enterprise and its own number, or platform and order where it gave none."""
        return Ref(kind=Kind.LIST, owner=self.agent_code, key=self.cop_no or f"{self.ebp_code}/{self.order_no}")


class OfficerVerdict(StrEnum):
    """What an officer may decide about a list that was put before him."""

    RELEASE = "release"
    """Released (放行), 800."""
    REFUSE = "refuse"
    """Returned to the declarant (退单), 100."""
    HOLD = "hold"
    """Suspended (挂起), 600."""
    REVIEW = "review"
    """Manual examination (人工审核), 300."""
    INSPECT = "inspect"
    """Inspection ordered (查验), 500."""


class OfficerAct(Struct, gc=False, frozen=True, kw_only=True, tag="officer_act"):
    """An officer's decision on one list (关员处置), a document like any other."""

    #: Unique id of this act
    guid: Guid
    #: The list decided on
    subject: Ref
    #: Account name of the officer
    officer: str
    verdict: OfficerVerdict
    #: Why, in the officer's words; shown to the declarant
    reason: str
    #: Version of the case the officer saw; an act on an older one is refused
    seen_version: int

    @property
    def ref(self) -> Ref:
        """Business key: the officer and the act's id."""
        return Ref(kind=Kind.OFFICER_ACT, owner=self.officer, key=self.guid)


class Ref(Struct, gc=False, frozen=True, order=True):
    """Business key of a document; its first column is the one the store distributes by."""

    kind: Kind
    #: Platform, logistics enterprise or declaring enterprise the key belongs to
    owner: str
    #: Number that is unique under the owner
    key: str


Document = Order | Payment | Waybill | DeclarationList | OfficerAct
"""Any document that can be received."""


class Received(Struct, gc=False, frozen=True, kw_only=True):
    """One document with how it reached us."""

    document: Document
    #: Row of the inbox that holds the bytes
    inbox_id: int
    #: Counts up with each new content under the same key, from 1
    version: int
    #: Enterprise that transmitted (copCode)
    sender: EnterpriseCode
    #: Enterprise proven by the signature's certificate, empty where the message was not signed
    signer: EnterpriseCode
    #: When the bytes were durable
    received_at: datetime

    @property
    def ref(self) -> Ref:
        """Business key of the document inside."""
        return self.document.ref


class ReturnStatus(IntEnum):
    """Receipt status (回执状态) of the published specification, section 3.1."""

    SAVED = 1
    """电子口岸已暂存"""
    DECLARING = 2
    """电子口岸申报中"""
    SENT = 3
    """发送海关成功"""
    SEND_FAILED = 4
    """发送海关失败"""
    REFUSED = 100
    """海关退单"""
    ACCEPTED = 120
    """海关入库"""
    REVIEW = 300
    """人工审核"""
    EXAMINED = 399
    """海关审结"""
    INSPECTION = 500
    """查验"""
    HELD = 600
    """挂起"""
    RELEASED = 800
    """放行"""
    CLOSED = 899
    """结关"""


class Letter(Struct, gc=False, frozen=True):
    """A whole message customs sends of itself (电子税单 and its status), delivered beside the receipts."""

    #: For example ``CEB816Message``
    message_type: str
    body: str


class Receipt(Struct, gc=False, frozen=True, kw_only=True):
    """One answer to one document (回执)."""

    #: Unique id of this receipt
    guid: Guid
    #: Document answered
    subject: Ref
    #: Enterprise the answer goes to (the one that transmitted)
    recipient: EnterpriseCode
    #: A value of ``ReturnStatus``, or a negative code of the specification's table 7-2
    status: int
    #: Text as clients expect it, for example ``[Code:2600;Desc:放行]``
    info: str
    at: datetime
    #: Rules that caused it, for our own explanation beside the text
    rules: tuple[RuleId, ...] = ()
    ebp_code: str = ""
    ebc_code: str = ""
    order_no: str = ""
    pay_code: str = ""
    pay_transaction_id: str = ""
    logistics_code: str = ""
    logistics_no: str = ""
    customs_code: str = ""
    agent_code: str = ""
    cop_no: str = ""
    pre_no: str = ""
    invt_no: str = ""
    #: The message it travels as, where that is no receipt message
    letter: Letter | None = None

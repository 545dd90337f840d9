"""Bills, the window they are paid in, the documents that gather them, and what is paid against those.

Amounts are fen. Days are legal days (Asia/Shanghai); day 1 is the day after release (interpretation K1).
"""

from __future__ import annotations

from datetime import date
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Ref
from sandan.duty.facts import Assessment
from sandan.terms.ids import CustomsCode
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import HsCode
from sandan.terms.ids import InvtNo


class Released(Struct, gc=False, frozen=True, kw_only=True):
    """A released list (放行), as far as its tax is concerned."""

    declaration: DeclarationList
    assessment: Assessment
    invt_no: InvtNo
    released_at: datetime
    #: Day of acceptance, which chooses the law (R194-32.1)
    accepted_on: date
    #: What the list still holds of its collector's guarantee
    held_fen: int


class Status(StrEnum):
    """Status of a bill (税单状态) as we keep it; the first three are those of CEB818."""

    CREATED = "created"
    """已生成, 1: the list is released, nothing has been asked for yet."""
    AGGREGATED = "aggregated"
    """已汇总, 2: it stands on a payment document."""
    VOID = "void"
    """作废, 3: nothing is owed any more."""
    PAID = "paid"
    """Its document is paid in full."""
    ZERO = "zero"
    """The list bears no tax; there is nothing to pay and no message."""


class Stage(StrEnum):
    """Where a bill stands in its window on one day."""

    RETURNABLE = "returnable"
    """Within the days in which goods may still be returned; too early to pay (R194-16.2)."""
    PAYABLE = "payable"
    """Between the first and the last day of payment, both included."""
    OVERDUE = "overdue"
    """The last day has passed and it is not paid."""
    SETTLED = "settled"
    """Paid, void or without tax."""
    UNDATED = "undated"
    """Accepted before 194/2018 was in force: no window is known."""


class Window(Struct, gc=False, frozen=True, kw_only=True):
    """The days that follow a release (汇总征税期限)."""

    released_on: date
    #: Last day on which a return may be applied for
    return_until: date
    #: First and last day of payment
    payable_from: date
    payable_to: date


class BillLine(Struct, gc=False, frozen=True, kw_only=True):
    """One line of a bill, equal to the line assessed."""

    gnum: int
    gcode: HsCode
    value_fen: int
    tariff_fen: int
    vat_fen: int
    consumption_tax_fen: int


class Bill(Struct, gc=False, frozen=True, kw_only=True):
    """Electronic tax bill (电子税单) of one released list, CEB816."""

    collector: EnterpriseCode
    tax_no: str
    invt_no: InvtNo
    #: The list
    case: Ref
    district: CustomsCode
    ebc_code: EnterpriseCode
    logistics_code: EnterpriseCode
    agent_code: EnterpriseCode
    released_at: datetime
    #: None where no law sets one
    window: Window | None
    lines: tuple[BillLine, ...]
    #: What the list holds of the guarantee; freed with the bill
    held_fen: int
    status: Status
    #: Payment document it stands on, empty before
    document_no: str = ""

    @property
    def tariff_fen(self) -> int:
        """Tariff (关税) of all lines."""
        return sum(line.tariff_fen for line in self.lines)

    @property
    def vat_fen(self) -> int:
        """Value-added tax (增值税) of all lines."""
        return sum(line.vat_fen for line in self.lines)

    @property
    def consumption_tax_fen(self) -> int:
        """Consumption tax (消费税) of all lines."""
        return sum(line.consumption_tax_fen for line in self.lines)

    @property
    def tax_fen(self) -> int:
        """All taxes of the bill."""
        return self.tariff_fen + self.vat_fen + self.consumption_tax_fen


class DocumentStatus(StrEnum):
    """Status of a payment document."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"


class TaxDocument(Struct, gc=False, frozen=True, kw_only=True):
    """Aggregated payment document (汇总缴款书) of one collector in one district."""

    collector: EnterpriseCode
    document_no: str
    district: CustomsCode
    amount_fen: int
    bills: int
    #: Earliest last day of payment of its bills
    due_on: date
    status: DocumentStatus = DocumentStatus.OPEN
    #: Paid so far, in parts
    paid_fen: int = 0

    @property
    def open_fen(self) -> int:
        """What is still to be paid."""
        return self.amount_fen - self.paid_fen if self.status is DocumentStatus.OPEN else 0


class Advice(Struct, gc=False, frozen=True, kw_only=True):
    """What a bank says it was paid (入账通知)."""

    collector: EnterpriseCode
    #: The bank's own number of the payment, unique under the collector
    reference: str
    document_no: str
    amount_fen: int
    #: Currency code; only 142 (人民币) pays tax
    currency: str
    paid_at: datetime


class Outcome(StrEnum):
    """What becomes of a payment."""

    PAID = "paid"
    PAID_LATE = "paid-late"
    PARTIAL = "partial"
    TOO_MUCH = "too-much"
    NO_AMOUNT = "no-amount"
    ALREADY_PAID = "already-paid"
    VOID_DOCUMENT = "void-document"
    UNKNOWN_DOCUMENT = "unknown-document"
    WRONG_CURRENCY = "wrong-currency"


class Settlement(Struct, frozen=True, kw_only=True):
    """The answer to one payment."""

    outcome: Outcome
    #: Counted towards the document
    kept_fen: int = 0
    #: Given back to the payer
    returned_fen: int = 0
    #: The document as it stands then; None where there is none
    document: TaxDocument | None = None

    @property
    def completes(self) -> bool:
        """Whether the document is paid in full by it."""
        return self.outcome in {Outcome.PAID, Outcome.PAID_LATE}

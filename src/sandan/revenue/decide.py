"""Bills from released lists, documents from payable bills, and what a payment does.

Pure: the law, the day and the working balances are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sandan.documents.facts import Ref
from sandan.duty.facts import LineTax
from sandan.law import Law
from sandan.ledger.decide import Book
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Ground
from sandan.ledger.facts import Posting
from sandan.revenue.facts import Advice
from sandan.revenue.facts import Bill
from sandan.revenue.facts import BillLine
from sandan.revenue.facts import DocumentStatus
from sandan.revenue.facts import Outcome
from sandan.revenue.facts import Released
from sandan.revenue.facts import Settlement
from sandan.revenue.facts import Stage
from sandan.revenue.facts import Status
from sandan.revenue.facts import TaxDocument
from sandan.revenue.rules import stage_of
from sandan.revenue.rules import window_of
from sandan.terms.days import legal_day
from sandan.terms.ids import RuleId

_FIRST_BILL: Final = "_0"
"""What follows the list number in the number of its bill, as seen in traffic."""


class RefusedError(ValueError):
    """Something that may not be done with a bill or a document; says why and what may be done instead."""


class Why(Struct, frozen=True, kw_only=True):
    """What frees a guarantee: the document that caused it, the rule, and the moment."""

    cause: Ref
    rule: RuleId
    at: datetime


def bill_of(released: Released, law: Law) -> Bill:
    """The bill of a released list, line by line as assessed.

    Args:
        released: The list with its assessment.
        law: The law of the day of its acceptance, which sets the window.
    """
    paper = released.declaration
    return Bill(
        collector=paper.assure_code,
        tax_no=f"{released.invt_no}{_FIRST_BILL}",
        invt_no=released.invt_no,
        case=paper.ref,
        district=paper.customs_code,
        ebc_code=paper.ebc_code,
        logistics_code=paper.logistics_code,
        agent_code=paper.agent_code,
        released_at=released.released_at,
        window=window_of(legal_day(released.released_at), law),
        lines=tuple(_line(line) for line in released.assessment.lines),
        held_fen=released.held_fen,
        status=Status.CREATED if released.assessment.tax_fen else Status.ZERO,
    )


def aggregate(bills: Iterable[Bill], day: date, document_no: str) -> TaxDocument | None:
    """One payment document over the bills that may be paid on a day; None where there is none (R194-16.2).

    Args:
        bills: Bills of one collector in one district; those too early, settled or on a document already are left out.
        day: Legal day of aggregation.
        document_no: Number of the new document.
    """
    chosen = payable(bills, day)
    if not chosen:
        return None
    return TaxDocument(
        collector=chosen[0].collector,
        document_no=document_no,
        district=chosen[0].district,
        amount_fen=sum(bill.tax_fen for bill in chosen),
        bills=len(chosen),
        due_on=min(bill.window.payable_to for bill in chosen if bill.window),
    )


def payable(bills: Iterable[Bill], day: date) -> list[Bill]:
    """Bills that may be put on a document on a day: within the payment days or overdue, and on none yet."""
    return [
        bill
        for bill in bills
        if bill.status is Status.CREATED and stage_of(bill, day) in {Stage.PAYABLE, Stage.OVERDUE}
    ]


def receive(document: TaxDocument | None, advice: Advice, currency: str) -> Settlement:
    """What a payment does to the document it names; money that does not fit is given back whole.

    Args:
        document: The document as it stands, None where there is none of that number.
        advice: What the bank says.
        currency: Currency tax is paid in (R194-14.2).
    """
    refused = _refusal(document, advice, currency)
    if refused or document is None:
        outcome = refused or Outcome.UNKNOWN_DOCUMENT
        return Settlement(outcome=outcome, returned_fen=max(advice.amount_fen, 0), document=document)
    paid_fen = document.paid_fen + advice.amount_fen
    if paid_fen < document.amount_fen:
        left = replace(document, paid_fen=paid_fen)
        return Settlement(outcome=Outcome.PARTIAL, kept_fen=advice.amount_fen, document=left)
    late = legal_day(advice.paid_at) > document.due_on
    return Settlement(
        outcome=Outcome.PAID_LATE if late else Outcome.PAID,
        kept_fen=advice.amount_fen,
        document=replace(document, paid_fen=paid_fen, status=DocumentStatus.PAID),
    )


def free(bills: Sequence[Bill], book: Book, why: Why) -> tuple[Posting, ...]:
    """Free the guarantee that bills hold, when they are paid or void; a bill that holds none posts none."""
    return tuple(
        book.void(guarantee_of(bill), bill.held_fen, Ground(case=bill.case, cause=why.cause, rule=why.rule, at=why.at))
        for bill in bills
        if bill.held_fen
    )


def guarantee_of(bill: Bill) -> AccountId:
    """The account its tax is secured by: the collector's guarantee in the district (税款担保)."""
    return AccountId(bill.collector, AccountKind.GUARANTEE, bill.district)


def check_voidable(bill: Bill, document: TaxDocument | None) -> None:
    """Whether a bill may be voided (作废).

    Args:
        bill: The bill.
        document: The document it stands on, if any.

    Raises:
        RefusedError: It is settled already, or a part of its document has been paid.
    """
    if bill.status not in {Status.CREATED, Status.AGGREGATED}:
        raise RefusedError(f"bill {bill.tax_no} is {bill.status}: only a bill that is still owed can be voided")
    if document is not None and document.paid_fen:
        raise RefusedError(
            f"bill {bill.tax_no} stands on document {document.document_no}, of which {document.paid_fen} fen are paid:"
            " complete the payment first; giving tax back is not built"
        )


def _refusal(document: TaxDocument | None, advice: Advice, currency: str) -> Outcome | None:
    if document is None:
        return Outcome.UNKNOWN_DOCUMENT
    if advice.amount_fen <= 0:
        return Outcome.NO_AMOUNT
    if advice.currency != currency:
        return Outcome.WRONG_CURRENCY
    if document.status is not DocumentStatus.OPEN:
        return Outcome.ALREADY_PAID if document.status is DocumentStatus.PAID else Outcome.VOID_DOCUMENT
    return Outcome.TOO_MUCH if advice.amount_fen > document.open_fen else None


def _line(line: LineTax) -> BillLine:
    return BillLine(
        gnum=line.gnum,
        gcode=line.gcode,
        value_fen=line.value_fen,
        tariff_fen=line.tariff_fen,
        vat_fen=line.vat_fen,
        consumption_tax_fen=line.consumption_tax_fen,
    )

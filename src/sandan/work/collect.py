"""Collects tax (汇总征税): gathers what is payable, takes payments, voids bills; each in one transaction.

A payment that fits frees the guarantee its bills hold, with the rule that allows it; one that does not fit is given back
whole and says why. The bank's reference names a payment: the same one again gets the first answer again.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from typing import TypeVar

import msgspec
from msgspec.structs import replace
from psycopg import Connection
from psycopg import errors
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.decide import Book
from sandan.revenue import decide
from sandan.revenue.decide import RefusedError
from sandan.revenue.decide import Why
from sandan.revenue.facts import Advice
from sandan.revenue.facts import Bill
from sandan.revenue.facts import DocumentStatus
from sandan.revenue.facts import Settlement
from sandan.revenue.facts import Status
from sandan.revenue.facts import TaxDocument
from sandan.revenue.rules import PAYABLE
from sandan.store import accounts
from sandan.store import journal
from sandan.store import tax_bills
from sandan.store import tax_documents
from sandan.store.accounts import Contended
from sandan.store.apply import write_receipts
from sandan.store.clock import Clock
from sandan.store.lawfiles import OverlayCache
from sandan.store.load import load_balances
from sandan.store.pooled import autocommitting
from sandan.terms.days import legal_day
from sandan.work import tax_letters

T = TypeVar("T")

_CONTENTION = (Contended, errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
_TRIES = 10

MOST = 5_000
"""Bills on one document, so that the memory it takes does not grow with what is owed; the rest get the next one."""


class Collecting:
    """The revenue desk (征税) of one platform."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], clock: Clock, *, production: bool = False) -> None:
        self._pool = pool
        self._clock = clock
        self._overlay = OverlayCache(production=production)

    def aggregate(self, collector: str, district: str) -> TaxDocument | None:
        """One payment document over what a collector may pay today; None where that is nothing (R194-16.2).

        It holds up to :data:`MOST` bills, those due first; asked again, it gathers the next.

        Args:
            collector: The collector (代收代缴义务人).
            district: Customs district whose bills are gathered.
        """
        return self._run(lambda conn, now: _aggregate(conn, (collector, district), now))

    def receive(self, advice: Advice) -> Settlement:
        """Takes a payment a bank tells of; the same advice again gets the first answer.

        Raises:
            ReferenceUsedError: Another payment has this reference.
        """
        return self._run(lambda conn, now: self._receive(conn, advice, now))

    def void(self, collector: str, tax_no: str, reason: str) -> Bill:
        """Voids a bill that is still owed (作废): its guarantee is freed; a document it stands on is void with it.

        Raises:
            RefusedError: There is no such bill, it is settled, or a part of its document is paid.
        """
        return self._run(lambda conn, now: _void(conn, (collector, tax_no, reason), now))

    def _receive(self, conn: Connection[Any], advice: Advice, now: datetime) -> Settlement:
        document = tax_documents.one(conn, advice.collector, advice.document_no)
        before = tax_documents.recorded(conn, advice)
        if before is not None:
            return before
        currency = law.at(legal_day(now), self._overlay.get(conn)).text("import.declaration_currency")
        settlement = decide.receive(document, advice, currency)
        paid = _settle(conn, advice, settlement, now)
        tax_documents.record(conn, advice, settlement)
        write_receipts(conn, list(tax_letters.payment(advice, settlement, paid)))
        said = (advice.collector, advice.reference, advice.document_no, advice.amount_fen, settlement.outcome)
        journal.append(conn, "revenue", "payment", now, msgspec.json.encode(said))
        return settlement

    def _run(self, work: Callable[[Connection[Any], datetime], T]) -> T:
        """Does the work in one transaction, again while other writers move what it stands on."""
        for _ in range(_TRIES):
            try:
                with autocommitting(self._pool) as conn, conn.transaction():
                    return work(conn, self._clock.now())
            except _CONTENTION as error:
                last = error
        raise last


def _aggregate(conn: Connection[Any], place: tuple[str, str], now: datetime) -> TaxDocument | None:
    collector, district = place
    day = legal_day(now)
    chosen = decide.payable(tax_bills.payable(conn, place, day, MOST), day)
    if not chosen:
        return None
    document = decide.aggregate(chosen, day, tax_documents.next_number(conn, district, now))
    assert document is not None  # noqa: S101 - there is something payable
    tax_documents.open_document(conn, document, now)
    moved = [replace(bill, status=Status.AGGREGATED, document_no=document.document_no) for bill in chosen]
    tax_bills.move(conn, moved)
    write_receipts(conn, list(tax_letters.statuses(moved, now)))
    said = (collector, document.document_no, document.amount_fen, [bill.tax_no for bill in moved])
    journal.append(conn, "revenue", "document", now, msgspec.json.encode(said))
    return document


def _settle(conn: Connection[Any], advice: Advice, settlement: Settlement, now: datetime) -> list[Bill]:
    """Writes what a payment changes; answers the bills it settles."""
    if not settlement.kept_fen or settlement.document is None:
        return []
    tax_documents.move(conn, settlement.document, now if settlement.completes else None)
    if not settlement.completes:
        return []
    paid = [
        replace(bill, status=Status.PAID) for bill in tax_bills.of_document(conn, advice.collector, advice.document_no)
    ]
    tax_bills.move(conn, paid, now)
    cause = Ref(Kind.TAX_PAYMENT, advice.collector, advice.reference)
    _free(conn, paid, Why(cause=cause, rule=PAYABLE, at=now))
    return paid


def _void(conn: Connection[Any], wanted: tuple[str, str, str], now: datetime) -> Bill:
    collector, tax_no, reason = wanted
    bill = tax_bills.one(conn, collector, tax_no)
    if bill is None:
        raise RefusedError(f"collector {collector} has no bill {tax_no}")
    document = tax_documents.one(conn, collector, bill.document_no) if bill.document_no else None
    decide.check_voidable(bill, document)
    freed = _open_again(conn, bill, document, now)
    void = replace(bill, status=Status.VOID)
    tax_bills.move(conn, [void], now, reason)
    cause = Ref(Kind.TAX_BILL, collector, tax_no)
    _free(conn, [void], Why(cause=cause, rule=PAYABLE, at=now))
    write_receipts(conn, list(tax_letters.statuses([void, *freed], now)))
    said = (collector, tax_no, reason, document.document_no if document else "")
    journal.append(conn, "revenue", "void", now, msgspec.json.encode(said))
    return void


def _open_again(conn: Connection[Any], bill: Bill, document: TaxDocument | None, now: datetime) -> list[Bill]:
    """Voids the document a void bill stands on; its other bills may be gathered anew."""
    if document is None:
        return []
    tax_documents.move(conn, replace(document, status=DocumentStatus.VOID), now)
    others = [
        replace(other, status=Status.CREATED, document_no="")
        for other in tax_bills.of_document(conn, bill.collector, document.document_no)
        if other.tax_no != bill.tax_no
    ]
    if others:
        tax_bills.move(conn, others)
    return others


def _free(conn: Connection[Any], bills: Sequence[Bill], why: Why) -> None:
    balances = load_balances(conn, {decide.guarantee_of(bill) for bill in bills})
    accounts.post(conn, decide.free(bills, Book(balances), why), balances)

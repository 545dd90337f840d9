"""Payment documents and payments as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection

from sandan.revenue.facts import Advice
from sandan.revenue.facts import DocumentStatus
from sandan.revenue.facts import Outcome
from sandan.revenue.facts import Settlement
from sandan.revenue.facts import TaxDocument

_COLUMNS = "collector, document_no, district, amount_fen, bills, due_on, status, paid_fen"
_NUMBER = "SELECT nextval('tax_document_serials')"
_ONE = f"SELECT {_COLUMNS} FROM tax_documents WHERE collector = %s AND document_no = %s FOR UPDATE"  # noqa: S608
_LIST = f"SELECT {_COLUMNS} FROM tax_documents WHERE collector = %s ORDER BY created_at DESC, document_no DESC LIMIT %s"  # noqa: S608
_OPEN = """
    INSERT INTO tax_documents (collector, document_no, district, amount_fen, bills, due_on, status, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_MOVE = "UPDATE tax_documents SET paid_fen = %s, status = %s, settled_at = %s WHERE collector = %s AND document_no = %s"
_PAYMENT = """
    SELECT document_no, amount_fen, currency, outcome, kept_fen, returned_fen
      FROM tax_payments WHERE collector = %s AND reference = %s
"""
_RECORD = """
    INSERT INTO tax_payments (collector, reference, document_no, amount_fen, currency, paid_at, outcome, kept_fen, returned_fen)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class ReferenceUsedError(ValueError):
    """A bank's reference that stands for another payment already; names what differs."""


def next_number(conn: Connection[Any], district: str, now: datetime) -> str:
    """Number of a new payment document (缴款书编号): district, year, ``L`` and nine digits; the form is our own."""
    row = conn.execute(_NUMBER).fetchone()
    assert row is not None  # noqa: S101 - a sequence answers
    return f"{district}{now.year}L{row[0] % 10**9:09d}"


def open_document(conn: Connection[Any], document: TaxDocument, now: datetime) -> None:
    """Writes a new document."""
    values = (document.collector, document.document_no, document.district, document.amount_fen, document.bills)
    conn.execute(_OPEN, [*values, document.due_on, document.status, now])


def one(conn: Connection[Any], collector: str, document_no: str) -> TaxDocument | None:
    """One document, taken for this transaction; None where the collector has none of that number."""
    row = conn.execute(_ONE, [collector, document_no]).fetchone()
    return _document(row) if row else None


def latest(conn: Connection[Any], collector: str, limit: int) -> list[TaxDocument]:
    """Documents of a collector, newest first."""
    return [_document(row) for row in conn.execute(_LIST, [collector, limit])]


def move(conn: Connection[Any], document: TaxDocument, settled_at: datetime | None) -> None:
    """Writes what is paid of a document and its status."""
    values = [document.paid_fen, document.status, settled_at, document.collector, document.document_no]
    conn.execute(_MOVE, values)


def recorded(conn: Connection[Any], advice: Advice) -> Settlement | None:
    """The answer given to this payment before, None where it is new; the moment first told stands.

    Raises:
        ReferenceUsedError: Another payment has this reference.
    """
    row = conn.execute(_PAYMENT, [advice.collector, advice.reference]).fetchone()
    if row is None:
        return None
    said = dict(zip(("document_no", "amount_fen", "currency"), row, strict=False))
    now = {name: getattr(advice, name) for name in said}
    differing = [f"{name}: {said[name]} before, {now[name]} now" for name in said if said[name] != now[name]]
    if differing:
        raise ReferenceUsedError(
            f"reference {advice.reference} stands for another payment ({'; '.join(differing)});"
            " the first answer stands, give this payment a reference of its own"
        )
    outcome, kept, returned = row[3:]
    document = one(conn, advice.collector, advice.document_no)
    return Settlement(outcome=Outcome(outcome), kept_fen=kept, returned_fen=returned, document=document)


def record(conn: Connection[Any], advice: Advice, settlement: Settlement) -> None:
    """Writes a payment with its answer.

    Raises:
        psycopg.errors.UniqueViolation: The same reference was recorded at this moment; ask again.
    """
    answer = (settlement.outcome, settlement.kept_fen, settlement.returned_fen)
    said = (advice.collector, advice.reference, advice.document_no, advice.amount_fen, advice.currency, advice.paid_at)
    conn.execute(_RECORD, [*said, *answer])


def _document(row: Any) -> TaxDocument:  # noqa: ANN401 - a row
    collector, document_no, district, amount_fen, bills, due_on, status, paid_fen = row
    return TaxDocument(
        collector=collector,
        document_no=document_no,
        district=district,
        amount_fen=amount_fen,
        bills=bills,
        due_on=due_on,
        status=DocumentStatus(status),
        paid_fen=paid_fen,
    )

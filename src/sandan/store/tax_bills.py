"""Tax bills as rows: written once a released list, moved from created to aggregated, paid or void."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from sandan.clearance.facts import Case
from sandan.clearance.facts import Status as CaseStatus
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.facts import AccountKind
from sandan.revenue.facts import Bill
from sandan.revenue.facts import BillLine
from sandan.revenue.facts import Released
from sandan.revenue.facts import Status
from sandan.revenue.facts import Window
from sandan.store.rows import JSON
from sandan.store.rows import Table
from sandan.store.rows import copy
from sandan.terms.days import legal_day

_CASE = msgspec.json.Decoder(Case)
_LIST: msgspec.json.Decoder[DeclarationList] = msgspec.json.Decoder(DeclarationList)
_LINES = msgspec.json.Decoder(tuple[BillLine, ...])
_RELEASED = """
    SELECT c.state::text, d.facts::text FROM cases c
      JOIN unnest(%(owners)b::text[], %(keys)b::text[]) WITH ORDINALITY AS k (owner, key, place)
           ON (c.declarant, c.list_key) = (k.owner, k.key)
      JOIN documents d ON (d.owner, d.kind, d.key, d.version) = (c.declarant, 'list', c.list_key, c.list_version)
     ORDER BY k.place
"""
_KNOWN = """
    SELECT b.collector, b.tax_no FROM tax_bills b
      JOIN unnest(%s::text[], %s::text[]) AS k (collector, tax_no) USING (collector, tax_no)
"""
_BILLS = Table(
    "tax_bills",
    {
        "collector": "text",
        "tax_no": "text",
        "invt_no": "text",
        "declarant": "text",
        "list_key": "text",
        "district": "text",
        "ebc_code": "text",
        "logistics_code": "text",
        "released_at": "timestamptz",
        "released_on": "date",
        "return_until": "date",
        "payable_from": "date",
        "payable_to": "date",
        "tax_fen": "int8",
        "held_fen": "int8",
        "lines": JSON,
        "status": "text",
        "created_at": "timestamptz",
    },
)
COLUMNS = """b.collector, b.tax_no, b.invt_no, b.declarant, b.list_key, b.district, b.ebc_code, b.logistics_code,
           b.released_at, b.released_on, b.return_until, b.payable_from, b.payable_to, b.held_fen, b.lines::text, b.status,
           b.document_no"""
"""Columns a bill is made from, of ``tax_bills b``."""

_PAYABLE = f"""
    SELECT {COLUMNS} FROM tax_bills b
     WHERE b.collector = %s AND b.district = %s AND b.status = 'created' AND b.payable_from <= %s
     ORDER BY b.payable_to, b.tax_no LIMIT %s FOR UPDATE
"""  # noqa: S608 - our own columns
_ONE = f"SELECT {COLUMNS} FROM tax_bills b WHERE b.collector = %s AND b.tax_no = %s FOR UPDATE"  # noqa: S608
_OF_DOCUMENT = f"""
    SELECT {COLUMNS} FROM tax_bills b WHERE b.collector = %s AND b.document_no = %s ORDER BY b.tax_no FOR UPDATE
"""  # noqa: S608 - our own columns
_MOVE = """
    UPDATE tax_bills SET status = %s, document_no = %s, settled_at = %s, void_reason = %s
     WHERE collector = %s AND tax_no = ANY(%s)
"""


def load_released(conn: Connection[Any], refs: Sequence[Ref]) -> list[Released]:
    """The released lists with what was assessed; a list that is not released any more is left out."""
    if not refs:
        return []
    columns = {"owners": [ref.owner for ref in refs], "keys": [ref.key for ref in refs]}
    pairs = [(_CASE.decode(case), _LIST.decode(paper)) for case, paper in conn.execute(_RELEASED, columns)]
    return [_released(case, paper) for case, paper in pairs if case.status is CaseStatus.RELEASED]


def save(conn: Connection[Any], bills: Iterable[Bill], now: datetime) -> list[Bill]:
    """Writes bills; answers those that are new, so that nothing is told twice."""
    wanted = {(bill.collector, bill.tax_no): bill for bill in bills}
    keys = [[collector for collector, _ in wanted], [tax_no for _, tax_no in wanted]]
    for collector, tax_no in conn.execute(_KNOWN, keys):
        del wanted[collector, tax_no]
    copy(conn, _BILLS, [_values(bill, now) for bill in wanted.values()])
    return list(wanted.values())


def payable(conn: Connection[Any], place: tuple[str, str], day: date, limit: int) -> list[Bill]:
    """Bills whose first day of payment has come and that stand on no document yet, those due first; taken for this transaction.

    Args:
        conn: Connection with an open transaction.
        place: Collector and customs district.
        day: Legal day.
        limit: At most so many.
    """
    return bills_of(conn.execute(_PAYABLE, [*place, day, limit]))


def one(conn: Connection[Any], collector: str, tax_no: str) -> Bill | None:
    """One bill, taken for this transaction; None where the collector has none of that number."""
    return next(iter(bills_of(conn.execute(_ONE, [collector, tax_no]))), None)


def of_document(conn: Connection[Any], collector: str, document_no: str) -> list[Bill]:
    """The bills on a payment document, taken for this transaction."""
    return bills_of(conn.execute(_OF_DOCUMENT, [collector, document_no]))


def move(conn: Connection[Any], bills: Sequence[Bill], settled_at: datetime | None = None, reason: str = "") -> None:
    """Writes the status and document of bills of one collector, all the same.

    Args:
        conn: Connection with an open transaction.
        bills: Bills as they are now.
        settled_at: When they were paid or voided.
        reason: Why they are void.
    """
    for status, document_no, numbers in _groups(bills):
        conn.execute(_MOVE, [status, document_no, settled_at, reason, bills[0].collector, numbers])


def bills_of(rows: Iterable[Sequence[Any]]) -> list[Bill]:
    """Bills from rows of :data:`COLUMNS`."""
    return [_bill(row) for row in rows]


def _groups(bills: Sequence[Bill]) -> Iterator[tuple[Status, str, list[str]]]:
    for status, document_no in dict.fromkeys((bill.status, bill.document_no) for bill in bills):
        same = [bill.tax_no for bill in bills if (bill.status, bill.document_no) == (status, document_no)]
        yield status, document_no, same


def _released(case: Case, paper: DeclarationList) -> Released:
    assert case.assessment is not None  # noqa: S101 - a list is accepted only with its assessment
    assert case.released_at is not None  # noqa: S101 - set by release
    held = sum(amount for account, amount in case.reserved if account.kind is AccountKind.GUARANTEE)
    return Released(
        declaration=paper,
        assessment=case.assessment,
        invt_no=case.invt_no,
        released_at=case.released_at,
        accepted_on=case.accepted_on or legal_day(case.released_at),
        held_fen=held,
    )


def _values(bill: Bill, now: datetime) -> list[object]:
    window = bill.window
    days = (window.return_until, window.payable_from, window.payable_to) if window else (None, None, None)
    return [
        bill.collector,
        bill.tax_no,
        bill.invt_no,
        bill.case.owner,
        bill.case.key,
        bill.district,
        bill.ebc_code,
        bill.logistics_code,
        bill.released_at,
        legal_day(bill.released_at),
        *days,
        bill.tax_fen,
        bill.held_fen,
        msgspec.json.encode(bill.lines),
        bill.status.value,
        now,
    ]


def _bill(row: Sequence[Any]) -> Bill:
    collector, tax_no, invt_no, declarant, key, district, ebc, logistics, at, on, until, first, last, *rest = row
    held, lines, status, document_no = rest
    return Bill(
        collector=collector,
        tax_no=tax_no,
        invt_no=invt_no,
        case=Ref(Kind.LIST, declarant, key),
        district=district,
        ebc_code=ebc,
        logistics_code=logistics,
        agent_code=declarant,
        released_at=at,
        window=Window(released_on=on, return_until=until, payable_from=first, payable_to=last) if first else None,
        lines=_LINES.decode(lines),
        held_fen=held,
        status=Status(status),
        document_no=document_no,
    )

"""One case: its papers in all versions, decisions, receipts, postings and officers' acts."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import dict_row

from sandan.clearance.facts import Case
from sandan.clearance.facts import Event
from sandan.clearance.facts import Papers
from sandan.clearance.mirror import Mirrored
from sandan.documents.arrival import DocumentState
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.duty.facts import Assessment
from sandan.law.facts import Finding
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Movement
from sandan.ledger.facts import Posting
from sandan.store import mirrored
from sandan.store.views.scope import Scope
from sandan.store.views.scope import scoped
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import RuleId

_CASE = scoped("""
    SELECT c.* FROM cases c WHERE c.declarant = %(declarant)s AND c.list_key = %(key)s AND {own_case}
""")

_PAPERS_OF_CASE = """
    SELECT d.* FROM documents d
     WHERE (d.owner, d.kind, d.key) = (%(declarant)s, 'list', %(key)s)
        OR d.owner = %(ebp)s AND d.order_no = %(order_no)s AND d.kind IN ('order', 'payment')
        OR (d.owner, d.kind, d.key) = (%(logistics)s, 'waybill', %(logistics_no)s)
     ORDER BY d.received_at, d.kind, d.key, d.version"""

_PAPER = """
    SELECT d.* FROM documents d
     WHERE d.owner = %(owner)s AND d.kind = %(kind)s AND d.key = %(key)s
       AND (%(enterprise)s = '' OR %(enterprise)s IN (d.owner, d.sender, d.signer))
     ORDER BY d.version"""

_DECISIONS = """
    SELECT version, status, law_day, findings, assessment, compared, events, effective_at
      FROM decisions WHERE declarant = %(declarant)s AND list_key = %(key)s ORDER BY version"""

_RECEIPTS = """
    SELECT r.facts FROM receipts r
      JOIN unnest(%(kinds)s::text[], %(owners)s::text[], %(keys)s::text[]) AS s (kind, owner, key)
        ON (r.subject_owner, r.subject_kind, r.subject_key) = (s.owner, s.kind, s.key)
     ORDER BY r.at, r.id"""

_POSTINGS = """
    SELECT owner, kind, item, movement, amount, declarant, list_key, cause_kind, cause_owner, cause_key, rule,
           effective_at AS at
      FROM postings WHERE declarant = %(declarant)s AND list_key = %(key)s ORDER BY id"""

_CASES_OF_PAPER = scoped("""
    SELECT c.declarant, c.list_key FROM cases c
     WHERE (CASE %(kind)s WHEN 'waybill' THEN c.logistics_no = %(key)s AND c.logistics_code = %(owner)s
                          WHEN 'list' THEN c.list_key = %(key)s AND c.declarant = %(owner)s
                          ELSE c.order_no = %(order_no)s AND c.ebp_code = %(owner)s END) AND {own_case}
     ORDER BY c.updated_at DESC LIMIT 20
""")


_DEAD = (DocumentState.DRAFT, DocumentState.REFUSED, DocumentState.DELETED, DocumentState.REPLACED)
"""States in which a paper is no partner of a case."""


class Paper(Struct, frozen=True, kw_only=True):
    """One version of one document, with the verdict on it."""

    received: Received
    #: ``received``, ``draft``, ``accepted``, ``refused``, ``deleted`` or ``replaced``
    state: str
    findings: tuple[Finding, ...] = ()

    @property
    def ref(self) -> Ref:
        """Business key of the document."""
        return self.received.ref


class Decided(Struct, frozen=True, kw_only=True):
    """One decision of a case, as recorded."""

    #: Version of the case the decision made
    version: int
    status: str
    law_day: date
    findings: tuple[Finding, ...]
    assessment: Assessment | None
    #: Versions compared: kind to version
    compared: dict[str, int]
    events: tuple[Event, ...]
    effective_at: datetime


class CaseFile(Struct, frozen=True, kw_only=True):
    """Everything known about one case."""

    case: Case
    customs_code: str
    trade_mode: str
    cop_no: str
    updated_at: datetime
    waits: tuple[str, ...]
    papers: tuple[Paper, ...]
    decisions: tuple[Decided, ...]
    receipts: tuple[Receipt, ...]
    postings: tuple[Posting, ...]
    #: Receipts of customs that were taken in, about any paper of the case, in the order of arrival
    mirrored: tuple[Mirrored, ...] = ()

    @property
    def latest(self) -> Decided | None:
        """Decision that stands."""
        return self.decisions[-1] if self.decisions else None


def case_file(conn: Connection[Any], ref: Ref, scope: Scope) -> CaseFile | None:
    """Returns the whole file of one case, or None where there is none or it concerns others."""
    row = _one(conn, _CASE, {"declarant": ref.owner, "key": ref.key, "enterprise": scope.enterprise})
    if row is None:
        return None
    papers = _papers_of_case(conn, row)
    subjects = {ref, *(paper.ref for paper in papers)}
    key = {"declarant": ref.owner, "key": ref.key}
    return CaseFile(
        case=msgspec.convert(row["state"], Case),
        customs_code=row["customs_code"],
        trade_mode=row["trade_mode"],
        cop_no=row["cop_no"],
        updated_at=row["updated_at"],
        waits=tuple(row["waits"]),
        papers=papers,
        decisions=tuple(_decided(entry) for entry in _all(conn, _DECISIONS, key)),
        receipts=receipts_of(conn, subjects),
        mirrored=mirrored.of_papers(conn, subjects),
        postings=tuple(_posting(entry) for entry in _all(conn, _POSTINGS, key)),
    )


def paper_versions(conn: Connection[Any], ref: Ref, scope: Scope) -> tuple[Paper, ...]:
    """Returns all versions of one document, oldest first; empty where there is none or it is another's."""
    wanted = {"owner": ref.owner, "kind": ref.kind, "key": ref.key, "enterprise": scope.enterprise}
    return tuple(_paper(row) for row in _all(conn, _PAPER, wanted))


def cases_of(conn: Connection[Any], paper: Paper, scope: Scope) -> tuple[Ref, ...]:
    """Returns the cases that use a paper, newest first."""
    ref = paper.ref
    order_no = getattr(paper.received.document, "order_no", "")
    wanted = {"owner": ref.owner, "kind": ref.kind, "key": ref.key, "order_no": order_no}
    rows = _all(conn, _CASES_OF_PAPER, {**wanted, "enterprise": scope.enterprise})
    return tuple(Ref(kind=Kind.LIST, owner=row["declarant"], key=row["list_key"]) for row in rows)


def receipts_of(conn: Connection[Any], subjects: Iterable[Ref]) -> tuple[Receipt, ...]:
    """Returns every answer given about some documents, oldest first."""
    refs = sorted(subjects)
    wanted = {
        "kinds": [ref.kind for ref in refs],
        "owners": [ref.owner for ref in refs],
        "keys": [ref.key for ref in refs],
    }
    return tuple(msgspec.convert(row["facts"], Receipt) for row in _all(conn, _RECEIPTS, wanted))


def papers_compared(file: CaseFile) -> Papers | None:
    """Returns the papers the case stands on, in the versions that were compared; None while its list is not there."""
    declaration = _of_version(_of_kind(file, Kind.LIST), file.case.list_version)
    if declaration is None:
        return None
    return Papers(
        declaration=declaration,
        case=file.case,
        order=_compared(file, Kind.ORDER),
        payments=tuple(_live(_of_kind(file, Kind.PAYMENT))),
        waybill=_compared(file, Kind.WAYBILL),
    )


def _of_kind(file: CaseFile, kind: Kind) -> list[Paper]:
    return [paper for paper in file.papers if paper.ref.kind == kind]


def _of_version(papers: Sequence[Paper], version: int) -> Received | None:
    return next((paper.received for paper in papers if paper.received.version == version), None)


def _compared(file: CaseFile, kind: Kind) -> Received | None:
    """The version that was compared, else the newest that counts."""
    papers = _of_kind(file, kind)
    live = _live(papers)
    return _of_version(papers, file.case.compared.get(kind, 0)) or (live[-1] if live else None)


def _live(papers: Sequence[Paper]) -> list[Received]:
    """Newest version of each key that is not refused or deleted, oldest first."""
    newest = {paper.ref: paper for paper in papers if paper.state not in _DEAD}
    return [paper.received for paper in newest.values()]


def _papers_of_case(conn: Connection[Any], row: dict[str, Any]) -> tuple[Paper, ...]:
    wanted = {
        "declarant": row["declarant"],
        "key": row["list_key"],
        "ebp": row["ebp_code"],
        "order_no": row["order_no"],
        "logistics": row["logistics_code"],
        "logistics_no": row["logistics_no"],
    }
    return tuple(_paper(entry) for entry in _all(conn, _PAPERS_OF_CASE, wanted))


def _paper(row: dict[str, Any]) -> Paper:
    received = Received(
        document=msgspec.convert(row["facts"], Document),
        inbox_id=row["inbox_id"],
        version=row["version"],
        sender=EnterpriseCode(row["sender"]),
        signer=EnterpriseCode(row["signer"]),
        received_at=row["received_at"],
    )
    return Paper(received=received, state=row["state"], findings=msgspec.convert(row["findings"], tuple[Finding, ...]))


def _decided(row: dict[str, Any]) -> Decided:
    return Decided(
        version=row["version"],
        status=row["status"],
        law_day=row["law_day"],
        findings=msgspec.convert(row["findings"], tuple[Finding, ...]),
        assessment=msgspec.convert(row["assessment"], Assessment | None),
        compared=row["compared"],
        events=msgspec.convert(row["events"], tuple[Event, ...]),
        effective_at=row["effective_at"],
    )


def _posting(row: dict[str, Any]) -> Posting:
    case = Ref(kind=Kind.LIST, owner=row["declarant"], key=row["list_key"]) if row["list_key"] else None
    return Posting(
        account=AccountId(row["owner"], AccountKind(row["kind"]), row["item"]),
        movement=Movement(row["movement"]),
        amount=row["amount"],
        case=case,
        cause=Ref(kind=Kind(row["cause_kind"]), owner=row["cause_owner"], key=row["cause_key"]),
        rule=RuleId(row["rule"]),
        at=row["at"],
    )


def _one(conn: Connection[Any], query: str, values: dict[str, Any]) -> dict[str, Any] | None:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchone()


def _all(conn: Connection[Any], query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()

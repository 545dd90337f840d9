"""Verifies what the store holds against itself: journal, decisions, bytes, balances and reservations.

Everything is read once, in one snapshot, row by row: a year of messages needs no more memory than a day of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import msgspec
import zstandard
from msgspec import Struct
from psycopg import Connection
from psycopg import IsolationLevel

from sandan.store import bodies
from sandan.store.docket import digest_of
from sandan.store.journal import GENESIS
from sandan.store.journal import Link

SHOWN = 100
"""Faults a report names; the others are counted."""

_PAGE = 500

_JOURNAL = "SELECT chain, seq, prev, hash, kind, effective_at, recorded_at, body FROM journal ORDER BY chain, seq"
_INBOX = "SELECT id, sha256, body, size FROM inbox ORDER BY id"
_INBOX_DIGESTS = "SELECT id, sha256 FROM inbox WHERE id = ANY(%s) ORDER BY id"
_DECISIONS = """
    SELECT k.place, d.status, d.findings::text, d.assessment::text, d.compared::text, d.events::text
      FROM unnest(%(owners)b::text[], %(keys)b::text[], %(versions)b::int[]) WITH ORDINALITY AS k (owner, key, version, place)
      JOIN decisions d ON (d.declarant, d.list_key, d.version) = (k.owner, k.key, k.version)
"""
_BALANCES = """
    WITH posted AS (
        SELECT owner, kind, item,
               sum(CASE movement WHEN 'credit' THEN amount WHEN 'debit' THEN -amount ELSE 0 END)::bigint AS granted,
               sum(CASE movement WHEN 'reserve' THEN amount WHEN 'settle' THEN -amount WHEN 'void' THEN -amount ELSE 0 END)::bigint
                   AS reserved,
               sum(CASE movement WHEN 'settle' THEN amount WHEN 'restore' THEN -amount ELSE 0 END)::bigint AS settled
          FROM postings GROUP BY owner, kind, item)
    SELECT owner, kind, item, p.granted, p.reserved, p.settled, a.granted, a.reserved, a.settled
      FROM posted p FULL JOIN accounts a USING (owner, kind, item)
     WHERE (p.granted, p.reserved, p.settled) IS DISTINCT FROM (a.granted, a.reserved, a.settled)
        OR a.granted - a.reserved - a.settled < 0
"""
_RESERVATIONS = """
    WITH held AS (
        SELECT declarant, list_key, owner, kind, item,
               sum(CASE movement WHEN 'reserve' THEN amount ELSE -amount END)::bigint AS amount
          FROM postings WHERE list_key <> '' AND movement IN ('reserve', 'settle', 'void')
         GROUP BY declarant, list_key, owner, kind, item),
    said AS (
        SELECT declarant, list_key, owner, kind, item, sum(n)::bigint AS amount
          FROM (SELECT declarant, list_key, r->0->>'owner' AS owner, r->0->>'kind' AS kind, r->0->>'item' AS item, (r->>1)::bigint AS n
                  FROM cases, json_array_elements(state->'reserved') AS r
                UNION ALL
                SELECT declarant, list_key, collector, 'guarantee', district, -held_fen
                  FROM tax_bills WHERE status IN ('paid', 'void') AND held_fen > 0) AS c
         GROUP BY 1, 2, 3, 4, 5)
    SELECT declarant, list_key, owner, kind, item, h.amount, s.amount
      FROM held h FULL JOIN said s USING (declarant, list_key, owner, kind, item)
     WHERE coalesce(h.amount, 0) <> coalesce(s.amount, 0)
"""
_DOCUMENTS = """
    WITH asked AS (
        SELECT collector, document_no, sum(tax_fen)::bigint AS amount, count(*) AS bills
          FROM tax_bills WHERE document_no <> '' AND status <> 'void' GROUP BY 1, 2),
    kept AS (SELECT collector, document_no, sum(kept_fen)::bigint AS amount FROM tax_payments GROUP BY 1, 2)
    SELECT collector, document_no, coalesce(d.amount_fen, 0), coalesce(asked.amount, 0), coalesce(d.paid_fen, 0),
           coalesce(kept.amount, 0)
      FROM (SELECT * FROM tax_documents WHERE status <> 'void') d
      FULL JOIN asked USING (collector, document_no) FULL JOIN kept USING (collector, document_no)
     WHERE coalesce(d.amount_fen, 0) <> coalesce(asked.amount, 0) OR coalesce(d.paid_fen, 0) <> coalesce(kept.amount, 0)
        OR (d.status = 'paid') <> (d.paid_fen = d.amount_fen)
"""
"""Documents that do not ask for the sum of their bills, or are not paid by the sum of what was kept."""
_COUNTS = """
    SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM decisions), (SELECT count(*) FROM inbox),
           (SELECT count(*) FROM postings WHERE movement = 'reserve')
"""


class AuditFault(Struct, frozen=True, kw_only=True):
    """One thing that does not agree with another."""

    #: ``journal``, ``decision``, ``inbox``, ``balance``, ``reservation`` or ``tax``
    kind: str
    where: str
    expected: str
    found: str


class AuditReport(Struct, frozen=True, kw_only=True):
    """What was verified, and what does not agree."""

    chains: int
    links: int
    decisions: int
    messages: int
    accounts: int
    reservations: int
    #: The first faults; ``count`` says how many there are
    faults: tuple[AuditFault, ...]
    count: int

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return self.count == 0

    @property
    def ledger_ok(self) -> bool:
        """Whether balances are the sum of their postings, every reservation has its case or bill, and tax adds up."""
        return not any(fault.kind in {"balance", "reservation", "tax"} for fault in self.faults)


class _Journalled:
    """What the journal says was written."""

    def __init__(self) -> None:
        self.chains = 0
        self.links = 0
        self.decisions = 0
        self.messages = 0


def verify(conn: Connection[Any]) -> AuditReport:
    """Verifies the whole store in one snapshot.

    Args:
        conn: Connection without an open transaction.
    """
    before = conn.isolation_level
    conn.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with conn.transaction():
            return _verify(conn)
    finally:
        conn.isolation_level = before


def _verify(conn: Connection[Any]) -> AuditReport:
    journalled = _Journalled()
    # Balances and reservations come first: where the report runs over, they are among the faults it names.
    ledger = [*_balances(conn), *_reservations(conn), *_documents(conn)]
    faults = [*ledger[:SHOWN]]
    count = len(ledger)
    row = conn.execute(_COUNTS).fetchone() or (0, 0, 0, 0)
    accounts, decisions, messages, reservations = row
    for fault in (*_journal(conn, journalled), *_bytes(conn)):
        count += 1
        if len(faults) < SHOWN:
            faults.append(fault)
    for fault in _counts(journalled, decisions, messages):
        count += 1
        faults.append(fault)
    return AuditReport(
        chains=journalled.chains,
        links=journalled.links,
        decisions=decisions,
        messages=messages,
        accounts=accounts,
        reservations=reservations,
        faults=tuple(faults),
        count=count,
    )


def _balances(conn: Connection[Any]) -> Iterator[AuditFault]:
    for owner, kind, item, *amounts in conn.execute(_BALANCES):
        posted, stored = amounts[:3], amounts[3:]
        yield AuditFault(
            kind="balance", where=f"{kind} {_veiled(kind, owner)}/{item}", expected=_shown(posted), found=_shown(stored)
        )


def _reservations(conn: Connection[Any]) -> Iterator[AuditFault]:
    for declarant, list_key, owner, kind, item, posted, said in conn.execute(_RESERVATIONS):
        where = f"case {declarant}/{list_key}, {kind} {_veiled(kind, owner)}/{item}"
        yield AuditFault(kind="reservation", where=where, expected=str(posted or 0), found=str(said or 0))


def _documents(conn: Connection[Any]) -> Iterator[AuditFault]:
    for collector, document_no, amount, asked, paid, kept in conn.execute(_DOCUMENTS):
        yield AuditFault(
            kind="tax",
            where=f"document {collector}/{document_no}",
            expected=f"bills {asked}, payments kept {kept}",
            found=f"amount {amount}, paid {paid}",
        )


def _journal(conn: Connection[Any], journalled: _Journalled) -> Iterator[AuditFault]:
    chain, prev, seq = "", GENESIS, 0
    with conn.cursor(name="journal") as cursor:
        cursor.itersize = _PAGE
        for row in cursor.execute(_JOURNAL):
            link, stored = _link(row)
            if link.chain != chain:
                chain, prev, seq = link.chain, GENESIS, 0
                journalled.chains += 1
            journalled.links += 1
            yield from _chained(link, stored, prev, seq)
            yield from _recorded(conn, link, journalled)
            prev, seq = stored, link.seq


def _link(row: Sequence[Any]) -> tuple[Link, bytes]:
    chain, seq, prev, stored, kind, effective_at, recorded_at, body = row
    link = Link(
        chain=chain,
        seq=seq,
        prev=bytes(prev),
        kind=kind,
        effective_at=effective_at,
        recorded_at=recorded_at,
        body=bytes(body),
    )
    return link, bytes(stored)


def _chained(link: Link, stored: bytes, prev: bytes, seq: int) -> Iterator[AuditFault]:
    where = f"journal {link.chain} #{link.seq}"
    if link.seq != seq + 1:
        yield AuditFault(kind="journal", where=where, expected=f"#{seq + 1}", found=f"#{link.seq}")
    if link.prev != prev:
        yield AuditFault(kind="journal", where=where, expected=prev.hex(), found=link.prev.hex())
    if link.hash() != stored:
        yield AuditFault(kind="journal", where=where, expected=link.hash().hex(), found=stored.hex())


def _recorded(conn: Connection[Any], link: Link, journalled: _Journalled) -> Iterator[AuditFault]:
    """What one link says, held against the tables."""
    try:
        body = msgspec.json.decode(link.body)
    except msgspec.DecodeError as error:
        where = f"journal {link.chain} #{link.seq}"
        yield AuditFault(kind="journal", where=where, expected="JSON", found=str(error))
        return
    if link.kind == "decisions":
        journalled.decisions += len(body["decisions"])
        yield from _decided(conn, body["decisions"])
    elif link.kind == "inbox":
        journalled.messages += len(body["inbox"])
        yield from _registered(conn, link, body)


def _decided(conn: Connection[Any], said: Sequence[Sequence[Any]]) -> Iterator[AuditFault]:
    columns = {
        "owners": [one[0] for one in said],
        "keys": [one[1] for one in said],
        "versions": [one[2] for one in said],
    }
    found = {row[0] - 1: row[1:] for row in conn.execute(_DECISIONS, columns)} if said else {}
    for place, (declarant, list_key, version, _status, digest) in enumerate(said):
        where = f"decision {declarant}/{list_key} v{version}"
        if place not in found:
            yield AuditFault(kind="decision", where=where, expected=digest, found="no such row")
            continue
        status, *parts = found[place]
        head = f"{declarant}\n{list_key}\n{version}\n{status}\n"
        stored = digest_of(head, [None if part is None else part.encode() for part in parts]).hex()
        if stored != digest:
            yield AuditFault(kind="decision", where=where, expected=digest, found=stored)


def _registered(conn: Connection[Any], link: Link, body: dict[str, Any]) -> Iterator[AuditFault]:
    rows = conn.execute(_INBOX_DIGESTS, [body["inbox"]]).fetchall()
    found = hashlib.sha256(b"".join(number.to_bytes(8) + bytes(digest) for number, digest in rows)).hexdigest()
    if found != body["sha256"]:
        where = f"inbox {body['inbox'][0]} to {body['inbox'][-1]}, journal {link.chain} #{link.seq}"
        yield AuditFault(kind="inbox", where=where, expected=body["sha256"], found=found)


def _bytes(conn: Connection[Any]) -> Iterator[AuditFault]:
    """Every message still has the bytes it is known by."""
    with conn.cursor(name="inbox") as cursor:
        cursor.itersize = _PAGE
        for number, digest, body, size in cursor.execute(_INBOX):
            found = _digest(bytes(body), size)
            if found != bytes(digest).hex():
                yield AuditFault(kind="inbox", where=f"inbox {number}", expected=bytes(digest).hex(), found=found)


def _digest(packed: bytes, size: int) -> str:
    try:
        body = bodies.unpack(packed)
    except zstandard.ZstdError as error:
        return str(error)
    return bodies.digest(body).hex() if len(body) == size else f"{len(body)} bytes, not {size}"


def _counts(journalled: _Journalled, decisions: int, messages: int) -> Iterable[AuditFault]:
    """Rows the journal does not know of."""
    if journalled.decisions != decisions:
        yield AuditFault(
            kind="decision",
            where="decisions",
            expected=f"{journalled.decisions} journalled",
            found=f"{decisions} stored",
        )
    if journalled.messages != messages:
        yield AuditFault(
            kind="inbox", where="inbox", expected=f"{journalled.messages} journalled", found=f"{messages} stored"
        )


def _shown(amounts: Sequence[int | None]) -> str:
    granted, reserved, settled = (amount or 0 for amount in amounts)
    return f"granted {granted}, reserved {reserved}, settled {settled}"


def _veiled(kind: str, owner: str) -> str:
    """Quota accounts are owned by people; a report shows the ends of their numbers only."""
    return f"{owner[:3]}…{owner[-2:]}" if kind == "quota" else owner

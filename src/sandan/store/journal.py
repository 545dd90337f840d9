"""The append-only journal: links chained by hash, one for each batch that was written.

There are several chains, so that writers need not wait for each other; a writer takes a free one for the length of its
transaction. A link's hash covers the hash before it and everything the link says.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from msgspec import Struct
from psycopg import Connection

CHAINS = 16
"""Chains of one room; more writers than that take turns."""

GENESIS = bytes(32)
"""What the first link of every chain follows."""

_LOCK_SPACES = {"door": 0x5A01, "work": 0x5A02, "law": 0x5A03, "clock": 0x5A04, "revenue": 0x5A05}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Link(Struct, frozen=True, kw_only=True):
    """One entry of the journal."""

    chain: str
    seq: int
    prev: bytes
    kind: str
    #: When what it records took effect
    effective_at: datetime
    #: When it was written
    recorded_at: datetime
    #: What was written, as JSON
    body: bytes

    def hash(self) -> bytes:
        """SHA-256 over the hash before and all that this link says."""
        head = f"{self.chain}\n{self.seq}\n{self.kind}\n{_micros(self.effective_at)}\n{_micros(self.recorded_at)}\n"
        return hashlib.sha256(self.prev + head.encode() + self.body).digest()


def append(conn: Connection[Any], room: str, kind: str, effective_at: datetime, body: bytes) -> None:
    """Adds one link to a free chain of the room, within the caller's transaction.

    Args:
        conn: Connection with an open transaction; the chain stays taken until it ends.
        room: ``door`` or ``work``; its chains are ``door/0`` and so on.
        kind: What the body is.
        effective_at: Moment the batch was judged at.
        body: JSON of what was written.
    """
    chain = f"{room}/{_take_chain(conn, room)}"
    row = conn.execute(_LAST, {"chain": chain, "genesis": GENESIS}).fetchone()
    assert row is not None  # noqa: S101 - the query always answers one row
    seq, prev, recorded_at = row
    link = Link(
        chain=chain,
        seq=seq + 1,
        prev=prev,
        kind=kind,
        effective_at=effective_at,
        recorded_at=recorded_at,
        body=body,
    )
    conn.execute(_INSERT, [chain, link.seq, prev, link.hash(), kind, effective_at, recorded_at, body])


_LAST = (
    "SELECT seq, hash, clock_timestamp() FROM journal WHERE chain = %(chain)s"
    " UNION ALL SELECT 0, %(genesis)s, clock_timestamp() ORDER BY seq DESC LIMIT 1"
)
_INSERT = (
    "INSERT INTO journal (chain, seq, prev, hash, kind, effective_at, recorded_at, body)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def _take_chain(conn: Connection[Any], room: str) -> int:
    space, first = _LOCK_SPACES[room], conn.info.backend_pid % CHAINS
    for step in range(CHAINS):
        chain = (first + step) % CHAINS
        row = conn.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [space, chain]).fetchone()
        if row is not None and row[0]:
            return chain
    conn.execute("SELECT pg_advisory_xact_lock(%s, %s)", [space, first])
    return first


def _micros(at: datetime) -> int:
    """Whole microseconds since 1970, exactly as PostgreSQL keeps them."""
    return (at - _EPOCH) // timedelta(microseconds=1)

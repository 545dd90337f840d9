"""What the store says after a case: everything sent was released, nothing is left over, the audit agrees."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from sandan.sandbox.bench_facts import Latency
from sandan.sandbox.bench_facts import Proof
from sandan.store import audit

_RELEASED = """
    SELECT count(*) FROM cases c
     WHERE c.status = 'released'
       AND EXISTS (SELECT FROM receipts r WHERE (r.subject_owner, r.subject_kind, r.subject_key)
                                             = (c.declarant, 'list', c.list_key) AND r.status = 800)
"""
_LEFT_OVER = """
    SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM set_aside)
         + (SELECT count(*) FROM documents WHERE state <> 'accepted')
"""
_ROWS = """
    SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM documents) + (SELECT count(*) FROM match_index)
         + (SELECT count(*) FROM cases) + (SELECT count(*) FROM decisions) + (SELECT count(*) FROM receipts)
         + (SELECT count(*) FROM accounts) + (SELECT count(*) FROM postings) + (SELECT count(*) FROM journal)
"""
_RELEASED_AT = "SELECT list_key, min(effective_at) FROM decisions WHERE status = 'released' GROUP BY 1"

UNPROVEN = Proof(lost=-1, left_over=-1, audit_faults=-1, rows=0)
"""Stands until the store has been asked; never counts as ok."""


def prove(conn: Connection[Any], sent: int) -> Proof:
    """Holds the store against what was sent.

    Args:
        conn: Connection without an open transaction.
        sent: Parcels sent, all of them clean.
    """
    return Proof(
        lost=sent - _number(conn, _RELEASED),
        left_over=_number(conn, _LEFT_OVER),
        audit_faults=audit.verify(conn).count,
        rows=_number(conn, _ROWS),
    )


def release_latency(
    conn: Connection[Any], due: Mapping[str, datetime], batches: Iterable[tuple[datetime, datetime]]
) -> Latency:
    """From the moment the last paper was due to the moment the receipt of release (800) was durable.

    Args:
        conn: Connection to the store of the case.
        due: That moment by list key.
        batches: The moment each batch was judged at, which its decisions bear, and the moment it was durable.
    """
    durable = dict(batches)
    waits = [
        (durable[at] - due[key]).total_seconds() * 1e3
        for key, at in conn.execute(_RELEASED_AT).fetchall()
        if key in due
    ]
    return latency(waits)


def latency(waits_ms: Sequence[float]) -> Latency:
    """Median and 99th percentile of waits in milliseconds."""
    ordered = sorted(waits_ms)
    last = len(ordered) - 1
    return Latency(
        p50_ms=ordered[round(last * 0.5)] if ordered else 0.0,
        p99_ms=ordered[round(last * 0.99)] if ordered else 0.0,
        count=len(ordered),
    )


def _number(conn: Connection[Any], query: str) -> int:
    row = conn.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0

"""Takes work from the queue, gives it back, and puts aside what cannot be decided."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.store.facts import Reason
from sandan.store.rows import Table
from sandan.store.rows import copy


class Work(Struct, gc=False, frozen=True, kw_only=True):
    """One row of the queue."""

    id: int
    ref: Ref
    #: Version of the document; zero where the case as a whole is meant
    version: int
    slot: int
    reason: Reason
    enqueued_at: datetime


class Share(Struct, gc=False, frozen=True):
    """Part of the queue a worker looks at first, so that workers seldom meet on one parcel."""

    index: int = 0
    of: int = 1


ALL = Share()
"""The whole queue."""

_COLUMNS = "id, owner, kind, key, version, slot, reason, enqueued_at"
_CLAIM = f"""
    DELETE FROM queue WHERE id IN (
        SELECT id FROM queue WHERE slot %% %(of)s = %(index)s ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING {_COLUMNS}
"""  # noqa: S608 - a list of columns, written above
_DUE = """
    WITH due AS (
        DELETE FROM deadlines WHERE (declarant, list_key, kind) IN (
            SELECT declarant, list_key, kind FROM deadlines WHERE due_at <= %(now)s
             ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        RETURNING declarant, list_key)
    INSERT INTO queue (owner, kind, key, version, reason, enqueued_at)
    SELECT declarant, 'list', list_key, 0, 'deadline', %(now)s FROM due
"""

QUEUE = Table(
    "queue",
    {
        "owner": "text",
        "kind": "text",
        "key": "text",
        "version": "int4",
        "slot": "int2",
        "reason": "text",
        "enqueued_at": "timestamptz",
    },
)


def claim(conn: Connection[Any], limit: int, share: Share = ALL) -> list[Work]:
    """Takes the oldest rows nobody else holds; they are gone when the caller's transaction commits.

    A share that is empty gives way to the whole queue, so nothing waits for a worker that is not there.
    """
    works = _claim(conn, limit, share)
    if not works and share.of > 1:
        works = _claim(conn, limit, ALL)
    return sorted(works, key=lambda work: work.id)


def enqueue_due(conn: Connection[Any], now: datetime, limit: int) -> int:
    """Queues the cases whose deadline has come; answers how many.

    Args:
        conn: Connection with an open transaction.
        now: The moment deadlines are held against.
        limit: At most so many at once.
    """
    return conn.execute(_DUE, {"now": now, "limit": limit}).rowcount


def give_back(conn: Connection[Any], works: Iterable[Work]) -> None:
    """Queues again what cannot be done at the moment."""
    rows = [(*_key(work.ref), work.version, work.slot, work.reason.value, work.enqueued_at) for work in works]
    if rows:
        copy(conn, QUEUE, rows)


def set_aside(conn: Connection[Any], failed: Sequence[tuple[Work, str]], now: datetime) -> None:
    """Keeps what failed by a fault of ours where a person finds it; nothing else waits for it."""
    if not failed:
        return
    with conn.cursor() as cur:
        cur.executemany(
            "INSERT INTO set_aside (queue_id, owner, kind, key, version, reason, enqueued_at, error, set_aside_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (work.id, *_key(work.ref), work.version, work.reason.value, work.enqueued_at, error, now)
                for work, error in failed
            ],
        )


def backlog(conn: Connection[Any]) -> int:
    """How many rows wait in the queue."""
    row = conn.execute("SELECT count(*) FROM queue").fetchone()
    return int(row[0]) if row else 0


def _claim(conn: Connection[Any], limit: int, share: Share) -> list[Work]:
    rows = conn.execute(_CLAIM, {"of": share.of, "index": share.index, "limit": limit}).fetchall()
    return [
        Work(
            id=number,
            ref=Ref(Kind(kind), owner, key),
            version=version,
            slot=slot,
            reason=Reason(reason),
            enqueued_at=enqueued_at,
        )
        for number, owner, kind, key, version, slot, reason, enqueued_at in rows
    ]


def _key(ref: Ref) -> tuple[str, str, str]:
    return ref.owner, ref.kind.value, ref.key

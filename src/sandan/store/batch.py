"""One batch, one transaction: claim, load, decide, apply.

What is decided on is what is written. If another worker moved a balance or a case meanwhile, the batch is begun again,
then cut in halves; a row that fails even alone is set aside, so that it never blocks the others.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg import OperationalError
from psycopg import errors

from sandan.store import claim
from sandan.store.accounts import Contended
from sandan.store.apply import apply
from sandan.store.claim import ALL
from sandan.store.claim import Share
from sandan.store.claim import Work
from sandan.store.hearing import Sitting
from sandan.store.hearing import hear
from sandan.store.outcome import BatchReport

_log = structlog.get_logger(__name__)

_CONTENTION = (Contended, errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
_TRIES = 3


def run_batch(conn: Connection[Any], sitting: Sitting, limit: int, share: Share = ALL) -> BatchReport:
    """Decides up to ``limit`` rows of the queue; a report with nothing claimed says that there is nothing to do.

    Args:
        conn: Connection without an open transaction.
        sitting: Law, registry, criteria, settings and now.
        limit: Rows claimed at once.
        share: Part of the queue to look at first.

    Raises:
        psycopg.OperationalError: the database is gone; nothing of the batch was written.
    """
    works: list[Work] = []
    redone = 0
    while True:
        try:
            return replace(_run(conn, sitting, works, Take(limit, share)), redone=redone)
        except _CONTENTION:
            redone += 1
            if redone % _TRIES == 0:
                limit = max(1, limit // 2)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the others
            if len(works) == 1:
                return _set_aside(conn, works[0], error, sitting.now)
            _log.exception("batch failed and is cut in halves", rows=len(works))
            limit = max(1, len(works) // 2)


class Take(Struct, frozen=True):
    """How much of the queue to take."""

    limit: int
    share: Share


def _run(conn: Connection[Any], sitting: Sitting, works: list[Work], take: Take) -> BatchReport:
    """One try; ``works`` then holds what was claimed, for whoever has to deal with a failure."""
    with conn.transaction():
        works[:] = claim.claim(conn, take.limit, take.share)
        if not works:
            return BatchReport()
        outcome = hear(conn, sitting, works)
        receipts = apply(conn, outcome)
    return BatchReport(
        claimed=len(works),
        answered=len(outcome.answers),
        decided=sum(one.changed for one in outcome.judged),
        receipts=receipts,
        returned=len(outcome.returned),
        failed=len(outcome.failed),
    )


def _set_aside(conn: Connection[Any], work: Work, error: Exception, now: datetime) -> BatchReport:
    """Takes a row that fails even alone out of the queue, in a transaction of its own."""
    _log.error("set aside", queue_id=work.id, kind=work.ref.kind, error=repr(error))
    with conn.transaction():
        conn.execute("DELETE FROM queue WHERE id = %s", [work.id])
        claim.set_aside(conn, [(work, f"{type(error).__name__}: {error}")], now)
    return BatchReport(claimed=1, failed=1)

from __future__ import annotations

import threading
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.sandbox.messages import sender_of
from sandan.sandbox.parcels import Maker
from sandan.store.claim import Share
from sandan.store.claim import backlog
from sandan.store.facts import Incoming
from sandan.store.inbox import register
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


def worker(pool: ConnectionPool, **duty: Any) -> Worker:
    conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
    return Worker(pool, Clock(), Duty(conditions=conditions, **duty))


@pytest.fixture
def queued(seeded: ConnectionPool) -> ConnectionPool:
    """Three parcels wait in the queue."""
    maker = Maker(3, NOW, "WORK")
    papers = [paper for _ in range(3) for paper in maker.ordinary().full]
    with seeded.connection() as conn:
        register(conn, [_incoming(paper) for paper in papers])
    return seeded


def _incoming(paper: Any) -> Incoming:
    sender = sender_of(paper)
    return Incoming(
        body=repr(paper).encode(),
        received_at=NOW,
        channel="http",
        cop_code=sender,
        signer=sender,
        outcome="registered",
        documents=(paper,),
    )


def test_an_empty_queue_is_an_empty_report(seeded: ConnectionPool) -> None:
    assert worker(seeded).run_once().claimed == 0


def test_no_more_is_taken_than_was_asked(queued: ConnectionPool) -> None:
    assert worker(queued).run_once(5).claimed == 5
    with queued.connection() as conn:
        assert backlog(conn) == 7


def test_drain_answers_the_sum(queued: ConnectionPool) -> None:
    report = worker(queued, batch=5).drain()
    assert (report.claimed, report.answered, report.decided) == (12, 9, 3)


@pytest.mark.parametrize("share", [Share(0, 2), Share(1, 2), Share(99, 100)])
def test_a_worker_alone_does_the_shares_of_all(queued: ConnectionPool, share: Share) -> None:
    worker(queued, share=share).drain()
    with queued.connection() as conn:
        assert backlog(conn) == 0


def test_it_stops_when_told(queued: ConnectionPool) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=worker(queued).run, args=[stop])
    thread.start()
    with queued.connection() as conn:
        conn.autocommit = True
        while backlog(conn):
            pass
        conn.autocommit = False
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_lost_database_is_waited_for(queued: ConnectionPool, monkeypatch: pytest.MonkeyPatch) -> None:
    lost, stop, one = [], threading.Event(), worker(queued)

    def losing(limit: int | None = None) -> Any:
        lost.append(limit)
        if len(lost) == 2:
            stop.set()
        raise psycopg.OperationalError("the server is gone")

    monkeypatch.setattr(one, "run_once", losing)
    monkeypatch.setattr("sandan.work.worker._LOST_S", 0.001)
    one.run(stop)
    assert len(lost) == 2

"""The invented world's papers as the door hands them to the store, and a worker whose clock stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.sandbox.messages import sender_of
from sandan.sandbox.parcels import Maker
from sandan.store.facts import Incoming
from sandan.store.inbox import register
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


def incoming(*papers: Document, at: datetime = NOW) -> Incoming:
    """One message of these papers, sent and signed by the enterprise that must send them."""
    sender = papers[0].officer if isinstance(papers[0], OfficerAct) else sender_of(papers[0])
    return Incoming(
        body=repr(papers).encode(),
        received_at=at,
        channel="http",
        cop_code=sender,
        signer=sender,
        outcome="registered",
        documents=papers,
    )


def later(paper: Document, seconds: int = 60) -> Document:
    """The same content, reported again under a newer appTime."""
    moment = datetime.strptime(paper.head.app_time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return replace(paper, head=replace(paper.head, app_time=f"{moment + timedelta(seconds=seconds):%Y%m%d%H%M%S}"))


class Desk:
    """Sends papers to the store and lets one worker decide them."""

    def __init__(self, pool: ConnectionPool) -> None:
        self.pool = pool
        self.clock = Clock()
        self.conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
        self.worker = Worker(pool, self.clock, Duty(conditions=self.conditions))

    def register(self, *papers: Document) -> None:
        with self.pool.connection() as conn:
            register(conn, [incoming(paper, at=self.clock.moment) for paper in papers])

    def send(self, *papers: Document) -> SimpleNamespace:
        """Registers the papers, a message each, and decides what is due."""
        self.register(*papers)
        return self.worker.drain()

    def ask(self, query: str, *values: object) -> list[tuple]:
        with self.pool.connection() as conn:
            return conn.execute(query, list(values)).fetchall()

    def statuses(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT status FROM cases ORDER BY list_key")]

    def receipts(self, kind: Kind = Kind.LIST) -> list[int]:
        return [row[0] for row in self.ask("SELECT status FROM receipts WHERE subject_kind = %s ORDER BY id", kind)]


@pytest.fixture
def maker() -> Maker:
    return Maker(7, NOW, "STORE")


@pytest.fixture
def desk(seeded: ConnectionPool) -> Desk:
    return Desk(seeded)


@pytest.fixture
def message() -> Callable[..., Incoming]:
    return incoming

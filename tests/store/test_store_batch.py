from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import psycopg
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.facts import Ground
from sandan.sandbox import world
from sandan.sandbox.parcels import Maker
from sandan.store.accounts import open_accounts
from sandan.store.facts import Incoming
from sandan.store.inbox import register
from sandan.store.registry import save_registry
from sandan.terms.ids import RuleId
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
CONDITIONS = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))


class FixedClock:
    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


def message(*documents: Document) -> Incoming:
    return Incoming(
        body=repr(documents).encode(),
        received_at=NOW,
        channel="http",
        cop_code=documents[0].ref.owner,
        outcome="registered",
        documents=documents,
    )


def furnish(conn: psycopg.Connection) -> None:
    save_registry(conn, world.registry())
    cause = Ref(Kind.OFFICER_ACT, "operator", "opening")
    open_accounts(conn, world.openings(), Ground(case=None, cause=cause, rule=RuleId("R194-16.1"), at=NOW))
    conn.commit()


def test_four_papers_are_answered_and_the_list_decided(conn: psycopg.Connection, pool: ConnectionPool) -> None:
    furnish(conn)
    register(conn, [message(paper) for paper in Maker(1, NOW).ordinary().full])
    conn.commit()
    report = Worker(pool, FixedClock(), Duty(conditions=CONDITIONS)).drain()
    assert (report.claimed, report.answered, report.decided, report.failed) == (4, 3, 1, 0)
    assert conn.execute("SELECT count(*) FROM queue").fetchone() == (0,)

"""What must hold under any concurrency, crash and replay: nothing lost, nothing twice, nothing overdrawn."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.sandbox import seed
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.store.audit import verify
from sandan.store.claim import Share
from sandan.store.facts import Incoming
from sandan.store.inbox import register
from sandan.store.migrate import migrate
from sandan.store.outcome import BatchReport
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CONDITIONS = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
Message = Callable[..., Incoming]

WORKER = """
import sys, threading
from datetime import UTC, datetime, timedelta
from psycopg_pool import ConnectionPool
from sandan.clearance.facts import Conditions
from sandan.work.worker import Duty, Worker
class Clock:
    def now(self): return datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
with ConnectionPool(sys.argv[1], min_size=1, max_size=1) as pool:
    print("ready", flush=True)
    Worker(pool, Clock(), Duty(conditions=conditions, batch=int(sys.argv[2]))).run(threading.Event())
"""


class Clock:
    def now(self) -> datetime:
        return NOW


def worker(pool: ConnectionPool, batch: int = 100, share: Share | None = None) -> Worker:
    return Worker(pool, Clock(), Duty(conditions=CONDITIONS, batch=batch, share=share or Share()))


def store(url: str, messages: list[Incoming], size: int = 50) -> None:
    with psycopg.connect(url) as conn:
        for place in range(0, len(messages), size):
            register(conn, messages[place : place + size])
            conn.commit()


def audit(url: str) -> None:
    with psycopg.connect(url) as conn:
        assert verify(conn).faults == ()


def one(url: str, query: str) -> tuple:
    with psycopg.connect(url) as conn:
        return conn.execute(query).fetchone()


def started(url: str, batch: int) -> subprocess.Popen[str]:
    """A decision worker in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, url, str(batch)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def _together(workers: list[Worker]) -> list[BatchReport]:
    """Lets all workers empty the queue at once; answers what each did."""
    reports: list[BatchReport] = []
    start = threading.Barrier(len(workers))

    def work(one: Worker) -> None:
        start.wait()
        reports.append(one.drain())

    crowd = [threading.Thread(target=work, args=[one]) for one in workers]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return reports


def until(true: Callable[[], bool], limit_s: float = 60) -> None:
    """Waits for something another process brings about."""
    end = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end
        os.sched_yield()


def test_a_hundred_workers_never_overdraw_one_person_one_guarantee_and_one_item(
    database_url: str, seeded: ConnectionPool, maker: Maker, message: Message
) -> None:
    """A hundred parcels of 980 yuan: the quota of 26,000 holds 26 of them, the stock left in the book 20."""
    serum = next(goods for goods in world.GOODS if goods.item_no == "YT-004")
    stock = AccountId(world.BOOK, AccountKind.STOCK, serum.item_no)
    _leave(database_url, stock, 20 * 100_000)
    parcels = [maker.parcel("1210", ((serum, 1),), maker.person(1)).full for _ in range(100)]
    store(database_url, [message(paper) for parcel in parcels for paper in parcel])
    with ConnectionPool(database_url, min_size=100, max_size=100, timeout=60) as pool:
        reports = _together([worker(pool, 4, Share(place, 100)) for place in range(100)])
    assert sum(report.redone for report in reports) > 0
    worker(seeded).drain()
    assert one(database_url, "SELECT count(*) FROM cases WHERE status = 'released'") == (20,)
    assert one(database_url, "SELECT count(*) FROM cases WHERE status = 'refused'") == (80,)
    assert one(database_url, "SELECT min(granted - reserved - settled) FROM accounts") == (0,)
    assert one(database_url, "SELECT settled FROM accounts WHERE kind = 'quota'") == (20 * 98_000,)
    audit(database_url)


def _leave(url: str, account: AccountId, amount: int) -> None:
    """Takes out of an account what is more than an amount, by a posting like any other."""
    with psycopg.connect(url) as conn:
        row = conn.execute(
            "UPDATE accounts SET granted = %s WHERE (owner, kind, item) = (%s, %s, %s) RETURNING old.granted - new.granted",
            [amount, account.owner, account.kind, account.item],
        ).fetchone()
        conn.execute(
            "INSERT INTO postings (owner, kind, item, movement, amount, cause_kind, cause_owner, cause_key, rule, effective_at)"
            " VALUES (%s, %s, %s, 'debit', %s, 'opening', 'test', 'test', 'R2L-7', %s)",
            [account.owner, account.kind, account.item, row[0], NOW],
        )


def test_a_worker_killed_at_any_point_loses_nothing_and_decides_nothing_twice(
    database_url: str, seeded: ConnectionPool, maker: Maker, message: Message
) -> None:
    parcels = [maker.ordinary().full for _ in range(150)]
    store(database_url, [message(paper) for parcel in parcels for paper in parcel])
    chance = random.Random(1)
    for _ in range(4):
        process = started(database_url, 40)
        before = one(database_url, "SELECT count(*) FROM documents WHERE state = 'received'")[0]
        goal = max(0, before - chance.randrange(20, 120))
        until(lambda goal=goal: one(database_url, "SELECT count(*) FROM documents WHERE state = 'received'")[0] <= goal)
        process.kill()
        process.communicate()
    worker(seeded).drain()
    assert one(database_url, "SELECT count(*), count(DISTINCT list_key) FROM decisions WHERE status = 'released'") == (
        150,
        150,
    )
    assert one(database_url, "SELECT count(*) - count(DISTINCT facts->>'guid') FROM receipts") == (0,)
    audit(database_url)


def test_killing_postgresql_loses_no_acknowledged_message(office: Office, maker: Maker, message: Message) -> None:
    """Messages go on arriving while the server is killed twice and comes back; senders repeat what was not acknowledged."""
    parcels = [maker.ordinary().full for _ in range(80)]
    messages = [message(paper) for parcel in parcels for paper in parcel]
    with tempfile.TemporaryDirectory(prefix="sandan-kill-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        with open_database(Settings(home=home, database_url="")) as database:
            migrate(database.url)
            with psycopg.connect(database.url) as conn:
                seed.seed(conn, office, NOW)
            process = started(database.url, 40)
            for place in range(0, len(messages), 20):
                if place in {100, 220}:
                    os.kill(int((home / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                until(lambda place=place: _acknowledged(database.url, messages[place : place + 20]))
            until(lambda: _holds(database.url, "SELECT count(*) = 0 FROM queue"))
            process.kill()
            process.communicate()
            assert one(database.url, "SELECT count(*), count(DISTINCT sha256) FROM inbox") == (320, 320)
            assert one(database.url, "SELECT count(*) FROM cases WHERE status = 'released'") == (80,)
            assert one(database.url, "SELECT count(*) FROM decisions WHERE status = 'released'") == (80,)
            audit(database.url)


def _acknowledged(url: str, messages: list[Incoming]) -> bool:
    try:
        store(url, messages)
    except psycopg.OperationalError:
        return False
    return True


def _holds(url: str, query: str) -> bool:
    try:
        return bool(one(url, query)[0])
    except psycopg.OperationalError:
        return False


@pytest.mark.usefixtures("seeded")
def test_a_worker_whose_connection_is_cut_goes_on(database_url: str, maker: Maker, message: Message) -> None:
    parcels = [maker.ordinary().full for _ in range(60)]
    store(database_url, [message(paper) for parcel in parcels for paper in parcel])
    process = started(database_url, 20)
    for goal in (180, 120, 60):
        until(lambda goal=goal: one(database_url, "SELECT count(*) FROM queue")[0] <= goal)
        with psycopg.connect(database_url) as conn:
            conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%queue%'"
            )
    until(lambda: one(database_url, "SELECT count(*) FROM queue") == (0,))
    process.kill()
    process.communicate()
    assert one(database_url, "SELECT count(*) FROM decisions WHERE status = 'released'") == (60,)
    audit(database_url)


@pytest.mark.parametrize("number", range(3))
def test_a_day_duplicated_and_reordered_ends_the_same(
    number: int, database_url: str, seeded: ConnectionPool, maker: Maker, message: Message
) -> None:
    chance = random.Random(number)
    parcels = [maker.ordinary().full for _ in range(25)]
    day = [message(paper) for parcel in parcels for paper in parcel] * 3
    day += [message(_again(paper)) for parcel in parcels for paper in parcel]
    chance.shuffle(day)
    while day:
        count = chance.randrange(1, 40)
        store(database_url, day[:count], 7)
        del day[:count]
        worker(seeded, chance.randrange(1, 60)).run_once()
    worker(seeded).drain()
    assert one(database_url, "SELECT count(*) FROM cases WHERE status = 'released'") == (25,)
    assert one(database_url, "SELECT count(*) FROM documents") == (100,)
    assert one(database_url, "SELECT count(*) FROM decisions WHERE status = 'released'") == (25,)
    audit(database_url)


def _again(paper: Any) -> Any:
    return replace(paper, head=replace(paper.head, app_time=str(int(paper.head.app_time) + 100)))


def test_two_workers_on_one_parcel_whose_papers_arrive_at_once(
    database_url: str, seeded: ConnectionPool, maker: Maker, message: Message
) -> None:
    """Each of many parcels is spread over workers that take one row at a time; no wake-up is lost."""
    parcels = [maker.ordinary().full for _ in range(30)]
    store(database_url, [message(paper) for parcel in parcels for paper in parcel])
    with ConnectionPool(database_url, min_size=8, max_size=8) as pool:
        _together([worker(pool, 1) for _ in range(8)])
    worker(seeded).drain()
    assert one(database_url, "SELECT count(*) FROM cases WHERE status = 'released'") == (30,)
    audit(database_url)

"""``sandan tax`` over a store with one released and billed parcel."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from psycopg_pool import ConnectionPool
from typer.testing import CliRunner

from sandan.clearance.facts import Conditions
from sandan.cli.tax import app
from sandan.sandbox import world
from sandan.sandbox.messages import sender_of
from sandan.sandbox.parcels import Maker
from sandan.store.clock import SettableClock
from sandan.store.facts import Incoming
from sandan.store.inbox import register
from sandan.work.bills import Biller
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


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


@pytest.fixture
def run(seeded: ConnectionPool, database_url: str) -> Any:
    """Runs a command some days after the release."""
    clock = SettableClock(seeded)
    clock.set(NOW)
    with seeded.connection() as conn:
        register(conn, [_incoming(paper) for paper in Maker(9, NOW, "CLITAX").ordinary().full])
    conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
    Worker(seeded, clock, Duty(conditions=conditions)).drain()
    Biller(seeded, clock).drain()

    def command(days: int, *arguments: str) -> Any:
        clock.set(NOW + timedelta(days=days))
        return CliRunner().invoke(app, arguments, env={"SANDAN_DATABASE_URL": database_url})

    return command


@pytest.mark.parametrize(
    ("days", "stage", "code"), [(30, "returnable", 0), (31, "payable", 0), (45, "payable", 0), (46, "overdue", 1)]
)
def test_the_window(run: Any, days: int, stage: str, code: int) -> None:
    done = run(days, "window", world.PLATFORM, "--json")
    assert (done.exit_code, [one["stage"] for one in json.loads(done.output)]) == (code, [stage])


def test_gathered_and_paid(run: Any) -> None:
    assert run(30, "aggregate", world.PLATFORM, world.DISTRICT).exit_code == 1
    (document,) = json.loads(run(31, "aggregate", world.PLATFORM, world.DISTRICT, "--json").output)
    done = run(31, "pay", world.PLATFORM, document["document_no"])
    assert (done.exit_code, done.output.split(":")[0]) == (0, "paid")
    (bill,) = json.loads(run(31, "bills", world.PLATFORM, "--json").output)
    assert (bill["status"], bill["document_no"]) == ("paid", document["document_no"])
    assert run(31, "pay", world.PLATFORM, document["document_no"], "--amount", "5").exit_code == 1


def test_an_advice_that_contradicts_itself_exits_with_two(run: Any) -> None:
    (document,) = json.loads(run(31, "aggregate", world.PLATFORM, world.DISTRICT, "--json").output)
    pay = ("pay", world.PLATFORM, document["document_no"], "--reference", "R1", "--amount")
    assert run(31, *pay, "5").exit_code == 0
    assert run(32, *pay, "5").exit_code == 0
    assert run(31, *pay, "6").exit_code == 2


def test_no_such_document_is_told(run: Any) -> None:
    assert "no such document" in run(31, "pay", world.PLATFORM, "nothing", "--amount", "5").output


def test_a_bill_is_voided_once(run: Any) -> None:
    (bill,) = json.loads(run(1, "bills", world.PLATFORM, "--json").output)
    assert run(1, "void", world.PLATFORM, bill["tax_no"], "--reason", "returned").exit_code == 0
    assert run(1, "void", world.PLATFORM, bill["tax_no"], "--reason", "returned").exit_code == 2


def test_tables_are_shown(run: Any) -> None:
    run(31, "aggregate", world.PLATFORM, world.DISTRICT)
    for command in (["window"], ["bills", world.PLATFORM], ["documents", world.PLATFORM]):
        assert run(31, *command).exit_code == 0

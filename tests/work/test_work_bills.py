"""Bills follow releases: one each, equal to the assessment, through crashes and repeats."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from sandan.duty.facts import Assessment
from sandan.sandbox import world
from sandan.store import tax_bills
from sandan.work import bills
from sandan.work.worker import Worker


def test_a_released_list_gets_one_bill(revenue: Any) -> None:
    revenue.released_and_billed(3)
    assert revenue.ask("SELECT count(*), count(DISTINCT list_key) FROM tax_bills") == [(3, 3)]
    assert revenue.sound()


def test_its_number_is_that_of_the_list_with_zero(revenue: Any) -> None:
    revenue.released_and_billed()
    ((tax_no, invt_no),) = revenue.ask("SELECT b.tax_no, c.invt_no FROM tax_bills b JOIN cases c USING (list_key)")
    assert tax_no == f"{invt_no}_0"


def test_line_by_line_it_is_what_was_assessed(revenue: Any) -> None:
    revenue.released_and_billed()
    query = "SELECT d.assessment::text, b.lines::text FROM decisions d JOIN tax_bills b USING (declarant, list_key)"
    ((assessment, lines),) = revenue.ask(query)
    assessed = msgspec.json.decode(assessment, type=Assessment).lines
    billed = msgspec.json.decode(lines)
    names = ("gnum", "gcode", "value_fen", "tariff_fen", "vat_fen", "consumption_tax_fen")
    assert [[line[name] for name in names] for line in billed] == [
        [getattr(line, name) for name in names] for line in assessed
    ]


def test_what_is_not_released_gets_none(revenue: Any) -> None:
    with revenue.pool.connection() as conn:
        conn.execute("UPDATE accounts SET granted = 0 WHERE kind = 'guarantee' AND owner = %s", [world.PLATFORM])
    revenue.released_and_billed()
    assert revenue.ask("SELECT status FROM cases") == [("refused",)]
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(0,)]


def test_it_is_told_once_to_collector_and_declarant(revenue: Any) -> None:
    revenue.released_and_billed()
    query = (
        "SELECT recipient, facts->'letter'->>'message_type' FROM receipts WHERE subject_kind = 'tax_bill' ORDER BY id"
    )
    assert revenue.ask(query) == [
        (world.PLATFORM, "CEB816Message"),
        (world.AGENT, "CEB816Message"),
        (world.PLATFORM, "CEB818Message"),
        (world.AGENT, "CEB818Message"),
    ]


def test_following_again_bills_nothing_twice(revenue: Any) -> None:
    revenue.released_and_billed(2)
    with revenue.pool.connection() as conn:
        conn.execute("UPDATE followers SET seq = 0")
    revenue.biller.drain()
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(2,)]
    assert revenue.ask("SELECT count(*) FROM receipts WHERE subject_kind = 'tax_bill'") == [(8,)]


@pytest.mark.parametrize("where", ["tax_bills.save", "write_receipts", "journal.append"])
def test_a_crash_anywhere_leaves_nothing_and_is_redone(
    revenue: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    revenue.release(2)

    def die(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(f"sandan.work.bills.{where}", die)
        with pytest.raises(RuntimeError, match="killed"):
            revenue.biller.run_once()
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(0,)]
    revenue.biller.drain()
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(2,)]
    assert revenue.sound()


def test_a_connection_killed_in_the_middle_leaves_nothing(revenue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    revenue.release()
    save = tax_bills.save

    def killed(conn: Any, *rest: Any) -> Any:
        found = save(conn, *rest)
        with revenue.pool.connection() as other:
            other.execute("SELECT pg_terminate_backend(%s)", [conn.info.backend_pid])
        return found

    monkeypatch.setattr(bills.tax_bills, "save", killed)
    with pytest.raises(psycopg.OperationalError):
        revenue.biller.run_once()
    monkeypatch.undo()
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(0,)]
    revenue.biller.drain()
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(1,)]


def test_several_billers_bill_each_list_once(revenue: Any) -> None:
    for _ in range(4):
        revenue.release(2)
    crowd = [threading.Thread(target=revenue.biller.drain) for _ in range(3)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    revenue.biller.drain()
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(8,)]


def test_a_worker_bills_when_there_is_nothing_to_decide(revenue: Any) -> None:
    revenue.release()
    stop = threading.Event()
    thread = threading.Thread(target=revenue.worker.run, args=[stop])
    thread.start()
    for _ in range(1000):
        if revenue.ask("SELECT count(*) FROM tax_bills") == [(1,)]:
            break
    stop.set()
    thread.join(10)
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(1,)]


def test_where_customs_is_elsewhere_nothing_is_billed_here(revenue: Any) -> None:
    revenue.release()
    assert Worker(revenue.pool, revenue.clock, replace(revenue.worker._duty, bills=False))._bill() is False
    assert revenue.ask("SELECT count(*) FROM tax_bills") == [(0,)]


def test_a_fault_in_billing_never_stops_decisions(revenue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(revenue.worker._biller, "run_once", broken)
    assert revenue.worker._bill() is False
    assert revenue.worker._bill() is False
    revenue.release()
    assert revenue.ask("SELECT status FROM cases") == [("released",)]

"""The audit finds what was tampered with; each case changes one thing behind the store's back."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from sandan.sandbox import world
from sandan.sandbox.parcels import Maker
from sandan.store.audit import SHOWN
from sandan.store.audit import verify
from sandan.work.bills import Biller

Desk = Any
"""The class of the fixture `desk`, which stands in conftest."""

TAMPERINGS = {
    "a balance": ("UPDATE accounts SET settled = settled - 1 WHERE kind = 'quota'", {"balance"}),
    "an account without postings": ("INSERT INTO accounts VALUES ('X', 'quota', '2026', 5, 0, 0)", {"balance"}),
    "a posting": ("UPDATE postings SET amount = amount + 1 WHERE movement = 'credit' AND kind = 'quota'", {"balance"}),
    "a reservation": (
        "UPDATE cases SET state = json_build_object('reserved', '[]'::json)",
        {"reservation"},
    ),
    "a case removed": ("DELETE FROM cases", {"reservation"}),
    "a decision's status": ("UPDATE decisions SET status = 'refused'", {"decision"}),
    "a decision's findings": ("UPDATE decisions SET findings = '[1]'", {"decision"}),
    "a decision's tax": ("UPDATE decisions SET assessment = '{}'", {"decision"}),
    "a decision removed": ("DELETE FROM decisions", {"decision"}),
    "a decision added": (
        """INSERT INTO decisions SELECT declarant, list_key, 99, status, law_day, findings, assessment, compared, events,
                  effective_at FROM decisions LIMIT 1""",
        {"decision"},
    ),
    "a message's bytes": (
        "UPDATE inbox SET body = (SELECT body FROM inbox i WHERE i.id <> inbox.id LIMIT 1)",
        {"inbox"},
    ),
    "a message's bytes broken": ("UPDATE inbox SET body = 'x'", {"inbox"}),
    "a message removed": ("DELETE FROM inbox WHERE id = (SELECT max(id) FROM inbox)", {"inbox"}),
    "a link's body": ("UPDATE journal SET body = body || ' ' WHERE kind = 'decisions'", {"journal"}),
    "a link removed": (
        "DELETE FROM journal WHERE (chain, seq) IN (SELECT chain, min(seq) FROM journal GROUP BY chain)",
        {"journal", "inbox", "decision"},
    ),
    "a link rehashed": ("UPDATE journal SET prev = sha256('x')", {"journal"}),
}


@pytest.fixture
def audited(desk: Desk, maker: Maker) -> Desk:
    """A desk that has released two parcels, each arrival a batch of its own."""
    desk.send(*maker.parcel("1210", ((world.GOODS[0], 1),), maker.person(1)).full)
    desk.send(*maker.parcel("1210", ((world.GOODS[0], 2),), maker.person(2)).full)
    assert desk.statuses() == ["released", "released"]
    return desk


def _tamper(url: str, statement: str) -> None:
    with psycopg.connect(url) as conn:
        for table in ("inbox", "decisions", "postings", "journal"):
            conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        assert conn.execute(statement).rowcount > 0


def test_a_store_left_alone_is_in_order(audited: Desk) -> None:
    with audited.pool.connection() as conn:
        report = verify(conn)
    assert (report.ok, report.ledger_ok, report.count) == (True, True, 0)
    assert (report.messages, report.decisions) == (8, 2)
    assert report.reservations > 0
    assert report.links >= 4


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(audited: Desk, database_url: str, what: str) -> None:
    statement, kinds = TAMPERINGS[what]
    _tamper(database_url, statement)
    with audited.pool.connection() as conn:
        report = verify(conn)
    assert {fault.kind for fault in report.faults} & kinds
    assert not report.ok
    assert report.ledger_ok == (not kinds & {"balance", "reservation"})


def test_a_report_names_the_first_faults_and_counts_all(audited: Desk, database_url: str) -> None:
    many = f"SELECT 'X' || n, 'quota', '2026', 5, 0, 0 FROM generate_series(1, {SHOWN + 5}) AS n"  # noqa: S608 - a number of our own
    _tamper(database_url, f"INSERT INTO accounts {many}")
    with audited.pool.connection() as conn:
        report = verify(conn)
    assert (len(report.faults), report.count) == (SHOWN, SHOWN + 5)


def test_people_are_veiled(audited: Desk, database_url: str) -> None:
    _tamper(database_url, "UPDATE accounts SET settled = settled - 1 WHERE kind = 'quota'")
    with audited.pool.connection() as conn:
        where = verify(conn).faults[0].where
        owner = conn.execute("SELECT owner FROM accounts WHERE kind = 'quota'").fetchone()[0]
    assert owner not in where
    assert owner[:3] in where


def test_a_document_that_asks_for_more_than_its_bills_is_found(pool: ConnectionPool) -> None:
    with pool.connection() as conn:
        conn.execute(
            "INSERT INTO tax_documents (collector, document_no, district, amount_fen, bills, due_on, status, created_at)"
            " VALUES ('C', 'D', '0131', 5, 1, '2026-12-17', 'open', now())"
        )
        conn.commit()
        (fault,) = verify(conn).faults
    assert (fault.kind, fault.where, fault.expected) == ("tax", "document C/D", "bills 0, payments kept 0")


def test_a_bill_called_paid_whose_guarantee_is_still_held_is_found(desk: Any, maker: Maker) -> None:
    desk.send(*maker.ordinary().full)
    Biller(desk.pool, desk.clock).drain()
    with desk.pool.connection() as conn:
        conn.execute("UPDATE tax_bills SET status = 'paid'")
        conn.commit()
        assert [fault.kind for fault in verify(conn).faults] == ["reservation"]

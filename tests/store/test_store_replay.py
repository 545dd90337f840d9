"""Cases decided again under another day's law: what the law changes is told, and nothing is written."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.clearance.facts import Conditions
from sandan.sandbox import world
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.store.lawfiles import OverlayCache
from sandan.store.registry import load_registry
from sandan.store.replay import Question
from sandan.store.replay import Replayed
from sandan.store.replay import replay


@pytest.fixture
def cleared(desk: Any, maker: Maker) -> Parcel:
    """A parcel of one tin, 238 yuan, decided."""
    parcel = maker.parcel("1210", ((world.GOODS[0], 1),), maker.person(77))
    desk.send(*parcel.full)
    assert desk.statuses() == ["released"]
    return parcel


def again(pool: ConnectionPool, day: date) -> Replayed:
    """All cases under the law of a day."""
    with pool.connection() as conn:
        conn.read_only = True
        overlay = OverlayCache(production=False).get(conn)
        ((first, last),) = conn.execute("SELECT min(effective_at), max(effective_at) FROM decisions").fetchall()
        question = Question(
            since=first,
            until=last + timedelta(seconds=1),
            law_day=day,
            law_on=lambda asked: law.at(asked, overlay),
            registry=load_registry(conn),
            conditions=Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta()),
        )
        return replay(conn, question)


@pytest.mark.usefixtures("cleared")
def test_under_its_own_law_nothing_changes(seeded: ConnectionPool) -> None:
    found = again(seeded, date(2026, 11, 1))
    assert (found.cases, found.changed) == (1, ())


@pytest.mark.usefixtures("cleared")
def test_under_the_law_of_march_2019_vat_was_higher(seeded: ConnectionPool) -> None:
    (change,) = again(seeded, date(2019, 3, 31)).changed
    assert (change.before.tax_fen, change.after.tax_fen) == (2166, 2666)


@pytest.mark.usefixtures("cleared")
def test_nothing_is_written(seeded: ConnectionPool) -> None:
    def counts() -> list[int]:
        with seeded.connection() as conn:
            return [conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]  # noqa: S608

    before = counts()
    again(seeded, date(2019, 3, 31))
    assert counts() == before


TABLES = ("cases", "decisions", "postings", "receipts", "journal", "queue")


def test_the_old_limit_would_refuse_two_bags(seeded: ConnectionPool, desk: Any, maker: Maker) -> None:
    bags = next(goods for goods in world.GOODS if goods.item_no == "YT-008")
    desk.send(*maker.parcel("1210", ((bags, 2),), maker.person(78)).full)
    (change,) = again(seeded, date(2018, 12, 31)).changed
    assert (change.before.status, change.after.status) == ("released", "refused")
    assert change.after.rules == ("RTAX-1",)

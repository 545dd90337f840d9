"""A clock set backwards: decisions keep their times, and what had fallen due stays done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandan.sandbox.parcels import Maker
from sandan.store.audit import verify


def test_decisions_keep_their_times(desk: Any, maker: Maker) -> None:
    desk.send(*maker.ordinary().full)
    before = desk.ask("SELECT status, effective_at FROM decisions ORDER BY version")
    desk.clock.moment -= timedelta(days=400)
    desk.worker.drain()
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT status, effective_at FROM decisions ORDER BY version") == before


def test_what_had_fallen_due_stays_done(desk: Any, maker: Maker) -> None:
    desk.send(maker.ordinary().declaration)
    desk.clock.moment += timedelta(hours=25)
    desk.worker.drain()
    assert desk.statuses() == ["refused"]
    desk.clock.moment -= timedelta(days=2)
    desk.worker.drain()
    assert desk.statuses() == ["refused"]


def test_what_comes_then_is_decided_by_the_earlier_day(desk: Any, maker: Maker) -> None:
    desk.send(*maker.ordinary().full)
    desk.clock.moment -= timedelta(days=1)
    desk.send(*maker.ordinary().full)
    days = [row[0] for row in desk.ask("SELECT accepted_on FROM cases ORDER BY updated_at")]
    assert days[1] - days[0] == timedelta(days=1)
    with desk.pool.connection() as conn:
        conn.commit()
        assert verify(conn).ok

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from psycopg_pool import ConnectionPool

from sandan.store.clock import ClockRefusedError
from sandan.store.clock import SettableClock
from sandan.store.clock import SystemClock

DAY = datetime(2026, 11, 11, tzinfo=UTC)


def near(moment: datetime, other: datetime) -> bool:
    return abs(moment - other) < timedelta(seconds=30)


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_set_clock_goes_on_from_there(pool: ConnectionPool) -> None:
    clock = SettableClock(pool)
    clock.set(DAY)
    assert near(clock.now(), DAY)
    clock.advance(timedelta(days=1))
    assert near(clock.now(), DAY + timedelta(days=1))


def test_another_process_sees_the_time_that_was_set(pool: ConnectionPool) -> None:
    SettableClock(pool).set(DAY)
    assert near(SettableClock(pool).now(), DAY)


def test_before_it_is_set_it_shows_the_machines_time(pool: ConnectionPool) -> None:
    assert near(SettableClock(pool).now(), datetime.now(UTC))


def test_a_production_clock_cannot_be_set(pool: ConnectionPool) -> None:
    with pytest.raises(ClockRefusedError, match="production"):
        SettableClock(pool, production=True)

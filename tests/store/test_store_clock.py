from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import msgspec
import pytest
from psycopg_pool import ConnectionPool

from sandan.store.audit import verify
from sandan.store.clock import ClockRangeError
from sandan.store.clock import ClockRefusedError
from sandan.store.clock import Reading
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


def test_every_second_may_count_many(pool: ConnectionPool) -> None:
    reading = Reading(moment=DAY, set_at=DAY, speed=86_400)
    assert reading.at(DAY + timedelta(seconds=31)) == DAY + timedelta(days=31)
    clock = SettableClock(pool)
    clock.set(DAY, speed=86_400)
    assert SettableClock(pool).speed == 86_400
    clock.advance(timedelta(hours=1))
    assert clock.speed == 86_400


def test_set_backwards_is_allowed_and_said(pool: ConnectionPool) -> None:
    clock = SettableClock(pool)
    clock.set(DAY)
    setting = clock.set(DAY - timedelta(days=1), actor="operator")
    assert setting.backwards
    assert near(clock.now(), DAY - timedelta(days=1))


def test_every_setting_is_journalled_with_who_made_it(pool: ConnectionPool) -> None:
    SettableClock(pool).set(DAY, actor="operator")
    with pool.connection() as conn:
        ((kind, body),) = conn.execute("SELECT kind, body FROM journal WHERE chain LIKE 'clock/%'").fetchall()
    said = msgspec.json.decode(body)
    assert (kind, said["actor"], said["backwards"]) == ("clock", "operator", True)
    with pool.connection() as conn:
        conn.commit()
        assert verify(conn).ok


@pytest.mark.parametrize(
    "moment", [DAY.replace(tzinfo=None), datetime(2016, 4, 7, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)]
)
def test_a_moment_no_sandbox_knows_is_refused(pool: ConnectionPool, moment: datetime) -> None:
    with pytest.raises(ClockRangeError):
        SettableClock(pool).set(moment)


@pytest.mark.parametrize("speed", [0, -1, 100_001])
def test_a_speed_has_its_bounds(pool: ConnectionPool, speed: int) -> None:
    with pytest.raises(ClockRangeError, match="speed"):
        SettableClock(pool).set(DAY, speed=speed)

"""What time it is: the machine's time, or in a sandbox a time that can be set, advanced and sped up.

A clock may also be set backwards. Then nothing that was decided changes: decisions, postings and receipts keep the
times they have, what had fallen due stays done, and what falls due later waits until the clock passes it again. Every
setting is journalled with who made it.
"""

from __future__ import annotations

import time
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Protocol

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.store import journal

EARLIEST = datetime(2016, 4, 8, tzinfo=UTC)
"""First moment a clock may show: before it there is no law to decide by (财关税〔2016〕18号)."""

LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Moment a clock stays before; a slip of the keyboard would otherwise let every deadline fall due."""

FASTEST = 100_000
"""Most seconds a second may count: a day in less than a second."""

_FRESH_S = 1.0
_SAVE = """
    INSERT INTO settings (key, value) VALUES ('clock', %s::jsonb) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
"""


class Clock(Protocol):
    """Where ``now`` comes from; judgement never reads one, it is handed the moment."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)


class ClockRefusedError(RuntimeError):
    """A production deployment's clock cannot be set."""


class ClockRangeError(ValueError):
    """A moment or speed no clock of a sandbox may have; says what is allowed."""


class Reading(Struct, frozen=True, kw_only=True):
    """How a clock was set: from ``set_at`` of the machine's time it shows ``moment`` and goes on at ``speed``."""

    moment: datetime
    set_at: datetime
    #: Seconds that pass in one second of the machine
    speed: int = 1

    def at(self, machine: datetime) -> datetime:
        """What the clock shows at a moment of the machine's time."""
        return self.moment + (machine - self.set_at) * self.speed


class Setting(Struct, frozen=True, kw_only=True):
    """One setting of a clock, as journalled."""

    before: datetime
    after: datetime
    speed: int
    #: Account that set it; empty for the command line
    actor: str = ""

    @property
    def backwards(self) -> bool:
        """Whether time was turned back: decisions keep their times, deadlines already fired stay fired."""
        return self.after < self.before


class SettableClock:
    """The machine's time until it is set; the setting is kept in the database and shared by all processes of a sandbox."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], *, production: bool = False) -> None:
        if production:
            raise ClockRefusedError(
                "the clock of a production deployment cannot be set; unset SANDAN_PRODUCTION or use the system clock"
            )
        self._pool = pool
        self._reading: Reading | None = None
        self._read_at = float("-inf")

    def now(self) -> datetime:
        """The moment; what another process has set shows within a second."""
        machine = datetime.now(UTC)
        reading = self._fresh()
        return reading.at(machine) if reading else machine

    @property
    def speed(self) -> int:
        """Seconds that pass in one second of the machine."""
        reading = self._fresh()
        return reading.speed if reading else 1

    def set(self, moment: datetime, *, speed: int | None = None, actor: str = "") -> Setting:
        """Makes this the present moment, from which time goes on.

        Args:
            moment: Aware; one before the present is allowed and said in the answer (see the module).
            speed: Seconds that pass in one second from now on; None keeps what is.
            actor: Account that sets it, for the journal.

        Raises:
            ClockRangeError: The moment has no zone or lies outside what a sandbox knows, or the speed does.
        """
        wanted = self.speed if speed is None else speed
        _check(moment, wanted)
        machine, before = datetime.now(UTC), self.now()
        reading = Reading(moment=moment.astimezone(UTC), set_at=machine, speed=wanted)
        setting = Setting(before=before, after=reading.moment, speed=wanted, actor=actor)
        with self._pool.connection() as conn:
            conn.execute(_SAVE, [msgspec.json.encode(reading).decode()])
            body = msgspec.json.encode({**msgspec.to_builtins(setting), "backwards": setting.backwards})
            journal.append(conn, "clock", "clock", reading.moment, body)
        self._reading, self._read_at = reading, time.monotonic()
        return setting

    def advance(self, step: timedelta, *, actor: str = "") -> Setting:
        """Moves the present moment by a step."""
        return self.set(self.now() + step, actor=actor)

    def _fresh(self) -> Reading | None:
        if time.monotonic() - self._read_at > _FRESH_S:
            with self._pool.connection() as conn:
                row = conn.execute("SELECT value::text FROM settings WHERE key = 'clock'").fetchone()
            self._reading = msgspec.json.decode(row[0], type=Reading) if row else None
            self._read_at = time.monotonic()
        return self._reading


def _check(moment: datetime, speed: int) -> None:
    if moment.tzinfo is None:
        raise ClockRangeError(f"{moment.isoformat()} carries no time zone; write for example 2026-12-31T09:00:00+08:00")
    if not EARLIEST <= moment < LATEST:
        raise ClockRangeError(
            f"{moment.isoformat()} is outside what a sandbox knows: from {EARLIEST:%Y-%m-%d} to before {LATEST:%Y-%m-%d}"
        )
    if not 1 <= speed <= FASTEST:
        raise ClockRangeError(f"speed {speed} is outside 1 to {FASTEST} seconds a second")

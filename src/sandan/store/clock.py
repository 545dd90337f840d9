"""What time it is: the machine's time, or in a sandbox a time that can be set."""

from __future__ import annotations

import time
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Protocol

from psycopg import Connection
from psycopg_pool import ConnectionPool

_FRESH_S = 1.0


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


class SettableClock:
    """The machine's time plus an offset that is kept in the database and shared by all processes of a sandbox."""

    def __init__(self, pool: ConnectionPool[Connection], *, production: bool = False) -> None:
        if production:
            raise ClockRefusedError(
                "the clock of a production deployment cannot be set; unset SANDAN_PRODUCTION or use the system clock"
            )
        self._pool = pool
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        """The moment; an offset set by another process shows within a second."""
        if time.monotonic() - self._read_at > _FRESH_S:
            self._read()
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Makes this the present moment, from which time goes on.

        Args:
            moment: Aware; a moment before the present one is allowed and confuses only the sandbox it is set in.
        """
        offset = moment - datetime.now(UTC)
        with self._pool.connection() as conn:
            conn.execute(
                "INSERT INTO settings (key, value) VALUES ('clock_offset_s', to_jsonb(%s::float8))"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                [offset.total_seconds()],
            )
        self._offset, self._read_at = offset, time.monotonic()

    def advance(self, step: timedelta) -> None:
        """Moves the present moment by a step."""
        self.set(self.now() + step)

    def _read(self) -> None:
        with self._pool.connection() as conn:
            row = conn.execute("SELECT value::float8 FROM settings WHERE key = 'clock_offset_s'").fetchone()
        self._offset = timedelta(seconds=row[0]) if row else timedelta()
        self._read_at = time.monotonic()

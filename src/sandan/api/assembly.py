"""Puts together what the API needs from a database and an operator's settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.api.deps import Deps
from sandan.api.sessions import Sessions
from sandan.api.sessions import SessionSettings
from sandan.intake.door import Door
from sandan.intake.gather import Gather
from sandan.intake.gather import GatherLimits
from sandan.intake.reading import DoorSettings
from sandan.parties.facts import Registry
from sandan.store.clock import Clock
from sandan.store.lawfiles import OverlayCache
from sandan.store.registry import RegistryCache
from sandan.store.settings import Settings

Pool = ConnectionPool[Connection[Any]]


def assemble(pool: Pool, clock: Clock, settings: Settings) -> Deps:
    """The dependencies of one API process.

    Args:
        pool: Connections to the migrated database.
        clock: Where the moment comes from.
        settings: The operator's.
    """
    mirrors = settings.authority == "remote"
    door = Door(pool, clock, DoorSettings(message_limit=settings.message_limit, mirrors_customs=mirrors))
    limits = GatherLimits(backlog=settings.queue_limit)
    return Deps(
        pool=pool,
        clock=clock,
        sessions=Sessions(_connect(pool), SessionSettings(secure=settings.production)),
        door=door,
        gather=Gather(door, limits, backlog_of(pool, settings.queue_limit)),
        law_on=_law_on(pool, settings),
        registry=_registry(pool),
        conditions=settings.conditions,
        message_limit=settings.message_limit,
        production=settings.production,
    )


def _connect(pool: Pool) -> Callable[[], AbstractContextManager[Connection[Any]]]:
    return pool.connection


def backlog_of(pool: Pool, limit: int) -> Callable[[], int]:
    """Counts what waits for a decision, no further than the limit."""

    def count() -> int:
        """Documents that wait, up to one more than the limit."""
        with pool.connection() as conn:
            row = conn.execute("SELECT count(*) FROM (SELECT 1 FROM queue LIMIT %s) q", (limit + 1,)).fetchone()
        return int(row[0]) if row else 0

    return count


def _law_on(pool: Pool, settings: Settings) -> Callable[[date], law.Law]:
    overlay = OverlayCache(production=settings.production)

    def law_on(day: date) -> law.Law:
        """The law of a day with the files that stand now."""
        with pool.connection() as conn:
            return law.at(day, overlay.get(conn))

    return law_on


def _registry(pool: Pool) -> Callable[[], Registry]:
    cache = RegistryCache()

    def registry() -> Registry:
        """The parties as they stand now."""
        with pool.connection() as conn:
            return cache.get(conn)

    return registry

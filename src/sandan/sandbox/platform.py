"""The platform in one process, for scenarios: a scratch database, a clock that stands still, the door and one worker."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import Connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.intake.door import Door
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.store.migrate import migrate
from sandan.store.provider import Database
from sandan.work.bills import Biller
from sandan.work.collect import Collecting
from sandan.work.worker import Duty
from sandan.work.worker import Worker

_numbers = itertools.count(1)


class StillClock:
    """A clock that moves only when told to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Moves it forward."""
        self.moment += step


class Platform:
    """Door and worker on one database; what is submitted is decided when `submit` returns."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], clock: StillClock, conditions: Conditions) -> None:
        self.pool = pool
        self.clock = clock
        self._door = Door(pool, clock)
        self._worker = Worker(pool, clock, Duty(conditions=conditions))
        self._biller = Biller(pool, clock)
        self.desk = Collecting(pool, clock)

    def submit(self, body: bytes, channel: Channel = Channel.SANDBOX, actor: str = "") -> Acknowledgement:
        """Takes one message through the door and lets the worker decide all that is due."""
        (answer,) = self._door.submit([Arrival(body=body, channel=channel, actor=actor)])
        self.settle()
        return answer

    def settle(self) -> None:
        """Decides until nothing is due, and bills what was released."""
        self._worker.drain()
        self._biller.drain()


@contextmanager
def scratch_databases(database: Database) -> Iterator[Scratch]:
    """Gives empty, migrated databases beside the one given, and removes them at the end."""
    scratch = Scratch(database)
    try:
        yield scratch
    finally:
        scratch.drop()


class Scratch:
    """Databases of a server that live as long as they are needed."""

    def __init__(self, database: Database) -> None:
        self._url = database.url
        self._admin = database.admin_url or database.url
        self._owner = conninfo_to_dict(database.url).get("user")
        self._names: list[str] = []
        self._template = self._create("")
        migrate(self._at(self._template))

    def new(self) -> str:
        """Connection string of an empty, migrated database."""
        return self._at(self._create(self._template))

    def drop(self) -> None:
        """Removes all of them."""
        for name in reversed(self._names):
            self._drop(name)
        self._names.clear()

    def drop_one(self, url: str) -> None:
        """Removes one that is no longer needed, so that the server does not tidy it up beside the next."""
        name = str(conninfo_to_dict(url)["dbname"])
        self._names.remove(name)
        self._drop(name)

    def _drop(self, name: str) -> None:
        with psycopg.connect(make_conninfo(self._admin, dbname="postgres"), autocommit=True) as conn:
            conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, template: str) -> str:
        name = f"sandan_scratch_{os.getpid()}_{next(_numbers)}"
        owner = sql.SQL("OWNER {}").format(sql.Identifier(str(self._owner))) if self._owner else sql.SQL("")
        source = sql.SQL("TEMPLATE {} STRATEGY wal_log").format(sql.Identifier(template)) if template else sql.SQL("")
        with psycopg.connect(make_conninfo(self._admin, dbname="postgres"), autocommit=True) as conn:
            conn.execute(sql.SQL("CREATE DATABASE {} {} {}").format(sql.Identifier(name), source, owner))
        self._names.append(name)
        return name

    def _at(self, name: str) -> str:
        return make_conninfo(self._url, dbname=name)

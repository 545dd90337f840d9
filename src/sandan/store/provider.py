"""Gives a PostgreSQL to work on: the one at ``SANDAN_DATABASE_URL``, else one of our own in ``SANDAN_HOME``.

Our own server runs under a keeper process and ends when the process that opened it ends. A second process that opens
the same home attaches to the running server. Two locks tell them apart: the keeper holds ``keeper.lock`` as long as
the server lives, the owner holds ``owner.lock`` as long as it lives itself.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO
from typing import Self

import psycopg
from msgspec import Struct
from psycopg import sql

from sandan.store import binaries
from sandan.store import cluster
from sandan.store import keeper
from sandan.store import place as places
from sandan.store.place import Place
from sandan.store.settings import Settings

_START_S = 60.0
_TICK_S = 0.05
_KEEPER = Path(__file__).with_name("keeper.py")


class DatabaseUnavailableError(RuntimeError):
    """The database could not be started or reached; says where and what it answered."""


class Kept(Struct, frozen=True, kw_only=True):
    """What the owner of a server holds: the keeper's pipe and the lock that says the owner lives."""

    keeper: subprocess.Popen[bytes]
    lock: IO[bytes]


class Database:
    """A database to connect to; stops the server at its end if it started it."""

    def __init__(self, url: str, admin_url: str = "", kept: Kept | None = None) -> None:
        #: Connection string of the plain application role
        self.url = url
        #: Connection string of the superuser of our own server; empty for a server given by URL
        self.admin_url = admin_url
        self._kept = kept
        atexit.register(self.stop)

    def stop(self) -> None:
        """Stops the server if this object started it; otherwise does nothing."""
        atexit.unregister(self.stop)
        kept, self._kept = self._kept, None
        if kept is not None:
            _release(kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def open_database(settings: Settings) -> Database:
    """Connects to the operator's PostgreSQL, or starts or joins our own.

    Raises:
        DatabaseUnavailableError: the server cannot be reached, is too old, or did not start.
        NoPostgresError: there is no PostgreSQL 18 to start.
    """
    if settings.database_url:
        return _given(settings.database_url)
    place = places.prepare(settings.home, binaries.find())
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        database = _own(place) or _attach(place)
        if database is not None:
            return database
        time.sleep(_TICK_S)
    raise DatabaseUnavailableError(
        f"the server in {place.root} neither answered nor ended within {_START_S:.0f} s; its log is {place.log}"
    )


def _given(url: str) -> Database:
    try:
        with psycopg.connect(url, connect_timeout=10) as conn:
            version = conn.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(f"SANDAN_DATABASE_URL cannot be reached: {error}") from error
    if version < binaries.OLDEST:
        raise DatabaseUnavailableError(
            f"SANDAN_DATABASE_URL is PostgreSQL {version}; {binaries.OLDEST} or later is needed"
        )
    return Database(url)


def _own(place: Place) -> Database | None:
    """Starts the server unless another keeper holds it."""
    keeper_lock = _lock(place.root / "keeper.lock")
    if keeper_lock is None:
        return None
    with keeper_lock:
        owner_lock = _lock(place.root / "owner.lock")
        if owner_lock is None:
            return None
        keeper.clear_leftovers(place.data)
        cluster.prepare(place)
        kept = Kept(keeper=_keep(place, keeper_lock), lock=owner_lock)
    _await_answer(place, kept)
    _create_database(place)
    return Database(_url(place, cluster.APP), _url(place, cluster.ADMIN), kept)


def _attach(place: Place) -> Database | None:
    """Joins a server whose owner lives; None while there is none."""
    free = _lock(place.root / "owner.lock")
    if free is not None:
        free.close()
        return None
    if not _answers(_url(place, cluster.APP)):
        return None
    return Database(_url(place, cluster.APP), _url(place, cluster.ADMIN))


def _lock(path: Path) -> IO[bytes] | None:
    """The locked file, or None while another holds it; the kernel frees it when its process ends, however it ends."""
    handle = path.open("ab")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def _keep(place: Place, keeper_lock: IO[bytes]) -> subprocess.Popen[bytes]:
    plan = {
        "postgres": str(place.programs / "postgres"),
        "data": str(place.data),
        "log": str(place.log),
        "uid": place.account.uid,
        "gid": place.account.gid,
    }
    return subprocess.Popen(  # noqa: S603 - our own file under our own interpreter
        [sys.executable, "-I", "-S", str(_KEEPER), json.dumps(plan)],
        stdin=subprocess.PIPE,
        pass_fds=(keeper_lock.fileno(),),
        start_new_session=True,
    )


def _release(kept: Kept) -> None:
    """Ends the keeper's pipe, and with it the server, and waits for both."""
    if kept.keeper.stdin is not None:
        kept.keeper.stdin.close()
    kept.keeper.wait()
    kept.lock.close()


def _await_answer(place: Place, kept: Kept) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and kept.keeper.poll() is None:
        if _answers(_url(place, cluster.ADMIN, "postgres")):
            return
        time.sleep(_TICK_S)
    _release(kept)
    raise DatabaseUnavailableError(f"PostgreSQL did not start in {place.data}: {cluster.last_words(place)}")


def _answers(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)
    return False


def _create_database(place: Place) -> None:
    app = sql.Identifier(cluster.APP)
    with psycopg.connect(_url(place, cluster.ADMIN, "postgres"), autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [cluster.APP]).fetchone() is None:
            conn.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE").format(app))
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [cluster.APP]).fetchone() is None:
            conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(app, app))


def _url(place: Place, role: str, database: str = cluster.APP) -> str:
    return f"postgresql:///{database}?host={place.run}&user={role}"

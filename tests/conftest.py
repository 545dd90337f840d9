"""One PostgreSQL for all tests, and for each test that asks a database of its own."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from msgspec import structs
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from sandan.parties.facts import Registry
from sandan.sandbox import seed
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.store.migrate import migrate
from sandan.store.provider import Database
from sandan.store.provider import open_database
from sandan.store.settings import Settings

# No test asserts how long anything takes: a busy machine is no fault. CI draws the same examples every time.
hypothesis_settings.register_profile(
    "sandan", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("sandan")

_numbers = itertools.count(1)
_ROOM_BYTES = 8 * 1024**3


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--minutes`` is how long the tests of ``tests/fuzz`` search together; without it each draws a few examples."""
    parser.addoption("--minutes", type=float, default=0.0, help="minutes of fuzzing, for tests/fuzz")


@pytest.fixture(scope="session")
def server() -> Iterator[Database]:
    """The embedded server in a folder of its own, migrated once; its database is the template of all others."""
    with tempfile.TemporaryDirectory(prefix="sandan-test-", dir=_memory()) as folder:
        Path(folder).chmod(0o711)
        with open_database(Settings(home=Path(folder) / "home", database_url="")) as database:
            migrate(database.url)
            yield database


@pytest.fixture(scope="session")
def seeded_template(server: Database, office: Office) -> str:
    """Name of a database that knows the invented world, to be cloned."""
    with _admin(server) as admin:
        admin.execute("CREATE DATABASE seeded TEMPLATE sandan OWNER sandan STRATEGY wal_log")
    with psycopg.connect(_url(server, "seeded")) as conn:
        seed.seed(conn, office, datetime(2026, 1, 1, tzinfo=UTC))
    return "seeded"


@pytest.fixture
def database_url(server: Database, request: pytest.FixtureRequest) -> str:
    """Connection string of a database that only this test uses: migrated, and seeded for a test that asks for that."""
    template = request.getfixturevalue("seeded_template") if "seeded" in request.fixturenames else "sandan"
    name = f"test_{next(_numbers)}"
    with _admin(server) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER sandan STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    # Not dropped: that costs a checkpoint each, and the whole server goes with the session.
    return _url(server, name)


@pytest.fixture
def pool(database_url: str) -> Iterator[ConnectionPool]:
    """Connections to the test's own database."""
    with ConnectionPool(database_url, min_size=1, max_size=8) as pool:
        yield pool


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection]:
    """One connection to the test's own database."""
    with psycopg.connect(database_url) as connection:
        yield connection


@pytest.fixture(scope="session")
def test_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Issues certificates for the invented enterprises."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def office(test_authority: Authority) -> Office:
    """Dispatch of the invented enterprises, each with a key of its own."""
    return seed.office(test_authority)


@pytest.fixture(scope="session")
def world_registry(office: Office) -> Registry:
    """The invented world's registry, with the certificates of the dispatch."""
    return structs.replace(world.registry(), certificates=seed.certificates(office))


@pytest.fixture
def seeded(pool: ConnectionPool) -> ConnectionPool:
    """Connections to a database that knows the invented world: parties, money, goods, law files, criteria."""
    return pool


def _memory() -> str | None:
    """A folder in memory where there is room for a database a test; the disk otherwise."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES else None


def _admin(server: Database) -> psycopg.Connection:
    return psycopg.connect(make_conninfo(server.admin_url, dbname="postgres"), autocommit=True)


def _url(server: Database, name: str) -> str:
    return make_conninfo(server.url, dbname=name)

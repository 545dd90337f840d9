"""One PostgreSQL for all tests, and for each test that asks a database of its own."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from msgspec import structs
from psycopg import sql
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

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Database]:
    """The embedded server in a folder of its own, migrated once; its database is the template of all others."""
    with tempfile.TemporaryDirectory(prefix="sandan-test-") as folder:
        Path(folder).chmod(0o711)
        with open_database(Settings(home=Path(folder) / "home", database_url="")) as database:
            migrate(database.url)
            yield database


@pytest.fixture
def database_url(server: Database) -> Iterator[str]:
    """Connection string of an empty, migrated database that only this test uses."""
    name = sql.Identifier(f"test_{next(_numbers)}")
    with psycopg.connect(server.admin_url.replace("///sandan?", "///postgres?"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE sandan OWNER sandan STRATEGY wal_log").format(name))
        yield server.url.replace("///sandan?", f"///{name.as_string(None).strip(chr(34))}?")
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


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
    """Despatch of the invented enterprises, each with a key of its own."""
    return seed.office(test_authority)


@pytest.fixture(scope="session")
def world_registry(office: Office) -> Registry:
    """The invented world's registry, with the certificates of the despatch."""
    return structs.replace(world.registry(), certificates=seed.certificates(office))


@pytest.fixture
def seeded(pool: ConnectionPool, office: Office) -> ConnectionPool:
    """Connections to a database that knows the invented world: parties, money, goods, law files, criteria."""
    with pool.connection() as conn:
        seed.seed(conn, office, datetime(2026, 1, 1, tzinfo=UTC))
    return pool

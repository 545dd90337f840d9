"""One PostgreSQL for all tests, and for each test that asks a database of its own."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg_pool import ConnectionPool

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

"""Connections of a pool whose transactions the borrower opens himself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool


@contextmanager
def autocommitting(pool: ConnectionPool[Connection[Any]]) -> Iterator[Connection[Any]]:
    """A connection without a transaction around it, given back as it was taken."""
    with pool.connection() as conn:
        conn.autocommit = True
        try:
            yield conn
        finally:
            if not conn.closed and not conn.broken:
                conn.autocommit = False

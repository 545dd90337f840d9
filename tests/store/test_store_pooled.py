from __future__ import annotations

import pytest
from psycopg_pool import ConnectionPool

from sandan.store.pooled import autocommitting


def test_a_connection_comes_back_as_it_was(pool: ConnectionPool) -> None:
    with autocommitting(pool) as conn:
        conn.execute("INSERT INTO settings VALUES ('a', '1')")
        with pool.connection() as other:
            assert other.execute("SELECT count(*) FROM settings WHERE key = 'a'").fetchone() == (1,)
    assert not conn.autocommit


def test_it_comes_back_so_after_an_error_too(pool: ConnectionPool) -> None:
    with pytest.raises(ZeroDivisionError), autocommitting(pool) as conn:
        raise ZeroDivisionError
    assert not conn.autocommit

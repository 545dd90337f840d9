from __future__ import annotations

from datetime import UTC
from datetime import datetime

import psycopg
import pytest
from msgspec.structs import replace

from sandan.store.journal import CHAINS
from sandan.store.journal import GENESIS
from sandan.store.journal import Link
from sandan.store.journal import append

NOW = datetime(2026, 11, 20, 2, 0, 0, 123456, tzinfo=UTC)
LINK = Link(chain="work/0", seq=1, prev=GENESIS, kind="decisions", effective_at=NOW, recorded_at=NOW, body=b"{}")


def test_each_link_follows_the_one_before(conn: psycopg.Connection) -> None:
    for number in range(3):
        append(conn, "work", "test", NOW, b"%d" % number)
        conn.commit()
    links = conn.execute("SELECT seq, prev, hash FROM journal ORDER BY seq").fetchall()
    assert [link[0] for link in links] == [1, 2, 3]
    assert [link[1] for link in links] == [GENESIS, links[0][2], links[1][2]]


@pytest.mark.parametrize(
    "change", [{"chain": "work/1"}, {"seq": 2}, {"prev": b"x" * 32}, {"kind": "inbox"}, {"body": b"[]"}]
)
def test_the_hash_covers_everything_a_link_says(change: dict[str, object]) -> None:
    assert replace(LINK, **change).hash() != LINK.hash()


@pytest.mark.parametrize("name", ["effective_at", "recorded_at"])
def test_the_hash_covers_times_to_the_microsecond(name: str) -> None:
    assert replace(LINK, **{name: NOW.replace(microsecond=123457)}).hash() != LINK.hash()


def test_writers_at_once_take_different_chains(conn: psycopg.Connection, database_url: str) -> None:
    with psycopg.connect(database_url) as other:
        append(conn, "work", "test", NOW, b"1")
        append(other, "work", "test", NOW, b"2")
        other.commit()
        conn.commit()
    assert conn.execute("SELECT count(DISTINCT chain), max(seq) FROM journal").fetchone() == (2, 1)


def test_a_writer_takes_the_next_free_chain(conn: psycopg.Connection, database_url: str) -> None:
    mine = conn.info.backend_pid % CHAINS
    with psycopg.connect(database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x5A02, mine])
        append(conn, "work", "test", NOW, b"1")
    assert conn.execute("SELECT chain FROM journal").fetchone() == (f"work/{(mine + 1) % CHAINS}",)


@pytest.mark.parametrize("statement", ["UPDATE journal SET body = ''", "DELETE FROM journal", "TRUNCATE journal"])
def test_links_are_never_changed(conn: psycopg.Connection, statement: str) -> None:
    append(conn, "work", "test", NOW, b"1")
    with pytest.raises(psycopg.errors.RaiseException, match="rows of journal are never changed"):
        conn.execute(statement)

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from sandan.store import migrate
from sandan.store.provider import Database

REVENUE = ("tax_bills", "tax_documents", "tax_payments")
VERSIONS = Path(migrate.__file__).with_name("migrations") / "versions"


def test_the_head_is_the_newest_file() -> None:
    newest = max(file.stem for file in VERSIONS.glob("v*.py"))
    assert newest.removeprefix("v").split("_")[0] == migrate.HEAD


def test_a_migrated_database_stands_at_the_head_and_stays(database_url: str) -> None:
    migrate.migrate(database_url)
    assert migrate.current(database_url) == migrate.HEAD


def test_several_may_migrate_at_once(server: Database) -> None:
    with psycopg.connect(make_conninfo(server.admin_url, dbname="postgres"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE bare OWNER sandan")
    url = make_conninfo(server.url, dbname="bare")
    assert migrate.current(url) == ""
    crowd = [threading.Thread(target=migrate.migrate, args=[url]) for _ in range(3)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert migrate.current(url) == migrate.HEAD


def test_every_key_begins_with_the_column_a_table_is_distributed_by(conn: psycopg.Connection) -> None:
    """Primary and unique keys of business tables begin with an owner, so that the tables can be spread over machines."""
    first = dict(
        conn.execute(
            """SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                WHERE i.indisunique AND c.relname = ANY(%s)""",
            [["documents", "cases", "decisions", "accounts", "postings", *REVENUE]],
        ).fetchall()
    )
    assert first == {
        "documents": "owner",
        "cases": "declarant",
        "decisions": "declarant",
        "accounts": "owner",
        "postings": "owner",
        **dict.fromkeys(REVENUE, "collector"),
    }

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import msgspec
import psycopg
import pytest

from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.store.outbox import START
from sandan.store.outbox import Cursor
from sandan.store.outbox import CursorError
from sandan.store.outbox import pull

NOW = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
PLATFORM = "0131960101"


def write(conn: psycopg.Connection, number: str, recipient: str = PLATFORM) -> None:
    receipt = Receipt(
        guid=f"{number:0>36}",
        subject=Ref(Kind.ORDER, PLATFORM, number),
        recipient=recipient,
        status=120,
        info="[Code:1800;Desc:逻辑校验通过]",
        at=NOW,
    )
    conn.execute(
        "INSERT INTO receipts (recipient, subject_kind, subject_owner, subject_key, subject_version, status, info, at, facts)"
        " VALUES (%s, 'order', %s, %s, 1, 120, %s, %s, %s)",
        [recipient, PLATFORM, number, receipt.info, NOW, msgspec.json.encode(receipt).decode()],
    )


def numbers(conn: psycopg.Connection, cursor: Cursor = START, limit: int = 100) -> list[str]:
    return [one.receipt.subject.key for one in pull(conn, PLATFORM, cursor, limit)]


def test_receipts_come_in_order_and_go_on_behind_the_cursor(conn: psycopg.Connection) -> None:
    conn.autocommit = True
    for number in "ABC":
        write(conn, number)
    first = pull(conn, PLATFORM, START, 2)
    assert [one.receipt.subject.key for one in first] == ["A", "B"]
    assert numbers(conn, first[-1].cursor) == ["C"]


def test_others_receipts_are_not_seen(conn: psycopg.Connection) -> None:
    conn.autocommit = True
    write(conn, "A", recipient="0131980601")
    assert numbers(conn) == []


def test_a_receipt_committed_late_is_not_skipped(conn: psycopg.Connection, database_url: str) -> None:
    """The first transaction takes the lower number but commits last: nothing is shown until it has ended."""
    conn.autocommit = True
    with psycopg.connect(database_url) as slow:
        write(slow, "LATE")
        write(conn, "EARLY")
        assert numbers(conn) == []
        slow.commit()
    assert numbers(conn) == ["LATE", "EARLY"]


def test_a_cursor_survives_as_text() -> None:
    assert Cursor.parse(str(Cursor(7, 9))) == Cursor(7, 9)
    assert Cursor.parse("") == START


@pytest.mark.parametrize("text", ["7", "a-b", "-", "７-９", "7-9-1"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorError):
        Cursor.parse(text)

"""Delivery by webhook and into folders, with receivers that fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import psycopg
import pytest
from psycopg_pool import ConnectionPool

from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.work.deliver import BACKOFF_S
from sandan.work.deliver import PAGE
from sandan.work.deliver import Courier
from sandan.work.deliver import next_try
from sandan.work.push import SIGNATURE
from sandan.work.push import sign

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PLATFORM = "0131960101"
HOOK = "https://receiver.invalid/receipts"


class Clock:
    moment = NOW

    def now(self) -> datetime:
        return self.moment


def write(conn: psycopg.Connection, number: str) -> None:
    receipt = Receipt(
        guid=f"{number:0>36}",
        subject=Ref(Kind.ORDER, PLATFORM, number),
        recipient=PLATFORM,
        status=120,
        info="[Code:1800;Desc:逻辑校验通过]",
        at=NOW,
        ebp_code=PLATFORM,
        ebc_code="0131960201",
        order_no=number,
    )
    conn.execute(
        "INSERT INTO receipts (recipient, subject_kind, subject_owner, subject_key, subject_version, status, info, at, facts)"
        " VALUES (%s, 'order', %s, %s, 1, 120, %s, %s, %s)",
        [PLATFORM, PLATFORM, number, receipt.info, NOW, msgspec.json.encode(receipt).decode()],
    )
    conn.commit()


def subscribe(conn: psycopg.Connection, channel: str, target: str) -> None:
    conn.execute(
        "INSERT INTO subscriptions (recipient, channel, target, secret) VALUES (%s, %s, %s, 'geheim')",
        [PLATFORM, channel, target],
    )
    conn.commit()


def courier(pool: ConnectionPool, clock: Clock, receiver: Callable[[httpx.Request], httpx.Response]) -> Courier:
    return Courier(pool, clock, httpx.Client(transport=httpx.MockTransport(receiver)))


def test_a_webhook_gets_the_receipts_signed(pool: ConnectionPool, conn: psycopg.Connection) -> None:
    subscribe(conn, "webhook", HOOK)
    write(conn, "A")
    got = []
    sender = courier(pool, Clock(), lambda request: got.append(request) or httpx.Response(204))
    assert sender.run_once() == 1
    assert [one["order_no"] for one in msgspec.json.decode(got[0].content)["receipts"]] == ["A"]
    assert got[0].headers[SIGNATURE] == sign(got[0].content, "geheim")
    assert sender.run_once() == 0


@pytest.mark.parametrize("answer", [500, 404, 302])
def test_a_receiver_that_fails_is_tried_again_later(
    pool: ConnectionPool, conn: psycopg.Connection, answer: int
) -> None:
    subscribe(conn, "webhook", HOOK)
    write(conn, "A")
    clock, answers = Clock(), [answer, 200]
    sender = courier(pool, clock, lambda _: httpx.Response(answers.pop(0)))
    assert sender.run_once() == 0
    assert conn.execute("SELECT attempts, last_error FROM subscriptions").fetchone() == (1, f"{HOOK} answered {answer}")
    assert sender.run_once() == 0
    clock.moment = NOW + timedelta(seconds=BACKOFF_S[0])
    assert sender.run_once() == 1
    conn.commit()
    assert conn.execute("SELECT attempts, last_error FROM subscriptions").fetchone() == (0, "")


def test_a_receiver_that_cannot_be_reached_costs_the_others_nothing(
    pool: ConnectionPool, conn: psycopg.Connection, tmp_path: Path
) -> None:
    subscribe(conn, "webhook", HOOK)
    subscribe(conn, "folder", str(tmp_path / "out"))
    write(conn, "A")

    def receiver(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    assert courier(pool, Clock(), receiver).run_once() == 1
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_folder_gets_one_complete_message_each(
    pool: ConnectionPool, conn: psycopg.Connection, tmp_path: Path
) -> None:
    subscribe(conn, "folder", str(tmp_path))
    for number in "ABC":
        write(conn, number)
    assert courier(pool, Clock(), lambda _: httpx.Response(500)).run_once() == 3
    files = sorted(tmp_path.iterdir())
    assert [
        b"<orderNo>" + number + b"</orderNo>" in file.read_bytes()
        for number, file in zip((b"A", b"B", b"C"), files, strict=True)
    ] == [True] * 3


def test_pages_follow_each_other_without_gap(pool: ConnectionPool, conn: psycopg.Connection) -> None:
    subscribe(conn, "webhook", HOOK)
    for number in range(PAGE + 1):
        write(conn, str(number))
    got = []
    sender = courier(pool, Clock(), lambda request: got.append(request.content) or httpx.Response(200))
    assert [sender.run_once(), sender.run_once(), sender.run_once()] == [PAGE, 1, 0]


def test_waits_grow_to_the_last_of_the_table() -> None:
    assert next_try(NOW, 1) == NOW + timedelta(seconds=5)
    assert next_try(NOW, 6) == next_try(NOW, 99) == NOW + timedelta(hours=1)

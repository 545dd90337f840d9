"""Delivery by webhook and into folders, with receivers that fail."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
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
from sandan.intake.broker import Sending
from sandan.wire.dxp import IMPORT_RECEIVER
from sandan.wire.dxp import unwrap
from sandan.work.deliver import BACKOFF_S
from sandan.work.deliver import PAGE
from sandan.work.deliver import Courier
from sandan.work.deliver import next_try
from sandan.work.push import SIGNATURE
from sandan.work.push import sign

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PLATFORM = "0131960101"
AGENT = "0131960301"
DXP_ID = "DXPENT0000900101"
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


def forward(conn: psycopg.Connection, number: str) -> None:
    """A receipt that the platform lets the agent have too."""
    write(conn, number)
    conn.execute(
        "INSERT INTO forwards (recipient, sender, facts, at) SELECT %s, recipient, facts, at FROM receipts WHERE facts->>'order_no' = %s",
        [AGENT, number],
    )
    conn.commit()


def subscribe_agent(conn: psycopg.Connection, channel: str, target: str, address: str = "") -> None:
    conn.execute(
        "INSERT INTO subscriptions (recipient, channel, target, secret, address) VALUES (%s, %s, %s, 'geheim', %s)",
        [AGENT, channel, target, address],
    )
    conn.commit()


class Broker:
    """Stores what is published, and fails as often as told: before anything, or after the first."""

    def __init__(self, failures: list[int]) -> None:
        self.failures = failures
        self.stored: list[Sending] = []

    def publish(self, sendings: Sequence[Sending]) -> None:
        if self.failures:
            self.stored += sendings[: self.failures.pop(0)]
            raise ConnectionError("the broker has not answered in time")
        self.stored += sendings


def by_broker(pool: ConnectionPool, clock: Clock, broker: Broker | None) -> Courier:
    return Courier(pool, clock, httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(500))), broker)


class TestBroker:
    def test_each_receipt_in_an_envelope_to_the_dxp_id(self, pool: ConnectionPool, conn: psycopg.Connection) -> None:
        subscribe(conn, "broker", DXP_ID)
        write(conn, "A")
        broker = Broker([])
        assert by_broker(pool, Clock(), broker).run_once() == 1
        envelope = unwrap(broker.stored[0].body)
        assert envelope is not None
        assert (envelope.sender_id, envelope.receiver_ids) == (IMPORT_RECEIVER, (DXP_ID,))
        assert (envelope.message_type, envelope.cop_msg_id) == ("CEB312Message", broker.stored[0].message_id)
        assert b"<orderNo>A</orderNo>" in envelope.data

    @pytest.mark.parametrize("stored", [0, 1, 2])
    def test_the_cursor_moves_only_when_all_are_stored(
        self, pool: ConnectionPool, conn: psycopg.Connection, stored: int
    ) -> None:
        """What was stored before the failure comes again, the same to the last byte and under the same id."""
        subscribe(conn, "broker", DXP_ID)
        for number in "ABC":
            write(conn, number)
        clock, broker = Clock(), Broker([stored])
        courier_ = by_broker(pool, clock, broker)
        assert courier_.run_once() == 0
        clock.moment = NOW + timedelta(seconds=BACKOFF_S[0])
        assert courier_.run_once() == 3
        assert len(broker.stored) == stored + 3
        assert len({(one.message_id, one.body) for one in broker.stored}) == 3

    def test_without_a_broker_it_is_told_and_waits(self, pool: ConnectionPool, conn: psycopg.Connection) -> None:
        subscribe(conn, "broker", DXP_ID)
        write(conn, "A")
        assert by_broker(pool, Clock(), None).run_once() == 0
        assert "SANDAN_BROKER_URL" in conn.execute("SELECT last_error FROM subscriptions").fetchone()[0]


class TestForwards:
    def test_by_webhook_apart_from_ones_own(self, pool: ConnectionPool, conn: psycopg.Connection) -> None:
        subscribe_agent(conn, "webhook", HOOK)
        forward(conn, "A")
        got = []
        sender = courier(pool, Clock(), lambda request: got.append(request.content) or httpx.Response(204))
        assert (sender.run_once(), sender.run_once()) == (1, 0)
        (told,) = msgspec.json.decode(got[0])["forwards"]
        assert (told["sender"], told["message_type"], told["receipt"]["order_no"]) == (PLATFORM, "CEB312Message", "A")

    def test_into_a_folder_in_envelopes(self, pool: ConnectionPool, conn: psycopg.Connection, tmp_path: Path) -> None:
        subscribe_agent(conn, "folder", str(tmp_path), "DXPENT0000900301")
        forward(conn, "A")
        assert courier(pool, Clock(), lambda _: httpx.Response(500)).run_once() == 1
        (file,) = tmp_path.iterdir()
        envelope = unwrap(file.read_bytes())
        assert file.name.endswith("-forwarded-CEB312.xml")
        assert envelope is not None
        assert envelope.receiver_ids == ("DXPENT0000900301",)

    def test_nothing_of_it_reaches_the_platforms_own_stream(
        self, pool: ConnectionPool, conn: psycopg.Connection, tmp_path: Path
    ) -> None:
        subscribe(conn, "folder", str(tmp_path))
        forward(conn, "A")
        assert courier(pool, Clock(), lambda _: httpx.Response(500)).run_once() == 1
        assert [file.name.endswith("-forwarded-CEB312.xml") for file in tmp_path.iterdir()] == [False]

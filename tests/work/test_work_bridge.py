"""Messages by a real broker, in and out: durable before they are acknowledged, at least once, and told apart when repeated."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Any

import nats
import psycopg
import pytest
from nats.js.api import ConsumerConfig
from psycopg_pool import ConnectionPool

from sandan.intake.broker import BrokerError
from sandan.intake.broker import Sending
from sandan.intake.broker import connect
from sandan.intake.door import Door
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.parties.facts import Registry
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.store import bodies
from sandan.wire import dxp
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import unwrap
from sandan.work.bridge import Bridge
from sandan.work.bridge import Ends

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SENDER = "DXPENT0000900101"


class Clock:
    def now(self) -> datetime:
        return NOW


class Shaky:
    """A door that fails as often as told, before or after the bytes are durable."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.before = 0
        self.after = 0

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        if self.before:
            self.before -= 1
            raise psycopg.OperationalError("the database is away")
        answers = self.door.submit(arrivals)
        if self.after:
            self.after -= 1
            raise RuntimeError("killed before the acknowledgement")
        return answers


@pytest.fixture
def door(seeded: ConnectionPool) -> Shaky:
    return Shaky(Door(seeded, Clock()))


@pytest.fixture
def messages(office: Office) -> list[bytes]:
    """Signed orders, each its own message in its own envelope."""
    maker = Maker(11, NOW, "BRIDGE")
    orders = [office.message([maker.ordinary().order]).data for _ in range(20)]
    return [enveloped(order, f"M{number:04d}") for number, order in enumerate(orders)]


def enveloped(message: bytes, cop_msg_id: str, sender: str = SENDER) -> bytes:
    info = TransInfo(
        cop_msg_id=cop_msg_id,
        sender_id=sender,
        receiver_ids=(dxp.IMPORT_RECEIVER,),
        created=NOW,
        message_type="CEB311Message",
    )
    return dxp.wrap(message, info)


@pytest.fixture
def bridge_to(door: Shaky, world_registry: Registry) -> Iterator[Callable[[str], Bridge]]:
    """Bridges on threads of their own, ended with the test."""
    stop, threads = threading.Event(), []

    def bridge(url: str) -> Bridge:
        made = Bridge(url, Ends(door=door, clock=Clock(), registry=lambda: world_registry))
        threads.append(threading.Thread(target=made.run, args=(stop,)))
        threads[-1].start()
        assert made.connected.wait(30)
        return made

    yield bridge
    stop.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def with_nats(url: str, do: Callable[[Any], Awaitable[Any]]) -> Any:
    """Does something as a client of the broker."""

    async def run() -> Any:
        client = await nats.connect(url)
        try:
            return await do(client.jetstream())
        finally:
            await client.close()

    return asyncio.run(run())


def send(url: str, bodies_: Sequence[bytes]) -> None:
    async def publish(stream: Any) -> None:
        for body in bodies_:
            await stream.publish(f"sandan.in.{SENDER}", body)

    with_nats(url, publish)


def receive(url: str, address: str, count: int) -> list[bytes]:
    async def fetch(stream: Any) -> list[bytes]:
        config = ConsumerConfig(filter_subject=f"sandan.out.{address}")
        waiting = await stream.pull_subscribe(f"sandan.out.{address}", durable=address, config=config)
        got = await waiting.fetch(count, timeout=10)
        for message in got:
            await message.ack()
        return [message.data for message in got]

    return with_nats(url, fetch)


def left(url: str, stream: str) -> int:
    """Messages a stream still holds."""

    async def count(jetstream: Any) -> int:
        return (await jetstream.stream_info(stream)).state.messages

    return with_nats(url, count)


def kept(pool: ConnectionPool) -> list[tuple[str, str, bytes]]:
    with pool.connection() as conn:
        rows = conn.execute("SELECT channel, outcome, body FROM inbox ORDER BY id").fetchall()
    return [(channel, outcome, bodies.unpack(body)) for channel, outcome, body in rows]


class TestInward:
    def test_every_message_is_kept_in_order_and_leaves_the_queue(
        self, nats_server: Any, bridge_to: Any, seeded: ConnectionPool, messages: list[bytes]
    ) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, messages)
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert kept(seeded) == [("broker", "registered", body) for body in messages]

    def test_what_came_before_the_platform_started_waits(
        self, nats_server: Any, bridge_to: Any, seeded: ConnectionPool, messages: list[bytes]
    ) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, messages[:1])
        nats_server.until(lambda: len(kept(seeded)) == 1)

    def test_a_message_sent_twice_is_kept_once(
        self, nats_server: Any, bridge_to: Any, seeded: ConnectionPool, messages: list[bytes]
    ) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, messages[:1] * 3)
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert len(kept(seeded)) == 1

    def test_a_database_that_comes_back_gets_the_message(
        self, nats_server: Any, bridge_to: Any, door: Shaky, seeded: ConnectionPool, messages: list[bytes]
    ) -> None:
        door.before = 1
        bridge_to(nats_server.url)
        send(nats_server.url, messages[:1])
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert len(kept(seeded)) == 1

    def test_a_message_that_was_durable_but_not_acknowledged_comes_again_harmlessly(
        self, nats_server: Any, bridge_to: Any, door: Shaky, seeded: ConnectionPool, messages: list[bytes]
    ) -> None:
        door.after = 1
        bridge_to(nats_server.url)
        send(nats_server.url, messages[:1])
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert (door.after, len(kept(seeded))) == (0, 1)

    def test_a_server_killed_midway_loses_nothing(
        self, nats_server: Any, bridge_to: Any, seeded: ConnectionPool, messages: list[bytes]
    ) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, messages[:10])
        nats_server.kill()
        nats_server.start()
        send(nats_server.url, messages[10:])
        nats_server.until(lambda: len(kept(seeded)) == len(messages))
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert {body for *_, body in kept(seeded)} == set(messages)


class TestAnswers:
    def test_a_refused_message_is_answered_with_its_ceb900(self, nats_server: Any, bridge_to: Any) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, [enveloped(b"<rubbish", "BAD1")])
        (body,) = receive(nats_server.url, SENDER, 1)
        envelope = unwrap(body)
        assert envelope is not None
        assert (envelope.sender_id, envelope.receiver_ids) == (dxp.IMPORT_RECEIVER, (SENDER,))
        assert b"<oriCopMsgId>BAD1</oriCopMsgId>" in envelope.data

    def test_a_repeat_of_it_is_answered_once(self, nats_server: Any, bridge_to: Any) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, [enveloped(b"<rubbish", "BAD1")] * 2)
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert left(nats_server.url, "SANDAN_OUT") == 1

    def test_nobody_unregistered_is_sent_anything(
        self, nats_server: Any, bridge_to: Any, seeded: ConnectionPool
    ) -> None:
        bridge_to(nats_server.url)
        send(nats_server.url, [enveloped(b"<rubbish", "BAD1", sender="DXPENT0000999999")])
        nats_server.until(lambda: len(kept(seeded)) == 1)
        nats_server.until(lambda: left(nats_server.url, "SANDAN_IN") == 0)
        assert left(nats_server.url, "SANDAN_OUT") == 0


def sending(number: int) -> Sending:
    return Sending(address=SENDER, message_id=f"ID{number}", body=f"<m{number}/>".encode())


class TestOut:
    def test_in_order_and_once_whoever_sends_it_again(self, nats_server: Any, bridge_to: Any) -> None:
        bridge = bridge_to(nats_server.url)
        for _ in range(2):
            bridge.publish([sending(number) for number in range(30)])
        assert left(nats_server.url, "SANDAN_OUT") == 30
        assert receive(nats_server.url, SENDER, 30) == [sending(number).body for number in range(30)]

    def test_a_server_that_is_gone_is_told(self, nats_server: Any, bridge_to: Any) -> None:
        bridge = bridge_to(nats_server.url)
        nats_server.kill()
        with pytest.raises(ConnectionError):
            bridge.publish([sending(1)])
        nats_server.start()

    def test_before_it_is_connected_nothing_is_taken(self, door: Shaky, world_registry: Registry) -> None:
        bridge = Bridge("nats://127.0.0.1:1", Ends(door=door, clock=Clock(), registry=lambda: world_registry))
        with pytest.raises(ConnectionError, match="not connected"):
            bridge.publish([sending(1)])

    @pytest.mark.parametrize("address", ["", "a.b", ">", "*", "A" * 17, "甲"])
    def test_an_address_that_could_name_another_queue(self, address: str) -> None:
        with pytest.raises(ConnectionError, match="DXP id"):
            _ = Sending(address=address, message_id="1", body=b"").queue


class TestChoosing:
    @pytest.mark.parametrize("url", ["", "localhost:4222", "kafka://localhost"])
    def test_an_unknown_scheme_is_told(self, url: str) -> None:
        with pytest.raises(BrokerError, match="nats, tls, amqp, amqps"):
            connect(url)

    def test_a_missing_extra_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(name: str) -> Any:
            raise ModuleNotFoundError(name=name)

        monkeypatch.setattr("sandan.intake.broker.import_module", missing)
        with pytest.raises(BrokerError, match=r"sandan\[mq\]"):
            connect("nats://127.0.0.1")

    def test_a_broker_that_is_never_there_does_not_keep_the_platform_from_stopping(
        self, door: Shaky, world_registry: Registry
    ) -> None:
        stop = threading.Event()
        bridge = Bridge("nats://127.0.0.1:1", Ends(door=door, clock=Clock(), registry=lambda: world_registry))
        running = threading.Thread(target=bridge.run, args=(stop,))
        running.start()
        stop.set()
        running.join(20)
        assert not running.is_alive()
        assert world.PLATFORM

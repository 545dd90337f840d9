"""The same contract on RabbitMQ: durable before acknowledged, at least once, in order."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Any

import aio_pika
import pytest
from psycopg_pool import ConnectionPool

from sandan.intake.broker import Sending
from sandan.intake.door import Door
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.parties.facts import Registry
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.store import bodies
from sandan.work.bridge import Bridge
from sandan.work.bridge import Ends

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SENDER = "DXPENT0000900101"


class Clock:
    def now(self) -> datetime:
        return NOW


class Forgetful:
    """A door that fails once after the bytes are durable."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.fail = False

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        answers = self.door.submit(arrivals)
        if self.fail:
            self.fail = False
            raise RuntimeError("killed before the acknowledgement")
        return answers


@pytest.fixture
def door(seeded: ConnectionPool) -> Forgetful:
    return Forgetful(Door(seeded, Clock()))


@pytest.fixture
def bridge(rabbit_server: Any, door: Forgetful, world_registry: Registry) -> Iterator[Bridge]:
    stop = threading.Event()
    made = Bridge(rabbit_server.url, Ends(door=door, clock=Clock(), registry=lambda: world_registry))
    running = threading.Thread(target=made.run, args=(stop,))
    running.start()
    assert made.connected.wait(30)
    yield made
    stop.set()
    running.join(30)
    assert not running.is_alive()


def send(url: str, messages: Sequence[bytes]) -> None:
    async def run() -> None:
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel()
            for body in messages:
                letter = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                await channel.default_exchange.publish(letter, routing_key="sandan.in")

    asyncio.run(run())


def drain(url: str, queue: str) -> list[tuple[str | None, bytes]]:
    """Takes what waits in a queue; nothing where there is none."""

    async def run() -> list[tuple[str | None, bytes]]:
        async with await aio_pika.connect(url) as connection:
            waiting = await (await connection.channel()).declare_queue(queue, durable=True)
            found = []
            while (message := await waiting.get(fail=False)) is not None:
                await message.ack()
                found.append((message.message_id, message.body))
            return found

    return asyncio.run(run())


def kept(pool: ConnectionPool) -> list[tuple[str, bytes]]:
    with pool.connection() as conn:
        rows = conn.execute("SELECT channel, body FROM inbox ORDER BY id").fetchall()
    return [(channel, bodies.unpack(body)) for channel, body in rows]


@pytest.fixture
def messages(office: Office) -> list[bytes]:
    maker = Maker(12, NOW, "RABBIT")
    return [office.message([maker.ordinary().order]).data for _ in range(10)]


def test_every_message_is_kept_in_order(
    rabbit_server: Any, bridge: Bridge, seeded: ConnectionPool, messages: list[bytes]
) -> None:
    assert bridge.connected.is_set()
    send(rabbit_server.url, messages)
    rabbit_server.until(lambda: len(kept(seeded)) == len(messages))
    assert kept(seeded) == [("broker", body) for body in messages]


@pytest.mark.usefixtures("bridge")
def test_durable_but_not_acknowledged_comes_again_harmlessly(
    rabbit_server: Any, door: Forgetful, seeded: ConnectionPool, messages: list[bytes]
) -> None:
    door.fail = True
    send(rabbit_server.url, messages[:1])
    rabbit_server.until(lambda: not door.fail and len(kept(seeded)) == 1)
    assert [body for _, body in kept(seeded)] == messages[:1]


def test_what_is_sent_waits_in_the_queue_of_its_address(rabbit_server: Any, bridge: Bridge) -> None:
    sendings = [Sending(address=SENDER, message_id=f"ID{n}", body=f"<m{n}/>".encode()) for n in range(5)]
    bridge.publish(sendings)
    assert drain(rabbit_server.url, f"sandan.out.{SENDER}") == [(one.message_id, one.body) for one in sendings]

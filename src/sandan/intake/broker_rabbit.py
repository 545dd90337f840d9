"""RabbitMQ as a broker: a durable queue in, and one out for each DXP id."""

from __future__ import annotations

from typing import Any

from aio_pika.exceptions import AMQPError
from faststream import AckPolicy
from faststream.rabbit import Channel
from faststream.rabbit import RabbitBroker
from faststream.rabbit import RabbitQueue

from sandan.intake.broker import BATCH
from sandan.intake.broker import IN
from sandan.intake.broker import Sending
from sandan.intake.broker import Take
from sandan.intake.broker import handler

_PUBLISH_S = 5.0


class Rabbit:
    """The broker over FastStream; publishing waits for the server's confirmation."""

    def __init__(self, url: str) -> None:
        channel = Channel(prefetch_count=BATCH, publisher_confirms=True, on_return_raises=True)
        self._broker = RabbitBroker(url, apply_types=False, logger=None, default_channel=channel)
        self._declared: set[str] = set()

    async def start(self, take: Take) -> None:
        """Connects, declares the queue and consumes from it."""
        subscriber = self._broker.subscriber(
            RabbitQueue(IN, durable=True), ack_policy=AckPolicy.NACK_ON_ERROR, decoder=_bytes, no_reply=True
        )
        subscriber(handler(self, take))
        try:
            await self._broker.start()
        except AMQPError as error:
            raise ConnectionError(f"RabbitMQ cannot be used: {error!r}") from error

    async def publish(self, sending: Sending) -> None:
        """Stored in the durable queue of the address, which is declared if it is not there."""
        try:
            if sending.queue not in self._declared:
                await self._broker.declare_queue(RabbitQueue(sending.queue, durable=True))
                self._declared.add(sending.queue)
            await self._broker.publish(
                sending.body,
                sending.queue,
                persist=True,
                timeout=_PUBLISH_S,
                message_id=sending.message_id,
                content_type="text/xml",
                content_encoding="UTF-8",
            )
        except (AMQPError, TimeoutError) as error:
            raise ConnectionError(f"RabbitMQ has not stored {sending.message_id}: {error!r}") from error

    async def stop(self) -> None:
        """Stops consuming and disconnects."""
        await self._broker.stop()


def broker(url: str) -> Rabbit:
    """The broker at a URL."""
    return Rabbit(url)


async def _bytes(message: Any) -> bytes:  # noqa: ANN401 - FastStream's message of any broker
    """The body as it came, whatever its headers say of it."""
    return bytes(message.body)

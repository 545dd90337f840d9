"""NATS JetStream as a broker: one stream in, one out, a durable consumer that all processes share."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from typing import cast
from urllib.parse import urlsplit

import nats.errors
import structlog
from faststream import AckPolicy
from faststream.nats import JStream
from faststream.nats import NatsBroker
from faststream.nats import PullSub
from nats.aio.client import Client
from nats.js.api import ConsumerConfig
from nats.js.api import RetentionPolicy

from sandan.intake.broker import BATCH
from sandan.intake.broker import IN
from sandan.intake.broker import OUT
from sandan.intake.broker import Sending
from sandan.intake.broker import Take
from sandan.intake.broker import handler

STREAM_IN = "SANDAN_IN"
STREAM_OUT = "SANDAN_OUT"
CONSUMER = "sandan-intake"

_log = structlog.get_logger(__name__)

_PORT = 4222
_FETCH_S = 0.2
#: Seconds after which an unacknowledged message is given to another process
_ACK_WAIT_S = 60.0
_PUBLISH_S = 5.0
_REMEMBER_S = 24 * 3600.0


class Nats:
    """The broker over FastStream; messages are queued as work: what is acknowledged leaves the stream."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._broker = NatsBroker(
            url, apply_types=False, logger=None, max_reconnect_attempts=-1, reconnect_time_wait=1, drain_timeout=5
        )
        self._broker.publisher(f"{OUT}.>", stream=_stream(STREAM_OUT))
        self._client: Client | None = None

    async def start(self, take: Take) -> None:
        """Connects, declares both streams and pulls from the first."""
        subscriber = self._broker.subscriber(
            f"{IN}.>",
            stream=_stream(STREAM_IN),
            durable=CONSUMER,
            config=ConsumerConfig(ack_wait=_ACK_WAIT_S, max_ack_pending=2 * BATCH),
            pull_sub=PullSub(batch_size=BATCH, timeout=_FETCH_S),
            ack_policy=AckPolicy.NACK_ON_ERROR,
            decoder=_bytes,
            no_reply=True,
        )
        subscriber(handler(self, take))
        await _reachable(self._url)
        try:
            self._client = await self._broker.connect()
            await self._broker.start()
        except nats.errors.Error as error:
            raise ConnectionError(f"NATS cannot be used: {error}") from error

    async def publish(self, sending: Sending) -> None:
        """Stored once for each message id within a day, whoever sends it again."""
        headers = {"Nats-Msg-Id": sending.message_id, "content-type": "text/xml"}
        try:
            await self._broker.publish(
                sending.body, sending.queue, headers=headers, stream=STREAM_OUT, timeout=_PUBLISH_S
            )
        except nats.errors.Error as error:
            raise ConnectionError(f"NATS has not stored {sending.message_id}: {error!r}") from error

    async def stop(self) -> None:
        """Stops pulling, then drains the connection; one that is broken has nothing left to drain and is closed."""
        try:
            await self._broker.stop()
        except (nats.errors.Error, OSError) as error:
            _log.warning("broker could not be left in order", error=repr(error))
            with suppress(nats.errors.Error, OSError):  # the line is gone already
                await cast("Client", self._client).close()


def broker(url: str) -> Nats:
    """The broker at a URL."""
    return Nats(url)


async def _reachable(url: str) -> None:
    """Fails at once where nobody listens: the client itself would try for ever, and not hear that it shall stop."""
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port or _PORT)
    writer.close()


def _stream(name: str) -> JStream:
    return JStream(name, retention=RetentionPolicy.WORK_QUEUE, duplicate_window=_REMEMBER_S)


async def _bytes(message: Any) -> bytes:  # noqa: ANN401 - FastStream's message of any broker
    """The body as it came, whatever its headers say of it."""
    return bytes(message.body)

"""Messages by a broker: taken from its queue into the one door, and sent out to the queue of each DXP id.

At least once, both ways. A message is acknowledged to the broker only after the door's acknowledgement is durable; one
that comes again is a repeat and gets the first answer again. Whatever is sent carries an id, so that the broker, or
the receiver, drops what it has already. One contract for every broker; `connect` chooses by the URL.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Protocol
from typing import cast
from urllib.parse import urlsplit

import structlog
from msgspec import Struct
from psycopg import OperationalError

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.gather import Full
from sandan.intake.gather import Gather
from sandan.store.clock import Clock
from sandan.wire import dxp

IN = "sandan.in"
"""Where messages are taken from: the queue of this name, or the subjects below it."""

OUT = "sandan.out"
"""What is sent to a DXP id goes to the queue or subject of this name, a full stop and the id."""

BATCH = 250
"""Messages under way at once."""

_SCHEMES = {
    "nats": "sandan.intake.broker_nats",
    "tls": "sandan.intake.broker_nats",
    "amqp": "sandan.intake.broker_rabbit",
    "amqps": "sandan.intake.broker_rabbit",
}
_ADDRESS = re.compile(r"[A-Za-z0-9_-]{1,16}")

_log = structlog.get_logger(__name__)


class BrokerError(Exception):
    """The broker that is set cannot be used; says why and what to do."""


class Sending(Struct, frozen=True, kw_only=True):
    """One message on its way to one DXP id."""

    address: str
    #: The same whenever it is sent again
    message_id: str
    body: bytes

    @property
    def queue(self) -> str:
        """Queue or subject it is sent to.

        Raises:
            ConnectionError: The address is none a queue can be named after.
        """
        if not _ADDRESS.fullmatch(self.address):
            raise ConnectionError(f"{self.address!r} is no DXP id: 1 to 16 letters, digits, hyphens")
        return f"{OUT}.{self.address}"


Take = Callable[[bytes], Awaitable[Sending | None]]
"""Takes a message in and says what is to be answered; returns only when the message is durable."""


class Broker(Protocol):
    """A message broker, on the event loop it was started on."""

    async def start(self, take: Take) -> None:
        """Connects, declares what it needs and begins to take messages.

        Each is acknowledged after ``take`` has returned and its answer has been stored; a failure gives it back.

        Raises:
            OSError: The broker cannot be reached.
        """

    async def publish(self, sending: Sending) -> None:
        """Returns when the broker has stored the message.

        Raises:
            ConnectionError: It has not, as far as is known.
        """

    async def stop(self) -> None:
        """Stops taking and disconnects; what is not acknowledged will come again."""


def connect(url: str) -> Broker:
    """The broker of a URL, not yet started.

    Args:
        url: ``nats://…`` or ``tls://…`` for NATS JetStream, ``amqp://…`` or ``amqps://…`` for RabbitMQ.

    Raises:
        BrokerError: The scheme is unknown, or the optional packages are not installed.
    """
    scheme = urlsplit(url).scheme
    if scheme not in _SCHEMES:
        raise BrokerError(f"SANDAN_BROKER_URL begins with {scheme or 'nothing'!r}; use one of {', '.join(_SCHEMES)}")
    try:
        module = import_module(_SCHEMES[scheme])
    except ModuleNotFoundError as missing:
        raise BrokerError(
            f"SANDAN_BROKER_URL is set, but {missing.name} is not installed; install sandan[mq]"
        ) from missing
    return cast("Broker", module.broker(url))


class Inlet:
    """The handler behind every broker: bytes into the door, and the CEB900 that answers what it refused."""

    def __init__(self, gather: Gather, clock: Clock, is_known: Callable[[str], bool], pause_s: float = 1.0) -> None:
        """Prepares the handler.

        Args:
            gather: The door's asyncio side on this event loop.
            clock: Tells when an answer is written.
            is_known: Whether a DXP id is registered; nothing is sent to any other.
            pause_s: Seconds to wait before the database is tried again.
        """
        self._gather = gather
        self._clock = clock
        self._is_known = is_known
        self._pause_s = pause_s

    async def take(self, body: bytes) -> Sending | None:
        """Takes one message; waits while the door is full or the database away, holding the message unacknowledged.

        Raises:
            Closed: The platform is stopping; the broker keeps the message.
        """
        while True:
            try:
                answered = await self._gather.submit(Arrival(body=body, channel=Channel.BROKER))
            except Full as full:
                await asyncio.sleep(full.retry_after_s)
            except OperationalError as lost:
                _log.warning("database lost", error=str(lost))
                await asyncio.sleep(self._pause_s)
            else:
                return await asyncio.to_thread(self._answer, answered)

    def _answer(self, answered: Acknowledgement) -> Sending | None:
        """The CEB900 in an envelope for whoever sent it; None for what was taken, and where no address is known."""
        if not answered.answer or not self._is_known(answered.reply_to):
            return None
        number = f"{dxp.IMPORT_RECEIVER}-A{answered.receipt_id}"
        return sending_of(answered.answer, "CEB900Message", answered.reply_to, number, self._clock.now())


def sending_of(message: bytes, message_type: str, address: str, message_id: str, at: datetime) -> Sending:
    """A message of the platform in its envelope (DxpMsg), from the customs system's id.

    Args:
        message: The business message.
        message_type: For example ``CEB622Message``.
        address: DXP id it goes to.
        message_id: Its CopMsgId.
        at: When it was written.
    """
    info = dxp.TransInfo(
        cop_msg_id=message_id,
        sender_id=dxp.IMPORT_RECEIVER,
        receiver_ids=(address,),
        created=at,
        message_type=message_type,
        file_name=f"{message_type}_{message_id}.xml",
    )
    return Sending(address=address, message_id=message_id, body=dxp.wrap(message, info))


def handler(broker: Broker, take: Take) -> Callable[[bytes], Awaitable[None]]:
    """What a broker calls with each message; it acknowledges the message when this has returned.

    Args:
        broker: Where the answer goes.
        take: The inlet.
    """

    async def handle(body: bytes) -> None:
        """Takes one message; its answer is stored before it is acknowledged."""
        answer = await take(body)
        if answer is not None:
            await broker.publish(answer)

    return handle


async def publish_all(broker: Broker, sendings: Sequence[Sending]) -> None:
    """Publishes in order, each only after the one before it has been stored."""
    for sending in sendings:
        await broker.publish(sending)

"""How receipts and forwarded messages leave: by webhook, signed; into a folder; by a broker, in envelopes.

What is sent of one receipt is the same to the last byte each time it is sent, and carries an id of its own, so that
a receiver can tell a repeat.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Protocol

import httpx
import msgspec
from msgspec import Struct

from sandan.documents.facts import Receipt
from sandan.intake.broker import Sending
from sandan.intake.broker import sending_of
from sandan.store.forwards import Forward
from sandan.store.outbox import Cursor
from sandan.store.outbox import Delivery
from sandan.terms.ids import EnterpriseCode
from sandan.wire import dxp
from sandan.wire import write

SIGNATURE = "Sandan-Signature"
"""Header with ``sha256=`` and the HMAC of the body under the subscription's secret."""

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(CEB\d{3}Message|[A-Za-z_][\w.-]*)[\s>/]")


class DeliveryError(Exception):
    """A receiver did not take what was pushed; says what it answered."""


class Item(Struct, frozen=True, kw_only=True):
    """One receipt or forwarded message on its way to one receiver."""

    cursor: Cursor
    at: datetime
    receipt: Receipt | None = None
    #: Who let it be forwarded; empty for a receipt of one's own
    sender: EnterpriseCode = EnterpriseCode("")
    #: The message as sent on, without envelope; empty where a receipt has no message
    message: bytes = b""

    @property
    def message_type(self) -> str:
        """Root of the message, for example ``CEB622Message``."""
        found = _ROOT.search(self.message)
        return found[1].decode() if found else ""

    @property
    def message_id(self) -> str:
        """Unique among all that this platform sends, and the same whenever it is sent again (CopMsgId)."""
        stream = "F" if self.sender else "R"
        return f"{dxp.IMPORT_RECEIVER}-{stream}{self.cursor}"

    def sending(self, address: str) -> Sending:
        """The message in its envelope, for a DXP id."""
        return sending_of(self.message, self.message_type, address, self.message_id, self.at)


class Target(Struct, frozen=True, kw_only=True):
    """Where one subscription's deliveries go."""

    channel: str
    #: URL, folder or DXP id
    target: str
    secret: str = ""
    #: DXP id on the envelopes; empty delivers bare messages
    address: str = ""


class Publishes(Protocol):
    """What the courier needs of a broker."""

    def publish(self, sendings: Sequence[Sending]) -> None:
        """Returns when the broker has stored all of them, in order.

        Raises:
            ConnectionError: It has not; some may have been stored.
        """


def of_receipt(delivery: Delivery) -> Item:
    """A receipt of one's own."""
    message = next(iter(write.receipts([delivery.receipt])), b"")
    return Item(cursor=delivery.cursor, at=delivery.receipt.at, receipt=delivery.receipt, message=message)


def of_forward(forward: Forward) -> Item:
    """What somebody else lets one have."""
    if forward.receipt is not None:
        message = next(iter(write.receipts([forward.receipt])), b"")
    else:
        envelope = dxp.unwrap(forward.body)
        message = envelope.data if envelope else forward.body
    return Item(cursor=forward.cursor, at=forward.at, receipt=forward.receipt, sender=forward.sender, message=message)


class Push:
    """Every way out; one that fails raises `DeliveryError`, ``httpx.HTTPError`` or ``OSError``."""

    def __init__(self, client: httpx.Client, broker: Publishes | None = None) -> None:
        self._client = client
        self._broker = broker

    def push(self, target: Target, items: Sequence[Item]) -> None:
        """Delivers in order; returns when the receiver has taken all of them."""
        if target.channel == "webhook":
            self._webhook(target, items)
        elif target.channel == "folder":
            put_files(Path(target.target), items, target.address)
        else:
            self._publish(target, items)

    def _webhook(self, target: Target, items: Sequence[Item]) -> None:
        name = "forwards" if items[0].sender else "receipts"
        told = [_forwarded(item) if item.sender else item.receipt for item in items]
        body = msgspec.json.encode({"cursor": str(items[-1].cursor), name: told})
        headers = {"Content-Type": "application/json", SIGNATURE: sign(body, target.secret)}
        answer = self._client.post(target.target, content=body, headers=headers)
        if not answer.is_success:
            raise DeliveryError(f"{target.target} answered {answer.status_code}")

    def _publish(self, target: Target, items: Sequence[Item]) -> None:
        if self._broker is None:
            raise DeliveryError("no broker is connected: set SANDAN_BROKER_URL for sandan serve")
        self._broker.publish([item.sending(target.target) for item in items if item.message])


def sign(body: bytes, secret: str) -> str:
    """The signature header's value: ``sha256=`` and the HMAC of the body in hex."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def put_files(folder: Path, items: Sequence[Item], address: str = "") -> None:
    """Puts each into the folder as a message of its own, complete from the moment its name appears.

    The name is the cursor, so what is delivered twice is written once. What has no message is passed over.

    Args:
        folder: The out-folder.
        items: What is delivered.
        address: DXP id to wrap the messages for; empty writes them bare.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for item in items:
        if item.message:
            body = item.sending(address).body if address else item.message
            _put(folder, _file_name(item), body)


def _file_name(item: Item) -> str:
    forwarded = "-forwarded" if item.sender else ""
    kind = item.message_type.removesuffix("Message")
    return f"{item.cursor.xid:020d}-{item.cursor.id:020d}{forwarded}-{kind}.xml"


def _put(folder: Path, name: str, body: bytes) -> None:
    draft = folder / f".{name}.part"
    with draft.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / name)


def _forwarded(item: Item) -> dict[str, Any]:
    return {
        "cursor": str(item.cursor),
        "sender": item.sender,
        "at": item.at,
        "receipt": item.receipt,
        "message_type": item.message_type,
        "message": base64.b64encode(item.message).decode(),
    }

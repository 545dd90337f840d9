"""What a dialect is: where it is spoken, how a message is taken out, how it is answered, how receipts are asked for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Fault
from sandan.intake.faults import fault

_SHOWN_CHARACTERS = 40


class Reply(Struct, frozen=True, kw_only=True):
    """Body of an HTTP answer in the words of a dialect."""

    media_type: str
    body: bytes
    #: HTTP status; None for the one that fits the outcome
    status: int | None = None


class Asked(Struct, frozen=True, kw_only=True):
    """What a poll asks for."""

    #: DXP id whose receipts are asked for
    dxp_id: str
    #: Receipts of this moment and later
    since: datetime


class Answered(Struct, frozen=True, kw_only=True):
    """One receipt with the id of the document it answers."""

    receipt: Receipt
    #: guid of the document, as its sender gave it
    document_guid: str


class Poll(Struct, frozen=True, kw_only=True):
    """One address receipts are polled at."""

    path: str
    #: The kind of document whose receipts it gives
    kind: Kind
    summary: str
    #: The parameters it takes
    parameters: tuple[str, ...]
    read: Callable[[Mapping[str, str]], Asked | Fault]
    write: Callable[[Asked, Sequence[Answered]], Reply]


class Dialect(Struct, frozen=True, kw_only=True):
    """One way of wrapping messages over HTTP."""

    name: str
    #: Path it is spoken at
    path: str
    #: Media types it takes, for the description of the API
    accepts: tuple[str, ...]
    summary: str
    #: Body and content type of a request to an arrival; bytes that cannot be unwrapped arrive with their fault
    read: Callable[[bytes, str], Arrival]
    #: Words of its own for an acknowledgement of an arrival; None answers in the platform's JSON
    answer: Callable[[Acknowledgement, Arrival], Reply] | None = None
    #: Media type of these words, for the description of the API
    speaks: str = "application/json"
    #: Where its clients ask for receipts
    polls: tuple[Poll, ...] = ()


def from_base64(text: str | bytes, whole: bytes, arrival: Arrival) -> Arrival:
    """The arrival behind base64 text, white space ignored.

    Args:
        text: The base64 as found in the wrapping.
        whole: What is kept when the text cannot be decoded.
        arrival: How it came; its body is filled in.
    """
    packed = "".join((text if isinstance(text, str) else text.decode("latin-1")).split())
    try:
        body = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        shown = packed[:_SHOWN_CHARACTERS] + ("…" if len(packed) > _SHOWN_CHARACTERS else "")
        return spoilt(arrival, whole, fault("not-base64", where="data", found=shown))
    return Arrival(body=body, channel=arrival.channel, dialect=arrival.dialect)


def spoilt(arrival: Arrival, whole: bytes, found: Fault) -> Arrival:
    """An arrival no message could be taken out of, with the bytes that are kept of it."""
    return Arrival(body=whole, channel=arrival.channel, dialect=arrival.dialect, fault=found)


def come(channel: Channel, dialect: str = "") -> Arrival:
    """An arrival of a channel, its body still to be filled in."""
    return Arrival(body=b"", channel=channel, dialect=dialect)

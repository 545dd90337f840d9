"""What a dialect is: where it is spoken, how a message is taken out, how it is answered."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from msgspec import Struct

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.faults import fault


class Reply(Struct, frozen=True, kw_only=True):
    """Body of an HTTP answer in the words of a dialect."""

    media_type: str
    body: bytes


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
    #: Words of its own for an acknowledgement; None answers in the platform's JSON
    answer: Callable[[Acknowledgement], Reply] | None = None


def from_base64(text: str | bytes, whole: bytes, channel: Channel) -> Arrival:
    """The arrival behind base64 text, white space ignored.

    Args:
        text: The base64 as found in the wrapping.
        whole: The request as received, kept when the text cannot be decoded.
        channel: How it came.
    """
    packed = "".join((text if isinstance(text, str) else text.decode("latin-1")).split())
    try:
        body = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        shown = packed[:40] + ("…" if len(packed) > 40 else "")  # noqa: PLR2004 - a glimpse is enough
        return Arrival(body=whole, channel=channel, fault=fault("not-base64", where="data", found=shown))
    return Arrival(body=body, channel=channel)

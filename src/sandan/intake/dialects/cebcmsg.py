"""The JSON wrapping of one port's gateway: ``message.messageBody.data`` in base64, answered with a bare ``OK``.

Observed at a port of Hainan in 2023; no national standard.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Reply
from sandan.intake.dialects.facts import from_base64
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.faults import told


class _Body(Struct):
    data: str


class _Message(Struct):
    messageBody: _Body  # noqa: N815 - the gateway's own word


class _Wrapping(Struct):
    message: _Message


_DECODER = msgspec.json.Decoder(_Wrapping)


def read(body: bytes, content_type: str) -> Arrival:  # noqa: ARG001 - JSON is the only form it has
    """The message behind ``data``; the head beside it repeats what the message says itself."""
    try:
        wrapping = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Arrival(body=body, channel=Channel.CEBCMSG, fault=fault("not-json", where="message", found=str(error)))
    return from_base64(wrapping.message.messageBody.data, body, Channel.CEBCMSG)


def answer(acknowledgement: Acknowledgement) -> Reply:
    """``OK`` for what was taken, else the sentences of the refusal as plain text."""
    if acknowledgement.outcome is Outcome.REGISTERED:
        return Reply(media_type="text/plain; charset=utf-8", body=b"OK")
    return Reply(media_type="text/plain; charset=utf-8", body=told(acknowledgement.faults).encode())


DIALECT = Dialect(
    name="cebcmsg",
    path="/cebcmsg",
    accepts=("application/json",),
    summary="JSON with the message in base64 under message.messageBody.data",
    read=read,
    answer=answer,
)

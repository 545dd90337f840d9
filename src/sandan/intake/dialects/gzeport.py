"""The form of Guangzhou's single window: ``messageText`` holds a ``GzeportTransfer`` with the message in its ``Data``.

``clientid``, ``key`` and ``messageType`` stand beside it. The text is XML as it is, URL-encoded once more, or base64;
the form is multipart or URL-encoded; a bare ``GzeportTransfer`` is taken too. The transfer's own signature and ``key``
belong to that gateway and prove nothing here: the signature of the message inside does. As seen in public clients of
2017 to 2022; no national standard.
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import msgspec
from lxml import etree

from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Reply
from sandan.intake.dialects.facts import come
from sandan.intake.dialects.facts import from_base64
from sandan.intake.dialects.facts import spoilt
from sandan.intake.dialects.form import fields_of
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.faults import told
from sandan.wire.read import parse

_COME = come(Channel.FORM, "gzeport")
_FIELDS = (b"messageText", b"data")
_ROOT = "GzeportTransfer"


def read(body: bytes, content_type: str) -> Arrival:
    """The message behind ``GzeportTransfer/Data``; of what cannot be unwrapped the text is kept, never the key."""
    text = body if body.lstrip()[:1] == b"<" else _message_text(body, content_type)
    if text is None:
        return spoilt(_COME, _without_fields(body), fault("form-without-data", where="messageText"))
    transfer = _xml(text)
    root = parse(transfer).root
    data = None if root is None else _data(root)
    if data is None:
        return spoilt(_COME, transfer, fault("gzeport-unreadable", where=f"/{_ROOT}/Data"))
    return from_base64(data, transfer, _COME)


def answer(acknowledgement: Acknowledgement, arrival: Arrival) -> Reply:  # noqa: ARG001 - the answer needs no more
    """``result``, ``errorCode`` and ``description`` in JSON, as that gateway's clients read them."""
    taken = acknowledgement.outcome is Outcome.REGISTERED
    said = {
        "result": taken,
        "errorCode": "" if taken else f"{abs(acknowledgement.faults[0].status):04d}",
        "description": f"已收讫，受理编号{acknowledgement.receipt_id}" if taken else told(acknowledgement.faults),
    }
    return Reply(media_type="application/json", body=msgspec.json.encode(said), status=200)


def _message_text(body: bytes, content_type: str) -> bytes | None:
    fields = fields_of(body, content_type)
    return next((fields[name] for name in _FIELDS if fields.get(name)), None)


def _xml(text: bytes) -> bytes:
    """The transfer itself, behind a second URL encoding or base64."""
    text = text.strip()
    if text[:3].upper() == b"%3C":
        return unquote_to_bytes(text.replace(b"+", b" "))
    if text[:1] == b"<":
        return text
    unpacked = from_base64(text.replace(b" ", b"+"), text, _COME)
    return unpacked.body


def _data(root: etree._Element) -> str | None:
    """Text of ``Data``, whatever the namespace; None where this is no such transfer."""
    if etree.QName(root).localname != _ROOT:
        return None
    found = root.find("{*}Data")
    return None if found is None else found.text or ""


def _without_fields(body: bytes) -> bytes:
    """What is kept of a form without a message: its size says enough, and its key is not ours to keep."""
    return f"a form of {len(body)} bytes without messageText".encode()


DIALECT = Dialect(
    name="gzeport",
    path="/gzeport",
    accepts=("multipart/form-data", "application/x-www-form-urlencoded", "application/xml"),
    summary="A form whose messageText is a GzeportTransfer with the message in base64 in its Data",
    read=read,
    answer=answer,
)

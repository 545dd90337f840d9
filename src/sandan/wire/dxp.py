"""The envelope of the exchange platform (DXP 终端节点、传输节点): unwrap what arrives, wrap what is sent.

``DxpMsg`` carries one business message in base64 with sender, receivers and type; exchange nodes put it into a
``DxpMsgSv``. Namespaces decide, prefixes do not (specification 202205, chapters 4 and 5).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

from lxml import etree
from msgspec import Struct
from msgspec import structs

from sandan.terms.days import SHANGHAI
from sandan.wire import envelope
from sandan.wire.envelope import DXP
from sandan.wire.facts import Fault
from sandan.wire.facts import Weight
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of
from sandan.wire.franked import franked
from sandan.wire.read import parse

IMPORT_RECEIVER = "DXPEDCCEB0000002"
EXPORT_RECEIVER = "DXPEDCCEB0000003"
"""DXP ids of customs' import and export systems, as seen in use."""

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(DxpMsgSv|DxpMsg)[\s>/]")
_FIRST_TAG = re.compile(rb"<[A-Za-z_]")
_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Envelope(Struct, frozen=True, kw_only=True):
    """An envelope opened (DxpMsg)."""

    #: Unique for the sender (原始报文编号 CopMsgId)
    cop_msg_id: str = ""
    #: DXP id of the sender (SenderId)
    sender_id: str = ""
    receiver_ids: tuple[str, ...] = ()
    #: As written (CreatTime)
    created: str = ""
    #: For example ``CEB311Message`` (MsgType)
    message_type: str = ""
    file_name: str = ""
    #: Id given by the exchange platform (MsgId and SubMsgId of DxpMsgSv), empty in a plain DxpMsg
    platform_id: str = ""
    #: The business message; empty where it could not be taken out
    data: bytes = b""
    faults: tuple[Fault, ...] = ()


class TransInfo(Struct, frozen=True, kw_only=True):
    """What stands on an envelope to be sent (TransInfo)."""

    #: 1 to 255 characters, never used twice by one sender
    cop_msg_id: str
    sender_id: str
    #: One to five
    receiver_ids: tuple[str, ...]
    created: datetime
    message_type: str
    file_name: str = ""


class Response(Struct, frozen=True, kw_only=True):
    """One answer of the exchange platform (平台响应 DxpRep)."""

    #: 0001–3999, specification table 7-1
    code: str
    #: At most 300 characters
    info: str
    at: datetime
    #: The envelope answered
    original: TransInfo


def unwrap(data: bytes) -> Envelope | None:
    """Open an envelope.

    Args:
        data: Bytes as received.

    Returns:
        The envelope with all its faults; None where the bytes are no envelope at all.
    """
    if not is_envelope(data):
        return None
    plain = franked(data)
    return unwrap_tree(data) if plain is None else Envelope(**structs.asdict(plain))


def unwrap_tree(data: bytes) -> Envelope:
    """Open what is called an envelope the complete way, from its tree; as ``unwrap``."""
    parsed = parse(data)
    if parsed.root is None:
        return Envelope(faults=parsed.faults)
    refusing = tuple(item for item in parsed.faults if item.weight is not Weight.ADVICE)
    message = _message(parsed.root)
    if message is None:
        return Envelope(faults=(*refusing, *envelope.faults(parsed.root)))
    return _opened(parsed.root, message, (*refusing, *envelope.faults(parsed.root)))


def is_envelope(data: bytes) -> bool:
    """Whether the root is called DxpMsg or DxpMsgSv, whatever its prefix."""
    first = _FIRST_TAG.search(data[:4096])
    return first is not None and _ROOT.match(data, first.start()) is not None


def wrap(data: bytes, info: TransInfo, prefix: str = "dxp") -> bytes:
    """Put a business message into an envelope.

    Args:
        data: The signed message, byte for byte.
        info: What stands on the envelope.
        prefix: Prefix of the envelope's elements; empty for the default namespace.

    Returns:
        UTF-8 bytes of a DxpMsg, with no white space inside its elements.
    """
    tag = f"{prefix}:" if prefix else ""
    body = base64.b64encode(data).decode("ascii")
    extra = f"<{tag}AddInfo>{_leaf(tag, 'FileName', info.file_name)}</{tag}AddInfo>" if info.file_name else ""
    inner = f"{_trans_info(tag, 'TransInfo', info)}<{tag}Data>{body}</{tag}Data>{extra}"
    return f"{_PROLOG}{_opening('DxpMsg', prefix)}{inner}</{tag}DxpMsg>".encode()


def respond(receiver_id: str, responses: tuple[Response, ...], prefix: str = "dxp") -> bytes:
    """Write the platform's answer to envelopes (DxpRep).

    Args:
        receiver_id: DXP id of the one who is answered.
        responses: One or more answers.
        prefix: Prefix of the elements; empty for the default namespace.

    Returns:
        UTF-8 bytes.
    """
    tag = f"{prefix}:" if prefix else ""
    inner = _leaf(tag, "RecevierId", receiver_id) + "".join(_response(tag, item) for item in responses)
    return f"{_PROLOG}{_opening('DxpRep', prefix)}{inner}</{tag}DxpRep>".encode()


def _message(root: etree._Element) -> etree._Element | None:
    """The DxpMsg itself, whether or not a transport node stands around it."""
    if root.tag == f"{{{DXP}}}DxpMsg":
        return root
    return root.find(f"{{{DXP}}}DxpMsg") if root.tag == f"{{{DXP}}}DxpMsgSv" else None


def _opened(root: etree._Element, message: etree._Element, found: tuple[Fault, ...]) -> Envelope:
    data, wrong = _data(message)
    receivers = message.iterfind(f"{{{DXP}}}TransInfo/{{{DXP}}}ReceiverIds/{{{DXP}}}ReceiverId")
    return Envelope(
        cop_msg_id=_at(message, "TransInfo", "CopMsgId"),
        sender_id=_at(message, "TransInfo", "SenderId"),
        receiver_ids=tuple((node.text or "").strip() for node in receivers),
        created=_at(message, "TransInfo", "CreatTime"),
        message_type=_at(message, "TransInfo", "MsgType"),
        file_name=_at(message, "AddInfo", "FileName"),
        platform_id=_at(root, "SvNo", "MsgId") + _at(root, "SvNo", "SubMsgId"),
        data=data,
        faults=(*found, *(item for item in wrong if not any(known.path == item.path for known in found))),
    )


def _data(message: etree._Element) -> tuple[bytes, tuple[Fault, ...]]:
    """The business message out of its base64; white space in it is ignored."""
    node = message.find(f"{{{DXP}}}Data")
    if node is None:
        return b"", ()
    place = Place("/DxpMsg/Data", line_of(node), "Data")
    try:
        data = base64.b64decode("".join((node.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b"", (fault("W-BASE64", place, (node.text or "").strip()),)
    return data, () if data else (fault("W-DXP-EMPTY", place),)


def _at(root: etree._Element, *names: str) -> str:
    node = root.find("/".join(f"{{{DXP}}}{name}" for name in names))
    return "" if node is None else (node.text or "").strip()


def _opening(name: str, prefix: str) -> str:
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'<{prefix + ":" if prefix else ""}{name} {declared}={quoteattr(DXP)} ver="1.0">'


def _trans_info(tag: str, name: str, info: TransInfo) -> str:
    receivers = "".join(_leaf(tag, "ReceiverId", item) for item in info.receiver_ids)
    created = info.created.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
    inner = "".join(_trans_leaves(tag, info, f"<{tag}ReceiverIds>{receivers}</{tag}ReceiverIds>", created))
    return f"<{tag}{name}>{inner}</{tag}{name}>"


def _trans_leaves(tag: str, info: TransInfo, receivers: str, created: str) -> Iterator[str]:
    yield _leaf(tag, "CopMsgId", info.cop_msg_id)
    yield _leaf(tag, "SenderId", info.sender_id)
    yield receivers
    yield _leaf(tag, "CreatTime", created)
    yield _leaf(tag, "MsgType", info.message_type)


def _response(tag: str, item: Response) -> str:
    day = item.at.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    inner = "".join(
        (
            _leaf(tag, "ResponseCode", item.code),
            _leaf(tag, "ResponseInfo", item.info),
            _leaf(tag, "NoticeTime", day),
            _trans_info(tag, "OriHead", item.original),
        )
    )
    return f"<{tag}Response>{inner}</{tag}Response>"


def _leaf(tag: str, name: str, text: str) -> str:
    return f"<{tag}{name}>{escape(text)}</{tag}{name}>"

"""A message laid open: what it is, what is in it, the verdict and every fault, with or without an envelope."""

from __future__ import annotations

from datetime import datetime

from lxml import etree
from msgspec import Struct

from sandan.wire.advice import advice
from sandan.wire.definitions import definitions
from sandan.wire.dxp import unwrap
from sandan.wire.editions import Edition
from sandan.wire.facts import Fault
from sandan.wire.facts import Reading
from sandan.wire.facts import Transfer
from sandan.wire.facts import Weight
from sandan.wire.read import decode
from sandan.wire.read import parse

_KEYS = (
    "orderNo",
    "ebpCode",
    "payCode",
    "payTransactionId",
    "logisticsCode",
    "logisticsNo",
    "copNo",
    "preNo",
    "invtNo",
    "coElNo",
    "sumNo",
    "returnStatus",
    "returnInfo",
)


class EnvelopeLayer(Struct, frozen=True, kw_only=True):
    """What stands on the envelope around a message."""

    cop_msg_id: str
    sender_id: str
    receiver_ids: tuple[str, ...]
    message_type: str
    created: str
    #: Id of the exchange platform; empty in a plain DxpMsg
    platform_id: str


class Inside(Struct, frozen=True, kw_only=True):
    """One business document, told by its numbers; persons are left out."""

    node: str
    #: Numbers it carries, under the names of the wire
    keys: dict[str, str]
    lines: int


class Inspection(Struct, frozen=True, kw_only=True):
    """What one file turned out to be."""

    #: For example ``CEB621Message``; empty where it is none of the 42
    message: str
    title_zh: str
    title_en: str
    #: None where the message came bare
    envelope: EnvelopeLayer | None
    guid: str
    transfer: Transfer | None
    #: Whether the 202205 schema accepts message and envelope
    schema_valid: bool
    #: Whether we would take it in: valid, and nothing endangers its signature
    valid: bool
    schema_errors: tuple[Fault, ...]
    #: Every fault and every advice
    diagnosis: tuple[Fault, ...]
    documents: tuple[Inside, ...]


class EditionVerdict(Struct, frozen=True, kw_only=True):
    """What the schema of one edition says of a message (某一版本的校验结论)."""

    edition: Edition
    #: Whether it accepts message and envelope
    schema_valid: bool
    #: Why not
    schema_errors: tuple[Fault, ...]


def inspect(data: bytes, now: datetime | None = None) -> Inspection:
    """Lay a message open.

    Args:
        data: Bytes of a business message or an envelope around one.
        now: When it was received, where that is known; sharpens the advice on clocks.

    Returns:
        What it is and what is wrong with it; never raises.
    """
    envelope = unwrap(data)
    outer = envelope.faults if envelope is not None else ()
    parsed = parse(data if envelope is None else envelope.data)
    reading = decode(parsed)
    inner = () if envelope is not None and not envelope.data else reading.faults
    found = (*outer, *inner, *_advice(parsed.root, reading, now))
    definition = definitions().messages.get(reading.message_type)
    return Inspection(
        message=reading.message_type,
        title_zh="" if definition is None else definition.zh,
        title_en="" if definition is None else definition.en,
        envelope=None
        if envelope is None
        else EnvelopeLayer(
            cop_msg_id=envelope.cop_msg_id,
            sender_id=envelope.sender_id,
            receiver_ids=envelope.receiver_ids,
            message_type=envelope.message_type,
            created=envelope.created,
            platform_id=envelope.platform_id,
        ),
        guid=reading.guid,
        transfer=reading.transfer,
        schema_valid=reading.schema_valid and all(item.weight is not Weight.SCHEMA for item in outer),
        valid=reading.valid and not outer,
        schema_errors=tuple(item for item in found if item.weight is Weight.SCHEMA),
        diagnosis=found,
        documents=_documents(parsed.root, reading),
    )


def verdict_of(data: bytes, edition: Edition) -> EditionVerdict:
    """What the schema of one edition says of a message.

    Args:
        data: Bytes of a business message or an envelope around one; the envelope's schema is the same in every edition.
        edition: The edition asked.

    Returns:
        Its verdict with every reason; never raises.
    """
    envelope = unwrap(data)
    outer = () if envelope is None else envelope.faults
    reading = decode(parse(data if envelope is None else envelope.data), edition)
    inner = () if envelope is not None and not envelope.data else reading.faults
    errors = tuple(item for item in (*outer, *inner) if item.weight is Weight.SCHEMA)
    return EditionVerdict(edition=edition, schema_valid=bool(reading.message_type) and not errors, schema_errors=errors)


def _advice(root: etree._Element | None, reading: Reading, now: datetime | None) -> tuple[Fault, ...]:
    if root is None or not reading.schema_valid:
        return ()
    return tuple(advice(root, definitions().messages[reading.message_type], now))


def _documents(root: etree._Element | None, reading: Reading) -> tuple[Inside, ...]:
    """Every business document, even of a message the schema refuses."""
    definition = definitions().messages.get(reading.message_type)
    if root is None or definition is None:
        return ()
    listed = "" if definition.list is None else definition.list.name
    return tuple(_inside(node, listed) for node in root.iterchildren(f"{{*}}{definition.node}"))


def _inside(node: etree._Element, listed: str) -> Inside:
    keys = {}
    for name in _KEYS:
        found = next(node.iterdescendants(f"{{*}}{name}"), None)
        if found is not None and found.text:
            keys[name] = found.text.strip()
    lines = len(list(node.iterchildren(f"{{*}}{listed}"))) if listed else 0
    return Inside(node=etree.QName(node).localname, keys=keys, lines=lines)

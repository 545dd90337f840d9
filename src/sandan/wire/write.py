"""Documents to bytes: enterprise messages ready to be signed, receipts as customs sends them (回执).

Enterprise messages carry the prefix ``ceb:`` and declare ``xmlns:ceb`` and ``xmlns:xsi`` on the root and nothing else,
so that every signer digests the same bytes. Receipts stand in the default namespace without prefix, as real clients
expect. Elements follow the order of the schema; absent optional ones are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from itertools import groupby

from msgspec import Struct

from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.terms.days import wire_time_ms
from sandan.wire.definitions import CEB
from sandan.wire.definitions import XSI
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions
from sandan.wire.facts import Record
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.fields import fault_of
from sandan.wire.numbers import e5_text
from sandan.wire.papers import attributes
from sandan.wire.papers import document_values
from sandan.wire.papers import wire_values

_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
_RECEIPT_PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RECORDS_MOST = 100
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INFO_MOST = 5000
_COP_MSG_ID_MOST = 255
_MESSAGE_TYPE_MOST = 15

RECEIPT_OF: dict[Kind, str] = {
    Kind.ORDER: "CEB312Message",
    Kind.PAYMENT: "CEB412Message",
    Kind.WAYBILL: "CEB512Message",
    Kind.LIST: "CEB622Message",
}
"""The message that answers each kind of document (specification 202205, chapter 3)."""


class WriteError(ValueError):
    """A document does not fit the message it should travel in: element, value, and what the schema says."""

    def __init__(self, element: str, value: str, code: str) -> None:
        """Say which element cannot be written and why."""
        super().__init__(f"{element} cannot be written as {value[:60]!r}: {code} by the 202205 schema")
        self.element = element
        self.code = code


def message(
    message_type: str,
    documents: Sequence[WireDocument],
    transfer: Transfer,
    guid: str,
    subscribes: Iterable[Subscription] = (),
) -> bytes:
    """Write an enterprise message, unsigned.

    Args:
        message_type: For example ``CEB311Message``.
        documents: One to a hundred documents of that message.
        transfer: Who transmits.
        guid: Root id, 36 characters.
        subscribes: Who else is sent data or receipts.

    Returns:
        UTF-8 bytes, canonical from the root on; a signature fits immediately before the closing tag of the root.

    Raises:
        WriteError: A value does not fit its element.
        KeyError: No such message.
    """
    definition = definitions().messages[message_type]
    trailing = []
    if definition.trailing:
        trailing.append(_block(definition.schema, "BaseTransfer", transfer))
        trailing.extend(_block(definition.schema, "BaseSubscribe", subscribe) for subscribe in subscribes)
    body = "".join([*(_node(definition, document, "ceb:") for document in documents), *trailing])
    root = f"ceb:{message_type}"
    opening = f'<{root} xmlns:ceb="{CEB}" xmlns:xsi="{XSI}" guid="{_attribute(guid)}" version="1.0">'
    return f"{_PROLOG}{opening}{body}</{root}>".encode()


def receipts(items: Iterable[Receipt]) -> list[bytes]:
    """Write receipts (回执), up to a hundred of one kind for one recipient in a message.

    Args:
        items: Receipts in the order they should be read.

    Returns:
        Messages CEB312, 412, 512 and 622; the order within one kind and recipient is kept. A receipt never fails to
        be written: a number not yet known is left out, as the specification's tables allow, and long text is cut.
        What bears a letter of its own (816, 818) follows as that letter. Answers to officers' acts and to payments of
        tax have no message and are passed over.
    """
    items = list(items)
    written: list[bytes] = []
    ordered = sorted((item for item in items if item.subject.kind in RECEIPT_OF), key=_addressed)
    for (_, kind), group in groupby(ordered, key=_addressed):
        batch = list(group)
        starts = range(0, len(batch), _RECORDS_MOST)
        name = RECEIPT_OF[Kind(kind)]
        written.extend(receipt_message(name, batch[start : start + _RECORDS_MOST]) for start in starts)
    written.extend(item.letter.body.encode() for item in items if item.letter)
    return written


def receipt_message(message_type: str, batch: Sequence[Receipt]) -> bytes:
    """Write one receipt message of up to a hundred records; its guid is that of the first record."""
    body = "".join([_receipt_node(message_type, item) for item in batch])
    return _unprefixed(message_type, batch[0].guid, body)


def record_message(message_type: str, records: Sequence[Record], guid: str) -> bytes:
    """Write any message customs sends (receipts, tax bills 816, 818, results 792) from records.

    Args:
        message_type: For example ``CEB816Message``.
        records: Its documents under the names of the wire.
        guid: Root id, 36 characters.

    Returns:
        UTF-8 bytes in the default namespace.

    Raises:
        WriteError: A value does not fit its element.
    """
    definition = definitions().messages[message_type]
    return _unprefixed(message_type, guid, "".join([_node(definition, record, "") for record in records]))


class FormatReceipt(Struct, frozen=True, kw_only=True):
    """What a CEB900 says (报文格式校验回执): which message could not be read, and why."""

    guid: str
    #: Negative code of the specification
    status: int
    #: Diagnosis, at most 5,000 characters; longer text is cut
    info: str
    #: Seventeen digits, Beijing time
    return_time: str
    #: CopMsgId of the envelope, empty where there was none
    cop_msg_id: str = ""
    #: For example ``CEB311Message``; ``Unknown`` where it could not be told
    message_type: str = "Unknown"
    #: The message as received
    original: bytes = b""


def format_receipt(receipt: FormatReceipt) -> bytes:
    """Write a CEB900 with the original in a CDATA section (specification 202205, 3.19).

    Args:
        receipt: What it says.

    Returns:
        UTF-8 bytes in the default namespace; bytes of the original that are no XML text are replaced by U+FFFD.
    """
    fields = {
        "guid": receipt.guid,
        "returnStatus": str(receipt.status),
        "returnInfo": _clean(receipt.info)[:_INFO_MOST],
        "returnTime": receipt.return_time,
        "oriCopMsgId": _clean(receipt.cop_msg_id)[:_COP_MSG_ID_MOST],
        "oriMessageType": _clean(receipt.message_type or "Unknown")[:_MESSAGE_TYPE_MOST],
    }
    original = _clean(receipt.original.decode("utf-8", "replace")).replace("]]>", "]]]]><![CDATA[>")
    inside = "".join(f"<{name}>{_text(value)}</{name}>" for name, value in fields.items())
    body = f"<MessageReturn>{inside}<oriBizMessage><![CDATA[{original}]]></oriBizMessage></MessageReturn>"
    return _unprefixed("CEB900Message", receipt.guid, body)


def _unprefixed(message_type: str, guid: str, body: str) -> bytes:
    opening = f'<{message_type} xmlns="{CEB}" guid="{_attribute(guid)}" version="1.0">'
    return f"{_RECEIPT_PROLOG}{opening}{body}</{message_type}>".encode()


def _addressed(receipt: Receipt) -> tuple[str, str]:
    return receipt.recipient, receipt.subject.kind.value


def _receipt_node(message_type: str, receipt: Receipt) -> str:
    """One record of a receipt, with the elements there is something for."""
    own = {"returnStatus": str(receipt.status), "returnTime": wire_time_ms(receipt.at), "returnInfo": receipt.info}
    written = []
    for name, fact, most in _receipt_fields(message_type):
        text = own.get(name) or getattr(receipt, fact, "")
        if text:
            written.append(_element(name, _escaped(_clean(text)[:most])))
    return _element(definitions().messages[message_type].node, "".join(written))


@cache
def _receipt_fields(message_type: str) -> tuple[tuple[str, str, int | None], ...]:
    """Wire name, fact name and greatest length of the elements of a receipt, in their order."""
    head = definitions().messages[message_type].head
    names = attributes(head)
    return tuple((field.name, names[field.name], field.high) for field in head.fields)


def _node(definition: Message, document: WireDocument, prefix: str) -> str:
    """One business document."""
    head, rows = _wire_values(document, definition)
    inner = _fields(definition.head, head, prefix)
    if definition.flat:
        return _element(prefix + definition.node, inner)
    parts = [_element(prefix + definition.head.name, inner)]
    if definition.list is not None:
        name = prefix + definition.list.name
        parts.extend(_element(name, _fields(definition.list, row, prefix)) for row in rows)
    return _element(prefix + definition.node, "".join(parts))


def _wire_values(
    document: WireDocument, definition: Message
) -> tuple[Mapping[str, Value], Sequence[Mapping[str, Value]]]:
    """Values of a document under the names of the wire."""
    if isinstance(document, Record):
        return document.head, document.lines
    listed = definition.list
    rows = [wire_values(line, listed) for line in getattr(document, "lines", ())] if listed else []
    return document_values(document, definition.head), rows


def _fields(entity: Entity, values: Mapping[str, Value], prefix: str) -> str:
    written = []
    for field in entity.fields:
        value = values.get(field.name)
        if value is None:
            if not field.optional:
                raise WriteError(field.name, "", "W-MISSING")
            continue
        text = value if isinstance(value, str) else e5_text(value) if field.base == "decimal" else str(value)
        code = fault_of(field, text)
        if code:
            raise WriteError(field.name, text, code)
        written.append(_element(prefix + field.name, _text(text)))
    return "".join(written)


def _block(schema: str, name: str, facts: Transfer | Subscription) -> str:
    entity = Entity(name=name, least=0, most=1, fields=definitions().blocks[schema][name])
    return _element(f"ceb:{name}", _fields(entity, wire_values(facts, entity), "ceb:"))


def _element(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _text(text: str) -> str:
    """Text escaped the way canonical XML writes it."""
    if _NOT_XML.search(text):
        raise WriteError("text", text, "W-NOT-XML")
    return _escaped(text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;").replace("\t", "&#x9;").replace("\n", "&#xA;")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

"""The documents of a message that the schema accepts, read from its tree: the complete way."""

from __future__ import annotations

import msgspec
from lxml import etree

from sandan.wire.definitions import CEB
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Message
from sandan.wire.facts import Reading
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.fields import value_of
from sandan.wire.make import completed
from sandan.wire.make import maker
from sandan.wire.sequence import text_of


def fill(reading: Reading, root: etree._Element, message: Message) -> Reading:
    """Add transfer, subscriptions and documents to a reading that has its verdict.

    Args:
        reading: Type, guid and faults.
        root: Root of the message.
        message: Its definition.

    Returns:
        The reading; documents only where the schema accepts the message.
    """
    transfer = _first(root, "BaseTransfer")
    return msgspec.structs.replace(
        reading,
        transfer=None if transfer is None else _transfer(transfer),
        subscribes=tuple(_subscription(node) for node in root.iterchildren(f"{{{CEB}}}BaseSubscribe")),
        documents=documents(root, message, reading.message_type) if reading.schema_valid else (),
    )


def documents(root: etree._Element, message: Message, name: str) -> tuple[WireDocument, ...]:
    """Every document of a message the schema accepts."""
    nodes = root.iterchildren(f"{{{CEB}}}{message.node}")
    return tuple(_document(node, message, name) for node in nodes)


def _document(node: etree._Element, message: Message, name: str) -> WireDocument:
    head_node = node if message.flat else next(node.iterchildren(f"{{{CEB}}}{message.head.name}"))
    head = completed(name, message.head, _values(head_node, message.head))
    entity = message.list
    if entity is None:
        return maker(name)(head, ())
    nodes = node.iterchildren(f"{{{CEB}}}{entity.name}")
    rows = tuple(completed(name, entity, _values(row, entity)) for row in nodes)
    return maker(name)(head, rows)


def _values(node: etree._Element, entity: Entity) -> dict[str, Value]:
    by_name = {field.name: field for field in entity.fields}
    texts = {etree.QName(child).localname: text_of(child) for child in node.iterchildren("{*}*")}
    return {name: value_of(by_name[name], text) for name, text in texts.items()}


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next(root.iterchildren(f"{{{CEB}}}{name}"), None)


def _texts(node: etree._Element) -> dict[str, str]:
    return {etree.QName(child).localname: child.text or "" for child in node.iterchildren("{*}*")}


def _transfer(node: etree._Element) -> Transfer:
    texts = _texts(node)
    return Transfer(
        cop_code=texts.get("copCode", ""),
        cop_name=texts.get("copName", ""),
        dxp_mode=texts.get("dxpMode", ""),
        dxp_id=texts.get("dxpId", ""),
        note=texts.get("note", ""),
    )


def _subscription(node: etree._Element) -> Subscription:
    texts = _texts(node)
    return Subscription(
        status=texts.get("status", ""),
        dxp_mode=texts.get("dxpMode", ""),
        dxp_address=texts.get("dxpAddress", ""),
        note=texts.get("note", ""),
    )

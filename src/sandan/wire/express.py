"""A whole message read the quick way, from readers built once for each of the 42 definitions."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from functools import cache
from functools import partial
from typing import cast

from lxml import etree
from msgspec import Struct

from sandan.documents.facts import Head
from sandan.wire.definitions import CEB
from sandan.wire.definitions import DS
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions
from sandan.wire.facts import Parsed
from sandan.wire.facts import Reading
from sandan.wire.facts import Record
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.papers import PAPERS
from sandan.wire.papers import Line
from sandan.wire.papers import Paper
from sandan.wire.papers import attributes
from sandan.wire.quick import EntityReader
from sandan.wire.quick import UnusualError
from sandan.wire.quick import plain_content

_GUID_LENGTH = 36
_VERSION_MOST = 10
_TRANSFER = f"{{{CEB}}}BaseTransfer"
_SUBSCRIBE = f"{{{CEB}}}BaseSubscribe"
_SIGNATURE = f"{{{DS}}}Signature"
_SUBSCRIBES_MOST = 5

Make = Callable[[dict[str, Value], list[dict[str, Value]]], WireDocument]


class Trail(Struct, frozen=True):
    """What follows the business documents."""

    transfer: Transfer | None
    subscribes: tuple[Subscription, ...]
    #: Elements counted, the nodes themselves included
    elements: int


class MessageReader:
    """Reads ordinary messages of one type."""

    def __init__(self, name: str, message: Message) -> None:
        """Prepare the readers of one definition."""
        named = name in PAPERS
        self._name = name
        self._node = f"{{{CEB}}}{message.node}"
        self._most = message.most
        self._head_tag = "" if message.flat else f"{{{CEB}}}{message.head.name}"
        self._head = EntityReader(message.head, attributes(message.head) if named else None)
        self._list_tag = "" if message.list is None else f"{{{CEB}}}{message.list.name}"
        self._list_range = (0, 0) if message.list is None else (message.list.least, message.list.most)
        self._list = None if message.list is None else EntityReader(message.list, _names(message.list, named=named))
        self._trailing = bool(message.trailing)
        self._signed = any(item.name == "Signature" and item.least for item in message.trailing)
        self._make = _maker(name)

    def read(self, parsed: Parsed, root: etree._Element) -> Reading:
        """Read one message.

        Raises:
            UnusualError: It is not of the ordinary form.
        """
        children = list(root)
        plain_content(root, children)
        nodes = [child for child in children if child.tag == self._node]
        if not nodes or nodes != children[: len(nodes)] or len(nodes) > (self._most or len(nodes)):
            raise UnusualError
        trail = self._trail(children[len(nodes) :])
        documents, elements = self._documents(nodes)
        if 1 + elements + trail.elements != _elements_of(parsed.data):
            raise UnusualError
        return Reading(
            message_type=self._name,
            guid=_attribute(root, "guid", _GUID_LENGTH, _GUID_LENGTH),
            version=_attribute(root, "version", 1, _VERSION_MOST),
            transfer=trail.transfer,
            subscribes=trail.subscribes,
            documents=documents,
        )

    def _documents(self, nodes: list[etree._Element]) -> tuple[tuple[WireDocument, ...], int]:
        documents = []
        elements = 0
        for node in nodes:
            document, count = self._flat(node) if not self._head_tag else self._nested(node)
            documents.append(document)
            elements += count
        return tuple(documents), elements

    def _flat(self, node: etree._Element) -> tuple[WireDocument, int]:
        return self._make(self._head.read(node), []), 1 + len(node)

    def _nested(self, node: etree._Element) -> tuple[WireDocument, int]:
        children = list(node)
        plain_content(node, children)
        least, most = self._list_range
        rows = children[1:]
        if children[0].tag != self._head_tag or not least <= len(rows) <= (len(rows) if most is None else most):
            raise UnusualError
        elements = 1 + len(children) + sum([len(child) for child in children])
        return self._make(self._head.read(children[0]), self._rows(rows)), elements

    def _rows(self, rows: list[etree._Element]) -> list[dict[str, Value]]:
        reader, tag = self._list, self._list_tag
        if reader is None:
            return []
        if any(row.tag != tag for row in rows):
            raise UnusualError
        return [reader.read(row) for row in rows]

    def _trail(self, nodes: list[etree._Element]) -> Trail:
        """Transfer, subscriptions and signature; a message with an extension goes the slow way."""
        if not self._trailing:
            if nodes:
                raise UnusualError
            return Trail(None, (), 0)
        if not nodes or nodes[0].tag != _TRANSFER:
            raise UnusualError
        signed = nodes[-1].tag == _SIGNATURE
        subscribes = nodes[1 : len(nodes) - signed]
        if (
            signed < self._signed
            or any(node.tag != _SUBSCRIBE for node in subscribes)
            or len(subscribes) > _SUBSCRIBES_MOST
        ):
            raise UnusualError
        inside = _signature_elements(nodes[-1]) if signed else 0
        counted = nodes[: len(nodes) - signed]
        return Trail(
            Transfer(**_block("BaseTransfer").read(nodes[0])),  # type: ignore[arg-type]
            tuple(Subscription(**_block("BaseSubscribe").read(node)) for node in subscribes),  # type: ignore[arg-type]
            len(counted) + sum([len(node) for node in counted]) + inside,
        )


def reading(parsed: Parsed, name: str) -> Reading:
    """Read a message the quick way.

    Args:
        parsed: A tree without faults.
        name: Message name, one of the 42.

    Returns:
        The same reading the complete way gives.

    Raises:
        UnusualError: The message is not of the ordinary form, right or wrong.
    """
    if parsed.root is None:
        raise UnusualError
    return _reader(name).read(parsed, parsed.root)


@cache
def _reader(name: str) -> MessageReader:
    return MessageReader(name, definitions().messages[name])


@cache
def _block(name: str) -> EntityReader:
    """Reader of BaseTransfer or BaseSubscribe."""
    entity = Entity(name=name, least=0, most=1, fields=definitions().blocks[name])
    return EntityReader(entity, attributes(entity))


def _names(entity: Entity, *, named: bool) -> dict[str, str] | None:
    return attributes(entity) if named else None


def _maker(name: str) -> Make:
    if name not in PAPERS:
        return partial(_record, name)
    paper, line = PAPERS[name]
    return partial(_paper, paper) if line is None else partial(_lined_paper, paper, line)


def _record(name: str, head: dict[str, Value], rows: list[dict[str, Value]]) -> WireDocument:
    return Record(message_type=name, head=head, lines=tuple(rows))


def _head_of(values: dict[str, Value]) -> Head:
    pop = cast("Callable[[str], str]", values.pop)
    return Head(
        guid=pop("guid"),  # type: ignore[arg-type]
        app_type=pop("app_type"),
        app_time=pop("app_time"),
        app_status=pop("app_status"),
    )


def _paper(paper: Paper, values: dict[str, Value], rows: list[dict[str, Value]]) -> WireDocument:
    del rows
    return paper(head=_head_of(values), **values)  # type: ignore[arg-type]


def _lined_paper(paper: Paper, line: Line, values: dict[str, Value], rows: list[dict[str, Value]]) -> WireDocument:
    lines = tuple([line(**row) for row in rows])  # type: ignore[arg-type]
    return paper(head=_head_of(values), lines=lines, **values)  # type: ignore[arg-type,call-arg]


def _attribute(root: etree._Element, name: str, least: int, most: int) -> str:
    value = root.get(name)
    if value is None or not least <= len(value) <= most or len(root.attrib) != len(("guid", "version")):
        raise UnusualError
    return value


def _elements_of(data: bytes) -> int:
    """Number of elements in well-formed bytes, never too small: what closes them is counted.

    Raises:
        UnusualError: A comment or CDATA section may hide what looks like a tag.
    """
    if b"<!" in data:
        raise UnusualError
    return data.count(b"</") + data.count(b"/>")


_SIGNATURE_FORM = tuple(
    (f"{{{DS}}}{name}", arity, keys)
    for name, arity, keys in (
        ("Signature", 3, ()),
        ("SignedInfo", 3, ()),
        ("CanonicalizationMethod", 0, ("Algorithm",)),
        ("SignatureMethod", 0, ("Algorithm",)),
        ("Reference", 3, ("URI",)),
        ("Transforms", 1, ()),
        ("Transform", 0, ("Algorithm",)),
        ("DigestMethod", 0, ("Algorithm",)),
        ("DigestValue", 0, ()),
        ("SignatureValue", 0, ()),
        ("KeyInfo", 2, ()),
        ("KeyName", 0, ()),
        ("X509Data", 1, ()),
        ("X509Certificate", 0, ()),
    )
)
_BASE64_AT = (8, 9, 13)


def _signature_elements(element: etree._Element) -> int:
    """Number of elements of a signature of the one form every signer writes.

    Raises:
        UnusualError: It has another form, or base64 that is none.
    """
    nodes = list(element.iter())
    if tuple([(node.tag, len(node), tuple(node.keys())) for node in nodes]) != _SIGNATURE_FORM:
        raise UnusualError
    for at in _BASE64_AT:
        try:
            binascii.a2b_base64("".join((nodes[at].text or "").split()), strict_mode=True)
        except ValueError as error:
            raise UnusualError from error
    return len(nodes)

"""Ordinary messages recognised without a tree: regular expressions generated from the message definitions.

What is recognised here is well-formed, valid by the 202205 schema and read to the same values as the complete way
(``read``, ``check``, ``content``) reads it; a property test compares the two. What is not recognised may be as right:
it only goes the complete way. Recognised are messages as programs write them: tags without blanks inside, no entities,
comments or CDATA, attributes on the root only, a signature of the usual form.
"""

from __future__ import annotations

import re
from functools import cache
from xml.sax.saxutils import unescape

from msgspec import Struct

from sandan.wire.definitions import CEB
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions
from sandan.wire.facts import Reading
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.make import absent
from sandan.wire.make import maker
from sandan.wire.papers import PAPERS
from sandan.wire.papers import attributes
from sandan.wire.sealed import Opening
from sandan.wire.sealed import Sealed
from sandan.wire.sealed import opening
from sandan.wire.sealed import signature_at

_BLANKS = r"[ \t\n]*+"
_WHOLE_DIGITS = 13
_INT_DIGITS = 9
_PLACES = 5
_PREFIXES = frozenset({"", "ceb", "ns0", "ns1", "ns2", "ns3"})
"""Prefixes that programs write. Expressions are compiled for these only, so that a stranger who makes up prefixes
cannot make us compile."""
_SUBSCRIBES_MOST = 5
_EMPTY = re.compile(r"<([A-Za-z][A-Za-z0-9_.:-]*+)/>")
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_ENTITIES = (b"&amp;", b"&lt;", b"&gt;")


class Recognised(Struct, frozen=True):
    """An ordinary message: what it says, and the text its signature covers."""

    reading: Reading
    sealed: Sealed


class Form(Struct, frozen=True):
    """One entity as an expression with one group a field."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    decimals: tuple[int, ...]
    ints: tuple[int, ...]
    #: Fewest characters of each
    lows: tuple[int, ...]

    def match(self, text: str, at: int) -> tuple[dict[str, Value], int] | None:
        """Values and end of the entity that begins at a place; None where there is none."""
        found = self.pattern.match(text, at)
        if found is None:
            return None
        values: list[Value] = list(found.groups(""))
        if text.find("&", at, found.end()) >= 0 and not self._unescape(values):
            return None
        for place in self.decimals:
            values[place] = _e5(values[place])
        for place in self.ints:
            values[place] = int(values[place] or 0)
        return dict(zip(self.names, values, strict=True)), found.end()

    def _unescape(self, values: list[Value]) -> bool:
        """Resolve the three entities; False where a text gets too short by it."""
        for place, value in enumerate(values):
            if isinstance(value, str) and "&" in value:
                values[place] = plain = unescape(value)
                if len(plain) < self.lows[place]:
                    return False
        return True


class SparseForm(Form, frozen=True):
    """An entity of a record: absent fields are left out."""

    def match(self, text: str, at: int) -> tuple[dict[str, Value], int] | None:
        """Values and end of the entity that begins at a place; None where there is none."""
        found = self.pattern.match(text, at)
        full = Form.match(self, text, at)
        if full is None or found is None:
            return None
        values, end = full
        present = zip(self.names, found.groups(), strict=True)
        return {name: values[name] for name, group in present if group is not None}, end


def recognise(data: bytes) -> Recognised | None:
    """Read a message of the ordinary form.

    Args:
        data: Bytes without byte order mark.

    Returns:
        Its reading, without faults, and its sealed text; None for anything unusual, right or wrong.
    """
    text = plain_text(data)
    if text is None:
        return None
    start = opening(text)
    if start is None or start.prefix not in _PREFIXES or start.name not in definitions().messages:
        return None
    if start.namespaces.get(start.prefix) != CEB:
        return None
    return _recogniser(start.name, f"{start.prefix}:" if start.prefix else "").read(text, start)


def plain_text(data: bytes) -> str | None:
    """The text, where nothing in it needs a parser: no control, noncharacter, stray ``>`` or unusual entity.

    Line ends and empty elements are made what canonical XML makes of them.
    """
    if data.count(b"<") != data.count(b">"):
        return None
    if b"&" in data and data.count(b"&") != sum(map(data.count, _ENTITIES)):
        return None
    if len(data.translate(None, _CONTROLS)) != len(data):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\ufffe" in text or "\uffff" in text:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _EMPTY.sub(r"<\1></\1>", text) if "/>" in text else text


class Recogniser:
    """Expressions of one message under one prefix."""

    def __init__(self, message_type: str, prefix: str) -> None:
        """Compile the expressions of a message."""
        message = definitions().messages[message_type]
        self._type = message_type
        self._make = maker(message_type)
        self._most = message.most
        self._head, self._rows, self._close = _document_forms(message_type, message, prefix)
        self._row_range = (0, 0) if message.list is None else (message.list.least, message.list.most)
        self._transfer = _block_form(message.schema, "BaseTransfer", prefix) if message.trailing else None
        self._subscribe = _block_form(message.schema, "BaseSubscribe", prefix)
        self._must_be_signed = any(item.name == "Signature" and item.least for item in message.trailing)
        self._end = re.compile(rf"</{prefix}{message_type}>[ \t\n]*")

    def read(self, text: str, start: Opening) -> Recognised | None:
        """Read a whole message; None where it is unusual."""
        documents, at = self._documents(text, start.end)
        if not documents or (self._most is not None and len(documents) > self._most):
            return None
        reading, at = self._trailing(text, at, start, documents)
        if reading is None:
            return None
        seal = signature_at(text, at, start.namespaces) if self._transfer is not None else None
        end = self._end.fullmatch(text, at if seal is None else seal.end)
        if end is None or (seal is None and self._must_be_signed):
            return None
        return Recognised(reading, Sealed(text=text, opening=start, body_end=at, seal=seal))

    def _documents(self, text: str, at: int) -> tuple[tuple[WireDocument, ...], int]:
        """Documents from a place on, as many as follow each other, and the place after the last."""
        documents = []
        while (found := self._head.match(text, at)) is not None:
            head, after = found
            rows, after = self._lines(text, after)
            closed = self._close.match(text, after)
            if closed is None or not self._row_range[0] <= len(rows) <= (self._row_range[1] or len(rows)):
                break
            documents.append(self._make(head, rows))
            at = closed.end()
            if self._most is not None and len(documents) > self._most:
                break
        return tuple(documents), at

    def _lines(self, text: str, at: int) -> tuple[list[dict[str, Value]], int]:
        rows: list[dict[str, Value]] = []
        if self._rows is None:
            return rows, at
        while (found := self._rows.match(text, at)) is not None:
            row, at = found
            rows.append(row)
        return rows, at

    def _trailing(
        self, text: str, at: int, start: Opening, documents: tuple[WireDocument, ...]
    ) -> tuple[Reading | None, int]:
        transfer = None
        subscribes: list[Subscription] = []
        if self._transfer is not None:
            found = self._transfer.match(text, at)
            if found is None:
                return None, at
            transfer, at = Transfer(**found[0]), found[1]  # type: ignore[arg-type]
            subscribes, at = self._subscriptions(text, at)
            if len(subscribes) > _SUBSCRIBES_MOST:
                return None, at
        reading = Reading(
            message_type=self._type,
            guid=start.guid,
            version=start.version,
            transfer=transfer,
            subscribes=tuple(subscribes),
            documents=documents,
        )
        return reading, at

    def _subscriptions(self, text: str, at: int) -> tuple[list[Subscription], int]:
        found = []
        while (item := self._subscribe.match(text, at)) is not None:
            found.append(Subscription(**item[0]))  # type: ignore[arg-type]
            at = item[1]
        return found, at


@cache
def _recogniser(message_type: str, prefix: str) -> Recogniser:
    return Recogniser(message_type, prefix)


def _document_forms(message_type: str, message: Message, prefix: str) -> tuple[Form, Form | None, re.Pattern[str]]:
    """Head with what opens the document, list, and what closes the document."""
    node = f"<{prefix}{message.node}>{_BLANKS}"
    named = message_type in PAPERS
    close = re.compile(f"</{prefix}{message.node}>{_BLANKS}")
    if message.flat:
        return _form(message.head, (node, ""), prefix, named=named), None, close
    head = _form(message.head, (node + _open(message.head, prefix), _shut(message.head, prefix)), prefix, named=named)
    if message.list is None:
        return head, None, close
    around = (_open(message.list, prefix), _shut(message.list, prefix))
    return head, _form(message.list, around, prefix, named=named), close


@cache
def _block_form(schema: str, name: str, prefix: str) -> Form:
    entity = Entity(name=name, least=0, most=1, fields=definitions().blocks[schema][name])
    return _form(entity, (_open(entity, prefix), _shut(entity, prefix)), prefix, named=True)


def _open(entity: Entity, prefix: str) -> str:
    return f"<{prefix}{entity.name}>{_BLANKS}"


def _shut(entity: Entity, prefix: str) -> str:
    return f"</{prefix}{entity.name}>{_BLANKS}"


def _form(entity: Entity, around: tuple[str, str], prefix: str, *, named: bool) -> Form:
    """Expression of an entity between what opens and what closes it."""
    inner = "".join(_field_expression(field, prefix) for field in entity.fields)
    names = attributes(entity) if named else {field.name: field.name for field in entity.fields}
    kind = Form if named else SparseForm
    return kind(
        pattern=re.compile(around[0] + inner + around[1]),
        names=tuple(names[field.name] for field in entity.fields),
        decimals=tuple(at for at, field in enumerate(entity.fields) if field.base == "decimal"),
        ints=tuple(at for at, field in enumerate(entity.fields) if field.base == "int"),
        lows=tuple(field.low for field in entity.fields),
    )


def _field_expression(field: Field, prefix: str) -> str:
    whole = f"<{prefix}{field.name}>({_value_expression(field)})</{prefix}{field.name}>{_BLANKS}"
    return f"(?:{whole})?+" if field.optional else whole


def _value_expression(field: Field) -> str:
    """Texts of a field that are valid and mean themselves; others go the complete way."""
    if field.fixed is not None:
        return re.escape(field.fixed)
    if field.base == "decimal":
        return rf"-?[0-9]{{1,{_WHOLE_DIGITS}}}+(?:\.[0-9]{{1,{field.fraction}}})?+"
    if field.base == "int":
        return f"[0-9]{{1,{min(field.digits or _INT_DIGITS, _INT_DIGITS)}}}+"
    low = max(field.low, 1) if field.default is not None else field.low
    letters = r"[^< \t\n]" if field.collapse else "[^<]"
    return f"{letters}{{{low},{'' if field.high is None else field.high}}}+"


def _e5(text: Value) -> Value:
    """10⁻⁵ units of a plain decimal; None for the absent one."""
    if not isinstance(text, str) or not text:
        return absent("decimal")
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(_PLACES, "0"))

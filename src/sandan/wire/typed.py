"""Typed facts of every message: one frozen struct for each of the 42, made from the definitions.

The four papers are those of ``documents.facts``; every other message gets its struct here, by the same rule: our
names, amounts in 10⁻⁵ units (``_e5``), absent text empty, absent numbers None, lines a tuple. Where a document begins
with the four elements of a business document, they are its ``head``. ``help(FACTS["CEB816Message"])`` lists every
field with its Chinese and English name.
"""

from __future__ import annotations

from operator import attrgetter
from types import GenericAlias
from types import UnionType
from typing import Any

import msgspec
from msgspec import Struct

from sandan.documents.facts import Head
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions
from sandan.wire.facts import Record
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.make import absent
from sandan.wire.papers import HEAD_FIELDS
from sandan.wire.papers import LINED_PAPERS
from sandan.wire.papers import PAPERS
from sandan.wire.papers import attribute
from sandan.wire.papers import attributes
from sandan.wire.papers import document_values
from sandan.wire.papers import wire_values


class UnfitRecordError(ValueError):
    """A record is not of the form of its message: the element, and whether it is missing or unknown there."""

    def __init__(self, message_type: str, element: str, trouble: str) -> None:
        """Say which element of which message is missing or unknown."""
        super().__init__(f"{message_type}: element {element} is {trouble} by the 202205 definition")
        self.message_type = message_type
        self.element = element


class Name(Struct, frozen=True, kw_only=True):
    """One field of a message under all its names (字段名称)."""

    #: Name in the facts; ``head.guid`` where it stands in the head, which ``operator.attrgetter`` follows
    name: str
    #: Name of the element
    wire: str
    zh: str
    en: str
    #: Whether it is a field of a line (表体)
    line: bool
    #: What the facts hold there: text, a whole number, or a whole number that may be None
    holds: type | UnionType


def fields(message_type: str) -> tuple[Name, ...]:
    """Every field of a message with its names.

    Args:
        message_type: One of the 42, for example ``CEB816Message``.

    Returns:
        The fields of the document, then those of its lines, in the order of the schema.

    Raises:
        KeyError: No such message.
    """
    message = definitions().messages[message_type]
    return tuple(
        Name(
            name=_place(field, entity),
            wire=field.name,
            zh=field.zh,
            en=field.en,
            line=entity is message.list,
            holds=_type(field),
        )
        for entity in message.entities
        for field in entity.fields
    )


def typed(document: WireDocument) -> Struct:
    """Make typed facts of what reading gave.

    Args:
        document: A document of any message; one of the four papers is typed already.

    Returns:
        An instance of ``FACTS[message_type]``.

    Raises:
        KeyError: The record names no message.
        UnfitRecordError: An element the definition demands is missing, or one is unknown to it.
    """
    if not isinstance(document, Record):
        return document
    name = document.message_type
    message = definitions().messages[name]
    values: dict[str, Any] = _renamed(name, message.head, document.head)
    if _begins_with_head(message.head):
        values["head"] = Head(**{each: values.pop(each) for each in HEAD_FIELDS})
    if message.list is not None:
        line, listed = LINES[name], message.list
        values["lines"] = tuple(line(**_renamed(name, listed, row)) for row in document.lines)
    return FACTS[name](**values)


def record_of(facts: Struct) -> Record:
    """Put typed facts back under the names of the wire, ready to be written.

    Args:
        facts: An instance of one of ``FACTS``.

    Returns:
        The record; optional elements without a value are left out of it.

    Raises:
        KeyError: The struct is none of ``FACTS``.
    """
    name = _MESSAGE_OF[type(facts)]
    message = definitions().messages[name]
    listed = message.list
    rows = () if listed is None else attrgetter("lines")(facts)
    return Record(
        message_type=name,
        head=document_values(facts, message.head),
        lines=tuple(wire_values(row, listed) for row in rows if listed is not None),
    )


def _renamed(message_type: str, entity: Entity, values: dict[str, Value]) -> dict[str, Value]:
    """Values under the names of the facts, complete with what is absent."""
    names = attributes(entity)
    for element in values:
        if element not in names:
            raise UnfitRecordError(message_type, element, "unknown")
    for field in entity.fields:
        if not field.optional and values.get(field.name) is None:
            raise UnfitRecordError(message_type, field.name, "missing")
    return {names[field.name]: values.get(field.name, absent(field.base)) for field in entity.fields}


def _begins_with_head(entity: Entity) -> bool:
    return tuple(attribute(field) for field in entity.fields[: len(HEAD_FIELDS)]) == HEAD_FIELDS


def _place(field: Field, entity: Entity) -> str:
    name = attribute(field)
    return f"head.{name}" if name in HEAD_FIELDS and _begins_with_head(entity) else name


def _type(field: Field) -> type | UnionType:
    if field.base not in {"int", "decimal"}:
        return str
    return int | None if field.optional else int


def _slots(entity: Entity) -> list[Any]:
    """Fields of a struct for an entity, its common head as one."""
    head: list[Any] = [("head", Head)] if _begins_with_head(entity) else []
    own = (field for field in entity.fields if not _place(field, entity).startswith("head."))
    return head + [_slot(field) for field in own]


def _slot(field: Field) -> tuple[Any, ...]:
    shape = (attribute(field), _type(field))
    if not field.optional:
        return shape
    return (*shape, "" if shape[1] is str else None)


def _struct(name: str, entity: Entity, title: str, more: list[Any]) -> type[Struct]:
    told = [f"    {_place(field, entity)}: {field.zh} ({field.en}), {field.name}" for field in entity.fields]
    return msgspec.defstruct(
        name,
        [*_slots(entity), *more],
        module=__name__,
        namespace={"__doc__": "\n".join([title, "", "Fields:", *told])},
        frozen=True,
        kw_only=True,
        gc=False,
    )


def _line_struct(name: str, message: Message, entity: Entity) -> type[Struct]:
    if name in LINED_PAPERS:
        return LINED_PAPERS[name][1]
    return _struct(f"{_short(name)}Line", entity, f"One line of {message.zh} ({message.en}).", [])


def _document_struct(name: str, message: Message) -> type[Struct]:
    if name in PAPERS:
        return PAPERS[name]
    more = [("lines", GenericAlias(tuple, (LINES[name], ...)))] if name in LINES else []
    return _struct(_short(name), message.head, f"{message.zh} ({message.en}).", more)


def _short(message_type: str) -> str:
    return message_type.removesuffix("Message").capitalize()


LINES: dict[str, type[Struct]] = {
    name: _line_struct(name, message, message.list)
    for name, message in definitions().messages.items()
    if message.list is not None
}
"""The struct of one line (表体), for the messages that have lines."""

FACTS: dict[str, type[Struct]] = {
    name: _document_struct(name, message) for name, message in definitions().messages.items()
}
"""The struct of one business document of each of the 42 messages, for example ``FACTS["CEB816Message"]``."""

_MESSAGE_OF = {facts: name for name, facts in FACTS.items()}

"""Earlier editions of the definitions, for a verdict on request; each is data that tells only what was different.

Names, titles and the columns of the specification's tables stay those of 202205: an edition changes what the schema
judges, nothing else. Blocks, trailing nodes and the signature were the same in 2018.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sandan.wire.definitions import Definitions
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions


class Edition(StrEnum):
    """Which published schema judges (版本)."""

    CURRENT = "202205"
    """企业对接报文规范 202205, in force."""
    OF_2018 = "2018"
    """Announcement 2018 No. 113 (海关总署公告 2018 年第 113 号)."""


SOURCES = {
    Edition.CURRENT: "企业对接报文规范（202205版）",
    Edition.OF_2018: "海关总署公告 2018 年第 113 号所附报文定义",
}
"""What a fault names as the source of its rule, by edition."""


class _Bounds(Struct, frozen=True):
    """How often a list may stand."""

    least: int
    most: int | None


class _Difference(Struct, frozen=True):
    """What an edition says differently from 202205."""

    #: Messages it does not have
    absent: frozenset[str]
    #: Occurrence of the list, by message
    lists: dict[str, _Bounds]
    #: Elements it does not have, by message and entity
    unknown: dict[str, dict[str, frozenset[str]]]
    #: Attributes of a field by message, entity and element
    fields: dict[str, dict[str, dict[str, dict[str, Any]]]]


@cache
def definitions_of(edition: Edition) -> Definitions:
    """All message definitions of an edition.

    Args:
        edition: The edition asked for.

    Returns:
        Its messages (42 in 202205, 38 in 2018: CEB213 to 216 came later) and the blocks they share.
    """
    current = definitions()
    if edition is Edition.CURRENT:
        return current
    data = resources.files(__package__).joinpath(f"data/edition-{edition}.json").read_bytes()
    told = msgspec.json.decode(data, type=_Difference)
    kept = {name: message for name, message in current.messages.items() if name not in told.absent}
    return replace(current, messages={name: _message(name, message, told) for name, message in kept.items()})


def _message(name: str, message: Message, told: _Difference) -> Message:
    return replace(message, entities=tuple(_entity(name, entity, message, told) for entity in message.entities))


def _entity(name: str, entity: Entity, message: Message, told: _Difference) -> Entity:
    unknown = told.unknown.get(name, {}).get(entity.name, frozenset())
    changes = told.fields.get(name, {}).get(entity.name, {})
    bounds = told.lists.get(name) if entity is message.list else None
    return replace(
        entity,
        least=entity.least if bounds is None else bounds.least,
        most=entity.most if bounds is None else bounds.most,
        fields=tuple(
            replace(field, **changes.get(field.name, {})) for field in entity.fields if field.name not in unknown
        ),
    )

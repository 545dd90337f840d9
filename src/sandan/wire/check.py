"""The complete check of a CEB message against its definition.

The verdict is that of the published schema 202205, on request that of 2018 (the tests compare each with ours); import
and export keep their own order of the trailing nodes.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from itertools import islice

from lxml import etree
from msgspec.structs import replace

from sandan.wire.definitions import CEB
from sandan.wire.definitions import DS
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import Trailing
from sandan.wire.definitions import definitions
from sandan.wire.editions import SOURCES
from sandan.wire.editions import Edition
from sandan.wire.editions import definitions_of
from sandan.wire.facts import Fault
from sandan.wire.sequence import Attribute
from sandan.wire.sequence import Group
from sandan.wire.sequence import Part
from sandan.wire.sequence import attribute_faults
from sandan.wire.sequence import group_faults

_GUID_LENGTH = 36
_VERSION_MOST = 10
_FAULTS_MOST = 1_000
"""Nobody mends more at once, and a stranger could make us list millions."""

_ROOT_ATTRIBUTES = (
    Attribute("guid", least=_GUID_LENGTH, most=_GUID_LENGTH),
    Attribute("version", least=1, most=_VERSION_MOST),
)
"""``guid`` of 36 and ``version`` of 1 to 10 characters, both required (specification 202205, chapter 3)."""


def message_faults(root: etree._Element, message_type: str, edition: Edition = Edition.CURRENT) -> list[Fault]:
    """Check a whole message.

    Args:
        root: Its root element, known to be that of the message.
        message_type: One of those the edition has.
        edition: Whose schema judges.

    Returns:
        The faults in document order, the first thousand of them; empty where the schema accepts it.
    """
    path = f"/{message_type}"
    group = message_group(message_type, edition)
    found = chain(attribute_faults(root, path, _ROOT_ATTRIBUTES), group_faults(root, group, path))
    kept = list(islice(found, _FAULTS_MOST))
    if edition is Edition.CURRENT:
        return kept
    return [replace(each, source=f"{SOURCES[edition]} {message_type}") for each in kept]


@cache
def message_group(message_type: str, edition: Edition) -> Group:
    """The sequence under the root of a message."""
    message = definitions_of(edition).messages[message_type]
    entities = Group(tuple(_entity_part(entity) for entity in message.entities))
    node = _fields_group(message.head.fields) if message.flat else entities
    trailing = (_trailing_part(message.schema, item) for item in message.trailing)
    return Group((Part(f"{{{CEB}}}{message.node}", 1, message.most, node), *trailing))


def _entity_part(entity: Entity) -> Part:
    return Part(f"{{{CEB}}}{entity.name}", entity.least, entity.most, _fields_group(entity.fields))


def _fields_group(fields: tuple[Field, ...]) -> Group:
    return Group(tuple(Part(f"{{{CEB}}}{field.name}", 0 if field.optional else 1, 1, field) for field in fields))


def _trailing_part(schema: str, item: Trailing) -> Part:
    if item.name == "Signature":
        return Part(f"{{{DS}}}Signature", item.least, item.most, "signature")
    group = _fields_group(definitions().blocks[schema][item.name])
    if item.name == "ExtendMessage":
        group = Group((*group.parts, Part(f"{{{CEB}}}Message", 1, 1, "one")))
    return Part(f"{{{CEB}}}{item.name}", item.least, item.most, group)

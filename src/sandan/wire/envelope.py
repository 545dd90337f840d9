"""The envelope of the exchange platform checked against its definition (``data/dxp.json``; specification 202205, 4–5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import msgspec
from lxml import etree
from msgspec import Struct

from sandan.wire.definitions import DS
from sandan.wire.definitions import Field
from sandan.wire.facts import Fault
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of
from sandan.wire.sequence import Attribute
from sandan.wire.sequence import Content
from sandan.wire.sequence import Group
from sandan.wire.sequence import Part
from sandan.wire.sequence import attribute_faults
from sandan.wire.sequence import group_faults

DXP = "http://www.chinaport.gov.cn/dxp"
"""Namespace of the envelope (交换平台)."""

ROOTS = ("DxpMsg", "DxpMsgSv", "DxpRep")
"""Roots of the namespace: what enterprises exchange, what nodes exchange, what the platform answers."""

_ROOT_ATTRIBUTES = (Attribute("ver", only="1.0"), Attribute("Id", required=False))


class Slot(Struct, frozen=True, kw_only=True):
    """One place of a sequence, as the data file has it."""

    name: str
    least: int = 1
    most: int | None = 1
    field: Field | None = None
    group: str = ""
    attributes: tuple[Attribute, ...] = ()


def faults(root: etree._Element) -> Iterator[Fault]:
    """Check an envelope.

    Args:
        root: Its root element, whatever it is.

    Yields:
        Every fault of it; the business message inside is not looked at.
    """
    name = etree.QName(root)
    path = f"/{name.localname}"
    if name.namespace != DXP or name.localname not in ROOTS:
        allowed = (f"{DXP} 中的 {'、'.join(ROOTS)}", f"{', '.join(ROOTS)} in {DXP}")
        yield fault(
            "W-ROOT", Place(path, line_of(root), name.localname), f"{{{name.namespace or ''}}}{name.localname}", allowed
        )
        return
    yield from attribute_faults(root, path, _ROOT_ATTRIBUTES)
    yield from group_faults(root, _group(name.localname), path)


@cache
def _slots() -> dict[str, tuple[Slot, ...]]:
    data = resources.files(__package__).joinpath("data/dxp.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, tuple[Slot, ...]])


@cache
def _group(name: str) -> Group:
    return Group(tuple(_part(slot) for slot in _slots()[name]))


def _part(slot: Slot) -> Part:
    if slot.name == "Signature":
        return Part(f"{{{DS}}}Signature", slot.least, slot.most, "signature")
    content: Content = slot.field or (_group(slot.group) if slot.group else "any")
    return Part(f"{{{DXP}}}{slot.name}", slot.least, slot.most, content, slot.attributes)

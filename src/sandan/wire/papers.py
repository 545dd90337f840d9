"""Which element of the wire is which field of the facts; the four papers (311, 411, 511, 621) have written ones."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.facts import Value

Paper = type[Order] | type[Payment] | type[Waybill] | type[DeclarationList]
LinedPaper = type[Order] | type[DeclarationList]
Line = type[OrderLine] | type[ListLine]

PAPERS: dict[str, Paper] = {
    "CEB311Message": Order,
    "CEB411Message": Payment,
    "CEB511Message": Waybill,
    "CEB621Message": DeclarationList,
}
"""Messages that have facts of their own."""

LINED_PAPERS: dict[str, tuple[LinedPaper, Line]] = {
    "CEB311Message": (Order, OrderLine),
    "CEB621Message": (DeclarationList, ListLine),
}
"""Those of them that have lines, with the class of a line."""

HEAD_FIELDS = ("guid", "app_type", "app_time", "app_status")
"""The four elements every one of these heads begins with; they become ``documents.facts.Head``."""

_SPELLINGS = {
    "POD": "pod",
    "acturalPaid": "actual_paid_e5",
    "weight": "weight_kg_e5",
    "grossWeight": "gross_weight_kg_e5",
    "netWeight": "net_weight_kg_e5",
}
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def attribute(field: Field) -> str:
    """Name a wire element has among the facts, for example ``goodsValue`` → ``goods_value_e5``."""
    if field.name in _SPELLINGS:
        return _SPELLINGS[field.name]
    name = _CAPITAL.sub(lambda match: "_" + match[1].lower(), field.name)
    return f"{name}_e5" if field.base == "decimal" else name


@cache
def attributes(entity: Entity) -> dict[str, str]:
    """Wire name to fact name for one head or list."""
    return {field.name: attribute(field) for field in entity.fields}


def document_values(document: Struct, entity: Entity) -> dict[str, Value]:
    """Values of a document under the names of the wire, those of its common head first.

    Args:
        document: One of the four papers, or typed facts of any other message.
        entity: Definition of its head.

    Returns:
        As ``wire_values``.
    """
    head = getattr(document, "head", None)
    own = wire_values(document, entity)
    return own if head is None else {**wire_values(head, entity), **own}


def wire_values(facts: Struct, entity: Entity) -> dict[str, Value]:
    """Values of a struct under the names of the wire.

    Args:
        facts: A document, its head or one of its lines; elements it has no field for are passed over.
        entity: Definition of the head or list.

    Returns:
        Values in the order of the schema; absent numbers and empty optional texts are left out.
    """
    held = set(facts.__struct_fields__)
    found = ((field, getattr(facts, name)) for field, name in _named(entity) if name in held)
    return {field.name: value for field, value in found if value is not None and not (value == "" and field.optional)}


@cache
def _named(entity: Entity) -> tuple[tuple[Field, str], ...]:
    return tuple((field, attribute(field)) for field in entity.fields)

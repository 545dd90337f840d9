"""Which element of the wire is which field of the four papers' facts (311, 411, 511, 621)."""

from __future__ import annotations

import re
from functools import cache

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field

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

"""What codes on the papers mean: units, countries, currencies and the names of enterprises as the papers give them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from decimal import InvalidOperation

from babel.numbers import format_decimal

from sandan.documents.facts import Document
from sandan.terms import codes

_LISTS = {
    "unit": codes.UNITS,
    "unit1": codes.UNITS,
    "unit2": codes.UNITS,
    "country": codes.COUNTRIES,
    "trade_country": codes.COUNTRIES,
    "currency": codes.CURRENCIES,
    "customs_code": codes.DISTRICTS,
    "port_code": codes.DISTRICTS,
    "traf_mode": codes.TRANSPORT_MODES,
    "wrap_type": codes.WRAP_TYPES,
    "trade_mode": codes.TRADE_MODES,
}
"""Field of the papers to the code list its value stands in."""

_AMOUNTS = frozenset(
    {
        "goods_value",
        "freight",
        "insured_fee",
        "discount",
        "tax_total",
        "actual_paid",
        "amount_paid",
        "price",
        "total_price",
    }
)

_ENTERPRISES = (
    ("ebp_code", "ebp_name"),
    ("ebc_code", "ebc_name"),
    ("pay_code", "pay_name"),
    ("logistics_code", "logistics_name"),
    ("agent_code", "agent_name"),
    ("area_code", "area_name"),
)


def meaning(field: str, value: str, language: str) -> str:
    """Returns what a code means, empty where the field holds no code or the code is unknown.

    >>> meaning("lines[1].country", "116", "zh")
    '日本'
    """
    known = _LISTS.get(last(field))
    return known.name(value, language) if known else ""


def written(field: str, value: str, locale: str) -> str:
    """Returns a value as people write it: amounts with two decimals at least, the rest as it is.

    >>> written("lines[1].price", "476", "en_GB"), written("order_no", "476", "en_GB")
    ('476.00', '476')
    """
    if last(field) not in _AMOUNTS:
        return value
    try:
        return format_decimal(Decimal(value), format="#,##0.00###", locale=locale)
    except InvalidOperation:
        return value


def last(field: str) -> str:
    """Returns the name of a field at the end of a path, without the suffix of its scale."""
    return field.rsplit(".", 1)[-1].removesuffix("_e5")


def enterprise_names(documents: Iterable[Document]) -> dict[str, str]:
    """Returns the names that papers give to enterprise codes."""
    return {
        code: name
        for document in documents
        for code_field, name_field in _ENTERPRISES
        if (code := getattr(document, code_field, "")) and (name := getattr(document, name_field, ""))
    }

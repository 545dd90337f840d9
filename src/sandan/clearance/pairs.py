"""What must agree between the papers, as one table that comparison and board share.

Message specification section 6.2 and the texts of its field tables; 194/2018 art. 9 for orderer and payer.
"""

from __future__ import annotations

from msgspec import Struct

from sandan.terms.ids import RuleId

LIST, ORDER, PAYMENT, WAYBILL = "list", "order", "payment", "waybill"

IDENTITY = RuleId("R194-9.1")
BUYER = RuleId("CEB-6.2.4")

_KEYS = RuleId("CEB-6.2.1")
_CONSIGNEE = RuleId("CEB-6.2.2")
_PAY_COMPANY = RuleId("CEB-6.2.6")
_CHARGES = RuleId("CEB-6.1.8")


class Pair(Struct, frozen=True):
    """Two places that must hold the same value; the first is found, the second is what it is held against."""

    field: str
    rule: RuleId
    left: str
    left_name: str
    right: str
    right_name: str
    #: Receipt code where it differs from the rule's own
    code: str = ""


def _same(field: str, rule: RuleId, left: str, right: str) -> Pair:
    return Pair(field, rule, left, field, right, field)


PAIRS = (
    _same("order_no", _KEYS, LIST, ORDER),
    _same("order_no", _KEYS, PAYMENT, ORDER),
    _same("order_no", _KEYS, WAYBILL, LIST),
    _same("ebp_code", _KEYS, LIST, ORDER),
    _same("ebp_code", _KEYS, PAYMENT, ORDER),
    _same("ebc_code", _KEYS, LIST, ORDER),
    _same("logistics_code", _KEYS, LIST, WAYBILL),
    _same("logistics_no", _KEYS, LIST, WAYBILL),
    _same("buyer_name", BUYER, LIST, ORDER),
    Pair("buyer_name", IDENTITY, PAYMENT, "payer_name", ORDER, "buyer_name"),
    _same("buyer_id_number", BUYER, LIST, ORDER),
    Pair("buyer_id_number", IDENTITY, PAYMENT, "payer_id_number", ORDER, "buyer_id_number"),
    Pair("buyer_telephone", BUYER, LIST, "buyer_telephone", ORDER, "buyer_telephone", "130126"),
    _same("consignee", _CONSIGNEE, WAYBILL, ORDER),
    _same("consignee_telephone", _CONSIGNEE, WAYBILL, ORDER),
    _same("consignee_address", _CONSIGNEE, WAYBILL, ORDER),
    _same("consignee_address", _CONSIGNEE, LIST, ORDER),
    _same("pay_code", _PAY_COMPANY, PAYMENT, ORDER),
    _same("freight_e5", _CHARGES, LIST, WAYBILL),
    _same("insured_fee_e5", _CHARGES, LIST, WAYBILL),
)
"""Compared one by one; where a paper is missing its pairs are not yet compared."""

OPTIONAL = frozenset({"pay_code", "freight_e5", "insured_fee_e5"})
"""Fields compared only where both sides state them."""

LINE_FIELDS = ("qty_e5", "unit", "price_e5", "total_price_e5", "country")
"""Fields of a line that must equal those of the order's line of the same number (1322)."""

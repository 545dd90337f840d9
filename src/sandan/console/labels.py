"""Names of the fields of the papers, in both languages."""

from __future__ import annotations

import re

from sandan.console.words import mark
from sandan.console.words import translations

FIELDS = {
    "order_no": mark("Order number"),
    "order_type": mark("Order type"),
    "ebp_code": mark("Platform code"),
    "ebp_name": mark("Platform name"),
    "ebc_code": mark("Shop code"),
    "ebc_name": mark("Shop name"),
    "goods_value": mark("Goods value"),
    "freight": mark("Freight"),
    "insured_fee": mark("Insurance"),
    "discount": mark("Discount"),
    "tax_total": mark("Tax collected"),
    "actual_paid": mark("Amount paid"),
    "amount_paid": mark("Amount paid"),
    "currency": mark("Currency"),
    "buyer_reg_no": mark("Buyer's account"),
    "buyer_name": mark("Buyer's name"),
    "buyer_telephone": mark("Buyer's telephone"),
    "buyer_id_type": mark("Buyer's document type"),
    "buyer_id_number": mark("Buyer's identity number"),
    "payer_name": mark("Payer's name"),
    "payer_id_type": mark("Payer's document type"),
    "payer_id_number": mark("Payer's identity number"),
    "pay_code": mark("Payment enterprise code"),
    "pay_name": mark("Payment enterprise"),
    "pay_transaction_id": mark("Payment number"),
    "pay_time": mark("Time of payment"),
    "telephone": mark("Telephone"),
    "batch_numbers": mark("Batch numbers"),
    "consignee": mark("Consignee"),
    "consignee_telephone": mark("Consignee's telephone"),
    "consignee_address": mark("Delivery address"),
    "consignee_district": mark("Delivery district"),
    "note": mark("Note"),
    "logistics_code": mark("Logistics enterprise code"),
    "logistics_name": mark("Logistics enterprise"),
    "logistics_no": mark("Waybill number"),
    "bill_no": mark("Bill of lading"),
    "weight_kg": mark("Gross weight, kg"),
    "gross_weight_kg": mark("Gross weight, kg"),
    "net_weight_kg": mark("Net weight, kg"),
    "pack_no": mark("Packages"),
    "goods_info": mark("Goods"),
    "cop_no": mark("Declarant's own number"),
    "pre_no": mark("Pre-entry number"),
    "invt_no": mark("List number"),
    "assure_code": mark("Tax collector"),
    "ems_no": mark("Account book"),
    "book_no": mark("Account book"),
    "ie_flag": mark("Import or export"),
    "decl_time": mark("Declared on"),
    "customs_code": mark("Customs district"),
    "port_code": mark("Port"),
    "ie_date": mark("Date of entry"),
    "agent_code": mark("Declaring enterprise code"),
    "agent_name": mark("Declaring enterprise"),
    "area_code": mark("Warehouse enterprise code"),
    "area_name": mark("Warehouse enterprise"),
    "trade_mode": mark("Trade mode"),
    "traf_mode": mark("Transport mode"),
    "traf_no": mark("Vehicle or vessel"),
    "voyage_no": mark("Voyage or flight"),
    "loct_no": mark("Supervised place"),
    "license_no": mark("Permit"),
    "country": mark("Country"),
    "wrap_type": mark("Packing"),
    "gnum": mark("Line number"),
    "item_no": mark("Item number"),
    "item_record_no": mark("Account book item"),
    "item_name": mark("Item name"),
    "item_describe": mark("Description"),
    "bar_code": mark("Bar code"),
    "gcode": mark("HS code"),
    "gname": mark("Goods name"),
    "gmodel": mark("Specification"),
    "trade_country": mark("Trading country"),
    "unit": mark("Unit"),
    "unit1": mark("First legal unit"),
    "unit2": mark("Second legal unit"),
    "qty": mark("Quantity"),
    "qty1": mark("First legal quantity"),
    "qty2": mark("Second legal quantity"),
    "price": mark("Unit price"),
    "total_price": mark("Total price"),
    "guid": mark("GUID"),
    "message_guid": mark("GUID of the message"),
    "key": mark("Number"),
    "app_type": mark("Add, change or delete"),
    "app_time": mark("Reported at"),
    "app_status": mark("Draft or declared"),
    "lines": mark("Lines"),
    "subject": mark("List decided on"),
    "officer": mark("Officer"),
    "verdict": mark("Decision"),
    "reason": mark("Reason"),
    "seen_version": mark("Version of the case the officer saw"),
    "buyer": mark("Buyer"),
    "payer": mark("Payer"),
    "amount": mark("Amount"),
    "weight": mark("Weight"),
    "value": mark("Dutiable value"),
    "tax": mark("Tax"),
    "quota": mark("Annual quota"),
}
"""Field of the facts, without the suffix of its scale, to its English name."""

DOCUMENTS = {
    "order": mark("order"),
    "payment": mark("payment"),
    "waybill": mark("waybill"),
    "list": mark("list"),
    "registry": mark("registry"),
    "law": mark("law"),
    "ledger": mark("ledger"),
    "case": mark("case"),
    "officer_act": mark("officer's act"),
}
"""Where a value stands."""

_LINE_WORD = mark("Line %(n)s")
_PAYMENT_WORD = mark("Payment %(n)s")
_PARTS = {"lines": _LINE_WORD, "payments": _PAYMENT_WORD}
_PART = re.compile(r"(lines|payments)\[(\d+)\]\.(.+)")


def label(path: str, language: str) -> str:
    """Returns the name of a field or path in a language; an unknown one is shown as it is.

    >>> label("lines[2].qty_e5", "en")
    'Line 2 · Quantity'
    """
    gettext = translations(language).gettext
    part = _PART.fullmatch(path)
    name = path.rsplit(".", 1)[-1].removesuffix("_e5")
    known = FIELDS.get(name)
    text = gettext(known) if known else name
    return f"{gettext(_PARTS[part[1]]) % {'n': part[2]}} · {text}" if part else text

"""Checks of order, payment and waybill by themselves (specification sections 5, 6.1 and 6.3)."""

from __future__ import annotations

from sandan.clearance import check_head
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.law.facts import Finding
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import by_law
from sandan.parties.sheet import Sheet
from sandan.terms import codes
from sandan.terms.money import SCALE


def order_type(sheet: Sheet[Order]) -> Findings:
    """OrderType (订单类型) of an import is I."""
    value, wanted = sheet.paper.order_type, sheet.bench.order_type
    if value == wanted or not wanted:
        return CLEAN
    return sheet.breach("CEB-ORDER-TYPE", "order_type", value, by_law("message.order_type", wanted))


def order_amounts(sheet: Sheet[Order]) -> Findings:
    """Paid = goods + freight + tax − discount (specification 6.1 rule 1)."""
    order = sheet.paper
    due = order.goods_value_e5 + order.freight_e5 + order.tax_total_e5 - order.discount_e5
    if order.actual_paid_e5 == due:
        return CLEAN
    against = sheet.said("goods_value + freight + tax_total - discount", sheet.amount(due))
    return sheet.breach("CEB-6.1.1", "actual_paid", sheet.amount(order.actual_paid_e5), against)


def order_sum(sheet: Sheet[Order]) -> Findings:
    """Goods value is the sum of the lines (specification 6.1 rule 3)."""
    order = sheet.paper
    total = sum(line.total_price_e5 for line in order.lines)
    if order.goods_value_e5 == total:
        return CLEAN
    against = sheet.said("sum of lines.total_price", sheet.amount(total))
    return sheet.breach("CEB-6.1.3", "goods_value", sheet.amount(order.goods_value_e5), against)


def order_not_negative(sheet: Sheet[Order]) -> Findings:
    """No amount of an order is negative."""
    return check_head.not_negative(
        sheet, "goods_value_e5", "freight_e5", "discount_e5", "tax_total_e5", "actual_paid_e5"
    )


def order_names(sheet: Sheet[Order]) -> Findings:
    """Names and the address of an order say something."""
    return check_head.named(sheet, "buyer_name", "consignee", "consignee_address")


order_codes = check_head.half_width("order_no", "ebp_code", "ebc_code", "pay_code", "pay_transaction_id")
"""Codes and numbers of an order are half-width."""


def order_numbers(sheet: Sheet[Order]) -> Findings:
    """An order has lines, numbered from 1 without repeat (-301001, -301002)."""
    return gnums(sheet, [line.gnum for line in sheet.paper.lines])


def gnums(sheet: check_head.AnySheet, numbers: list[int]) -> Findings:
    """Lines exist and are numbered 1, 2, 3 … (gnum; -621027 and its kin).

    Args:
        sheet: The paper.
        numbers: Line numbers in the order of the paper.
    """
    count = len(numbers)
    if not count:
        return sheet.breach("CEB-LINES", "lines", 0)
    if numbers == list(range(1, count + 1)):
        return CLEAN
    shown = ", ".join(map(str, numbers))
    if len(set(numbers)) < count:
        return sheet.breach("CEB-6.2.5", "lines.gnum", shown, code=_REPEATED[sheet.paper.ref.kind])
    if sorted(numbers) == list(range(1, count + 1)):
        return CLEAN
    return sheet.breach("CEB-6.2.5", "lines.gnum", shown, sheet.said("lines.gnum", f"1–{count}"))


def order_lines(sheet: Sheet[Order]) -> Findings:
    """Every line of an order adds up, names known codes and says what was sold."""
    found: list[Finding] = []
    for line in sheet.paper.lines:
        found += _order_line(sheet, line)
    return tuple(found) if found else CLEAN


def total(sheet: check_head.AnySheet, line: OrderLine | ListLine) -> Findings:
    """Total = price × quantity, within the fen (specification 6.1 rule 4).

    Args:
        sheet: The paper.
        line: A line of an order or a list.
    """
    product = line.price_e5 * line.qty_e5
    if abs(line.total_price_e5 * SCALE - product) <= sheet.bench.tolerance_e5 * SCALE:
        return CLEAN
    against = sheet.said(f"lines[{line.gnum}].price × qty", sheet.amount(product // SCALE))
    return sheet.breach("CEB-6.1.4", f"lines[{line.gnum}].total_price", sheet.amount(line.total_price_e5), against)


def gift(sheet: check_head.AnySheet, line: OrderLine | ListLine) -> Findings:
    """What costs nothing is a gift, explained in the note (specification 6.1 rule 5).

    Args:
        sheet: The paper.
        line: A line of an order or a list.
    """
    if line.price_e5 or line.note.strip():
        return CLEAN
    return sheet.breach("CEB-6.1.5", f"lines[{line.gnum}].price", 0)


def known(sheet: check_head.AnySheet, field: str, value: str, listed: codes.CodeList) -> Findings:
    """A code stands in its list on the day (specification 6.3 rule 7).

    Args:
        sheet: The paper.
        field: Where the code stands.
        value: The code.
        listed: Its list.
    """
    if listed.in_force(value, sheet.bench.day):
        return CLEAN
    return sheet.breach("CEB-6.3.7", field, value, by_law(listed.file, ""))


def _order_line(sheet: Sheet[Order], line: OrderLine) -> Findings:
    at = f"lines[{line.gnum}]"
    found = total(sheet, line) + gift(sheet, line)
    found += known(sheet, f"{at}.unit", line.unit, codes.UNITS)
    found += known(sheet, f"{at}.country", line.country, codes.COUNTRIES)
    if line.qty_e5 <= 0:
        found += sheet.breach("CEB-6.3.6", f"{at}.qty", sheet.amount(line.qty_e5))
    if line.price_e5 < 0 or line.total_price_e5 < 0:
        found += sheet.breach("PAPER-AMOUNT", f"{at}.price", sheet.amount(line.price_e5))
    if line.currency != sheet.paper.currency:
        found += sheet.breach("R194-14.2", f"{at}.currency", line.currency)
    if not line.item_name.strip() or line.item_name in sheet.bench.fillers:
        found += sheet.breach("CEB-6.3.8", f"{at}.item_name", line.item_name)
    return found


def pay_time(sheet: Sheet[Payment]) -> Findings:
    """PayTime (支付时间) is a time that exists."""
    value = sheet.paper.pay_time
    return CLEAN if check_head.is_time(value) else sheet.breach("CEB-TIME", "pay_time", value)


def amount_paid(sheet: Sheet[Payment]) -> Findings:
    """Something was paid."""
    value = sheet.paper.amount_paid_e5
    return CLEAN if value > 0 else sheet.breach("PAPER-AMOUNT", "amount_paid", sheet.amount(value))


def payment_names(sheet: Sheet[Payment]) -> Findings:
    """The payer's name says something."""
    return check_head.named(sheet, "payer_name")


payment_codes = check_head.half_width("order_no", "ebp_code", "pay_code", "pay_transaction_id")
"""Codes and numbers of a payment are half-width."""


def waybill_names(sheet: Sheet[Waybill]) -> Findings:
    """Consignee and address of a waybill say something."""
    return check_head.named(sheet, "consignee", "consignee_address")


waybill_codes = check_head.half_width("order_no", "logistics_code", "logistics_no")
"""Codes and numbers of a waybill are half-width."""


def waybill_amounts(sheet: Sheet[Waybill]) -> Findings:
    """Freight and insurance are zero or more, the weight is more than zero."""
    found = check_head.not_negative(sheet, "freight_e5", "insured_fee_e5")
    weight = sheet.paper.weight_kg_e5
    return found if weight > 0 else found + sheet.breach("CEB-6.3.5", "weight_kg", sheet.amount(weight))


def pack_no(sheet: check_head.AnySheet) -> Findings:
    """PackNo (件数) is 1: one parcel."""
    value, wanted = sheet.paper.pack_no, sheet.bench.pack_no
    if value == wanted or not wanted:
        return CLEAN
    return sheet.breach("CEB-PACK", "pack_no", value, by_law("message.pack_no", wanted))


_REPEATED = {"order": "-301002", "list": "-621027"}
"""Codes for a repeated line number, by document."""

"""Checks of a declaration list by itself (specification section 6.3)."""

from __future__ import annotations

from sandan.clearance import check_head
from sandan.clearance import check_order
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import ListLine
from sandan.law.facts import Finding
from sandan.law.facts import Severity
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import by_law
from sandan.parties.breach import graded
from sandan.parties.sheet import Sheet
from sandan.terms import codes

List = Sheet[DeclarationList]


def declarant(sheet: List) -> Findings:
    """The declaring enterprise is the one whose certificate signed (section 6.2 rule 8; -621015)."""
    declaration, received = sheet.paper, sheet.received
    if declaration.agent_code == received.signer or not received.signer:
        return CLEAN
    return sheet.breach("CEB-6.2.8", "agent_code", declaration.agent_code, sheet.said("signer", received.signer))


def collector(sheet: List) -> Findings:
    """The collector is one of the parties of the list (section 6.2 rule 7).

    The specification's text and its schema name different parties, and art. 13 names them again: it is only noted.
    """
    declaration = sheet.paper
    code = declaration.assure_code
    if code in {declaration.ebp_code, declaration.ebc_code, declaration.logistics_code, declaration.agent_code}:
        return CLEAN
    return graded(Severity.NOTE, sheet.breach("CEB-6.2.7", "assure_code", code))


def ie_flag(sheet: List) -> Findings:
    """IeFlag (进出口标记) of an import list is I."""
    value = sheet.paper.ie_flag
    return (
        CLEAN
        if value == sheet.bench.order_type or not sheet.bench.order_type
        else sheet.breach("CEB-FLAG", "ie_flag", value)
    )


def trade_mode(sheet: List) -> Findings:
    """The supervision mode (贸易方式) is one of retail import."""
    value, modes = sheet.paper.trade_mode, sheet.bench.modes
    if value in modes:
        return CLEAN
    return sheet.breach("CEB-MODE", "trade_mode", value, by_law("import.modes", ", ".join(sorted(modes))))


def bonded_fields(sheet: List) -> Findings:
    """Bonded import names book, warehouse and items, departs from China, and names no means of transport (rule 1)."""
    declaration, bench = sheet.paper, sheet.bench
    if declaration.trade_mode not in bench.bonded_modes:
        return CLEAN
    found = _required(sheet, "CEB-6.3.1", _BONDED) + _absent(sheet, "CEB-6.3.1", _DIRECT)
    for line in declaration.lines:
        if not line.item_record_no.strip():
            found += sheet.breach("CEB-6.3.1", f"lines[{line.gnum}].item_record_no", "")
    wanted = bench.departure
    if wanted and declaration.country != wanted:
        found += sheet.breach(
            "CEB-6.3.1", "country", declaration.country, by_law("message.bonded_departure_country", wanted)
        )
    return found


def direct_fields(sheet: List) -> Findings:
    """Direct purchase names means, voyage and bill of transport, and no account book (rule 2)."""
    if sheet.paper.trade_mode not in sheet.bench.direct_modes:
        return CLEAN
    return _required(sheet, "CEB-6.3.2", _DIRECT) + _absent(sheet, "CEB-6.3.2", ("ems_no",))


def weights(sheet: List) -> Findings:
    """Net weight is at most the gross weight, both are more than zero (rule 5)."""
    net, gross = sheet.paper.net_weight_kg_e5, sheet.paper.gross_weight_kg_e5
    if 0 < net <= gross:
        return CLEAN
    return sheet.breach(
        "CEB-6.3.5", "net_weight_kg", sheet.amount(net), sheet.said("gross_weight_kg", sheet.amount(gross))
    )


def head_codes(sheet: List) -> Findings:
    """Districts, country, transport and packing stand in their code lists (rule 7)."""
    declaration = sheet.paper
    found = check_order.known(sheet, "customs_code", declaration.customs_code, codes.DISTRICTS)
    found += check_order.known(sheet, "port_code", declaration.port_code, codes.DISTRICTS)
    found += check_order.known(sheet, "country", declaration.country, codes.COUNTRIES)
    found += check_order.known(sheet, "traf_mode", declaration.traf_mode, codes.TRANSPORT_MODES)
    if declaration.wrap_type:
        found += check_order.known(sheet, "wrap_type", declaration.wrap_type, codes.WRAP_TYPES)
    return found


def dates(sheet: List) -> Findings:
    """DeclTime (申报日期) and, where given, ieDate (进口日期) are days that exist."""
    declaration = sheet.paper
    found: Findings = CLEAN
    if not check_head.is_day(declaration.decl_time):
        found += sheet.breach("CEB-TIME", "decl_time", declaration.decl_time)
    if declaration.ie_date and not check_head.is_day(declaration.ie_date):
        found += sheet.breach("CEB-TIME", "ie_date", declaration.ie_date)
    return found


def names(sheet: List) -> Findings:
    """The orderer's name and the address say something (rule 8)."""
    return check_head.named(sheet, "buyer_name", "consignee_address")


numbers = check_head.half_width(
    "order_no", "ebp_code", "ebc_code", "logistics_no", "logistics_code", "cop_no", "assure_code", "ems_no"
)
"""Codes and numbers are half-width (rule 8)."""


def charges(sheet: List) -> Findings:
    """Freight and insurance are zero or more."""
    return check_head.not_negative(sheet, "freight_e5", "insured_fee_e5")


def gnums(sheet: List) -> Findings:
    """Lines are numbered from 1 without gap or repeat (-621027)."""
    return check_order.gnums(sheet, [line.gnum for line in sheet.paper.lines])


def lines(sheet: List) -> Findings:
    """Every line adds up, is complete, and names known codes and the legal units of its commodity code."""
    found: list[Finding] = []
    for line in sheet.paper.lines:
        for check in LINE_CHECKS:
            if breaches := check(sheet, line):
                found += breaches
    return tuple(found) if found else CLEAN


def line_total(sheet: List, line: ListLine) -> Findings:
    """Total = price × quantity; what costs nothing is explained (section 6.1 rules 4 and 5)."""
    return check_order.total(sheet, line) + check_order.gift(sheet, line)


def line_elements(sheet: List, line: ListLine) -> Findings:
    """Name, specification, code and price are declared (194/2018 art. 14 para. 1) and say something (rule 8)."""
    fillers, found = sheet.bench.fillers, CLEAN
    for field in ("gname", "gmodel"):
        value = getattr(line, field).strip()
        if not value:
            found += sheet.breach("R194-14.1", f"lines[{line.gnum}].{field}", value)
        elif value in fillers:
            found += sheet.breach("CEB-6.3.8", f"lines[{line.gnum}].{field}", value)
    if line.price_e5 < 0 or line.total_price_e5 < 0:
        found += sheet.breach("PAPER-AMOUNT", f"lines[{line.gnum}].price", sheet.amount(line.price_e5))
    return found


def line_currency(sheet: List, line: ListLine) -> Findings:
    """Every line is in RMB (194/2018 art. 14 para. 2)."""
    wanted = sheet.bench.currency
    if line.currency == wanted or not wanted:
        return CLEAN
    against = by_law("import.declaration_currency", wanted)
    return sheet.breach("R194-14.2", f"lines[{line.gnum}].currency", line.currency, against)


def line_quantities(sheet: List, line: ListLine) -> Findings:
    """Quantities are more than zero; second unit and second quantity come together (rules 3 and 6; -625009)."""
    at, found = f"lines[{line.gnum}]", CLEAN
    if line.qty_e5 <= 0:
        found += sheet.breach("CEB-6.3.6", f"{at}.qty", sheet.amount(line.qty_e5))
    if line.qty1_e5 <= 0:
        found += sheet.breach("CEB-6.3.6", f"{at}.qty1", sheet.amount(line.qty1_e5))
    if (line.qty2_e5 is None) == bool(line.unit2) or (line.qty2_e5 is not None and line.qty2_e5 <= 0):
        quantity = "" if line.qty2_e5 is None else sheet.amount(line.qty2_e5)
        found += sheet.breach("CEB-6.3.3", f"{at}.qty2", quantity, sheet.said(f"{at}.unit2", line.unit2))
    return found


def line_codes(sheet: List, line: ListLine) -> Findings:
    """Units and countries stand in their code lists (rule 7)."""
    at = f"lines[{line.gnum}]"
    found = check_order.known(sheet, f"{at}.country", line.country, codes.COUNTRIES)
    found += check_order.known(sheet, f"{at}.unit", line.unit, codes.UNITS)
    if line.trade_country:
        found += check_order.known(sheet, f"{at}.trade_country", line.trade_country, codes.COUNTRIES)
    return found


def line_units(sheet: List, line: ListLine) -> Findings:
    """The commodity code stands in the tariff and the legal units are its own (rules 4 and 7)."""
    at, law = f"lines[{line.gnum}]", sheet.bench.law
    units = law.legal_units(line.gcode)
    if units is None:
        return sheet.breach("CEB-6.3.7", f"{at}.gcode", line.gcode, by_law("tariff", ""))
    if (line.unit1, line.unit2) == units:
        return CLEAN
    wanted = by_law(f"legal units of {line.gcode}", "/".join(unit for unit in units if unit))
    return sheet.breach("CEB-6.3.4", f"{at}.unit1/unit2", f"{line.unit1}/{line.unit2}".rstrip("/"), wanted)


def _required(sheet: List, rule: str, fields: tuple[str, ...]) -> Findings:
    found: Findings = CLEAN
    for field in fields:
        if not getattr(sheet.paper, field).strip():
            found += sheet.breach(rule, field, "")
    return found


def _absent(sheet: List, rule: str, fields: tuple[str, ...]) -> Findings:
    found: Findings = CLEAN
    for field in fields:
        value = getattr(sheet.paper, field)
        if value.strip():
            found += sheet.breach(rule, field, value)
    return found


_BONDED = ("ems_no", "area_code", "area_name")
_DIRECT = ("traf_no", "voyage_no", "bill_no")

LINE_CHECKS = (
    line_total,
    line_elements,
    line_currency,
    line_quantities,
    line_codes,
    line_units,
)
"""What every line goes through, in this order."""

"""Whether the goods may come this way, and from this place (194/2018 art. 4 and 18; positive list; account book)."""

from __future__ import annotations

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import ListLine
from sandan.law.facts import Finding
from sandan.law.facts import ListEntry
from sandan.law.facts import Remark
from sandan.law.facts import Restriction
from sandan.law.facts import Severity
from sandan.law.supplied import Ban
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import by_law
from sandan.parties.breach import by_registry
from sandan.parties.breach import graded
from sandan.parties.facts import AccountBook
from sandan.parties.sheet import Sheet
from sandan.terms.ids import RuleId

List = Sheet[DeclarationList]

PLACE_RULES = ("R39-1", "R1210-3", "R1210-2", "R1210-1")
"""Rules that say where 1210 is open, newest first; the first in force is the one cited."""


def goods(sheet: List) -> Findings:
    """No line is suspended, every line is on the positive list and keeps its remarks, none is banned in the zone."""
    found: list[Finding] = []
    for line in sheet.paper.lines:
        for check in GOODS_CHECKS:
            if breaches := check(sheet, line):
                found += breaches
    return tuple(found) if found else CLEAN


def suspended(sheet: List, line: ListLine) -> Findings:
    """Not from an epidemic area under suspension, not under an emergency measure (art. 4 para. 1), not prohibited (art. 26)."""
    law = sheet.bench.law
    if not law.overlay.suspensions:
        return CLEAN
    measure = law.suspension(line.gcode, line.country)
    if measure is None:
        return CLEAN
    rule = "R194-26.3" if measure.kind is Ban.PROHIBITED else "R194-4.2"
    against = by_law(measure.kind.value, measure.reason)
    found = sheet.breach(rule, f"lines[{line.gnum}].gcode", f"{line.gcode}/{line.country}", against)
    return graded(Severity.REFUSE, found)


def listed(sheet: List, line: ListLine) -> Findings:
    """On the positive list in force, and by the way its remark allows (RPL-1, RPL-2)."""
    entry = sheet.bench.law.listed(line.gcode)
    if entry is None:
        against = by_law("positive_list", "not on the list at hand")
        return sheet.breach("RPL-1", f"lines[{line.gnum}].gcode", line.gcode, against)
    return _remarks(sheet, line, entry) if entry.remarks else CLEAN


def licensed(sheet: List, line: ListLine) -> Findings:
    """Under 1239 the endnotes of the positive list ask for licence, registration or filing (art. 4 para. 2).

    Which goods need which paper stands in the endnotes, which are not data here; the declarant is reminded.
    """
    if sheet.paper.trade_mode not in sheet.bench.endnote_modes or line.gnum != 1:
        return CLEAN
    found = sheet.breach("R194-4.3", "license_no", sheet.paper.license_no, by_law("positive_list", "endnotes"))
    return graded(Severity.NOTE, found)


def yearly(sheet: List) -> Findings:
    """One list does not pass what a person may buy a year, over all lines and codes of a pool (RPL-2).

    What was bought before is not counted here, which is noted.
    """
    quantities: dict[str, int] = {}
    remarks: dict[str, Remark] = {}
    for line in sheet.paper.lines:
        entry = sheet.bench.law.listed(line.gcode)
        remark = entry.restricted(Restriction.YEARLY_QUANTITY) if entry is not None and entry.remarks else None
        if entry is not None and remark is not None:
            pool = remark.pool or entry.hs8
            remarks[pool] = remark
            quantities[pool] = quantities.get(pool, 0) + _quantity(line, remark.unit)
    findings: Findings = CLEAN
    for pool, remark in remarks.items():
        limit = by_law("positive_list", f"{remark.text} ({sheet.amount(remark.quantity_e5)})")
        found = sheet.breach("RPL-2", f"quantity of {pool}", sheet.amount(quantities[pool]), limit)
        over = quantities[pool] > remark.quantity_e5
        findings += graded(Severity.REFUSE if over else Severity.NOTE, found)
    return findings


def _quantity(line: ListLine, unit: str) -> int:
    """Quantity of a line in a unit, as far as the line states one."""
    stated = {line.unit: line.qty_e5, line.unit2: line.qty2_e5 or 0, line.unit1: line.qty1_e5}
    return stated.get(unit, 0)


def account_book(sheet: List) -> Findings:
    """Bonded import is sold out of a known account book of the warehouse named, in the mode it entered by."""
    declaration, bench = sheet.paper, sheet.bench
    if declaration.trade_mode not in bench.bonded_modes or not declaration.ems_no:
        return CLEAN
    book = bench.register.registry.books.get(declaration.ems_no)
    if book is None:
        return sheet.breach("STOCK-1", "ems_no", declaration.ems_no, by_registry("books", ""))
    return (
        _owner(sheet, book) + _entry_mode(sheet, book) + _place(sheet, book) + _exit(sheet, book) + _items(sheet, book)
    )


def _owner(sheet: List, book: AccountBook) -> Findings:
    """The book belongs to the warehouse enterprise the list names (section 6.3 rule 1)."""
    area = sheet.paper.area_code
    return CLEAN if book.owner == area else sheet.breach("STOCK-1", "area_code", area, by_registry("owner", book.owner))


def _entry_mode(sheet: List, book: AccountBook) -> Findings:
    """The mode of the list is the mode of first-line entry (second-line exit section 1)."""
    mode = sheet.paper.trade_mode
    if mode == book.trade_mode:
        return CLEAN
    return sheet.breach("R2L-3", "trade_mode", mode, by_registry("trade_mode", book.trade_mode))


def _place(sheet: List, book: AccountBook) -> Findings:
    """Inside a zone or centre (art. 18); 1210 only where it is open, and an officer is asked where that is not known."""
    mode, law = sheet.paper.trade_mode, sheet.bench.law
    if not book.zone.strip():
        return sheet.breach("R194-18.1", "ems_no", sheet.paper.ems_no, by_registry("zone", ""))
    if mode in sheet.bench.endnote_modes:
        return _local(sheet, book)
    open_here = law.bonded_place(book.city)
    if open_here:
        return _local(sheet, book)
    rule = next((rule for rule in PLACE_RULES if law.is_on(RuleId(rule))), "R194-18.1")
    answer = "no" if open_here is False else "unknown"
    found = sheet.breach(rule, "trade_mode", f"{mode} {book.city}", by_law("bonded_place", answer))
    return graded(Severity.REFUSE if open_here is False else Severity.REVIEW, found)


def _local(sheet: List, book: AccountBook) -> Findings:
    """No commodity code is on the zone's own negative list (RZ-2)."""
    law = sheet.bench.law
    found: Findings = CLEAN
    for line in sheet.paper.lines:
        if law.local_ban(book.city, line.gcode):
            against = by_law("local negative list", book.city)
            found += sheet.breach("RZ-2", f"lines[{line.gnum}].gcode", line.gcode, against)
    return found


def _exit(sheet: List, book: AccountBook) -> Findings:
    """The transport mode is that of second-line exit of the zone, not a vehicle (second-line exit section 1)."""
    mode = sheet.paper.traf_mode
    allowed = frozenset(book.exit_transport) or sheet.bench.exit_modes
    if mode in allowed or not allowed:
        return CLEAN
    return sheet.breach("R2L-4", "traf_mode", mode, by_law("bonded.exit_transport_modes", ", ".join(sorted(allowed))))


def _items(sheet: List, book: AccountBook) -> Findings:
    """Every item stands in the book, with the same commodity code and unit."""
    found: Findings = CLEAN
    for line in sheet.paper.lines:
        at = f"lines[{line.gnum}]"
        item = book.items.get(line.item_record_no)
        if item is None:
            if line.item_record_no:
                found += sheet.breach("STOCK-2", f"{at}.item_record_no", line.item_record_no, by_registry("items", ""))
        elif (item.gcode, item.unit) != (line.gcode, line.unit):
            against = by_registry(f"items.{item.item_no}", f"{item.gcode}/{item.unit}")
            found += sheet.breach("STOCK-3", f"{at}.gcode/unit", f"{line.gcode}/{line.unit}", against)
    return found


def _remarks(sheet: List, line: ListLine, entry: ListEntry) -> Findings:
    found: Findings = CLEAN
    for remark in entry.remarks:
        found += _REMARKS[remark.kind](sheet, line, remark)
    return found


def _bonded_only(sheet: List, line: ListLine, remark: Remark) -> Findings:
    if sheet.paper.trade_mode in sheet.bench.bonded_modes:
        return CLEAN
    against = by_law("positive_list", remark.text)
    return sheet.breach("RPL-2", f"lines[{line.gnum}].gcode", f"{line.gcode} {sheet.paper.trade_mode}", against)


def _name_only(sheet: List, line: ListLine, remark: Remark) -> Findings:
    """Whether a name falls under the remark is for an officer where the words do not show it."""
    if not remark.names or any(name in line.gname for name in remark.names):
        return CLEAN
    against = by_law("positive_list", remark.text)
    return graded(Severity.REVIEW, sheet.breach("RPL-2", f"lines[{line.gnum}].gname", line.gname, against))


def _excluded(sheet: List, line: ListLine, remark: Remark) -> Findings:
    """What a remark excludes cannot be seen in a list; the declarant is reminded."""
    against = by_law("positive_list", remark.text)
    return graded(Severity.NOTE, sheet.breach("RPL-2", f"lines[{line.gnum}].gcode", line.gcode, against))


def _counted_together(_sheet: List, _line: ListLine, _remark: Remark) -> Findings:
    """A year's quantity is counted over all lines, see :func:`yearly`."""
    return CLEAN


_REMARKS = {
    Restriction.BONDED_ONLY: _bonded_only,
    Restriction.NAME_ONLY: _name_only,
    Restriction.EXCLUSION: _excluded,
    Restriction.YEARLY_QUANTITY: _counted_together,
}

GOODS_CHECKS = (
    suspended,
    listed,
    licensed,
)
"""What every line goes through, in this order."""

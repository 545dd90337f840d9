"""Elements of real-time payment data as the interface description lists them, and what is wrong with their values."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from msgspec import Struct

from sandan.oversight.facts import Slip
from sandan.terms.days import parse_wire_time
from sandan.terms.errors import TermError
from sandan.terms.ids import RuleId
from sandan.terms.money import parse_e5
from sandan.wire.realtime_text import HEAD
from sandan.wire.realtime_text import LISTS
from sandan.wire.realtime_text import Number

SERVICE_TIME_DIGITS = 13
_SHOWN = 60


class Element(Struct, frozen=True):
    """One element of a table."""

    name: str
    #: Most characters; 0 for objects, lists and numbers
    limit: int = 0
    required: bool = True
    kind: type = str


TOP = (
    Element("sessionID", 100),
    Element(HEAD, kind=dict),
    Element(LISTS, kind=list),
    Element("serviceTime", SERVICE_TIME_DIGITS),
    Element("certNo", 64),
    Element("signValue", 1024),
)
HEAD_TABLE = (
    Element("guid", 36),
    Element("initalRequest", 8000),
    Element("initalResponse", 8000),
    Element("ebpCode", 18),
    Element("payCode", 18),
    Element("payTransactionId", 60),
    Element("totalAmount", kind=Number),
    Element("currency", 4),
    Element("verDept", 1),
    Element("payType", 1, required=False),
    Element("tradingTime", 14),
    Element("note", 1000, required=False),
)
ORDER_TABLE = (
    Element("orderNo", 60),
    Element("goodsInfo", kind=list),
    Element("recpAccount", 60),
    Element("recpCode", 18, required=False),
    Element("recpName", 100),
)
GOODS_TABLE = (Element("gname", 250), Element("itemLink", 3000))

_CODES = {"verDept": ("1", "2", "3"), "payType": ("1", "2", "3", "4")}
_KINDS: Mapping[type, str] = {str: "text", dict: "object", list: "list", Number: "number"}


def slips_of(element: Element, value: object, path: str) -> Iterator[Slip]:
    """What is wrong with one value, as far as the table says."""
    if value is None or value in ("", [], {}):
        if element.required:
            yield Slip(rule=RuleId("P179-MISSING"), field=path, expected=_KINDS[element.kind])
    elif not _fits(element, value):
        yield _of_another_kind(element, value, path)
    elif isinstance(value, str):
        yield from _text_slips(element, value, path)


def _fits(element: Element, value: object) -> bool:
    """Whether the value is of the element's kind; ``serviceTime`` may be text or number, both are seen."""
    if element.name == "serviceTime":
        return isinstance(value, str)
    if element.kind is str:
        return isinstance(value, str) and not isinstance(value, Number)
    return isinstance(value, element.kind)


def _of_another_kind(element: Element, value: object, path: str) -> Slip:
    if element.kind is Number and isinstance(value, str):
        rule = "P179-AMOUNT-QUOTED"
    elif element.kind in {dict, list} and isinstance(value, str):
        rule = "P179-WRAPPED"
    else:
        rule = "P179-TYPE"
    return Slip(rule=RuleId(rule), field=path, found=shown(value), expected=_KINDS[element.kind])


def _text_slips(element: Element, value: str, path: str) -> Iterator[Slip]:
    if element.limit and len(value) > element.limit:
        yield Slip(
            rule=RuleId("P179-LENGTH"), field=path, found=str(len(value)), expected=f"≤ {element.limit} characters"
        )
    if element.name not in {"initalRequest", "initalResponse", "note"} and not value.isprintable():
        yield Slip(rule=RuleId("P179-TYPE"), field=path, found=shown(value), expected="printable text")
    rule = _value_rule(element.name, value)
    if rule:
        yield Slip(rule=RuleId(rule), field=path, found=shown(value), expected=_wanted(element.name, value))


def _value_rule(name: str, value: str) -> str:
    """Rule that the value of an element breaks, empty where it breaks none."""
    match name:
        case "guid" if value != value.upper():
            return "P179-GUID-CASE"
        case "totalAmount":
            return _amount_rule(value)
        case "verDept" | "payType" if value not in _CODES[name]:
            return "P179-CODE"
        case "tradingTime" if not _is_time(value):
            return "P179-TIME"
        case "serviceTime" if not (value.isascii() and value.isdecimal() and len(value) == SERVICE_TIME_DIGITS):
            return "P179-SERVICE-TIME"
    return ""


def _amount_rule(value: str) -> str:
    try:
        negative = parse_e5(value) < 0
    except TermError:
        return "P179-AMOUNT"
    if negative:
        return "P179-AMOUNT"
    part = value.partition(".")[2]
    return "P179-AMOUNT-ZEROS" if part.endswith("0") and part != "0" else ""


def _is_time(value: str) -> bool:
    try:
        parse_wire_time(value)
    except TermError:
        return False
    return len(value) == len("yyyyMMddHHmmss")


def _wanted(name: str, value: str) -> str:
    wanted = {"guid": value.upper(), "totalAmount": _plain(value), "tradingTime": "yyyyMMddHHmmss"}
    if name in _CODES:
        return " / ".join(_CODES[name])
    return shown(wanted.get(name, f"{SERVICE_TIME_DIGITS} digits"))


def _plain(value: str) -> str:
    """The amount without trailing zeros."""
    return value.rstrip("0").rstrip(".") if "." in value else value


def shown(value: object) -> str:
    """A value short enough to be shown."""
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"

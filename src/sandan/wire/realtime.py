"""Reads real-time payment data (179 号公告实时数据) as it was posted, with everything that is not as it should be.

What was signed is text, so an upload is read twice: for its facts, and for the very text of head and lists.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from itertools import islice
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct

from sandan.oversight.facts import Answer
from sandan.oversight.facts import Goods
from sandan.oversight.facts import PaidOrder
from sandan.oversight.facts import PaymentData
from sandan.oversight.facts import PaymentHead
from sandan.oversight.facts import Slip
from sandan.terms.errors import TermError
from sandan.terms.ids import RuleId
from sandan.terms.money import format_e5
from sandan.terms.money import parse_e5
from sandan.wire.realtime_fields import GOODS_TABLE
from sandan.wire.realtime_fields import HEAD_TABLE
from sandan.wire.realtime_fields import ORDER_TABLE
from sandan.wire.realtime_fields import TOP
from sandan.wire.realtime_fields import Element
from sandan.wire.realtime_fields import shown
from sandan.wire.realtime_fields import slips_of
from sandan.wire.realtime_text import ANSWER_FIELD
from sandan.wire.realtime_text import DEMAND_FIELD
from sandan.wire.realtime_text import HEAD
from sandan.wire.realtime_text import LISTS
from sandan.wire.realtime_text import Number
from sandan.wire.realtime_text import string_to_sign
from sandan.wire.realtime_text import text_of

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u(?!00[01])|/)")
_FIELDS_LIMIT = 16
_SLIPS_SEEN = 5000
_SLIPS_KEPT = 100
_NOTE = "P179-UNKNOWN"
_TABLE_LIST = "payExchangeInfoList"


class Mistaken(Struct, frozen=True):
    """A text that a platform signs by a known mistake instead of the right one, and the rule it breaks."""

    rule: RuleId
    text: bytes


class Parts(Struct, frozen=True, kw_only=True):
    """An upload as JSON, and the very text of its elements."""

    value: dict[str, object]
    raw: dict[str, str]
    #: Name the list of orders stood under
    lists: str


class Upload(Struct, frozen=True, kw_only=True):
    """An upload as read."""

    #: None where a slip leaves no facts to speak of
    answer: Answer | None = None
    slips: tuple[Slip, ...] = ()
    #: String to sign over the text as posted; empty where there is none
    posted: bytes = b""
    #: What it was read from, for `mistaken`
    parts: Parts | None = None
    #: ``signValue`` as bytes; empty where it is no base64
    signature: bytes = b""
    #: Values to look up even where the rest cannot be read
    session_id: str = ""
    ebp_code: str = ""
    cert_no: str = ""


class Opening(Struct, frozen=True, kw_only=True):
    """A demand as a platform reads it (platDataOpen)."""

    order_no: str
    session_id: str
    service_time: str


class NotADemandError(ValueError):
    """The body is no ``openReq``; the text says what is wrong with it."""


class _Object(dict[str, object]):
    """A JSON object that knows which names stood in it twice."""

    repeated: tuple[str, ...] = ()


def read_demand(body: bytes) -> Opening:
    """A demand out of the form customs posts.

    Raises:
        NotADemandError: It is no form with ``openReq``, or its JSON lacks a text.
    """
    try:
        value = _loaded(_field(body, DEMAND_FIELD))
    except ValueError as error:
        raise NotADemandError(str(error)) from error
    names = ("orderNo", "sessionID", "serviceTime")
    texts = [value.get(name) for name in names] if isinstance(value, dict) else [None]
    if not all(isinstance(text, str) and text for text in texts):
        raise NotADemandError(f"openReq must hold {', '.join(names)}")
    order_no, session_id, service_time = map(str, texts)
    return Opening(order_no=order_no, session_id=session_id, service_time=service_time)


def read_upload(body: bytes) -> Upload:
    """An upload out of the form a platform posts; never raises."""
    try:
        text = _field(body, ANSWER_FIELD)
    except ValueError as error:
        return _unread("P179-FORM", str(error), ANSWER_FIELD)
    try:
        value = _loaded(text)
        raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError) as error:
        return _unread("P179-JSON", str(error), "{…}")
    if not isinstance(value, _Object):
        return _unread("P179-JSON", shown(text), "{…}")
    return _upload(value, {name: bytes(part).decode() for name, part in raw.items()}, text)


def mistaken(upload: Upload) -> Iterator[Mistaken]:
    """What platforms are known to sign instead of the right text, in the order to try."""
    if upload.parts is None:
        return
    value, raw, lists_name = upload.parts.value, upload.parts.raw, upload.parts.lists
    session_id, head, lists, time = _plain(value, "sessionID"), raw[HEAD], raw[lists_name], _plain(value, "serviceTime")
    right = upload.posted
    for changed in _before(value, lists_name):
        text = string_to_sign(session_id, *changed, time)
        if text != right:
            yield Mistaken(RuleId("P179-SIGNED-BEFORE"), text)
    escaped = (text_of(head)[1:-1], text_of(lists)[1:-1])
    yield Mistaken(RuleId("P179-SIGNED-ESCAPED"), string_to_sign(session_id, *escaped, time))
    parts = [f'"{HEAD}":{head}', f'"{LISTS}":{lists}']
    for last in (f'"serviceTime":"{time}"', f'"serviceTime":{time}'):
        yield Mistaken(
            RuleId("P179-SIGNED-UNQUOTED"), "||".join([f'"sessionID":"{session_id}"', *parts, last]).encode()
        )
    for joint in (b"|", b"&", b","):
        yield Mistaken(RuleId("P179-SIGNED-JOINT"), joint.join(right.split(b"||")))
    yield Mistaken(RuleId("P179-LIST-NAME"), right.replace(f'"{LISTS}":'.encode(), f'"{_TABLE_LIST}":'.encode()))
    whole = {name: each for name, each in value.items() if name not in {"certNo", "signValue"}}
    yield Mistaken(RuleId("P179-SIGNED-WHOLE"), text_of(whole).encode())


def _upload(value: _Object, raw: dict[str, str], text: str) -> Upload:
    lists_name = LISTS if LISTS in value or _TABLE_LIST not in value else _TABLE_LIST
    slips = _capped(_slips(value, text))
    head, session_id = value.get(HEAD), _plain(value, "sessionID")
    if not (isinstance(head, dict) and isinstance(value.get(lists_name), list)):
        return Upload(slips=slips, session_id=session_id, cert_no=_plain(value, "certNo"))
    service_time = _plain(value, "serviceTime")
    return Upload(
        answer=_answer(value, value.get(lists_name)),
        slips=slips,
        posted=string_to_sign(session_id, raw[HEAD], raw[lists_name], service_time),
        parts=Parts(value=value, raw=raw, lists=lists_name),
        signature=_decoded(_plain(value, "signValue")),
        session_id=session_id,
        ebp_code=_plain(head, "ebpCode"),
        cert_no=_plain(value, "certNo"),
    )


def _capped(slips: Iterator[Slip]) -> tuple[Slip, ...]:
    """The first slips, those that refuse before those that only note; what holds more than anyone reads is refused."""
    seen = list(islice(slips, _SLIPS_SEEN))
    if len(seen) == _SLIPS_SEEN:
        seen.insert(0, Slip(rule=RuleId("P179-LENGTH"), field=ANSWER_FIELD, found=f"≥ {_SLIPS_SEEN} mistakes"))
    return tuple(sorted(seen, key=lambda slip: slip.rule == _NOTE)[:_SLIPS_KEPT])


def _slips(value: _Object, text: str) -> Iterator[Slip]:
    if _TABLE_LIST in value and LISTS not in value:
        yield Slip(rule=RuleId("P179-LIST-NAME"), field=_TABLE_LIST, found=_TABLE_LIST, expected=LISTS)
        value = _renamed(value)
    yield from _table(value, TOP, "", ordered=False)
    yield from _table(value.get(HEAD), HEAD_TABLE, HEAD)
    for path, order in _each(value.get(LISTS), LISTS):
        yield from _table(order, ORDER_TABLE, path)
        for inner, goods in _each(order.get("goodsInfo") if isinstance(order, dict) else None, f"{path}.goodsInfo"):
            yield from _table(goods, GOODS_TABLE, inner)
    yield from _spelling(text)
    yield from _sign_value(_plain(value, "signValue"))


def _table(value: object, table: tuple[Element, ...], path: str, *, ordered: bool = True) -> Iterator[Slip]:
    """Slips of one object against its table; its order counts where its text is signed."""
    if not isinstance(value, _Object):
        if path.endswith("]"):
            yield Slip(rule=RuleId("P179-TYPE"), field=path, found=shown(value), expected="object")
        return
    prefix = f"{path}." if path else ""
    for name in value.repeated:
        yield Slip(rule=RuleId("P179-DUPLICATE"), field=prefix + name)
    for element in table:
        yield from slips_of(element, value.get(element.name), prefix + element.name)
    names = [element.name for element in table]
    for name in value:
        if name not in names:
            yield Slip(rule=RuleId("P179-UNKNOWN"), field=prefix + shown(name))
    known = [name for name in value if name in names]
    right = [name for name in names if name in value]
    if ordered and known != right:
        yield Slip(rule=RuleId("P179-ORDER"), field=path, found=", ".join(known), expected=", ".join(right))


def _each(value: object, path: str) -> Iterator[tuple[str, object]]:
    for number, item in enumerate(value if isinstance(value, list) else ()):
        yield f"{path}[{number}]", item


def _spelling(text: str) -> Iterator[Slip]:
    """Escapes and blanks that make the text another than the one a compact writer gives."""
    escape = _ESCAPE.search(text)
    if escape:
        yield Slip(rule=RuleId("P179-ESCAPED"), field=ANSWER_FIELD, found=text[escape.start() : escape.start() + 6])
    blanks = sum(character.isspace() for character in _STRING.sub("", text))
    if blanks:
        yield Slip(rule=RuleId("P179-SPACE"), field=ANSWER_FIELD, found=str(blanks), expected="0")


def _sign_value(value: str) -> Iterator[Slip]:
    if " " in value.strip():
        yield Slip(rule=RuleId("P179-PLUS"), field="signValue", found="' '", expected="+")
    elif value and not _decoded(value):
        yield Slip(rule=RuleId("P179-BASE64"), field="signValue", found=shown(value))


def _before(value: Mapping[str, object], lists_name: str) -> Iterator[tuple[str, str]]:
    """Head and lists as they may have been before a change: compact, in order, guid and amount as they should be."""
    head, lists = value[HEAD], value[lists_name]
    yield text_of(head), text_of(lists)
    ordered = (_in_order(head, HEAD_TABLE), [_in_order(order, ORDER_TABLE) for _, order in _each(lists, "")])
    yield text_of(ordered[0]), text_of(ordered[1])
    for guid in (_plain(ordered[0], "guid").upper(), _plain(ordered[0], "guid").lower()):
        for amount in _amounts(ordered[0].get("totalAmount")):
            yield text_of({**ordered[0], "guid": guid, "totalAmount": amount}), text_of(ordered[1])


def _amounts(value: object) -> Iterator[object]:
    """Ways to write one amount."""
    yield value
    try:
        number = parse_e5(str(value))
    except TermError:
        return
    plain = format_e5(number)
    whole, _, part = plain.partition(".")
    for text in (plain, f"{whole}.{part or '0'}", f"{whole}.{part.ljust(2, '0')}"):
        yield Number(text)
        yield text


def _in_order(value: object, table: tuple[Element, ...]) -> dict[str, object]:
    elements = value if isinstance(value, dict) else {}
    return {element.name: elements[element.name] for element in table if element.name in elements}


def _answer(value: _Object, lists: object) -> Answer | None:
    """The facts, as far as they are texts and numbers; what is missing is empty, and a slip says so."""
    head = value.get(HEAD)
    orders = tuple(_order(order) for _, order in _each(lists, "") if isinstance(order, dict))
    if not isinstance(head, dict) or not orders:
        return None
    return Answer(
        session_id=_plain(value, "sessionID"),
        data=PaymentData(head=_head(head), orders=orders),
        service_time=_plain(value, "serviceTime"),
        cert_no=_plain(value, "certNo"),
        sign_value=_plain(value, "signValue"),
    )


def _head(value: Mapping[str, object]) -> PaymentHead:
    try:
        total_e5 = parse_e5(_plain(value, "totalAmount"))
    except TermError:
        total_e5 = 0
    return PaymentHead(
        guid=_plain(value, "guid"),
        request=_plain(value, "initalRequest"),
        response=_plain(value, "initalResponse"),
        ebp_code=_plain(value, "ebpCode"),
        pay_code=_plain(value, "payCode"),
        transaction_id=_plain(value, "payTransactionId"),
        total_e5=total_e5,
        currency=_plain(value, "currency"),
        ver_dept=_plain(value, "verDept"),
        pay_type=_plain(value, "payType"),
        trading_time=_plain(value, "tradingTime"),
        note=_plain(value, "note"),
    )


def _order(value: Mapping[str, object]) -> PaidOrder:
    goods = [item for _, item in _each(value.get("goodsInfo"), "") if isinstance(item, dict)]
    return PaidOrder(
        order_no=_plain(value, "orderNo"),
        goods=tuple(Goods(name=_plain(item, "gname"), link=_plain(item, "itemLink")) for item in goods),
        payee_account=_plain(value, "recpAccount"),
        payee_code=_plain(value, "recpCode"),
        payee_name=_plain(value, "recpName"),
    )


def _plain(value: Mapping[str, object], name: str) -> str:
    found = value.get(name)
    return str.__str__(found) if isinstance(found, str) else ""


def _renamed(value: _Object) -> _Object:
    """The object with the list under the name the table of the interface wants."""
    renamed = _Object((LISTS if name == _TABLE_LIST else name, each) for name, each in value.items())
    renamed.repeated = value.repeated
    return renamed


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _field(body: bytes, name: str) -> str:
    """One field of a form.

    Raises:
        ValueError: It is no form, is not UTF-8, or does not hold the field exactly once.
    """
    fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_LIMIT)
    values = fields.get(name, [])
    if len(values) != 1:
        raise ValueError(f"{len(values)} × {name}")
    return values[0]


def _loaded(text: str) -> object:
    """JSON with its numbers in their digits and its objects in their order."""
    return json.loads(
        text, object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_no_constant
    )


def _object(pairs: list[tuple[str, object]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        found.repeated = tuple(name for name, count in counts.items() if count > 1)
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _unread(rule: str, found: str, expected: str) -> Upload:
    return Upload(slips=(Slip(rule=RuleId(rule), field=ANSWER_FIELD, found=shown(found), expected=expected),))

"""Writes real-time payment data (179 号公告实时数据): one serialiser for what is signed and what is posted.

Interface description V1.0, section 3.3: the string to sign has four parts joined by ``||``, inner JSON in quotes but not
escaped, compact, in the order of the tables. Since text is signed, nothing may be written twice in two ways.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import urlencode

from sandan.oversight.facts import Answer
from sandan.oversight.facts import PaidOrder
from sandan.oversight.facts import PaymentData
from sandan.oversight.facts import PaymentHead
from sandan.terms.money import format_e5

DEMAND_FIELD = "openReq"
ANSWER_FIELD = "payExInfoStr"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"
LISTS = "payExchangeInfoLists"
HEAD = "payExchangeInfoHead"


class Number(str):
    """A JSON number in the digits it was or is to be written with."""

    __slots__ = ()


Pairs = Iterable[tuple[str, object]]


def text_of(value: object) -> str:
    """Compact JSON: Chinese and slashes as they are, numbers in their own digits, elements in their order."""
    if isinstance(value, Number):
        return str.__str__(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{text_of(name)}:{text_of(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(text_of(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def amount_text(value_e5: int) -> Number:
    """An amount as customs reads it back: no trailing zeros, and a whole amount with one.

    ``5.0`` stands in the one payload known to have been accepted; nothing shows whether ``5`` would have been.

    >>> amount_text(10_010_000), amount_text(500_000)
    ('100.1', '5.0')
    """
    text = format_e5(value_e5)
    return Number(text if "." in text else f"{text}.0")


def head_of(head: PaymentHead) -> dict[str, object]:
    """Elements of ``payExchangeInfoHead`` in the order of the table; optional ones only where they say something."""
    elements: dict[str, object] = {
        "guid": head.guid,
        "initalRequest": head.request,
        "initalResponse": head.response,
        "ebpCode": head.ebp_code,
        "payCode": head.pay_code,
        "payTransactionId": head.transaction_id,
        "totalAmount": amount_text(head.total_e5),
        "currency": head.currency,
        "verDept": head.ver_dept,
        "payType": head.pay_type,
        "tradingTime": head.trading_time,
        "note": head.note,
    }
    return {name: value for name, value in elements.items() if value or name not in {"payType", "note"}}


def order_of(order: PaidOrder) -> dict[str, object]:
    """Elements of one paid order in the order of the table."""
    elements: dict[str, object] = {
        "orderNo": order.order_no,
        "goodsInfo": [{"gname": goods.name, "itemLink": goods.link} for goods in order.goods],
        "recpAccount": order.payee_account,
        "recpCode": order.payee_code,
        "recpName": order.payee_name,
    }
    return {name: value for name, value in elements.items() if value or name != "recpCode"}


def string_to_sign(session_id: str, head: str, lists: str, service_time: str) -> bytes:
    """The four parts as they are signed (待签文本), inner JSON given as the text that is posted."""
    parts = (("sessionID", session_id), (HEAD, head), (LISTS, lists), ("serviceTime", service_time))
    return "||".join(f'"{name}":"{value}"' for name, value in parts).encode()


def unsigned(session_id: str, data: PaymentData, service_time: str) -> bytes:
    """What a platform has its key sign."""
    return string_to_sign(
        session_id, text_of(head_of(data.head)), text_of([order_of(order) for order in data.orders]), service_time
    )


def answer_text(answer: Answer) -> str:
    """The JSON of an upload."""
    elements: dict[str, object] = {
        "sessionID": answer.session_id,
        HEAD: head_of(answer.data.head),
        LISTS: [order_of(order) for order in answer.data.orders],
        "serviceTime": answer.service_time,
        "certNo": answer.cert_no,
        "signValue": answer.sign_value,
    }
    return text_of(elements)


def answer_form(answer: Answer) -> bytes:
    """The body of ``realTimeDataUp``: a form with one field."""
    return urlencode({ANSWER_FIELD: answer_text(answer)}).encode()


def demand_form(order_no: str, session_id: str, service_time: str) -> bytes:
    """The body of ``platDataOpen``: a form with one field; ``serviceTime`` goes as text, as customs sends it."""
    request: dict[str, object] = {"orderNo": order_no, "sessionID": session_id, "serviceTime": service_time}
    return urlencode({DEMAND_FIELD: text_of(request)}).encode()


def acknowledgement(code: str, message: str, service_time: str) -> bytes:
    """A platform's immediate answer to a demand; it is sent as ``JSON``."""
    return text_of({"code": code, "message": message, "serviceTime": Number(service_time)}).encode()


def result(code: str, message: str, service_time: str) -> bytes:
    """Customs' answer to an upload."""
    elements: dict[str, object] = {"code": code, "message": message, "total": Number("0")}
    return text_of({**elements, "serviceTime": Number(service_time)}).encode()


def sign_value(signature: bytes) -> str:
    """A signature as ``signValue`` carries it."""
    return base64.b64encode(signature).decode()

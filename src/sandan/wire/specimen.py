"""Specimens of every message: the smallest and the fullest instance its definition allows.

They show the form of a message and serve the tests; their contents mean nothing and their signature is a placeholder.
"""

from __future__ import annotations

from sandan.wire.definitions import DS
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import definitions
from sandan.wire.facts import Record
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.write import message
from sandan.wire.write import record_message

GUID = "00000000-0000-4000-8000-000000000000"
"""Root guid of every specimen."""

_TRANSFER = Transfer(cop_code="1100000001", cop_name="样本企业", dxp_id="DXPENT0000000000")
_DAY_TIME = "20250101120000000"
_ROWS_UNLIMITED = 3
_LONGEST = 1000
_WHOLE_DIGITS = 13

_PLACEHOLDER = (
    f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"></ds:SignatureMethod>'
    '<ds:Reference URI=""><ds:Transforms>'
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform></ds:Transforms>'
    '<ds:DigestMethod Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"></ds:DigestMethod>'
    "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    "<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo><ds:KeyName>00</ds:KeyName>"
    "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
)


def smallest(message_type: str) -> bytes:
    """One document with nothing optional, unsigned unless the schema demands a signature.

    Args:
        message_type: One of the 42, for example ``CEB621Message``.

    Returns:
        A message the 202205 schema accepts.
    """
    definition = definitions().messages[message_type]
    record = Record(
        message_type=message_type,
        head=_values(definition.head, full=False),
        lines=tuple(_values(definition.list, full=False) for _ in range(definition.list.least))
        if definition.list
        else (),
    )
    must = any(item.name == "Signature" and item.least for item in definition.trailing)
    return _written(message_type, record, (), signed=must)


def fullest(message_type: str) -> bytes:
    """One document with everything optional, texts and numbers as long and lines as many as allowed, signed.

    Args:
        message_type: One of the 42, for example ``CEB621Message``.

    Returns:
        A message the 202205 schema accepts.
    """
    definition = definitions().messages[message_type]
    rows = 0 if definition.list is None else definition.list.most or _ROWS_UNLIMITED
    lines = tuple(_values(definition.list, full=True) for _ in range(rows)) if definition.list else ()
    record = Record(message_type=message_type, head=_values(definition.head, full=True), lines=lines)
    subscribes = tuple(Subscription(status="ALL", dxp_mode="DXP", dxp_address=f"DXP{n}", note="样本") for n in range(5))
    signable = any(item.name == "Signature" for item in definition.trailing)
    return _written(message_type, record, subscribes, signed=signable)


def sign_for_show(data: bytes) -> bytes:
    """Put a placeholder signature before the closing tag of the root; it verifies nowhere."""
    at = data.rindex(b"</")
    return data[:at] + _PLACEHOLDER.encode() + data[at:]


def _written(message_type: str, record: Record, subscribes: tuple[Subscription, ...], *, signed: bool) -> bytes:
    if not definitions().messages[message_type].trailing:
        return record_message(message_type, [record], GUID)
    data = message(message_type, [record], _TRANSFER, GUID, subscribes)
    return sign_for_show(data) if signed else data


def _values(entity: Entity, *, full: bool) -> dict[str, Value]:
    return {field.name: _value(field, full=full) for field in entity.fields if full or not field.optional}


def _value(field: Field, *, full: bool) -> Value:
    """A value at the lower or upper edge of what a field allows."""
    if field.fixed is not None:
        return field.fixed
    if field.base == "int":
        return 10 ** (field.digits or _ROWS_UNLIMITED) - 1 if full else 1
    if field.base == "decimal":
        return 10 ** (_WHOLE_DIGITS + field.fraction) - 1 if full else 0
    return _text(field, full=full)


def _text(field: Field, *, full: bool) -> str:
    if field.name == "guid":
        return GUID
    size = min(field.high or _LONGEST, _LONGEST) if full else field.low
    if field.name.endswith(("Time", "Date")):
        return _DAY_TIME[:size].ljust(size, "0")
    return ("样" if full and size > len(_DAY_TIME) else "1") * size

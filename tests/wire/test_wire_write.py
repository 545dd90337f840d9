"""What is written is what clients and signers expect, and reads back as it was."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import Order
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.wire import specimen
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import definitions
from sandan.wire.facts import Record
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.make import completed
from sandan.wire.make import maker
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.write import FormatReceipt
from sandan.wire.write import WriteError
from sandan.wire.write import format_receipt
from sandan.wire.write import message
from sandan.wire.write import receipts
from sandan.wire.write import record_message

GUID = "B0000000-0000-4000-8000-000000000002"
TRANSFER = Transfer(cop_code="3301960001", cop_name="样本", dxp_id="DXPENT0000000001", note="n")
NAMES = list(definitions().messages)
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")


def values(field: Field) -> st.SearchStrategy[Value]:
    """Anything the field allows and white space handling leaves alone."""
    if field.fixed is not None:
        return st.just(field.fixed)
    if field.base == "decimal":
        return st.integers(-(10**18) + 1, 10**18 - 1)
    if field.base == "int":
        return st.integers(0, 10 ** min(field.digits or 9, 9) - 1)
    letters = st.sampled_from("abc样") if field.collapse else LETTERS
    low = max(field.low, 1) if field.optional or field.default is not None else field.low
    high = min(field.high or low + 8, low + 8)
    return st.text(letters, min_size=low, max_size=high)


def entities(entity: Entity) -> st.SearchStrategy[dict[str, Value]]:
    required = {field.name: values(field) for field in entity.fields if not field.optional}
    optional = {field.name: values(field) for field in entity.fields if field.optional}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, list[Record]]:
    name = draw(st.sampled_from(NAMES))
    definition = definitions().messages[name]
    rows = (
        st.lists(entities(definition.list), min_size=definition.list.least, max_size=3)
        if definition.list
        else st.just([])
    )
    record = st.builds(Record, message_type=st.just(name), head=entities(definition.head), lines=rows.map(tuple))
    return name, draw(st.lists(record, min_size=1, max_size=min(definition.most or 3, 3)))


@given(messages())
def test_every_message_comes_out_as_it_went_in(drawn: tuple[str, list[Record]]) -> None:
    name, records = drawn
    definition = definitions().messages[name]
    if definition.trailing:
        data = specimen.sign_for_show(message(name, records, TRANSFER, GUID))
    else:
        data = record_message(name, records, GUID)
    reading = decode(parse(data))
    assert reading.valid
    assert reading.documents == tuple(as_document(name, record) for record in records)


def as_document(name: str, record: Record) -> object:
    """The document the reader should make of a record."""
    definition = definitions().messages[name]
    rows = [completed(name, definition.list, dict(row)) for row in record.lines if definition.list is not None]
    return maker(name)(completed(name, definition.head, dict(record.head)), rows)


@given(messages())
def test_what_is_written_is_canonical_from_the_root_on(drawn: tuple[str, list[Record]]) -> None:
    name, records = drawn
    if not definitions().messages[name].trailing:
        return
    data = message(name, records, TRANSFER, GUID)
    assert etree.tostring(etree.fromstring(data), method="c14n") == data[data.index(b"\n") + 1 :]


def test_the_root_declares_exactly_what_signers_expect(order: Order) -> None:
    data = message("CEB311Message", [order], TRANSFER, GUID)
    root = etree.fromstring(data)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<ceb:CEB311Message xmlns:ceb=')
    assert set(root.nsmap) == {"ceb", "xsi"}
    assert data.endswith(b"</ceb:BaseTransfer></ceb:CEB311Message>")


def test_absent_optional_elements_are_left_out(declaration: DeclarationList) -> None:
    data = message("CEB621Message", [declaration], TRANSFER, GUID)
    assert not any(name in data for name in (b"qty2", b"unit2", b"wrapType", b"trafNo", b"preNo", b"invtNo"))


def test_zero_is_written(order: Order) -> None:
    assert b"<ceb:freight>0</ceb:freight>" in message("CEB311Message", [order], TRANSFER, GUID)


def test_subscriptions_follow_the_transfer(order: Order) -> None:
    subscribe = Subscription(status="RET", dxp_mode="DXP", dxp_address="DXPENT0000000009")
    reading = decode(parse(message("CEB311Message", [order], TRANSFER, GUID, [subscribe])))
    assert reading.subscribes == (subscribe,)


def test_what_the_schema_would_refuse_is_not_written(order: Order) -> None:
    with pytest.raises(WriteError, match="buyerTelephone"):
        message("CEB311Message", [replace(order, buyer_telephone="")], TRANSFER, GUID)


def test_what_xml_cannot_hold_is_not_written(order: Order) -> None:
    with pytest.raises(WriteError):
        message("CEB311Message", [replace(order, note="\x00")], TRANSFER, GUID)


def receipt(number: int, kind: Kind, recipient: str = "3301960001") -> Receipt:
    return Receipt(
        guid=f"C0000000-0000-4000-8000-{number:012d}",
        subject=Ref(kind=kind, owner="3301960005", key="x"),
        recipient=recipient,
        status=800,
        info="[Code:2600;Desc:放行]",
        at=datetime(2025, 6, 11, 2, 15, 0, 123_000, tzinfo=UTC),
        ebp_code="3301960001",
        ebc_code="3301960002",
        order_no="D1",
        pay_code="3301960003",
        pay_transaction_id="P1",
        logistics_code="3301960004",
        logistics_no="L1",
        cop_no="C1",
        pre_no="B20250611000000001",
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.ORDER, "CEB312Message"),
        (Kind.PAYMENT, "CEB412Message"),
        (Kind.WAYBILL, "CEB512Message"),
        (Kind.LIST, "CEB622Message"),
    ],
)
def test_each_kind_is_answered_by_its_receipt(kind: Kind, name: str) -> None:
    (data,) = receipts([receipt(1, kind)])
    reading = decode(parse(data))
    assert (reading.message_type, reading.valid) == (name, True)
    (record,) = reading.documents
    assert isinstance(record, Record)
    assert record.head["returnStatus"] == "800"
    assert record.head["returnTime"] == "20250611101500123"


def test_a_receipt_stands_in_the_default_namespace_without_prefix() -> None:
    (data,) = receipts([receipt(1, Kind.LIST)])
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<CEB622Message xmlns="http')
    assert "<returnInfo>[Code:2600;Desc:放行]</returnInfo>".encode() in data


def test_an_unassigned_list_number_is_left_out() -> None:
    (data,) = receipts([receipt(1, Kind.LIST)])
    assert b"invtNo" not in data


def test_a_number_not_yet_assigned_never_keeps_a_refusal_from_being_told() -> None:
    """A list refused at the door has no pre-entry number; the specification's table leaves it optional in 622."""
    (data,) = receipts([replace(receipt(1, Kind.LIST), pre_no="", cop_no="")])
    record = etree.fromstring(data)[0]
    assert [etree.QName(node).localname for node in record][-3:] == ["returnStatus", "returnTime", "returnInfo"]
    assert record.find("{*}preNo") is None


def test_a_long_reason_is_cut_and_controls_replaced() -> None:
    (data,) = receipts([replace(receipt(1, Kind.LIST), info="坏\x00" * 800)])
    assert decode(parse(data)).valid


def test_an_answer_to_an_officer_has_no_message() -> None:
    assert receipts([receipt(1, Kind.OFFICER_ACT)]) == []


def test_receipts_go_out_by_the_hundred_and_by_recipient() -> None:
    mine = [receipt(number, Kind.LIST) for number in range(150)]
    other = receipt(999, Kind.LIST, "3301960009")
    counts = [len(decode(parse(data)).documents) for data in receipts([other, *mine])]
    assert counts == [100, 50, 1]


def test_receipts_keep_their_order() -> None:
    (data,) = receipts([receipt(number, Kind.ORDER) for number in (3, 1, 2)])
    heads = [record.head["guid"] for record in decode(parse(data)).documents if isinstance(record, Record)]
    assert [str(guid)[-1] for guid in heads] == ["3", "1", "2"]


def format_fault(original: bytes) -> FormatReceipt:
    return FormatReceipt(guid=GUID, status=-999999, info="坏", return_time="20250611101500123", original=original)


@pytest.mark.parametrize("original", [b"", b"<a>", b"a]]>b", b"\x00\xff\x01", "订单".encode("gbk"), b"&<>\r\n"])
def test_a_format_receipt_holds_any_original(original: bytes) -> None:
    reading = decode(parse(format_receipt(format_fault(original))))
    assert reading.valid
    (record,) = reading.documents
    assert isinstance(record, Record)
    assert record.head["oriMessageType"] == "Unknown"


def test_a_format_receipt_gives_a_readable_original_back() -> None:
    reading = decode(parse(format_receipt(format_fault("<a>订单 & ]]></a>".encode()))))
    assert isinstance(reading.documents[0], Record)
    assert reading.documents[0].head["oriBizMessage"] == "<a>订单 & ]]></a>"


def test_a_diagnosis_too_long_is_cut() -> None:
    long = replace(format_fault(b"x"), info="坏" * 6000)
    assert decode(parse(format_receipt(long))).valid

"""Each fault of a message is named with its place and its remedy; one of them never hides the next."""

from __future__ import annotations

import pytest

from sandan.documents.facts import Order
from sandan.wire import specimen
from sandan.wire.facts import Fault
from sandan.wire.facts import Transfer
from sandan.wire.facts import Weight
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.write import message

GUID = "B0000000-0000-4000-8000-000000000002"
HEAD = "/CEB311Message/Order[1]/OrderHead"
ROW = "/CEB311Message/Order[1]/OrderList[1]"


@pytest.fixture
def good(order: Order, transfer: Transfer) -> bytes:
    return message("CEB311Message", [order], transfer, GUID)


def faults(data: bytes) -> tuple[Fault, ...]:
    reading = decode(parse(data))
    assert reading.valid == (not reading.faults)
    return reading.faults


def only(data: bytes) -> Fault:
    (fault,) = faults(data)
    return fault


def swapped(data: bytes, old: str, new: str) -> bytes:
    assert data.count(old.encode()) == 1
    return data.replace(old.encode(), new.encode())


def test_an_empty_optional_number_should_be_left_out() -> None:
    """<qty2/> as a gateway of 2018 wrote it."""
    data = specimen.smallest("CEB621Message").replace(b"<ceb:price>", b"<ceb:qty2/><ceb:price>", 1)
    fault = only(data)
    assert (fault.code, fault.path) == ("W-EMPTY-NUMBER", "/CEB621Message/Inventory[1]/InventoryList[1]/qty2")
    assert "Leave an optional element out" in fault.remedy_en


def test_an_empty_wrap_type_should_be_left_out() -> None:
    data = specimen.smallest("CEB621Message").replace(b"<ceb:packNo>", b"<ceb:wrapType></ceb:wrapType><ceb:packNo>")
    assert only(data).code == "W-EMPTY-TEXT"


def test_an_iso_time_stamp(good: bytes) -> None:
    fault = only(swapped(good, ">20250611101500<", ">2025-06-11T10:15:00.000+08:00<"))
    assert (fault.code, fault.path, fault.value) == ("W-TIME", f"{HEAD}/appTime", "2025-06-11T10:15:00.000+08:00")
    assert fault.allowed_en == "14 digits, YYYYMMDDhhmmss"
    assert fault.allowed_zh == "14 位数字 YYYYMMDDhhmmss"


def test_a_guid_of_35_characters(good: bytes) -> None:
    fault = only(swapped(good, f'guid="{GUID}"', f'guid="{GUID[1:]}"'))
    assert (fault.code, fault.path, fault.value) == ("W-GUID", "/CEB311Message/@guid", GUID[1:])


def test_a_guid_of_a_head_of_35_characters(good: bytes) -> None:
    assert only(swapped(good, ">A0000000-", ">A000000-")).code == "W-GUID"


def test_a_line_outside_the_namespace(good: bytes) -> None:
    """The prefix forgotten on a line while the head has it."""
    data = swapped(good, "<ceb:OrderList>", "<OrderList>")
    fault = only(swapped(data, "</ceb:OrderList>", "</OrderList>"))
    assert (fault.code, fault.path) == ("W-NAMESPACE", ROW)


def test_elements_in_the_old_order_of_the_tables() -> None:
    """The specification's table has qty, qty1, qty2, unit; the schema qty, unit, qty1, unit1."""
    data = specimen.smallest("CEB621Message")
    unit = b"<ceb:unit>111</ceb:unit>"
    fault = only(data.replace(unit, b"", 1).replace(b"<ceb:unit1>", unit + b"<ceb:unit1>", 1))
    assert (fault.code, fault.element) == ("W-ORDER", "qty1")
    assert fault.allowed_en == "after unit"


def test_base_transfer_twice_as_in_the_official_export_samples(good: bytes) -> None:
    start, end = good.index(b"<ceb:BaseTransfer>"), good.index(b"</ceb:CEB311Message>")
    fault = only(good[:end] + good[start:end] + good[end:])
    assert (fault.code, fault.path) == ("W-TRANSFER-TWICE", "/CEB311Message/BaseTransfer[2]")


def test_no_base_transfer(good: bytes) -> None:
    start, end = good.index(b"<ceb:BaseTransfer>"), good.index(b"</ceb:CEB311Message>")
    assert only(good[:start] + good[end:]).path == "/CEB311Message/BaseTransfer"


def test_a_required_element_left_out_says_what_it_is(good: bytes) -> None:
    fault = only(swapped(good, "<ceb:buyerTelephone>13900000000</ceb:buyerTelephone>", ""))
    assert (fault.code, fault.path) == ("W-MISSING", f"{HEAD}/buyerTelephone")
    assert "1 to 30 characters" in fault.allowed_en


def test_an_element_misspelt(good: bytes) -> None:
    data = swapped(good, "<ceb:consigneeAddress>", "<ceb:consigneeAddres>")
    found = faults(swapped(data, "</ceb:consigneeAddress>", "</ceb:consigneeAddres>"))
    assert [(fault.code, fault.element) for fault in found] == [
        ("W-UNKNOWN", "consigneeAddres"),
        ("W-MISSING", "consigneeAddress"),
    ]


def test_another_currency_than_142(good: bytes) -> None:
    data = good.replace(b"<ceb:currency>142<", b"<ceb:currency>502<", 1)
    fault = only(data)
    assert (fault.code, fault.value, fault.allowed_en) == ("W-FIXED", "502", "always 142")


def test_an_empty_currency_means_142(good: bytes) -> None:
    reading = decode(parse(good.replace(b"<ceb:currency>142<", b"<ceb:currency><")))
    assert reading.valid
    assert isinstance(reading.documents[0], Order)
    assert reading.documents[0].currency == "142"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "W-EMPTY-NUMBER"),
        ("1,000", "W-NUMBER"),
        ("￥10", "W-NUMBER"),
        ("1e2", "W-NUMBER"),
        ("1.000001", "W-FRACTION"),
        ("123456789012345.12345", "W-DIGITS"),
    ],
)
def test_amounts_the_schema_refuses(good: bytes, text: str, code: str) -> None:
    assert only(swapped(good, "<ceb:goodsValue>257<", f"<ceb:goodsValue>{text}<")).code == code


@pytest.mark.parametrize(
    ("text", "value"), [("-257", -25_700_000), ("+257.0", 25_700_000), ("0257.00000000", 25_700_000)]
)
def test_amounts_the_schema_accepts(good: bytes, text: str, value: int) -> None:
    reading = decode(parse(swapped(good, "<ceb:goodsValue>257<", f"<ceb:goodsValue>{text}<")))
    assert isinstance(reading.documents[0], Order)
    assert reading.documents[0].goods_value_e5 == value


def test_an_amount_no_ledger_can_hold_is_refused_though_the_schema_does_not_mind(good: bytes) -> None:
    fault = only(swapped(good, "<ceb:goodsValue>257<", "<ceb:goodsValue>9999999999999999999<"))
    assert (fault.code, fault.weight) == ("W-AMOUNT", Weight.REFUSED)


def test_a_text_one_character_too_long(good: bytes) -> None:
    fault = only(swapped(good, ">李样本<", f">{'样' * 101}<"))
    assert (fault.code, fault.allowed_zh) == ("W-LENGTH", "1 至 100 个字符")


def test_characters_are_counted_not_bytes(good: bytes) -> None:
    assert not faults(swapped(good, ">李样本<", f">{'😀' * 100}<"))


def test_the_number_of_a_person_is_masked(good: bytes) -> None:
    fault = only(swapped(good, ">110101199003070038<", f">{'1' * 60}0038<"))
    assert fault.value == "*" * 60 + "0038"


def test_text_between_elements(good: bytes) -> None:
    assert only(swapped(good, "<ceb:OrderHead>", "<ceb:OrderHead>oops")).code == "W-TEXT"


def test_an_element_inside_a_text(good: bytes) -> None:
    assert only(swapped(good, ">李样本<", "><b>李样本</b><")).code == "W-CHILD"


def test_an_attribute_where_none_belongs(good: bytes) -> None:
    assert only(swapped(good, "<ceb:OrderHead>", '<ceb:OrderHead id="1">')).path == f"{HEAD}/@id"


def test_the_root_without_guid_and_version(good: bytes) -> None:
    found = faults(swapped(good, f' guid="{GUID}" version="1.0"', ""))
    assert [(fault.code, fault.element) for fault in found] == [
        ("W-ATTRIBUTE-MISSING", "guid"),
        ("W-ATTRIBUTE-MISSING", "version"),
    ]


def test_all_faults_not_the_first(good: bytes) -> None:
    data = swapped(good, ">20250611101500<", "><")
    data = swapped(data, "<ceb:goodsValue>257<", "<ceb:goodsValue>x<")
    data = swapped(data, "<ceb:unit>122</ceb:unit>", "")
    assert [fault.element for fault in faults(data)] == ["appTime", "goodsValue", "unit"]


def test_the_line_is_that_of_the_bytes_received(good: bytes) -> None:
    data = swapped(good.replace(b"><ceb:", b">\n<ceb:"), "<ceb:goodsValue>257<", "<ceb:goodsValue>x<")
    assert only(data).line == data[: data.index(b"<ceb:goodsValue>")].count(b"\n") + 1


def test_a_hundred_lines_are_one_too_many_for_an_import_order(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID)
    start, end = data.index(b"<ceb:OrderList>"), data.index(b"</ceb:Order>")
    assert only(data[:start] + data[start:end] * 100 + data[end:]).code == "W-TOO-MANY"


def test_a_flood_of_faults_is_cut_at_a_thousand(good: bytes) -> None:
    end = good.index(b"</ceb:OrderHead>")
    assert len(faults(good[:end] + b"<ceb:x/>" * 3000 + good[end:])) == 1000


def test_a_flood_of_documents_is_told_once_and_fast(good: bytes) -> None:
    """What is surplus is counted, not looked into."""
    start, end = good.index(b"<ceb:Order>"), good.index(b"<ceb:BaseTransfer>")
    order = good[start:end].replace(b"<ceb:goodsValue>257<", b"<ceb:goodsValue>x<")
    found = faults(good[:start] + order * 2000 + good[end:])
    assert [fault.code for fault in found].count("W-TOO-MANY") == 1
    assert len(found) == 101


def test_a_hundred_lines_are_right_for_an_export_order() -> None:
    assert len(decode(parse(specimen.fullest("CEB303Message"))).documents[0].lines) == 100  # type: ignore[union-attr]


def test_an_extension_may_hold_one_element_of_any_kind(good: bytes) -> None:
    extension = "<ceb:ExtendMessage><ceb:name>x</ceb:name><ceb:version>1</ceb:version><ceb:Message>{}</ceb:Message></ceb:ExtendMessage>"
    end = "</ceb:CEB311Message>"
    assert not faults(swapped(good, end, extension.format("<any xmlns='urn:x' a='1'><b/></any>") + end))
    assert only(swapped(good, end, extension.format("<a/><b/>") + end)).code == "W-TOO-MANY"

"""From bytes of any kind to documents, or to the reason why not."""

from __future__ import annotations

import pytest

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.wire import specimen
from sandan.wire.definitions import CEB
from sandan.wire.facts import Reading
from sandan.wire.facts import Record
from sandan.wire.facts import Transfer
from sandan.wire.facts import Weight
from sandan.wire.read import Limits
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.write import message

GUID = "B0000000-0000-4000-8000-000000000002"
PROLOG = b'<?xml version="1.0" encoding="UTF-8"?>'


def read(data: bytes) -> Reading:
    return decode(parse(data))


def codes(data: bytes) -> list[str]:
    return [fault.code for fault in read(data).faults]


def test_an_order_comes_out_as_it_went_in(order: Order, transfer: Transfer) -> None:
    reading = read(message("CEB311Message", [order], transfer, GUID))
    assert (reading.message_type, reading.guid, reading.version) == ("CEB311Message", GUID, "1.0")
    assert reading.transfer == transfer
    assert reading.documents == (order,)
    assert reading.valid


def test_a_payment_comes_out_as_it_went_in(payment: Payment, transfer: Transfer) -> None:
    assert read(message("CEB411Message", [payment], transfer, GUID)).documents == (payment,)


def test_a_waybill_without_freight_keeps_it_absent(waybill: Waybill, transfer: Transfer) -> None:
    assert read(message("CEB511Message", [waybill], transfer, GUID)).documents == (waybill,)


def test_a_list_comes_out_as_it_went_in(declaration: DeclarationList, transfer: Transfer) -> None:
    data = specimen.sign_for_show(message("CEB621Message", [declaration], transfer, GUID))
    assert read(data).documents == (declaration,)


def test_a_list_without_signature_is_refused_by_the_schema(declaration: DeclarationList, transfer: Transfer) -> None:
    reading = read(message("CEB621Message", [declaration], transfer, GUID))
    assert [(fault.code, fault.element) for fault in reading.faults] == [("W-MISSING", "Signature")]
    assert not reading.documents


def test_the_complete_way_reads_a_list_alike(declaration: DeclarationList, transfer: Transfer) -> None:
    data = specimen.sign_for_show(message("CEB621Message", [declaration], transfer, GUID))
    assert read(data.replace(b"<ceb:ieFlag>I<", b"<ceb:ieFlag><![CDATA[I]]><")).documents == (declaration,)


def test_a_receipt_is_a_record() -> None:
    reading = read(specimen.smallest("CEB622Message"))
    assert isinstance(reading.documents[0], Record)
    assert reading.transfer is None


def test_the_namespace_decides_not_the_prefix(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID)
    bare = data.replace(b"xmlns:ceb=", b"xmlns=").replace(b"ceb:", b"")
    other = data.replace(b"xmlns:ceb=", b"xmlns:n2=").replace(b"ceb:", b"n2:")
    assert read(bare).documents == read(other).documents == (order,)


def test_the_right_prefix_on_a_wrong_namespace_is_no_message(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(CEB.encode(), b"http://example.org/ceb")
    assert codes(data) == ["W-ROOT"]


def test_a_hundred_documents_pass(payment: Payment, transfer: Transfer) -> None:
    assert len(read(message("CEB411Message", [payment] * 100, transfer, GUID)).documents) == 100


def test_a_hundred_and_one_documents_are_refused_once(payment: Payment, transfer: Transfer) -> None:
    reading = read(message("CEB411Message", [payment] * 101, transfer, GUID))
    (fault,) = reading.faults
    assert (fault.code, fault.path, fault.value) == ("W-TOO-MANY", "/CEB411Message/Payment[101]", "101")
    assert fault.allowed_en == "at most 100 Payment"


@pytest.mark.parametrize("data", [b"", b"   \r\n\t"])
def test_nothing_at_all(data: bytes) -> None:
    assert codes(data) == ["W-EMPTY"]


@pytest.mark.parametrize("data", [b"hello", b'{"a": 1}', b"<a><b></a>", b"<a>&nbsp;</a>", b"<a/><b/>", b"\x89PNG\r\n"])
def test_what_is_no_xml(data: bytes) -> None:
    (fault,) = parse(data).faults
    assert fault.code in {"W-NOT-XML", "W-ENCODING-BYTES"}
    assert fault.line >= 1


def test_a_truncated_message_names_its_last_line(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID)[:-40]
    (fault,) = parse(data).faults
    assert (fault.code, fault.line) == ("W-NOT-XML", 2)


def test_too_large() -> None:
    (fault,) = parse(PROLOG + b"<a/>", Limits(message_bytes=10)).faults
    assert (fault.code, fault.allowed_en) == ("W-SIZE", "at most 10 bytes")


def test_a_doctype_is_refused_before_any_parser_sees_it() -> None:
    parsed = parse(PROLOG + b'\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    assert parsed.root is None
    assert [(fault.code, fault.line, fault.weight) for fault in parsed.faults] == [("W-DOCTYPE", 2, Weight.REFUSED)]


def test_the_word_doctype_inside_a_text_is_no_doctype() -> None:
    data = specimen.smallest("CEB900Message").replace(b"<oriBizMessage>", b"<oriBizMessage><![CDATA[<!DOCTYPE a>]]>")
    assert read(data).valid


def test_gbk_declared_and_written() -> None:
    text = '<?xml version="1.0" encoding="GBK"?><a>订单</a>'
    (fault,) = parse(text.encode("gbk")).faults
    assert (fault.code, fault.value, fault.allowed_en) == ("W-ENCODING", "GBK", "UTF-8")


def test_gbk_declared_but_utf8_written_says_so() -> None:
    (fault,) = parse('<?xml version="1.0" encoding="gb2312"?><a>订单</a>'.encode()).faults
    assert "only the prolog is wrong" in fault.allowed_en


def test_utf8_declared_but_gbk_written() -> None:
    (fault,) = parse('<?xml version="1.0" encoding="UTF-8"?>\n<a>订单</a>'.encode("gbk")).faults
    assert (fault.code, fault.line) == ("W-ENCODING-BYTES", 2)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_wide_encodings(encoding: str) -> None:
    assert codes("<a>订单</a>".encode(encoding)) == ["W-UTF16"]


def test_a_zero_byte_before_the_message() -> None:
    assert codes(b"\x00" + PROLOG + b"<a/>") == ["W-NUL"]


def test_a_byte_order_mark_is_taken_with_advice(order: Order, transfer: Transfer) -> None:
    reading = read(b"\xef\xbb\xbf" + message("CEB311Message", [order], transfer, GUID))
    assert [fault.code for fault in reading.faults] == ["W-BOM"]
    assert reading.valid
    assert reading.documents == (order,)


def test_a_comment_is_refused_though_the_schema_does_not_mind(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(b"<ceb:OrderHead>", b"<ceb:OrderHead><!-- x -->")
    reading = read(data)
    assert [fault.code for fault in reading.faults] == ["W-COMMENT"]
    assert reading.schema_valid
    assert not reading.valid


def test_a_processing_instruction_is_refused() -> None:
    data = specimen.smallest("CEB622Message").replace(b"?>\n", b'?>\n<?xml-stylesheet href="a"?>')
    assert codes(data) == ["W-INSTRUCTION"]


def test_deep_nesting_is_refused_without_harm() -> None:
    data = PROLOG + b"<a>" * 100_000 + b"</a>" * 100_000
    assert codes(data) == ["W-DEPTH"]


def test_a_text_of_many_megabytes_is_refused_without_harm(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(
        b"<ceb:orderType>I", b"<ceb:orderType>" + b"I" * 11_000_000
    )
    assert codes(data) == ["W-SIZE"]


def test_the_tree_is_at_hand_for_whoever_verifies(order: Order, transfer: Transfer) -> None:
    parsed = parse(message("CEB311Message", [order], transfer, GUID))
    assert parsed.root is not None
    assert parsed.root is parsed.root
    assert parsed.root.get("guid") == GUID

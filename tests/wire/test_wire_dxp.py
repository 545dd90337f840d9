"""Envelopes of the exchange platform, both ways and in both spellings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec import structs

from sandan.wire import specimen
from sandan.wire.dxp import IMPORT_RECEIVER
from sandan.wire.dxp import Envelope
from sandan.wire.dxp import Response
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import respond
from sandan.wire.dxp import unwrap
from sandan.wire.dxp import unwrap_tree
from sandan.wire.dxp import wrap
from sandan.wire.envelope import faults
from sandan.wire.franked import franked

INFO = TransInfo(
    cop_msg_id="DXPENT0000000001202506111015000001",
    sender_id="DXPENT0000000001",
    receiver_ids=(IMPORT_RECEIVER,),
    created=datetime(2025, 6, 11, 2, 15, tzinfo=UTC),
    message_type="CEB311Message",
    file_name="CEB311Message_1.xml",
)
SNIPPETS = [
    b"",
    b" ",
    b"\n",
    b"x",
    b"0",
    b"=",
    b"&amp;",
    b"<",
    b">",
    b"/",
    b'"',
    b"<!-- -->",
    b"<x/>",
    "样".encode(),
    "\u00a0".encode(),
    b"\x00",
    b"+08:00",
]
ORDER = specimen.smallest("CEB311Message")
XSD = "海关跨境终端节点报文定义202205.xsd"


def opened(data: bytes) -> Envelope:
    envelope = unwrap(data)
    assert envelope is not None
    return envelope


@pytest.fixture
def terminal_accepts(shared: Path) -> Callable[[bytes], bool]:
    schema = etree.XMLSchema(etree.parse(shared / "xsd/gac-202205" / XSD))
    return lambda data: bool(schema.validate(etree.fromstring(data)))


@pytest.mark.parametrize("prefix", ["dxp", "", "x"])
def test_what_goes_in_comes_out(prefix: str) -> None:
    envelope = opened(wrap(ORDER, INFO, prefix))
    assert envelope == Envelope(
        cop_msg_id=INFO.cop_msg_id,
        sender_id=INFO.sender_id,
        receiver_ids=INFO.receiver_ids,
        created="2025-06-11T10:15:00",
        message_type="CEB311Message",
        file_name=INFO.file_name,
        data=ORDER,
    )


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_travel_unchanged(data: bytes) -> None:
    assert opened(wrap(data, INFO)).data == data


@given(st.integers(0, 9999), st.integers(0, 8), st.sampled_from(SNIPPETS))
def test_both_ways_of_opening_agree(at: int, length: int, snippet: bytes) -> None:
    """A stretch of an envelope is replaced; what is recognised without a tree is what the tree says."""
    data = wrap(b"<x/>" * 9, INFO)
    at %= len(data)
    changed = data[:at] + snippet + data[at + length :]
    plain = franked(changed)
    if plain is not None:
        assert Envelope(**structs.asdict(plain)) == unwrap_tree(changed)


def test_an_ordinary_envelope_is_recognised() -> None:
    assert franked(wrap(ORDER, INFO)) is not None
    assert franked(wrap(ORDER, INFO, "")) is not None
    assert franked(wrap(ORDER, INFO).replace(b"><dxp", b">\r\n\t<dxp")) is not None


def test_line_breaks_in_base64_do_no_harm() -> None:
    data = wrap(ORDER, INFO).replace(b"PD94", b"\n PD\r\n94 ")
    assert opened(data).data == ORDER


def test_a_bare_message_is_no_envelope() -> None:
    assert unwrap(ORDER) is None


def test_the_word_in_a_text_makes_no_envelope() -> None:
    assert unwrap(ORDER.replace(b"<ceb:Order>", b"<ceb:Order><DxpMsg>")) is None


def test_no_base64() -> None:
    data = wrap(ORDER, INFO).replace(b"<dxp:Data>", b"<dxp:Data>*")
    envelope = opened(data)
    assert [fault.code for fault in envelope.faults] == ["W-BASE64"]
    assert envelope.data == b""


def test_no_message_inside() -> None:
    assert [fault.code for fault in opened(wrap(b"", INFO)).faults] == ["W-DXP-EMPTY"]


def test_a_business_time_on_the_envelope() -> None:
    data = wrap(ORDER, INFO).replace(b"2025-06-11T10:15:00", b"20250611101500")
    (fault,) = opened(data).faults
    assert (fault.code, fault.path) == ("W-DATETIME", "/DxpMsg/TransInfo/CreatTime")


def test_a_sender_id_one_character_too_long() -> None:
    (fault,) = opened(wrap(ORDER, INFO).replace(b"DXPENT0000000001</dxp:S", b"DXPENT00000000017</dxp:S")).faults
    assert (fault.code, fault.allowed_en) == ("W-LENGTH", "1 to 16 characters")


def test_six_receivers_are_one_too_many() -> None:
    one = f"<dxp:ReceiverId>{IMPORT_RECEIVER}</dxp:ReceiverId>".encode()
    assert [fault.code for fault in opened(wrap(ORDER, INFO).replace(one, one * 6)).faults] == ["W-TOO-MANY"]


def test_another_version() -> None:
    (fault,) = opened(wrap(ORDER, INFO).replace(b'ver="1.0"', b'ver="2.0"')).faults
    assert (fault.code, fault.allowed_en) == ("W-FIXED", "always 1.0")


def test_a_wrong_namespace() -> None:
    data = wrap(ORDER, INFO).replace(b"http://www.chinaport.gov.cn/dxp", b"http://example.org/dxp")
    assert [fault.code for fault in opened(data).faults] == ["W-ROOT"]


def test_broken_xml_is_an_envelope_with_a_fault() -> None:
    assert [fault.code for fault in opened(wrap(ORDER, INFO)[:-20]).faults] == ["W-NOT-XML"]


def test_a_doctype_is_refused() -> None:
    data = wrap(ORDER, INFO).replace(b"?>\n", b"?>\n<!DOCTYPE x>")
    assert [fault.code for fault in opened(data).faults] == ["W-DOCTYPE"]


def transport(message: bytes) -> bytes:
    """A transport node around an envelope, as exchange nodes send it."""
    inner = message[message.index(b"\n") + 1 :]
    head = (
        b'<DxpMsgSv xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0"><SvNo Ver="1.0">'
        b"<MsgId>00000002202506111015000000000001</MsgId><SubMsgId>1</SubMsgId><SendTime>2025-06-11T10:15:00</SendTime>"
        b"<EndNode>46000002</EndNode><StaNode>00000002</StaNode></SvNo>"
    )
    return head + inner + b"</DxpMsgSv>"


def test_the_node_around_the_envelope_is_taken_off() -> None:
    envelope = opened(transport(wrap(ORDER, INFO)))
    assert envelope.platform_id == "000000022025061110150000000000011"
    assert (envelope.data, envelope.faults) == (ORDER, ())


def test_a_node_without_its_number() -> None:
    data = transport(wrap(ORDER, INFO)).replace(b"<StaNode>00000002</StaNode>", b"")
    assert [(fault.code, fault.element) for fault in opened(data).faults] == [("W-MISSING", "StaNode")]


@pytest.mark.parametrize("prefix", ["dxp", ""])
def test_a_response_fits_its_definition(prefix: str) -> None:
    answer = Response(code="0002", info="模式校验 <不> 通过", at=INFO.created, original=INFO)
    root = etree.fromstring(respond("DXPENT0000000001", (answer, answer), prefix))
    assert not list(faults(root))
    assert root.findtext("{*}Response/{*}ResponseInfo") == "模式校验 <不> 通过"
    assert root.findtext("{*}Response/{*}NoticeTime") == "2025-06-11"


@pytest.mark.shared
@pytest.mark.parametrize("prefix", ["dxp", ""])
def test_the_published_schema_takes_what_is_written(terminal_accepts: Callable[[bytes], bool], prefix: str) -> None:
    answer = Response(code="1001", info="签名无效", at=INFO.created, original=INFO)
    assert terminal_accepts(wrap(ORDER, INFO, prefix))
    assert terminal_accepts(respond("DXPENT0000000001", (answer,), prefix))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2025-06-11T10:15:00", b"2025-06-31T10:15:00"),
        (b"2025-06-11T10:15:00", b"2025-06-11T10:15:00+08:00"),
        (b"2025-06-11T10:15:00", b"2025-06-11"),
        (b"2025-06-11T10:15:00", b"2025-06-11T10:15:00.123Z"),
        (b"<dxp:FileName>", b"<dxp:IcCard>1</dxp:IcCard><dxp:FileName>"),
        (b"</dxp:FileName>", b'</dxp:FileName><dxp:BizKey><dxp:Key name="a">b</dxp:Key></dxp:BizKey>'),
        (b"</dxp:FileName>", b"</dxp:FileName><dxp:BizKey><dxp:Key>b</dxp:Key></dxp:BizKey>"),
        (b"</dxp:FileName>", b'</dxp:FileName><dxp:BizKey><dxp:Key name="">b</dxp:Key></dxp:BizKey>'),
        (b"</dxp:FileName>", b'</dxp:FileName><dxp:IsText Encode="UTF-8"/><dxp:RecMapId>x</dxp:RecMapId>'),
        (b"</dxp:FileName>", b"</dxp:FileName><dxp:IsText/>"),
        (b"CEB311Message<", b"<"),
        (b"DXPENT0000000001</dxp:S", b"</dxp:S"),
        (b' ver="1.0"', b""),
        (b' ver="1.0"', b' ver="1.0" Id="a1"'),
    ],
)
def test_the_verdict_is_that_of_the_schema(terminal_accepts: Callable[[bytes], bool], old: bytes, new: bytes) -> None:
    data = wrap(ORDER, INFO)
    assert old in data
    changed = data.replace(old, new)
    assert (not opened(changed).faults) == terminal_accepts(changed)

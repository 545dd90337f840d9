"""Uploads of payment data as they are really posted: every pitfall by its own rule (interface description V1.0)."""

from __future__ import annotations

import doctest
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from sandan.oversight.facts import Answer
from sandan.oversight.facts import Goods
from sandan.oversight.facts import PaidOrder
from sandan.oversight.facts import PaymentData
from sandan.oversight.facts import PaymentHead
from sandan.wire import realtime_text
from sandan.wire.realtime import NotADemandError
from sandan.wire.realtime import Upload
from sandan.wire.realtime import mistaken
from sandan.wire.realtime import read_demand
from sandan.wire.realtime import read_upload
from sandan.wire.realtime_text import amount_text
from sandan.wire.realtime_text import answer_form
from sandan.wire.realtime_text import answer_text
from sandan.wire.realtime_text import demand_form
from sandan.wire.realtime_text import result
from sandan.wire.realtime_text import unsigned

HEAD = PaymentHead(
    guid="9D4A1B2C-0000-4000-8000-00000000ABCD",
    request="https://pay.example/gateway?a=1&b=中文",
    response='{"trade":"成功"}',
    ebp_code="0131960101",
    pay_code="0131960501",
    transaction_id="PAY-1",
    total_e5=10_010_000,
    currency="142",
    ver_dept="3",
    pay_type="1",
    trading_time="20261120093000",
)
ORDER = PaidOrder(
    order_no="DD-1",
    goods=(Goods(name="婴幼儿配方奶粉", link="https://shop.example/1"),),
    payee_account="A-1",
    payee_name="云牧（虚构）",
)
ANSWER = Answer(
    session_id="S-1",
    data=PaymentData(head=HEAD, orders=(ORDER,)),
    service_time="1795140000000",
    cert_no="03ab",
    sign_value="QUI+Lw==",
)
SIGNED = (
    '"sessionID":"S-1"||"payExchangeInfoHead":"{"guid":"9D4A1B2C-0000-4000-8000-00000000ABCD",'
    '"initalRequest":"https://pay.example/gateway?a=1&b=中文","initalResponse":"{\\"trade\\":\\"成功\\"}",'
    '"ebpCode":"0131960101","payCode":"0131960501","payTransactionId":"PAY-1","totalAmount":100.1,"currency":"142",'
    '"verDept":"3","payType":"1","tradingTime":"20261120093000"}"||"payExchangeInfoLists":"[{"orderNo":"DD-1",'
    '"goodsInfo":[{"gname":"婴幼儿配方奶粉","itemLink":"https://shop.example/1"}],"recpAccount":"A-1",'
    '"recpName":"云牧（虚构）"}]"||"serviceTime":"1795140000000"'
)

Change = Callable[[dict[str, Any]], object]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(realtime_text).failed == 0


def test_the_string_to_sign_is_the_specifications() -> None:
    assert unsigned("S-1", ANSWER.data, ANSWER.service_time).decode() == SIGNED


def test_what_is_posted_is_what_is_signed() -> None:
    upload = read_upload(answer_form(ANSWER))
    assert upload.posted.decode() == SIGNED
    assert upload.slips == ()


def test_an_upload_comes_back_as_it_was_given() -> None:
    upload = read_upload(answer_form(ANSWER))
    assert upload.answer == ANSWER
    assert (upload.session_id, upload.ebp_code, upload.cert_no) == ("S-1", "0131960101", "03ab")
    assert upload.signature == b"AB>/"


_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co", "Cf", "Zs")), min_size=1, max_size=18
)


@given(_TEXT, _TEXT, st.integers(0, 10**19 - 1))
def test_any_text_and_amount_goes_round(request: str, name: str, total_e5: int) -> None:
    head = structs.replace(HEAD, request=request, total_e5=total_e5)
    order = structs.replace(ORDER, payee_name=name)
    answer = structs.replace(ANSWER, data=PaymentData(head=head, orders=(order,)))
    upload = read_upload(answer_form(answer))
    assert (upload.answer, upload.slips) == (answer, ())
    assert upload.posted == unsigned("S-1", answer.data, answer.service_time)


@pytest.mark.parametrize(
    ("value_e5", "text"), [(10_010_000, "100.1"), (500_000, "5.0"), (1, "0.00001"), (0, "0.0"), (123_450, "1.2345")]
)
def test_an_amount_has_no_trailing_zeros(value_e5: int, text: str) -> None:
    assert amount_text(value_e5) == text


@pytest.mark.parametrize(
    ("element", "value", "rule"),
    [
        ("guid", HEAD.guid.lower(), "P179-GUID-CASE"),
        ("guid", "X" * 37, "P179-LENGTH"),
        ("guid", "A\x01B", "P179-TYPE"),
        ("guid", True, "P179-TYPE"),
        ("ebpCode", "", "P179-MISSING"),
        ("ebpCode", None, "P179-MISSING"),
        ("currency", 142, "P179-TYPE"),
        ("totalAmount", "100.1", "P179-AMOUNT-QUOTED"),
        ("totalAmount", -1, "P179-AMOUNT"),
        ("totalAmount", 1e30, "P179-AMOUNT"),
        ("verDept", "9", "P179-CODE"),
        ("payType", "5", "P179-CODE"),
        ("tradingTime", "2026-11-20 9:3", "P179-TIME"),
        ("tradingTime", "20261320093000", "P179-TIME"),
        ("remark", "x", "P179-UNKNOWN"),
    ],
)
def test_a_wrong_value_in_the_head(element: str, value: object, rule: str) -> None:
    upload = _changed(lambda top: top["payExchangeInfoHead"].update({element: value}))
    assert [slip.rule for slip in upload.slips if slip.field.endswith(element)] == [rule]


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        (lambda top: top.pop("certNo"), "P179-MISSING", "certNo"),
        (lambda top: top.update(signValue=""), "P179-MISSING", "signValue"),
        (lambda top: top.update(serviceTime="1795140000"), "P179-SERVICE-TIME", "serviceTime"),
        (lambda top: top.update(serviceTime="17951400０0000"), "P179-SERVICE-TIME", "serviceTime"),
        (lambda top: top.update(signValue="***"), "P179-BASE64", "signValue"),
        (lambda top: top.update(payExchangeInfoLists=[]), "P179-MISSING", "payExchangeInfoLists"),
        (lambda top: top.update(payExchangeInfoLists=["x"]), "P179-TYPE", "payExchangeInfoLists[0]"),
        (
            lambda top: top["payExchangeInfoLists"][0].pop("recpName"),
            "P179-MISSING",
            "payExchangeInfoLists[0].recpName",
        ),
        (
            lambda top: top["payExchangeInfoLists"][0]["goodsInfo"][0].update(gname="名" * 251),
            "P179-LENGTH",
            "payExchangeInfoLists[0].goodsInfo[0].gname",
        ),
        (
            lambda top: top.update(payExchangeInfoHead=json.dumps(top["payExchangeInfoHead"])),
            "P179-WRAPPED",
            "payExchangeInfoHead",
        ),
        (
            lambda top: top.update(payExchangeInfoList=top.pop("payExchangeInfoLists")),
            "P179-LIST-NAME",
            "payExchangeInfoList",
        ),
    ],
)
def test_a_wrong_value_elsewhere(change: Change, rule: str, field: str) -> None:
    assert (rule, field) in [(slip.rule, slip.field) for slip in _changed(change).slips]


def test_a_service_time_may_be_a_number() -> None:
    assert _changed(lambda top: top.update(serviceTime=1795140000000)).slips == ()


@pytest.mark.parametrize("amount", ["100.10", "5.00", "0.100"])
def test_trailing_zeros(amount: str) -> None:
    upload = _posted(answer_text(ANSWER).replace(":100.1,", f":{amount},"))
    (slip,) = upload.slips
    assert (slip.rule, slip.found) == ("P179-AMOUNT-ZEROS", amount)
    assert not slip.expected.endswith("0")


def test_an_amount_with_an_exponent() -> None:
    assert _rules(_posted(answer_text(ANSWER).replace(":100.1,", ":1.001e2,"))) == ["P179-AMOUNT"]


def test_elements_in_another_order() -> None:
    upload = _changed(lambda top: top["payExchangeInfoHead"].update(guid=top["payExchangeInfoHead"].pop("guid")))
    (slip,) = upload.slips
    assert (slip.rule, slip.field) == ("P179-ORDER", "payExchangeInfoHead")
    assert slip.expected.startswith("guid, initalRequest")


def test_the_order_of_what_is_not_signed_as_one_text_is_free() -> None:
    assert _changed(lambda top: top.update(sessionID=top.pop("sessionID"))).slips == ()


def test_an_element_that_stands_twice() -> None:
    upload = _posted(answer_text(ANSWER).replace('"currency":"142"', '"currency":"142","currency":"502"'))
    assert [(slip.rule, slip.field) for slip in upload.slips] == [("P179-DUPLICATE", "payExchangeInfoHead.currency")]


def test_blanks_between_elements() -> None:
    pretty = json.dumps(json.loads(answer_text(ANSWER)), ensure_ascii=False, indent=1)
    assert _rules(_posted(pretty)) == ["P179-SPACE"]


@pytest.mark.parametrize(
    ("plain", "escaped"), [("婴", "\\u5a74"), ("https://shop", "https:\\/\\/shop"), ("中文", "\\u4e2d\\u6587")]
)
def test_escapes_that_were_not_signed(plain: str, escaped: str) -> None:
    (slip,) = _posted(answer_text(ANSWER).replace(plain, escaped)).slips
    assert slip.rule == "P179-ESCAPED"
    assert slip.found[:2] in escaped


def test_a_backslash_of_the_data_is_no_escape() -> None:
    head = structs.replace(HEAD, request="C:\\users/pay", note="a\\u5a74")
    assert read_upload(answer_form(structs.replace(ANSWER, data=PaymentData(head=head, orders=(ORDER,))))).slips == ()


def test_a_plus_that_became_a_blank() -> None:
    """A form that was not escaped: the plus of base64 arrives as a blank."""
    body = f"payExInfoStr={answer_text(ANSWER).replace('&', '%26')}".encode()
    assert "P179-PLUS" in _rules(read_upload(body))


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "P179-FORM"),
        (answer_text(ANSWER).encode(), "P179-FORM"),
        (b"payExInfoStr=%ff", "P179-FORM"),
        (b"\xff\xfe", "P179-FORM"),
        (b"payExInfoStr={}&payExInfoStr={}", "P179-FORM"),
        (b"&".join(b"a=1" for _ in range(99)), "P179-FORM"),
        (b"payExInfoStr=", "P179-JSON"),
        (b"payExInfoStr=[]", "P179-JSON"),
        (b"payExInfoStr={", "P179-JSON"),
        (b'payExInfoStr={"a":NaN}', "P179-JSON"),
        (b'payExInfoStr={"guid":"%5Cud800"}', "P179-JSON"),
        (b"payExInfoStr=" + b"[" * 100_000, "P179-JSON"),
        (b'payExInfoStr={"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "P179-JSON"),
    ],
)
def test_what_is_no_upload_at_all(body: bytes, rule: str) -> None:
    upload = read_upload(body)
    assert _rules(upload) == [rule]
    assert upload.answer is None


@given(st.binary(max_size=200))
def test_reading_never_raises(noise: bytes) -> None:
    read_upload(noise)
    read_upload(b"payExInfoStr=" + noise)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_reading_never_raises_for_any_json_in_the_head(value: object) -> None:
    top = {**json.loads(answer_text(ANSWER)), "payExchangeInfoHead": value, "payExchangeInfoLists": [value]}
    assert _posted(json.dumps(top)).slips


def test_every_known_mistake_of_signing_is_at_hand() -> None:
    rules = {mistake.rule for mistake in mistaken(read_upload(answer_form(ANSWER)))}
    assert {
        "P179-SIGNED-BEFORE",
        "P179-SIGNED-ESCAPED",
        "P179-SIGNED-UNQUOTED",
        "P179-SIGNED-JOINT",
        "P179-SIGNED-WHOLE",
        "P179-LIST-NAME",
    } <= rules


def test_what_could_not_be_read_was_not_signed_by_mistake() -> None:
    assert list(mistaken(read_upload(b""))) == []


@pytest.mark.parametrize("count", [150, 6000])
def test_more_mistakes_than_anyone_reads_are_cut_short_and_refused(count: int) -> None:
    upload = _changed(lambda top: top["payExchangeInfoHead"].update({f"x{number}": 1 for number in range(count)}))
    assert len(upload.slips) == 100
    assert (upload.slips[0].rule == "P179-LENGTH") is (count > 5000)


def test_what_refuses_is_kept_before_what_only_notes() -> None:
    def change(top: dict[str, Any]) -> None:
        top["payExchangeInfoHead"].update({f"x{number}": 1 for number in range(150)})
        top["signValue"] = "***"

    assert _changed(change).slips[0].rule == "P179-BASE64"


def test_a_demand_goes_round() -> None:
    body = demand_form("DD-1", "S-1", "1600852846372")
    assert parse_qs(body.decode())["openReq"] == ['{"orderNo":"DD-1","sessionID":"S-1","serviceTime":"1600852846372"}']
    opening = read_demand(body)
    assert (opening.order_no, opening.session_id, opening.service_time) == ("DD-1", "S-1", "1600852846372")


def test_a_demand_whose_service_time_is_a_number() -> None:
    assert read_demand(urlencode({"openReq": '{"orderNo":"D","sessionID":"S","serviceTime":16}'}).encode()).service_time


@pytest.mark.parametrize("body", [b"", b"openReq=", b"openReq=[]", b'openReq={"orderNo":"D"}', b"openReq=\xff"])
def test_what_is_no_demand(body: bytes) -> None:
    with pytest.raises(NotADemandError):
        read_demand(body)


def test_customs_answer_has_its_four_elements() -> None:
    assert json.loads(result("10000", "上传成功", "1795140000000")) == {
        "code": "10000",
        "message": "上传成功",
        "total": 0,
        "serviceTime": 1795140000000,
    }


def _changed(change: Change) -> Upload:
    top = json.loads(answer_text(ANSWER))
    change(top)
    return _posted(json.dumps(top, ensure_ascii=False, separators=(",", ":")))


def _posted(text: str) -> Upload:
    return read_upload(urlencode({"payExInfoStr": text}).encode())


def _rules(upload: Upload) -> list[str]:
    return [slip.rule for slip in upload.slips]

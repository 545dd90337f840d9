"""The catalogue of codes: what other systems send us is understood, and what nobody knows passes through, visibly."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.law import codes
from sandan.law.code_tables import CodeEntry
from sandan.law.code_tables import Owner
from sandan.law.code_tables import System
from sandan.law.code_tables import shipped
from sandan.law.code_tables import situations
from sandan.law.facts import Retry

SHARED = Path(__file__).parents[3] / "shared" / "codes"


def found(code: str = "", text: str = "", status: int = 0) -> CodeEntry:
    entry = codes.find(code, text, status)
    assert entry is not None
    return entry


def test_a_code_of_customs_is_found_bare_and_inside_its_brackets() -> None:
    assert found("1327") == found("", "[Code:1327;Desc:订购人与支付人不同],[a,b]", 100) == found("100/1327")
    assert found("1327").owner is Owner.SHOP


def test_spelling_of_the_brackets_does_not_matter() -> None:
    assert found("[code：22007；desc：对应清单已放行]").retry is Retry.NEVER


def test_a_negative_code_has_the_official_text() -> None:
    assert found("-301010").text == "已存在相同编号的订单"
    assert found("-301010").retry is Retry.QUERY


def test_a_negative_status_is_the_code_of_its_text() -> None:
    assert found("", "接收报文为旧报文数据，支付信息不存在", -401012).code == "-401012"


def test_a_family_of_customs_tells_the_state() -> None:
    assert found("12xx") == found("1277") == found("12*")
    assert found("13999").situation == "returned"
    assert found("2650").retry is Retry.WAIT


@pytest.mark.parametrize("code", ["-301018", "-302000"])
def test_a_band_holds_from_its_first_to_its_last_code(code: str) -> None:
    assert found(code).text == "订单签名校验失败"


def test_the_code_after_a_band_stands_in_the_next() -> None:
    assert found("-302001").text == "订单格式校验失败"


def test_a_row_of_its_own_comes_before_the_band() -> None:
    assert found("-621005").retry is Retry.NEVER
    assert found("-621900").until == "-621999"


def test_the_narrowest_band_counts() -> None:
    assert found("-625100").text == "退货申请单错误"


def test_a_code_beyond_every_band_is_unknown() -> None:
    assert not found("-999999").known
    assert not found("-305001").known


@pytest.mark.parametrize(("code", "until"), [("0500", "0999"), ("1500", "1999"), ("2500", "2999"), ("3500", "3999")])
def test_codes_of_the_exchange_fall_into_their_bands(code: str, until: str) -> None:
    assert found(f"-{int(code)}").until == until


def test_the_exchange_is_understood_as_a_dxprep_and_as_a_ceb900_writes_it() -> None:
    assert found("0002") == found("-2") == found("", "", -2)


def test_a_ceb900_writes_negative_codes_without_the_minus() -> None:
    assert found("[Code:621026;Desc:没有签名]").code == "-621026"


@pytest.mark.parametrize("code", ["20001", "21000"])
def test_real_time_codes_have_their_band(code: str) -> None:
    assert found(code).system is System.REALTIME


def test_a_real_time_code_of_its_own_names_the_certificate() -> None:
    assert found("20004").situation == "realtime-certificate"


def test_of_two_texts_under_one_code_the_nearer_is_taken() -> None:
    assert found("-621027", "请确认表体gnum无重复！").situation == "repeated-line"
    assert found("-621027", "保存失败，请确认状态并刷新重试").situation == "state"


def test_a_filled_blank_still_finds_its_text() -> None:
    assert found("-621001", "清单报文校验失败: 预录入编号(preNo)应由电子口岸生成").situation == "port-number"
    assert found("-621001", "清单报文校验失败，[毛重小于净重]").situation == "content"


def test_words_without_a_code_are_understood() -> None:
    entry = found("", "人工退单,收货地址不详")
    assert entry.system is System.TEXT
    assert entry.situation == "address"


def test_words_say_more_than_a_bare_status() -> None:
    assert found("", "挂起,地址不详", 600).situation == "address"
    assert found("", "", 600).situation == "held"


def test_words_that_say_the_same_leave_the_status() -> None:
    assert found("", "清单新增申报成功[AB][电商企业编码：Y订单编号：X]", 2).code == "2"


def test_a_port_that_misses_a_payment_says_so_within_status_2() -> None:
    entry = found("", "清单新增申报成功[AB],对应电商平台为[X]订单号为[Y]支付信息不存在", 2)
    assert entry.situation == "partner-missing"


def test_a_refusal_by_hand_for_another_reason_is_not_taken_for_a_known_one() -> None:
    assert found("", "[Code:1300;Desc:人工退单，价格有误]", 100).situation == "returned"
    assert found("", "[Code:1300;Desc:人工退单，订购人身份证号码有误]", 100).situation == "identity"


def test_a_draft_is_not_a_declaration() -> None:
    assert found("", "清单暂存成功[AB]", 1).situation == "draft"


def test_an_unknown_code_passes_through_visibly() -> None:
    entry = found("777777", "神秘的原因", 100)
    assert not entry.known
    assert entry.raw == "神秘的原因"
    assert "神秘的原因" in entry.en
    assert entry.code == "777777"


def test_an_unknown_code_still_does_what_its_status_does() -> None:
    assert found("", "[Code:99123;Desc:神秘的原因]", 100).retry is Retry.FIX
    assert found("", "[Code:99123;Desc:神秘的原因]", 100).code == "99123"
    assert found("99123").retry is Retry.QUERY


def test_nothing_asked_is_nothing_answered() -> None:
    assert codes.find() is None
    assert codes.find("  ") is None


def test_search_wants_every_word() -> None:
    assert "1313" in {entry.code for entry in codes.search("年度 额度")}
    assert codes.search("annual limit")
    assert not codes.search("annual 没有的词")


@given(code=st.text(max_size=30), text=st.text(max_size=60), status=st.integers(-1_000_000, 1_000))
def test_nothing_that_is_sent_breaks_the_catalogue(code: str, text: str, status: int) -> None:
    entry = codes.find(code, text, status)
    assert entry is None or (entry.remedy_zh and entry.remedy_en and entry.said("zh") + entry.raw is not None)


def test_every_entry_says_everything() -> None:
    for entry in codes.entries():
        assert entry.text or entry.situation == "opaque", entry
        assert all((entry.en, entry.cause_zh, entry.cause_en, entry.remedy_zh, entry.remedy_en)), entry


def test_every_situation_is_used() -> None:
    assert set(situations()) - set(codes.by_situation(codes.entries())) == {"unknown"}


def test_no_row_stands_twice() -> None:
    rows = [(entry.system, entry.code, entry.until, entry.text) for entry in codes.entries()]
    assert len(rows) == len(set(rows))


def test_each_text_row_is_found_by_its_own_words() -> None:
    for pattern, entry in shipped().patterns:
        if pattern.search(entry.text):
            assert codes.find("", entry.text) is not None
    assert found("", "支付单不存在").situation == "partner-missing"


@pytest.mark.shared
def test_every_known_rejection_is_understood() -> None:
    with (SHARED / "rejections.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 400
    missed = [row for row in rows if not found(row["code"].strip("—"), row["text_zh"]).known]
    assert not missed


@pytest.mark.shared
def test_official_texts_are_the_published_ones() -> None:
    with (SHARED / "ceb_error_codes.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] and row["source"].startswith("GAC")]
    assert len(rows) == 176
    published = {(row["code"], row["message_zh"].rstrip('"')) for row in rows}
    assert not published - {(entry.code, entry.text) for entry in codes.entries()}

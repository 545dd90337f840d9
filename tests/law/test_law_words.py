"""Words beside the sentences: every remark, sample and fault is told in both languages."""

from __future__ import annotations

import re

import pytest

from sandan.law import catalogue
from sandan.law import overlay
from sandan.law import parameters
from sandan.law import samples
from sandan.law import words

CHINESE = re.compile(r"[\u4e00-\u9fff]")
RULES = catalogue.shipped().values()
PARAMETERS = parameters.shipped().values()


def remarks() -> set[str]:
    """Every remark of the data."""
    of_rules = {text for rule in RULES for text in (rule.note, rule.not_executable, rule.waits_for)}
    of_values = {value.note for each in PARAMETERS for value in each.values}
    of_gaps = {gap.reason for each in PARAMETERS for gap in each.gaps}
    return (of_rules | of_values | of_gaps) - {""}


def test_every_remark_has_its_chinese() -> None:
    assert {text for text in remarks() if not CHINESE.search(words.remark(text, "zh"))} == set()


def test_english_remarks_are_the_data_themselves() -> None:
    assert all(words.remark(text, "en") == text for text in remarks())


def test_no_chinese_of_a_remark_is_left_over() -> None:
    known = set(words._table("notes"))
    assert known - remarks() == set()


def test_every_fact_of_a_sample_has_its_chinese_name() -> None:
    names = {name for rule in RULES for facts in (rule.passing, rule.failing) for name in facts}
    assert {name for name in names if name not in words._table("facts")} == set()


def test_every_question_is_told() -> None:
    assert set(words.QUESTIONS) == set(samples.QUESTIONS)


def test_amounts_are_told_in_yuan() -> None:
    (told,) = words.sample({"order_paid_fen": 11501}, "zh")
    assert (told.name, told.value) == ("订单实付金额", "115.01 元")


def test_quantities_are_told_without_their_scale() -> None:
    assert words.sample({"qty_e5": 150_000}, "en") == (words.ToldFact("qty", "1.5"),)


def test_yes_and_no_are_words() -> None:
    assert [told.value for told in words.sample({"bank": True, "used": False, "bill_no": ""}, "zh")] == [
        "是",
        "否",
        "空",
    ]


BAD = {
    "tariff": "code,vat,since\n1,2,x\n19011010,standard,2020-01-01,more\n",
    "positive_list": "hs8,name,since,yearly_quantity,until\n19011010,,2020-01-01,much,2019-01-01\n",
    "places": "city,kind,since\n云汀市,palace,2020-01-01\n",
    "suspensions": "code,country,kind,reason,since\n,,prohibited,x,2020-01-01\n,1,prohibited,x,2020-01-01\n",
    "local_lists": "zone,code,kind\n",
    "parameters": "name,value,since,checked\nno.such,1,2020-01-01,2020-01-01\nvat.lower_rate,much,2020-01-01,2020-01-01\n",
    "rules": "rule,enabled,since,since\nR0,perhaps,2020-01-01\n",
    "nonsense": "a\n1\n",
}


@pytest.mark.parametrize("kind", BAD)
def test_every_fault_of_a_file_is_told_in_chinese(kind: str) -> None:
    file = overlay.LawFile(kind=kind, name="x.csv", body=BAD[kind].encode(), source="a text")
    found = overlay.check(file, production=True)
    assert found
    assert [each.wanted for each in found if not CHINESE.search(words.fault(each.wanted, "zh"))] == []


def test_an_overlap_is_told_with_its_row_and_days() -> None:
    assert (
        words.fault("1901: overlaps row 2, which holds until further notice", "zh")
        == "1901：与第2行重叠，该行有效至另行通知"
    )

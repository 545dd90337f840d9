"""The reference pages: made from the data, whole in both languages."""

from __future__ import annotations

import pytest

from sandan.law import catalogue
from sandan.law import parameters
from sandan.law import reference

each_language = pytest.mark.parametrize("language", reference.LANGUAGES)


@each_language
def test_every_rule_has_its_heading_and_sentence(language: str) -> None:
    page = reference.pages(language)["rules.md"]
    rules = catalogue.shipped().values()
    assert [rule.id for rule in rules if f"### {rule.id}\n\n{getattr(rule, language)}\n" not in page] == []


@each_language
def test_every_parameter_has_its_table(language: str) -> None:
    page = reference.pages(language)["parameters.md"]
    assert [name for name in parameters.shipped() if f"## {name}\n" not in page] == []
    assert page.count("\n| --- |") == len(parameters.shipped())


def test_a_rule_from_memory_is_shown_as_off() -> None:
    page = reference.pages("en")["rules.md"]
    rule = page[page.index("### R194-16.3") :]
    assert "(unverified, off)" in rule[: rule.index("\n### ")]


def test_a_value_shows_its_days_and_source() -> None:
    page = reference.pages("en")["parameters.md"]
    assert "| 5000.00 yuan | 2019-01-01 |  | 财关税〔2018〕49号 | found |  |" in page


def test_coverage_gives_its_sum() -> None:
    assert " / " in reference.pages("zh")["coverage.md"].splitlines()[2]


def test_no_page_is_silent_about_a_rule() -> None:
    assert reference.incomplete() == ()


def test_remarks_and_samples_of_the_chinese_pages_are_chinese() -> None:
    pages = reference.pages("zh")
    assert "税率与日期有来源；文件名称凭记忆" in pages["parameters.md"]
    assert "- **说明**: 第1日为放行次日（K1）" in pages["rules.md"]
    assert "订单实付金额：115.01 元；支付金额：115.00 元" in pages["rules.md"]
    assert "a matter of criminal courts" not in pages["coverage.md"]


def test_a_gap_states_its_reason() -> None:
    assert "- … – 2016-04-07: before 2016-04-08 retail imports" in reference.pages("en")["parameters.md"]

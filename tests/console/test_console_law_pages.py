"""The law in the console: search, rules with what they decided, parameters with their values."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.store.users import User

Visitor = Callable[..., httpx.Client]


def test_the_law_is_found_by_words_in_both_languages(visitor: Visitor, agent: User) -> None:
    for language, text in (("en", "annual limit"), ("zh", "年度")):
        assert "/law/parameter/import.annual_limit_fen" in visitor(agent, language).get("/law", params={"q": text}).text


def test_a_rule_is_found_by_the_code_of_its_receipt(visitor: Visitor, agent: User) -> None:
    assert "R194-9.1" in visitor(agent).get("/law?q=1327").text


def test_a_city_is_found_by_its_english_name(visitor: Visitor, agent: User) -> None:
    assert "/law/place/%E6%9D%AD%E5%B7%9E%E5%B8%82" in visitor(agent).get("/law?q=Hangzhou").text


def test_nothing_found_says_what_to_do(visitor: Visitor, agent: User) -> None:
    assert "Use fewer words" in visitor(agent).get("/law?q=no+such+words").text


@pytest.mark.parametrize(("day", "value"), [("2018-12-31", "2000.00 yuan"), ("2019-01-01", "5000.00 yuan")])
def test_the_law_is_shown_as_it_stood_on_a_day(visitor: Visitor, agent: User, day: str, value: str) -> None:
    page = visitor(agent).get(f"/law?q=import.single_limit_fen&day={day}").text
    assert f'<b class="value">{value}</b>' in page


@pytest.mark.parametrize("day", ["yesterday", "1900-01-01", "2026-02-30"])
@pytest.mark.parametrize("path", ["/law", "/law/rule/R194-9.1", "/law/parameter/vat.standard_rate", "/law/place/杭州"])
def test_what_is_no_day_is_refused_kindly(visitor: Visitor, agent: User, path: str, day: str) -> None:
    answer = visitor(agent).get(path, params={"day": day})
    assert answer.status_code == 400
    assert "write it as 2026-01-31" in answer.text


def test_a_rule_tells_its_source_its_remedy_and_its_examples(visitor: Visitor, agent: User) -> None:
    page = visitor(agent, "zh").get("/law/rule/R194-9.1").text
    assert "海关总署公告2018年第194号" in page
    assert "符合示例" in page
    assert "不符示例" in page


def test_a_rule_shows_the_cases_it_decided(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/law/rule/CEB-6.2.4").text
    assert "/case/0131960301/QDSHOW" in page


def test_another_enterprise_sees_no_case_under_a_rule(visitor: Visitor, bank: User) -> None:
    page = visitor(bank).get("/law/rule/CEB-6.2.4").text
    assert "QDSHOW" not in page
    assert "No case you may see" in page


def test_a_rule_from_memory_is_visibly_unverified(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/rule/R194-16.3").text
    assert "ships switched off" in page
    assert '<span class="unverified">' in page


def test_a_parameter_shows_its_values_over_time(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/parameter/vat.standard_rate").text
    for text in ("17 %", "16 %", "13 %", "2018-05-01", "2019-04-01", "data-chart"):
        assert text in page


def test_a_value_ends_on_the_eve_of_the_next(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/parameter/vat.standard_rate").text
    assert '<td class="text-nowrap">2018-05-01</td><td class="text-nowrap">2019-03-31</td>' in page


def test_a_parameter_from_memory_says_that_it_is_off(visitor: Visitor, agent: User) -> None:
    page = visitor(agent, "zh").get("/law/parameter/watches.high_end_fen").text
    assert "仅凭记忆" in page


def test_a_day_before_the_policy_gives_the_stated_reason(visitor: Visitor, agent: User) -> None:
    page = visitor(agent, "zh").get("/law/parameter/vat.standard_rate?day=2016-04-07").text
    assert "2016-04-08以前按个人物品征税" in page


def test_names_nobody_knows_are_not_there(visitor: Visitor, agent: User) -> None:
    for path in ("/law/rule/R999", "/law/parameter/no.such"):
        assert visitor(agent).get(path).status_code == 404


def test_findings_and_tax_steps_of_a_case_lead_to_their_rules(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/case/0131960301/QDSHOW00000005").text
    assert 'href="/law/rule/CEB-6.2.4?day=2026-11-21"' in page
    taxed = visitor(officer).get("/case/0131960301/QDSHOW00000018").text
    assert 'href="/law/rule/RF-1?day=2026-11-21"' in taxed


def test_reasons_of_today_lead_to_their_rules(visitor: Visitor, officer: User) -> None:
    assert 'href="/law/rule/' in visitor(officer).get("/").text

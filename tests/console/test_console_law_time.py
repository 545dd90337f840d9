"""The law in time and place: changes, deadlines and cities."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.store.users import User

Visitor = Callable[..., httpx.Client]


def test_what_comes_next_is_told_with_its_day(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/changes").text
    assert "2028-01-01" in page
    assert "/law/parameter/export_return.window_open?day=2028-01-01" in page


def test_the_days_vat_fell_are_compared(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/changes?from=2019-03-31&to=2019-04-01").text
    assert "16 %" in page
    assert "13 %" in page


def test_a_change_is_told_with_its_sentence(visitor: Visitor, agent: User) -> None:
    page = visitor(agent, "zh").get("/law/changes?from=2018-12-31&to=2019-01-01").text
    assert "单次交易限值" in page
    assert "5000.00 元" in page


def test_a_day_compared_with_itself_is_the_same(visitor: Visitor, agent: User) -> None:
    assert "The law is the same" in visitor(agent).get("/law/changes?from=2026-01-01&to=2026-01-01").text


def test_states_are_words_in_the_readers_language(visitor: Visitor, agent: User) -> None:
    page = visitor(agent, "zh").get("/law/changes?from=2018-12-31&to=2019-01-01").text
    assert "尚未施行" in page
    assert "not-yet" not in page


@pytest.mark.parametrize(
    ("city", "day", "answer"),
    [
        ("南通", "2020-01-16", "no"),
        ("南通", "2020-01-17", "yes"),
        ("洛阳", "2026-01-01", "yes"),
        ("拉萨", "2021-01-01", "unknown"),
    ],
)
def test_bonded_import_in_a_city_on_a_day(visitor: Visitor, agent: User, city: str, day: str, answer: str) -> None:
    page = visitor(agent).get(f"/law/place/{city}", params={"day": day}).text
    bonded = page.split("<dt>Bonded import 1210</dt>")[1].split("</dd>")[0]
    assert f">{answer}<" in bonded


def test_a_city_shows_its_zone_with_both_days(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/place/Hangzhou").text
    for text in ("Approved", "Published", "2015-03-", "Named for bonded import 1210"):
        assert text in page


def test_the_city_form_leads_to_its_page(visitor: Visitor, agent: User) -> None:
    assert visitor(agent).get("/law/places?city=A/B").headers["location"] == "/law/place/A%2FB"


def test_a_city_nobody_knows_is_told_kindly(visitor: Visitor, agent: User) -> None:
    assert "No list at hand names this place" in visitor(agent).get("/law/place/Atlantis").text


def test_a_moved_fifteenth_is_shown_with_its_own_day(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/calendar?year=2026").text
    assert "<b>2026-02-24</b>" in page
    assert "moved from 2026-02-15" in page


def test_a_year_without_notice_is_provisional(visitor: Visitor, agent: User) -> None:
    assert "not published yet" in visitor(agent).get("/law/calendar?year=2027").text


def test_windows_are_counted_from_the_day_of_release(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/law/calendar?released=2026-10-01").text
    for day in ("2026-10-31", "2026-11-01", "2026-11-15"):
        assert f"<td>{day}</td>" in page


@pytest.mark.parametrize("year", ["20x6", "1949", "2099", "٢٠٢٦"])
def test_what_is_no_year_is_refused_kindly(visitor: Visitor, agent: User, year: str) -> None:
    answer = visitor(agent).get("/law/calendar", params={"year": year})
    assert (answer.status_code, "four digits" in answer.text) == (400, True)

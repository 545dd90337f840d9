"""Reading the law: one thing on a day, two days against each other, what comes, places and deadlines."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from sandan.law import reading
from sandan.law.errors import NotInForceError
from sandan.law.errors import UnknownNameError

TODAY = date(2026, 11, 21)


def test_a_limit_is_shown_in_yuan_with_all_its_values() -> None:
    shown = reading.show("import.single_limit_fen", date(2018, 12, 31))
    assert isinstance(shown, reading.ShownParameter)
    assert (shown.value, shown.state) == ("2000.00 yuan", "in-force")
    assert [value.since for value in shown.values] == ["2016-04-08", "2019-01-01"]


def test_a_rate_is_shown_in_per_cent() -> None:
    shown = reading.show("vat.standard_rate", TODAY)
    assert isinstance(shown, reading.ShownParameter)
    assert shown.value == "13 %"


def test_a_value_from_memory_is_shown_as_unverified() -> None:
    shown = reading.show("beer.specific_upper_fen_per_t", TODAY)
    assert isinstance(shown, reading.ShownParameter)
    assert (shown.value, shown.state) == ("", "unverified")
    assert "memory" in shown.reason


@pytest.mark.parametrize(
    ("rule", "day", "state"),
    [
        ("R194-9.1", TODAY, "in-force"),
        ("R194-9.1", date(2018, 12, 31), "not-yet"),
        ("R194-32.2", date(2019, 4, 1), "ended"),
        ("R194-16.3", TODAY, "off"),
    ],
)
def test_a_rule_is_shown_with_its_state_on_the_day(rule: str, day: date, state: str) -> None:
    shown = reading.show(rule, day)
    assert isinstance(shown, reading.ShownRule)
    assert (shown.state, shown.on) == (state, state == "in-force")


def test_a_rule_is_found_in_any_case() -> None:
    assert reading.show("rtax-2", TODAY) == reading.show("RTAX-2", TODAY)


def test_an_unknown_name_gives_near_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"vat\.standard_rate"):
        reading.show("vat.standard", TODAY)


def test_search_finds_chinese_and_english_words() -> None:
    assert "R194-9.1" in reading.search("订购人 支付人")
    assert "cosmetics.high_end_per_piece_fen" in reading.search("cosmetics piece")
    assert reading.search("no such words") == []


@pytest.mark.parametrize(
    ("city", "zone", "bonded"),
    [("杭州", True, True), ("枣庄", "unknown", "unknown"), ("示例市", False, "unknown")],
)
def test_a_place_answers_true_false_or_unknown(city: str, zone: bool | str, bonded: bool | str) -> None:  # noqa: FBT001
    shown = reading.place(city, TODAY)
    assert (shown.pilot_zone, shown.bonded_1210) == (zone, bonded)


def test_a_place_shows_approval_and_publication() -> None:
    shown = reading.place("芜湖", TODAY).zones[0]
    assert (shown.approved, shown.published) == ("2019-12-15", "2019-12-24")


def test_a_summary_deadline_says_how_it_was_found() -> None:
    shown = reading.summary(date(2024, 1, 31))
    assert (shown.deadline, shown.nominal, shown.shifted) == ("2024-02-18", "2024-02-15", True)


def test_a_deadline_beyond_the_calendar_is_provisional() -> None:
    assert reading.summary(date(2027, 1, 1)).provisional


def test_a_deadline_of_a_rule_from_memory_is_not_given() -> None:
    with pytest.raises(NotInForceError, match="memory"):
        reading.summary(date(2018, 11, 1))


def test_everything_shown_can_be_written_as_json() -> None:
    shown = [reading.show("R194-9.1", TODAY), reading.show("import.modes", TODAY), reading.place("杭州", TODAY)]
    assert all(msgspec.json.encode(each) for each in shown)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(123456, "fen", "1234.56 yuan"), (45, "days", "45"), (True, "flag", "yes"), (("a", "b"), "codes", "a, b")],
)
def test_a_value_is_written_as_people_read_it(value: reading.Value, unit: str, text: str) -> None:
    assert reading.text_of(value, unit) == text

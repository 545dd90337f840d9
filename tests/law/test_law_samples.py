"""Samples the law answers by itself: the passing one is the law's answer, the failing one is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sandan import law
from sandan.law import catalogue
from sandan.law import samples

ASKED = [rule for rule in catalogue.shipped().values() if samples.answerable(rule.passing)]
FAILING = [rule for rule in catalogue.shipped().values() if samples.answerable(rule.failing)]


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.id)
def test_the_passing_sample_is_the_answer_of_the_law(rule: catalogue.Rule) -> None:
    assert samples.holds(rule.passing)


@pytest.mark.parametrize("rule", FAILING, ids=lambda rule: rule.id)
def test_the_failing_sample_is_not_the_answer_of_the_law(rule: catalogue.Rule) -> None:
    assert not samples.holds(rule.failing)


@pytest.mark.parametrize(
    ("day", "without", "with_15_percent"),
    [
        (date(2016, 10, 1), "11.90", "26.35"),
        (date(2018, 4, 30), "11.90", "26.35"),
        (date(2018, 5, 1), "11.20", "25.53"),
        (date(2019, 3, 31), "11.20", "25.53"),
        (date(2019, 4, 1), "9.10", "23.06"),
        (date(2026, 11, 21), "9.10", "23.06"),
    ],
)
def test_composite_rates_of_each_period_reproduce(day: date, without: str, with_15_percent: str) -> None:
    """RV-3: 11.9 → 11.2 → 9.1 % without consumption tax, 26.35 → 25.53 → 23.06 % with 15 %."""
    today = law.at(day)
    assert samples.composite_percent(today, Decimal(0)) == Decimal(without)
    assert samples.composite_percent(today, Decimal("0.15")) == Decimal(with_15_percent)


def test_a_sample_of_another_room_cannot_be_asked_here() -> None:
    assert not samples.answerable({"buyer": "林小满", "payer": "林小满"})
    with pytest.raises(KeyError):
        samples.holds({"ask": "weather", "is": "fine"})

"""What a batch is decided with."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any

import pytest

from sandan.clearance.court import Court
from sandan.ledger.decide import Book


def test_the_law_is_asked_once_a_day(scene: Any) -> None:
    asked: list[date] = []
    court = scene.court()
    ask = court.law_on
    court.law_on = lambda day: (asked.append(day), ask(day))[1]
    assert court.bench() is court.bench()
    assert asked == [date(2026, 11, 21)]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_today_is_a_day_in_beijing(scene: Any, now: datetime, day: date) -> None:
    court = scene.court(now)
    assert court.today == court.bench().day == court.bench().law.day == day


def test_a_moment_without_a_zone_is_refused(scene: Any) -> None:
    court = Court(
        law_on=scene.court().law_on,
        registry=scene.registry,
        book=Book({}),
        conditions=scene.court().conditions,
        now=datetime(2026, 11, 21),  # noqa: DTZ001 - the case
    )
    with pytest.raises(ValueError, match="no time zone"):
        court.bench()

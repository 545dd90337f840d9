"""194/2018 art. 16: returned within 30 days, paid from day 31 to day 45, day 1 being the day after release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import time
from datetime import timedelta

import pytest
from msgspec.structs import replace

from sandan import law
from sandan.revenue.facts import Bill
from sandan.revenue.facts import Outcome
from sandan.revenue.facts import Stage
from sandan.revenue.facts import Status
from sandan.revenue.rules import WORDS
from sandan.revenue.rules import stage_of
from sandan.revenue.rules import window_of

MakeBill = Callable[..., Bill]
ORDINARY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("released", "first", "last"),
    [
        (date(2026, 11, 2), date(2026, 12, 3), date(2026, 12, 17)),
        (date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 14)),
        (date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 15)),
        (date(2024, 1, 29), date(2024, 2, 29), date(2024, 3, 14)),
        (date(2024, 1, 30), date(2024, 3, 1), date(2024, 3, 15)),
        (date(2023, 1, 29), date(2023, 3, 1), date(2023, 3, 15)),
        (date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 14)),
    ],
    ids=["ordinary", "year end", "into new year", "leap day first", "over leap day", "no leap day", "on leap day"],
)
def test_the_window_by_the_calendar(released: date, first: date, last: date) -> None:
    window = window_of(released, law.at(released))
    assert window is not None
    assert (window.payable_from, window.payable_to) == (first, last)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (0, Stage.RETURNABLE),
        (1, Stage.RETURNABLE),
        (30, Stage.RETURNABLE),
        (31, Stage.PAYABLE),
        (45, Stage.PAYABLE),
        (46, Stage.OVERDUE),
        (4000, Stage.OVERDUE),
    ],
)
def test_the_stage_on_each_boundary_day(bill: MakeBill, day: int, stage: Stage) -> None:
    assert stage_of(bill(ORDINARY), ORDINARY + timedelta(days=day)) is stage


@pytest.mark.parametrize("released", [date(2026, 12, 31), date(2024, 2, 29), date(2024, 1, 15)])
def test_day_45_is_the_last_over_year_end_and_leap_day(bill: MakeBill, released: date) -> None:
    made = bill(released)
    assert stage_of(made, released + timedelta(days=45)) is Stage.PAYABLE
    assert stage_of(made, released + timedelta(days=46)) is Stage.OVERDUE


def test_a_minute_before_midnight_is_still_that_day(bill: MakeBill) -> None:
    late, early = bill(ORDINARY, at=time(23, 59)), bill(ORDINARY + timedelta(days=1), at=time(0, 0))
    assert late.window is not None
    assert early.window is not None
    assert early.window.payable_from - late.window.payable_from == timedelta(days=1)


@pytest.mark.parametrize("status", [Status.PAID, Status.VOID, Status.ZERO])
def test_what_is_settled_is_never_overdue(bill: MakeBill, status: Status) -> None:
    assert stage_of(replace(bill(ORDINARY), status=status), ORDINARY + timedelta(days=99)) is Stage.SETTLED


def test_an_aggregated_bill_falls_overdue_too(bill: MakeBill) -> None:
    made = replace(bill(ORDINARY), status=Status.AGGREGATED)
    assert stage_of(made, ORDINARY + timedelta(days=46)) is Stage.OVERDUE


def test_before_2019_no_window_is_known(bill: MakeBill) -> None:
    made = bill(date(2018, 12, 31))
    assert made.window is None
    assert stage_of(made, date(2019, 3, 1)) is Stage.UNDATED


def test_from_the_first_day_of_194_there_is_one(bill: MakeBill) -> None:
    assert bill(date(2019, 1, 1)).window is not None


def test_before_announcement_45_the_days_of_return_are_those_of_the_window() -> None:
    day = date(2020, 3, 27)
    window = window_of(day, law.at(day))
    assert window is not None
    assert window.return_until == day + timedelta(days=30)


def test_what_follows_from_being_overdue_is_off_until_its_source_is_supplied() -> None:
    assert not law.at(ORDINARY).is_on("R194-16.3")  # type: ignore[arg-type]


def test_every_outcome_has_its_words() -> None:
    assert set(WORDS) == set(Outcome)
    assert all(words.zh and words.en for words in WORDS.values())

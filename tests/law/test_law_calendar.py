"""Working days and counting: the moved 15ths, the ends of windows, the months that clip."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

import chinese_calendar
import holidays
import pytest

from sandan.law import calendar

MOVED = {
    (2019, 6): 17, (2019, 9): 16, (2019, 12): 16,
    (2020, 2): 17, (2020, 3): 16, (2020, 8): 17, (2020, 11): 16,
    (2021, 2): 18, (2021, 5): 17, (2021, 8): 16,
    (2022, 1): 17, (2022, 5): 16, (2022, 10): 17,
    (2023, 1): 16, (2023, 4): 17, (2023, 7): 17, (2023, 10): 16,
    (2024, 2): 18, (2024, 6): 17, (2024, 9): 18, (2024, 12): 16,
    (2025, 2): 17, (2025, 3): 17, (2025, 6): 16, (2025, 11): 17,
    (2026, 2): 24, (2026, 3): 16, (2026, 8): 17, (2026, 11): 16,
}  # fmt: skip
MONTHS = [(year, month) for year in range(2019, 2027) for month in range(1, 13)]
EVERY_DAY = [date(2019, 1, 1) + timedelta(days=number) for number in range((date(2027, 1, 1) - date(2019, 1, 1)).days)]


def test_there_are_29_moved_fifteenths() -> None:
    assert len(MOVED) == 29


@pytest.mark.parametrize(("year", "month"), MONTHS, ids=str)
def test_the_fifteenth_of_each_month_is_where_it_belongs(year: int, month: int) -> None:
    """Lists closed in the month before are declared by the 15th, or the first working day after."""
    closed = date(year, month, 1) - timedelta(days=1)
    found = calendar.summary_deadline(closed, 15)
    assert found.day == date(year, month, MOVED.get((year, month), 15))
    assert found.shifted is ((year, month) in MOVED)
    assert not found.provisional


def test_a_make_up_sunday_is_a_working_day() -> None:
    """18 February 2024 was a Sunday on which work was made up for the Spring Festival."""
    assert date(2024, 2, 18).isoweekday() == 7
    assert calendar.working_day(date(2024, 2, 18))
    assert not calendar.working_day(date(2024, 2, 17))


def test_a_holiday_on_a_weekday_is_a_rest_day() -> None:
    assert date(2024, 9, 16).isoweekday() == 1
    assert not calendar.working_day(date(2024, 9, 16))


def test_the_table_agrees_with_chinesecalendar_on_every_day() -> None:
    assert [day for day in EVERY_DAY if calendar.working_day(day) != chinese_calendar.is_workday(day)] == []


def test_the_table_agrees_with_holidays_on_every_day() -> None:
    china = holidays.country_holidays("CN", years=range(2019, 2027))
    assert [day for day in EVERY_DAY if calendar.working_day(day) != china.is_working_day(day)] == []


def test_beyond_the_published_years_the_answer_is_provisional() -> None:
    last, next_year = (
        calendar.summary_deadline(date(2026, 11, 30), 15),
        calendar.summary_deadline(date(2026, 12, 31), 15),
    )
    assert not last.provisional
    assert next_year.provisional
    assert next_year.day == date(2027, 1, 15)


def test_before_the_published_years_the_answer_is_provisional() -> None:
    assert not calendar.published(date(2018, 12, 31))
    assert calendar.published(date(2019, 1, 1))


def test_day_one_is_the_day_after_release() -> None:
    released = date(2026, 1, 1)
    assert calendar.days_since(released, date(2026, 1, 2)) == 1
    assert calendar.nth_day_after(released, 31) == date(2026, 2, 1)
    assert calendar.nth_day_after(released, 45) == date(2026, 2, 15)


@pytest.mark.parametrize(
    ("event", "months", "last"),
    [
        (date(2023, 2, 15), 6, date(2023, 8, 15)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 3, 31), 6, date(2023, 9, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 12, 31), 6, date(2024, 6, 30)),
    ],
)
def test_months_end_on_the_same_day_and_clip_at_month_end(event: date, months: int, last: date) -> None:
    assert calendar.within_months(event, last, months)
    assert not calendar.within_months(event, last + timedelta(days=1), months)


def test_before_the_event_is_not_within_months_of_it() -> None:
    assert not calendar.within_months(date(2023, 2, 15), date(2023, 2, 14), 6)


def test_the_exchange_day_is_the_third_wednesday_of_the_month_before() -> None:
    assert calendar.reference_wednesday(date(2026, 4, 10), 3, 4).day == date(2026, 3, 18)


def test_the_exchange_day_moves_to_the_fourth_wednesday_over_a_holiday() -> None:
    """18 February 2026, the third Wednesday, lies in the Spring Festival."""
    found = calendar.reference_wednesday(date(2026, 3, 1), 3, 4)
    assert (found.nominal, found.day) == (date(2026, 2, 18), date(2026, 2, 25))

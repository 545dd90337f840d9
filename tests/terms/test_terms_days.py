"""Legal days and wire times: Beijing decides the day, digits are read strictly."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.terms.days import SHANGHAI
from sandan.terms.days import legal_day
from sandan.terms.days import parse_wire_day
from sandan.terms.days import parse_wire_time
from sandan.terms.days import wire_day
from sandan.terms.days import wire_time
from sandan.terms.days import wire_time_ms
from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import PartError

moments = st.datetimes(datetime(2016, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def test_the_day_begins_at_sixteen_hours_utc() -> None:
    assert legal_day(datetime(2018, 12, 31, 15, 59, 59, tzinfo=UTC)) == date(2018, 12, 31)
    assert legal_day(datetime(2018, 12, 31, 16, 0, 0, tzinfo=UTC)) == date(2019, 1, 1)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        legal_day(datetime(2019, 1, 1))  # noqa: DTZ001


@given(moments)
def test_beijing_time_is_the_zone_of_shanghai(at: datetime) -> None:
    assert at.astimezone(SHANGHAI).replace(tzinfo=None) == at.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)


@given(moments)
def test_seventeen_digits_are_read_back_to_the_millisecond(at: datetime) -> None:
    read = parse_wire_time(wire_time_ms(at))
    assert read == at.replace(microsecond=at.microsecond // 1000 * 1000)


@given(moments)
def test_fourteen_digits_are_read_back_to_the_second(at: datetime) -> None:
    assert parse_wire_time(wire_time(at)) == at.replace(microsecond=0)


@given(st.dates(date(2016, 1, 1), date(2099, 12, 31)))
def test_eight_digits_are_read_back(day: date) -> None:
    assert parse_wire_day(wire_day(day)) == day


def test_another_zone_is_turned_to_beijing_time() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert wire_time(datetime(2026, 5, 1, 0, 30, tzinfo=tokyo)) == "20260430233000"


@pytest.mark.parametrize(
    "text", ["20230229120000", "20261301000000", "20260101240000", "20260101006000", "00000101000000"]
)
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(PartError):
        parse_wire_time(text)


@pytest.mark.parametrize("text", ["", "2026", "202605011200000", "2026-05-01 12:00"])
def test_a_time_of_another_length_is_refused(text: str) -> None:
    with pytest.raises(LengthError):
        parse_wire_time(text)


@pytest.mark.parametrize("text", ["2026050112000x", "２0260501120000", " 2026050112000"])
def test_a_time_with_other_characters_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_wire_time(text)


def test_a_leap_day_exists_in_leap_years_only() -> None:
    assert parse_wire_day("20240229") == date(2024, 2, 29)
    with pytest.raises(PartError):
        parse_wire_day("20230229")


def test_a_day_of_another_length_is_refused() -> None:
    with pytest.raises(LengthError):
        parse_wire_day("2026051")

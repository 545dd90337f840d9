"""Parameters: one value a day or a stated reason, memory stays off, and an operator's text turns it on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sandan import law
from sandan.law import parameters
from sandan.law.errors import NotInForceError
from sandan.law.errors import UnknownNameError
from sandan.law.errors import UnverifiedError
from sandan.law.facts import DatedValue
from sandan.law.facts import Evidence
from sandan.law.facts import Parameter
from sandan.law.facts import Source
from sandan.law.supplied import Overlay

PARAMETERS = list(parameters.shipped().values())
MONTHS = [date(year, month, 1) for year in range(2016, 2028) for month in range(1, 13) if (year, month) >= (2016, 4)]


def answered(parameter: Parameter, day: date) -> bool:
    """One value in force, or a stated reason why none."""
    try:
        parameters.value_on(parameter, day)
    except UnverifiedError:
        return True
    except NotInForceError:
        return bool(parameters.gap_on(parameter, day))
    return not parameters.gap_on(parameter, day)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_month_has_exactly_one_value_or_a_stated_reason(parameter: Parameter) -> None:
    """From April 2016 to the end of the year after the calendar's last one."""
    assert [day for day in MONTHS if not answered(parameter, day)] == []


def test_no_two_values_begin_on_the_same_day() -> None:
    twice = [p.name for p in PARAMETERS if len({value.since for value in p.values}) != len(p.values)]
    assert twice == []


def test_every_value_names_a_source_and_the_day_it_was_checked() -> None:
    values = [value for parameter in PARAMETERS for value in parameter.values]
    assert all((value.source.title and value.checked >= value.since) or value.until for value in values)


@pytest.mark.parametrize(
    ("name", "eve", "day", "before", "after"),
    [
        ("import.single_limit_fen", date(2018, 12, 31), date(2019, 1, 1), 200000, 500000),
        ("import.annual_limit_fen", date(2018, 12, 31), date(2019, 1, 1), 2000000, 2600000),
        ("vat.standard_rate", date(2018, 4, 30), date(2018, 5, 1), Decimal("0.17"), Decimal("0.16")),
        ("vat.standard_rate", date(2019, 3, 31), date(2019, 4, 1), Decimal("0.16"), Decimal("0.13")),
        ("vat.lower_rate", date(2019, 3, 31), date(2019, 4, 1), Decimal("0.10"), Decimal("0.09")),
        ("cosmetics.ordinary_consumption_rate", date(2016, 9, 30), date(2016, 10, 1), Decimal("0.30"), Decimal(0)),
        ("return.arrive_days", date(2020, 3, 27), date(2020, 3, 28), 30, 45),
        ("b2b.warehouse_filing", date(2024, 12, 14), date(2024, 12, 15), True, False),
        ("positive_list.count", date(2019, 12, 31), date(2020, 1, 1), 1321, 1413),
        ("positive_list.count", date(2022, 2, 28), date(2022, 3, 1), 1413, 1476),
        ("places.bonded_class", date(2021, 3, 17), date(2021, 3, 18), "86-cities-and-hainan", "five-classes"),
    ],
)
def test_a_value_changes_on_its_day(name: str, eve: date, day: date, before: object, after: object) -> None:
    assert (law.at(eve).value(name), law.at(day).value(name)) == (before, after)


def test_a_value_from_memory_is_off_and_says_so() -> None:
    with pytest.raises(UnverifiedError, match="from memory only"):
        law.at(date(2018, 4, 30)).value("vat.lower_rate")


def test_an_operators_text_turns_a_value_from_memory_on() -> None:
    supplied = DatedValue(
        value=Decimal("0.11"),
        since=date(2017, 7, 1),
        source=Source(title="财税〔2017〕37号"),
        evidence=Evidence.OPERATOR,
        checked=date(2026, 11, 21),
    )
    overlay = Overlay(parameters={"vat.lower_rate": (supplied,)})
    assert law.at(date(2018, 4, 30), overlay).rate("vat.lower_rate") == Decimal("0.11")
    assert law.at(date(2018, 5, 1), overlay).rate("vat.lower_rate") == Decimal("0.10")


def test_a_gap_gives_its_reason() -> None:
    with pytest.raises(NotInForceError, match="after 2027-12-31"):
        law.at(date(2028, 1, 1)).value("export_return.window_open")


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownNameError, match=r"import\.limit"):
        law.at(date(2026, 1, 1)).value("import.limit")


@pytest.mark.parametrize(
    ("raw", "unit"), [("1.5", "rate"), (0.13, "rate"), ("many", "fen"), ("soon", "day"), ("x", "flag")]
)
def test_a_raw_value_that_does_not_fit_its_unit_is_refused(raw: object, unit: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parameters.typed(raw, unit)

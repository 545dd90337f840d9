"""The positive list: lines on their days, restrictions, and what is not at hand."""

from __future__ import annotations

from datetime import date

from sandan import law
from sandan.law import positive_list
from sandan.law.facts import Restriction

TODAY = date(2026, 11, 21)


def test_the_63_public_lines_are_kept() -> None:
    assert sum(len(lines) for lines in positive_list.shipped().values()) == 63


def test_a_line_holds_from_its_edition() -> None:
    assert law.at(date(2022, 2, 28)).listed("9506110000") is None
    entry = law.at(date(2022, 3, 1)).listed("9506110000")
    assert entry is not None
    assert entry.edition == "2022"


def test_eight_and_ten_digits_mean_the_same_line() -> None:
    assert law.at(TODAY).listed("95061100") is law.at(TODAY).listed("9506110000")


def test_a_line_of_2016_ends_with_its_edition() -> None:
    """Whether the edition of 2018 kept it is not public in full: not at hand, not guessed."""
    assert law.at(date(2018, 12, 31)).listed("04090000") is not None
    assert law.at(date(2019, 1, 1)).listed("04090000") is None


def test_the_second_batch_begins_eight_days_after_the_first() -> None:
    assert law.at(date(2016, 4, 15)).listed("03061200") is None
    assert law.at(date(2016, 4, 16)).listed("03061200") is not None


def test_printer_ink_is_restricted_to_household_printers() -> None:
    entry = law.at(TODAY).listed("3215190000")
    assert entry is not None
    remark = entry.restricted(Restriction.NAME_ONLY)
    assert remark is not None
    assert remark.names == ("家用打印机",)


def test_an_exclusion_keeps_its_text() -> None:
    entry = law.at(date(2018, 1, 1)).listed("04079090")
    assert entry is not None
    remark = entry.restricted(Restriction.EXCLUSION)
    assert remark is not None
    assert "除外" in remark.text


def test_a_code_that_is_not_at_hand_is_not_listed() -> None:
    assert law.at(TODAY).listed("3304990029") is None

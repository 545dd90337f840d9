"""Value types: one set of verbs, each fault its own class, people's numbers masked."""

from __future__ import annotations

from datetime import date
from types import ModuleType
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc

from sandan.terms import credit_code
from sandan.terms import district
from sandan.terms import enterprise_code
from sandan.terms import errors
from sandan.terms import guid
from sandan.terms import hs_code
from sandan.terms import resident_id

MODULES = [resident_id, credit_code, enterprise_code, hs_code, district, guid]
PERSON = "110101190204220003"
FIRM = "91330106MA2ABCDE1G"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_type_has_the_same_verbs(module: ModuleType) -> None:
    assert {"validate", "is_valid", "compact"} <= set(dir(module))
    assert len(module.__doc__ or "") > 80


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
@given(text=st.text(max_size=40))
def test_any_text_is_valid_or_refused_kindly(module: ModuleType, text: str) -> None:
    assert module.is_valid(text) in {True, False}
    if not module.is_valid(text):
        with pytest.raises(errors.TermError):
            module.validate(text)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 21)), st.integers(0, 999))
def test_a_number_with_its_check_digit_is_valid(born: date, sequence: int) -> None:
    body = f"110101{born:%Y%m%d}{sequence:03d}"
    number = body + ric.calc_check_digit(body + "0")
    assert resident_id.validate(number) == number
    assert resident_id.birth_date(number) == born


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PERSON[:-1], errors.LengthError),
        (PERSON[:-1] + "8", errors.CheckDigitError),
        (PERSON[:-1] + "x", errors.FormatError),
        ("11010119020422000３", errors.FormatError),
        ("110101190213220004", errors.TermError),
        ("", errors.LengthError),
    ],
)
def test_each_fault_of_a_resident_number_has_its_class(text: str, fault: type[errors.TermError]) -> None:
    with pytest.raises(fault):
        resident_id.validate(text)


def test_a_day_of_birth_that_does_not_exist_is_refused() -> None:
    body = "11010119900230455"
    with pytest.raises(errors.PartError, match="day of birth"):
        resident_id.validate(body + ric.calc_check_digit(body + "0"))


def test_the_check_digit_may_be_x() -> None:
    bodies = (f"11010119900307{number:03d}" for number in range(100))
    number = next(body + "X" for body in bodies if ric.calc_check_digit(body + "0") == "X")
    assert resident_id.is_valid(number)
    assert not resident_id.is_valid(number.lower())
    assert resident_id.compact(f" {number.lower()} ") == number


def test_an_error_shows_the_number_masked() -> None:
    with pytest.raises(errors.CheckDigitError) as caught:
        resident_id.validate(PERSON[:-1] + "8")
    assert PERSON[4:14] not in str(caught.value)
    assert "1101**********0008" in str(caught.value)


@pytest.mark.parametrize(("text", "masked"), [("", ""), ("1234", "****"), (PERSON, "1101**********0003")])
def test_a_number_is_masked(text: str, masked: str) -> None:
    assert resident_id.mask(text) == masked


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (FIRM[:-1], errors.LengthError),
        (FIRM[:-1] + "H", errors.CheckDigitError),
        (FIRM.lower(), errors.FormatError),
        ("91330106MA2ABCDI1G", errors.FormatError),
    ],
)
def test_each_fault_of_a_credit_code_has_its_class(text: str, fault: type[errors.TermError]) -> None:
    with pytest.raises(fault):
        credit_code.validate(text)


def test_a_credit_code_is_that_of_the_library() -> None:
    assert credit_code.validate(FIRM) == uscc.validate(FIRM)
    assert credit_code.compact(" 91330106-MA2ABCDE1G ") == FIRM


@pytest.mark.parametrize("text", ["3301960A0B", "3301960001", FIRM])
def test_an_enterprise_has_ten_characters_or_a_credit_code(text: str) -> None:
    assert enterprise_code.validate(text) == text


@pytest.mark.parametrize("text", ["330196000", "3301960a0b", "A301960001", FIRM[:-1] + "H", ""])
def test_what_is_no_enterprise_code_is_refused(text: str) -> None:
    assert not enterprise_code.is_valid(text)


@pytest.mark.parametrize("text", ["3304990029", "9900000000"])
def test_a_commodity_code_has_ten_digits(text: str) -> None:
    assert hs_code.validate(text) == text


@pytest.mark.parametrize("text", ["33049900", "33049900290", "330499002X", "0012345678", "３304990029"])
def test_what_is_no_commodity_code_is_refused(text: str) -> None:
    assert not hs_code.is_valid(text)


def test_a_commodity_code_is_read_as_people_write_it() -> None:
    assert hs_code.compact("3304.9900-29") == "3304990029"


def test_a_district_must_be_known() -> None:
    assert district.validate("2900") == "2900"
    with pytest.raises(errors.UnknownCodeError):
        district.validate("9999")


def test_a_guid_is_any_36_visible_characters() -> None:
    assert guid.is_valid("3CQHDG-SOMEONE-20230807164348-7KYRQN")
    assert guid.is_valid("6f1c1c6e-0a5b-4b0e-9a3c-0f2d5e7a9b11")
    assert not guid.is_valid("6F1C1C6E-0A5B-4B0E-9A3C-0F2D5E7A9B1")
    assert not guid.is_valid("6F1C1C6E 0A5B-4B0E-9A3C-0F2D5E7A9B11")


def test_our_own_guids_are_upper_case() -> None:
    assert guid.from_uuid(UUID("6f1c1c6e-0a5b-4b0e-9a3c-0f2d5e7a9b11")) == "6F1C1C6E-0A5B-4B0E-9A3C-0F2D5E7A9B11"


def test_an_error_says_what_was_found_and_what_was_wanted() -> None:
    error = errors.LengthError("12", wanted="4 digits")
    assert (error.found, error.wanted) == ("12", "4 digits")
    assert str(error) == "The value has the wrong number of characters: found '12', wanted 4 digits."
    assert issubclass(errors.LengthError, errors.FormatError)


def test_numbers_are_read_as_people_type_them() -> None:
    assert enterprise_code.compact(" 3301960-a0b ") == "3301960A0B"
    assert district.compact(" 2900 ") == "2900"
    assert guid.compact(" 6f1c ") == "6f1c"


def test_a_district_belongs_to_a_customs() -> None:
    assert district.directly_under("2924") == "2900"


def test_a_commodity_code_names_its_line_and_chapter() -> None:
    assert (hs_code.tariff_line("3304990029"), hs_code.chapter("3304990029")) == ("33049900", "33")

"""Amounts: exact both ways, refused when they are no number of the wire, rounded half up to the fen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal
from decimal import InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import TermError
from sandan.terms.money import e5_from_fen
from sandan.terms.money import fen_from_e5
from sandan.terms.money import format_e5
from sandan.terms.money import parse_e5
from sandan.terms.money import round_half_up
from sandan.terms.money import yuan_text

WIDEST = 10**19 - 1
amounts = st.integers(-WIDEST, WIDEST)


@given(amounts)
def test_what_is_written_is_read_back(value: int) -> None:
    assert parse_e5(format_e5(value)) == value


@given(st.from_regex(r"\A[+-]?[0-9]{0,14}(\.[0-9]{0,5})?\Z"))
def test_parsing_agrees_with_decimal(text: str) -> None:
    digits = text.lstrip("+-").replace(".", "")
    if digits:
        assert parse_e5(text) == int(Decimal(text) * 100000)
    else:
        with pytest.raises(FormatError):
            parse_e5(text)


@given(st.text(max_size=18) | st.text("0123456789.+-e", max_size=14))
def test_any_text_is_a_number_or_refused_kindly(text: str) -> None:
    try:
        expected = Decimal(text) * 100000 if not set(text) - set("0123456789.+-") else None
    except InvalidOperation:
        expected = None
    if expected is None or expected != int(expected):
        with pytest.raises(TermError):
            parse_e5(text)
    else:
        assert parse_e5(text) == expected


@given(amounts)
def test_rounding_to_the_fen_is_half_up(value: int) -> None:
    expected = (Decimal(value) / 1000).quantize(Decimal(1), ROUND_HALF_UP)
    assert fen_from_e5(value) == expected


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_a_ratio_is_rounded_half_up(numerator: int, denominator: int) -> None:
    doubled = abs(numerator) * 2 + denominator
    expected = doubled // (2 * denominator)
    assert round_half_up(numerator, denominator) == (expected if numerator >= 0 else -expected)


@given(st.integers(-(10**15), 10**15))
def test_fen_survive_the_way_through_the_wire(fen: int) -> None:
    assert fen_from_e5(e5_from_fen(fen)) == fen
    assert Decimal(yuan_text(fen)) * 100 == fen


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12.34567", 1234567),
        ("99999999999999.99999", WIDEST),
        ("-0.00001", -1),
        ("+5", 500000),
        ("007.50", 750000),
        (".5", 50000),
        ("5.", 500000),
        ("0000000000000000000000012.3400000000", 1234000),
    ],
)
def test_numbers_of_the_wire(text: str, value: int) -> None:
    assert parse_e5(text) == value


@pytest.mark.parametrize(
    "text", ["", ".", "-", "1e3", "1,000", " 1", "1 ", "1.2.3", "NaN", "Infinity", "１２", "0x10", "--1", "1_0"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_e5(text)


def test_a_sixth_decimal_place_is_refused() -> None:
    with pytest.raises(FormatError, match="5 decimal places"):
        parse_e5("1.000001")


def test_a_twentieth_digit_is_refused() -> None:
    with pytest.raises(LengthError, match="19 digits"):
        parse_e5("999999999999999.99999")


@pytest.mark.parametrize(("e5", "fen"), [(499, 0), (500, 1), (1499, 1), (1500, 2), (-499, 0), (-500, -1)])
def test_half_a_fen_goes_away_from_zero(e5: int, fen: int) -> None:
    assert fen_from_e5(e5) == fen

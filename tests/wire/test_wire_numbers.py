"""Numbers of the wire: the schema's spellings, and ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.wire.numbers import INT_LEAST
from sandan.wire.numbers import INT_MOST
from sandan.wire.numbers import decimal_parts
from sandan.wire.numbers import e5_of
from sandan.wire.numbers import e5_text
from sandan.wire.numbers import int_of


@given(st.integers(-(10**19), 10**19))
def test_what_is_written_reads_back(value: int) -> None:
    parts = decimal_parts(e5_text(value))
    assert parts is not None
    assert e5_of(parts) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12.5", 1_250_000),
        ("+12.50000", 1_250_000),
        (".5", 50_000),
        ("5.", 500_000),
        ("-0.00001", -1),
        (" 007 ", 700_000),
    ],
)
def test_spellings_the_schema_allows(text: str, value: int) -> None:
    parts = decimal_parts(text)
    assert parts is not None
    assert e5_of(parts) == value


@pytest.mark.parametrize("text", ["", ".", "+", "1e3", "1,000", "１", "--1", "1 2", "NaN", "INF", "\u00a01"])
def test_what_is_no_decimal(text: str) -> None:
    assert decimal_parts(text) is None


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (100_000, "1"), (1_250_000, "12.5"), (-1, "-0.00001"), (10, "0.0001")]
)
def test_the_shortest_writing(value: int, text: str) -> None:
    assert e5_text(value) == text


@pytest.mark.parametrize(("text", "value"), [(str(INT_MOST), INT_MOST), (str(INT_LEAST), INT_LEAST), ("+0012", 12)])
def test_whole_numbers_up_to_the_edge(text: str, value: int) -> None:
    assert int_of(text) == value


@pytest.mark.parametrize("text", [str(INT_MOST + 1), str(INT_LEAST - 1), "9" * 5000, "1.0", "", "1_0", "٣"])
def test_whole_numbers_beyond(text: str) -> None:
    assert int_of(text) is None


def test_leading_zeros_make_a_number_long_but_not_large() -> None:
    assert int_of("-" + "0" * 40 + "7") == -7

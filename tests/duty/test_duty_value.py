"""Dutiable value: lines, shares of charges, and the fen that is left over."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.duty.value import LineValue
from sandan.duty.value import line_values
from sandan.duty.value import shares
from sandan.duty.value import spread
from sandan.duty.value import value_of

A, B = "1901101000", "9619001100"
FEN = st.integers(0, 10_000_000)


def test_value_is_goods_freight_and_insurance(make: SimpleNamespace) -> None:
    """R194-12.1: 95.00 + 3.20 + 1.80 = 100.00."""
    assert value_of(make.list(make.line(1, A, "95"), freight="3.20", insurance="1.80")) == 10_000


def test_charges_go_to_lines_by_value(make: SimpleNamespace) -> None:
    """RF-6: 9.00 on 100.00 and 200.00 is 3.00 and 6.00; 0.30 is 0.10 and 0.20."""
    paper = make.list(make.line(1, A, "100"), make.line(2, B, "200"), freight="9", insurance="0.30")
    assert line_values(paper) == (LineValue(10_000, 300, 10), LineValue(20_000, 600, 20))


def test_the_last_line_takes_the_remainder(make: SimpleNamespace) -> None:
    """RF-6: a third of 1.00 is 0.33, 0.33 and what is left, 0.34."""
    paper = make.list(*(make.line(n, A, "10") for n in (1, 2, 3)), freight="1")
    assert [value.freight_fen for value in line_values(paper)] == [33, 33, 34]


def test_a_share_never_takes_more_than_is_left() -> None:
    """Half up alone would give 0.01 four times out of 0.02 and leave the last line owed."""
    assert shares(2, [1, 1, 1, 1]) == [1, 1, 0, 0]


def test_gifts_alone_leave_the_charges_to_the_last_line() -> None:
    assert spread([0, 0], 500, 0) == (LineValue(0), LineValue(0, 500, 0))


def test_nothing_to_share_among() -> None:
    assert shares(100, []) == []


@pytest.mark.parametrize(("yuan", "fen"), [("0.005", 1), ("0.00499", 0), ("10.12500", 1013)])
def test_half_a_fen_rounds_up(make: SimpleNamespace, yuan: str, fen: int) -> None:
    """RF-7."""
    assert value_of(make.list(make.line(1, A, yuan))) == fen


@given(goods=st.lists(FEN, min_size=1, max_size=50), freight=FEN, insurance=FEN)
def test_lines_add_up_to_the_list(goods: list[int], freight: int, insurance: int) -> None:
    values = spread(goods, freight, insurance)
    assert sum(value.fen for value in values) == sum(goods) + freight + insurance
    assert min(min(value.freight_fen, value.insurance_fen) for value in values) >= 0


@given(amount=FEN, weights=st.lists(FEN, min_size=2, max_size=50))
def test_a_share_is_within_a_fen_of_its_part(amount: int, weights: list[int]) -> None:
    """Only the last share takes the fens of the others."""
    total = sum(weights)
    *parts, _ = shares(amount, weights)
    if total:
        assert all(2 * (part * total - amount * weight) <= total for part, weight in zip(parts, weights, strict=False))

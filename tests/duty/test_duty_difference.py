"""Why the tax charged is not the tax assessed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sandan.duty.decide import assess
from sandan.duty.difference import Cause
from sandan.duty.difference import Difference
from sandan.duty.difference import difference_of
from sandan.duty.facts import Assessment
from sandan.duty.facts import Route

PLAIN = "1901101000"


def explained(make: SimpleNamespace, charged_fen: int, *yuan: str) -> Difference | None:
    lines = [make.line(gnum, PLAIN, each) for gnum, each in enumerate(yuan, 1)]
    result = assess(make.list(*lines), make.law(make.rates(PLAIN)), Route.REDUCED)
    assert isinstance(result, Assessment)
    return difference_of(result, charged_fen, 1)


def test_the_same_tax_needs_no_words(make: SimpleNamespace) -> None:
    assert explained(make, 910, "100") is None


@pytest.mark.parametrize("charged_fen", [909, 911])
def test_a_fen_of_rounding(make: SimpleNamespace, charged_fen: int) -> None:
    found = explained(make, charged_fen, "100")
    assert found is not None
    assert (found.cause, found.en) == (Cause.ROUNDING, "off by 0.01 yuan of rounding")


def test_only_the_first_line_was_charged(make: SimpleNamespace) -> None:
    """100.00 and 1,023.30: 9.10 charged, 93.12 missing."""
    found = explained(make, 910, "100", "1023.30")
    assert found is not None
    assert (found.cause, found.gnums) == (Cause.LINES, (2,))
    assert (found.zh, found.en) == ("缺少第2行的税款93.12元", "tax of line 2 is missing: 93.12 yuan")


def test_all_lines_but_one_are_missing(make: SimpleNamespace) -> None:
    """Of 9.10, 18.20, 27.30 and 81.90 only the last was charged."""
    found = explained(make, 8_190, "100", "200", "300", "900")
    assert found is not None
    assert found.gnums == (1, 2, 3)


def test_the_reduced_share_was_forgotten(make: SimpleNamespace) -> None:
    """13.00 charged for 9.10."""
    found = explained(make, 1_300, "100")
    assert found is not None
    assert (found.cause, found.en) == (Cause.STATUTORY, "the reduced share was not applied: 3.90 yuan too much")


def test_no_tax_at_all(make: SimpleNamespace) -> None:
    found = explained(make, 0, "100")
    assert found is not None
    assert (found.cause, found.charged_fen, found.assessed_fen) == (Cause.NONE_CHARGED, 0, 910)


def test_what_nothing_explains(make: SimpleNamespace) -> None:
    found = explained(make, 500, "100")
    assert found is not None
    assert (found.cause, found.zh) == (Cause.UNKNOWN, "税款相差4.10元")

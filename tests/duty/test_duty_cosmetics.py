"""Which cosmetics are high-end, and what their content is read from (RC-1)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sandan.duty.cosmetics import Content
from sandan.duty.cosmetics import content_of
from sandan.duty.cosmetics import is_high_end
from sandan.duty.cosmetics import threshold_fen
from sandan.law.facts import Measure

CREAM = "3304990039"
GRAMS_30 = Content(Measure.WEIGHT, 3_000_000)


def content(make: SimpleNamespace, measure: Measure | None, **line: object) -> Content | None:
    quantities = {"unit1": "011", "unit": "142"} | line
    return content_of(make.line(1, CREAM, "300", **quantities), make.rates(CREAM, cosmetics=True, measure=measure))


@pytest.mark.parametrize(("value_fen", "high_end"), [(29_999, False), (30_000, True), (30_001, True)])
def test_ten_yuan_a_gram_is_high_end(value_fen: int, *, high_end: bool) -> None:
    """30 g: 299.99 is ordinary, 300.00 is high-end."""
    assert is_high_end(value_fen, GRAMS_30, 1_000) is high_end


@pytest.mark.parametrize(("value_fen", "high_end"), [(7_499, False), (7_500, True)])
def test_fifteen_yuan_a_sheet_is_high_end(value_fen: int, *, high_end: bool) -> None:
    """Five sheets: 74.99 is ordinary, 75.00 is high-end."""
    assert is_high_end(value_fen, Content(Measure.SHEET, 500_000), 1_500) is high_end


@pytest.mark.parametrize(
    ("measure", "limit_fen"), [(Measure.WEIGHT, 1_000), (Measure.VOLUME, 1_000), (Measure.SHEET, 1_500)]
)
def test_each_measure_has_its_threshold(make: SimpleNamespace, measure: Measure, limit_fen: int) -> None:
    assert threshold_fen(Content(measure, 1), make.law()) == limit_fen


def test_weight_in_kilograms(make: SimpleNamespace) -> None:
    """0.03 kg is 30 g."""
    assert content(make, Measure.WEIGHT, unit1="035", qty1_e5=3_000) == GRAMS_30


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("036", Content(Measure.WEIGHT, 200_000)),
        ("095", Content(Measure.VOLUME, 200_000_000)),
        ("096", Content(Measure.VOLUME, 200_000)),
        ("010", Content(Measure.SHEET, 200_000)),
        ("020", Content(Measure.SHEET, 200_000)),
        ("044", Content(Measure.SHEET, 20_000_000)),
    ],
)
def test_units_that_state_a_content(make: SimpleNamespace, unit: str, expected: Content) -> None:
    assert content(make, None, unit2=unit, qty2_e5=200_000) == expected


def test_the_legal_weight_comes_before_the_unit_of_sale(make: SimpleNamespace) -> None:
    assert content(make, Measure.WEIGHT, unit="036", qty_e5=1, unit1="035", qty1_e5=3_000) == GRAMS_30


def test_a_volume_of_the_specification(make: SimpleNamespace) -> None:
    """Two bottles (瓶, 142) of 50毫升/瓶."""
    found = content(make, Measure.VOLUME, gmodel="滋润型|50毫升/瓶|澄水牌", qty_e5=200_000)
    assert found == Content(Measure.VOLUME, 10_000_000)


def test_sheets_of_the_specification_come_before_the_weight(make: SimpleNamespace) -> None:
    """A mask is judged by the sheet, though its weight is known."""
    found = content(make, None, gmodel="5片/瓶", unit1="035", qty1_e5=12_500)
    assert found == Content(Measure.SHEET, 500_000)


@pytest.mark.parametrize("text", ["50ml/瓶", "50 ML/瓶", "50.0毫升/瓶"])
def test_spellings_of_a_volume(make: SimpleNamespace, text: str) -> None:
    assert content(make, Measure.VOLUME, gmodel=text) == Content(Measure.VOLUME, 5_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "澄水牌",
        "50毫升",
        "50毫升/盒",
        "50毫升*2/瓶",
        "50毫升/瓶|30毫升/瓶",
        "约50毫升/瓶",
        "0毫升/瓶",
        "9" * 30 + "ml/瓶",
    ],
)
def test_a_specification_that_is_not_plain_says_nothing(make: SimpleNamespace, text: str) -> None:
    assert content(make, Measure.VOLUME, gmodel=text) is None


def test_a_weight_does_not_stand_for_a_volume(make: SimpleNamespace) -> None:
    assert content(make, Measure.VOLUME, unit1="035", qty1_e5=3_000) is None


@pytest.mark.parametrize("quantity_e5", [0, -100_000])
def test_a_quantity_of_nothing_states_no_content(make: SimpleNamespace, quantity_e5: int) -> None:
    assert content(make, Measure.WEIGHT, unit1="035", qty1_e5=quantity_e5) is None

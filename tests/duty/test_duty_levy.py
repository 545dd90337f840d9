"""What a line is taxed on and at."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from sandan.duty.facts import Route
from sandan.duty.levy import Levy
from sandan.duty.levy import levy_of
from sandan.duty.levy import treatment_of
from sandan.duty.rates import per_unit
from sandan.duty.rates import percent
from sandan.law.facts import Finding

BEER = "2203000000"


def levied(make: SimpleNamespace, route: Route = Route.REDUCED, **line: object) -> Levy | Finding:
    law = make.law(make.rates(BEER, tariff="0.05", consumption=make.consumption("0", "25", "035")))
    return levy_of(make.line(1, BEER, "60", **line), 6_000, treatment_of(route, law), law)


def quantity_e5(found: Levy | Finding) -> int:
    assert isinstance(found, Levy)
    return found.quantity_e5


@pytest.mark.parametrize(
    "line",
    [
        {"unit1": "035", "qty1_e5": 7, "unit": "142"},
        {"unit1": "095", "unit2": "035", "qty2_e5": 7},
        {"unit1": "095", "unit": "035", "qty_e5": 7},
    ],
)
def test_the_quantity_of_a_specific_tax_may_stand_in_any_unit(make: SimpleNamespace, line: dict[str, object]) -> None:
    assert quantity_e5(levied(make, **line)) == 7


def test_the_legal_quantity_comes_before_that_of_sale(make: SimpleNamespace) -> None:
    assert quantity_e5(levied(make, unit="035", qty_e5=9, unit1="035", qty1_e5=7)) == 7


def test_within_the_limits_the_route_sets_the_tariff(make: SimpleNamespace) -> None:
    found = levied(make)
    assert isinstance(found, Levy)
    assert (found.tariff.text, found.treatment.share.text) == ("0 %", "70 %")


def test_in_full_the_goods_set_the_tariff(make: SimpleNamespace) -> None:
    found = levied(make, Route.FULL)
    assert isinstance(found, Levy)
    assert (found.tariff.text, found.treatment.share.text) == ("5 %", "100 %")


@pytest.mark.parametrize(
    ("rate", "text"), [("0", "0 %"), ("0.13", "13 %"), ("0.130", "13 %"), ("0.065", "6.5 %"), ("1", "100 %")]
)
def test_a_rate_is_written_as_it_is_spoken(rate: str, text: str) -> None:
    assert percent(Decimal(rate)).text == text


@pytest.mark.parametrize(("fen", "text"), [("100", "1"), ("25", "0.25"), ("0.05", "0.0005"), ("1000", "10")])
def test_an_amount_by_unit_is_written_in_yuan(fen: str, text: str) -> None:
    assert per_unit(Decimal(fen)).text == text


@pytest.mark.parametrize("rate", ["0.13", "0.0333", "0.123456789"])
def test_a_rate_is_exact(rate: str) -> None:
    found = percent(Decimal(rate))
    assert Decimal(found.n) / found.d == Decimal(rate)

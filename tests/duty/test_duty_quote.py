"""Quotes: tax and quota of goods one asks about."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from sandan.duty.facts import Route
from sandan.duty.quote import Basket
from sandan.duty.quote import Item
from sandan.duty.quote import net_of
from sandan.duty.quote import quote
from sandan.law.facts import Finding
from sandan.terms.ids import HsCode

PLAIN, WINE, SPIRITS, CREAM = (HsCode(code) for code in ("1901101000", "2204210000", "2208300000", "3304990039"))


def item(gcode: HsCode, total_fen: int, quantity_e5: int = 100_000) -> Item:
    return Item(gcode=gcode, total_fen=total_fen, qty_e5=quantity_e5, unit="142", unit1="035", qty1_e5=3_000)


def statute(make: SimpleNamespace) -> SimpleNamespace:
    return make.law(
        make.rates(PLAIN, tariff="0.05"),
        make.rates(WINE, tariff="0.14", consumption=make.consumption("0.10")),
        make.rates(SPIRITS, consumption=make.consumption("0.20", "100", "035")),
        make.rates(CREAM, cosmetics=True),
    )


def test_tax_route_and_quota_left(make: SimpleNamespace) -> None:
    """100.00 with 10.00 freight: 110.00 × 9.1 % = 10.01; 1,000.00 of 26,000.00 used before."""
    answer = quote(Basket(items=(item(PLAIN, 10_000),), freight_fen=1_000), 100_000, statute(make))
    assert (answer.value_fen, answer.tax_fen, answer.route) == (11_000, 1_001, Route.REDUCED)
    assert (answer.left_before_fen, answer.left_after_fen) == (2_500_000, 2_489_000)
    assert (answer.single_limit_fen, answer.annual_limit_fen, answer.findings) == (500_000, 2_600_000, ())


def test_composite_rates_by_line(make: SimpleNamespace) -> None:
    """9.1 % plain; wine (0.10 + 0.13) ÷ 0.90 × 70 % = 17.89 %; spirits depend on the quantity."""
    basket = Basket(items=(item(PLAIN, 100), item(WINE, 100), item(SPIRITS, 100)))
    assert quote(basket, 0, statute(make)).composite == (Decimal("0.0910"), Decimal("0.1789"), None)


def test_composite_rate_in_full(make: SimpleNamespace) -> None:
    """RF-2 for wine: (0.14 + 0.13 + 0.10 + 0.14 × 0.13) ÷ 0.90 = 43.13 %."""
    answer = quote(Basket(items=(item(WINE, 600_000),)), 0, statute(make))
    assert (answer.route, answer.composite) == (Route.FULL, (Decimal("0.4313"),))


def test_over_a_limit_there_is_a_finding_and_no_tax(make: SimpleNamespace) -> None:
    answer = quote(Basket(items=(item(PLAIN, 500_001, 200_000),)), 0, statute(make))
    assert (answer.route, answer.tax_fen, answer.left_after_fen) == (None, None, 2_600_000)
    assert [finding.rule for finding in answer.findings] == ["RTAX-6"]


def test_a_code_without_rate_keeps_its_route(make: SimpleNamespace) -> None:
    answer = quote(Basket(items=(item(HsCode("9999999999"), 100),)), 0, statute(make))
    assert (answer.route, answer.tax_fen, answer.composite) == (Route.REDUCED, None, ())
    assert answer.findings[0].found.field == "lines[1].gcode"


def test_more_used_than_the_limit_leaves_less_than_nothing(make: SimpleNamespace) -> None:
    answer = quote(Basket(items=(item(PLAIN, 100),)), 2_600_001, statute(make))
    assert (answer.left_before_fen, answer.left_after_fen) == (-1, -1)
    assert [finding.rule for finding in answer.findings] == ["RTAX-5"]


def test_a_discount_open_to_all_lowers_the_value(make: SimpleNamespace) -> None:
    """RDV-1: 30.00 off 300.00, by value on two lines."""
    answer = quote(Basket(items=(item(PLAIN, 10_000), item(PLAIN, 20_000)), open_discount_fen=3_000), 0, statute(make))
    assert answer.assessment is not None
    assert [line.value_fen for line in answer.assessment.lines] == [9_000, 18_000]


@pytest.mark.parametrize(
    ("gcode", "inclusive_fen", "net_fen"),
    [
        # 109.10 × 1 ÷ 1.091
        (PLAIN, 10_910, 10_000),
        # 117.89 × 0.9 ÷ (1 − 0.03 + 0.091)
        (WINE, 11_789, 10_000),
        # 30 g of a high-end cosmetic: 369.18 × 0.85 ÷ (1 − 0.045 + 0.091)
        (CREAM, 36_918, 30_000),
        # 30 g of an ordinary one: 109.10 ÷ 1.091
        (CREAM, 10_910, 10_000),
    ],
)
def test_price_without_tax(make: SimpleNamespace, gcode: HsCode, inclusive_fen: int, net_fen: int) -> None:
    """RF-5."""
    assert net_of(item(gcode, 0), inclusive_fen, statute(make)) == net_fen


def test_some_prices_of_a_cosmetic_have_no_price_without_tax(make: SimpleNamespace) -> None:
    """30 g: 299.99 costs 327.29 with tax, 300.00 costs 369.18; nothing costs 350.00."""
    refused = net_of(item(CREAM, 0), 35_000, statute(make))
    assert isinstance(refused, Finding)
    assert (refused.rule, refused.found.value) == ("RF-5", "350.00")


def test_a_price_below_its_specific_tax(make: SimpleNamespace) -> None:
    """0.03 kg of spirits bear 0.03 yuan, more than 0.01."""
    refused = net_of(item(SPIRITS, 0), 1, statute(make))
    assert isinstance(refused, Finding)
    assert "specific" in refused.detail


def test_a_price_of_unknown_goods(make: SimpleNamespace) -> None:
    assert isinstance(net_of(item(HsCode("9999999999"), 0), 100, statute(make)), Finding)


def test_a_price_on_a_day_without_rates(make: SimpleNamespace) -> None:
    refused = net_of(item(PLAIN, 0), 100, make.law(make.rates(PLAIN), import__reduced_share=None))
    assert isinstance(refused, Finding)
    assert refused.detail == "import.reduced_share has no value"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(gcode=st.sampled_from([PLAIN, WINE, SPIRITS]), fen=st.integers(100, 499_000))
def test_with_tax_and_back(make: SimpleNamespace, gcode: HsCode, fen: int) -> None:
    """Rounding of two taxes may move the net price by a fen at most."""
    law = statute(make)
    tax = quote(Basket(items=(item(gcode, fen),)), 0, law).tax_fen
    assert tax is not None
    net = net_of(item(gcode, 0), fen + tax, law)
    assert isinstance(net, int)
    assert abs(net - fen) <= 1

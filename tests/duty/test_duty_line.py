"""Tax of one line recomputed by hand to the fen, with the working that shows it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sandan.duty.decide import assess
from sandan.duty.facts import Assessment
from sandan.duty.facts import LineTax
from sandan.duty.facts import Route
from sandan.duty.facts import Step

A, WINE, SPIRITS, BEER = "1901101000", "2204210000", "2208300000", "2203000000"


def taxed(result: object) -> LineTax:
    assert isinstance(result, Assessment)
    return result.lines[0]


def shown(steps: tuple[Step, ...]) -> list[str]:
    return [f"{step.name}: {step.formula} = {step.amount_fen} {step.rule}" for step in steps]


@pytest.mark.parametrize(
    ("vat", "consumption", "tax_fen"),
    [
        ("0.17", "0", 1190),
        ("0.16", "0", 1120),
        ("0.13", "0", 910),
        ("0.09", "0", 630),
        ("0.17", "0.15", 2635),
        ("0.16", "0.15", 2553),
        ("0.13", "0.15", 2306),
    ],
)
def test_composite_rates_of_a_hundred_yuan(make: SimpleNamespace, vat: str, consumption: str, tax_fen: int) -> None:
    """RV-3: (c + v) ÷ (1 − c) × 70 % of 100.00, in fen."""
    law = make.law(make.rates(A, vat, consumption=make.consumption(consumption)))
    assert taxed(assess(make.list(make.line(1, A, "100")), law, Route.REDUCED)).tax_fen == tax_fen


def test_plain_goods_with_freight_and_insurance(make: SimpleNamespace) -> None:
    """95.00 + 3.20 + 1.80 = 100.00; × 13 % = 13.00; × 70 % = 9.10."""
    paper = make.list(make.line(1, A, "95"), freight="3.20", insurance="1.80")
    line = taxed(assess(paper, make.law(make.rates(A)), Route.REDUCED))
    assert (line.tariff_fen, line.consumption_tax_fen, line.vat_fen) == (0, 0, 910)
    assert shown(line.steps) == [
        "value: 95.00 + 3.20 + 1.80 = 10000 RF-6",
        "tariff: 100.00 × 0 % = 0 RTAX-3",
        "vat_statutory: 100.00 × 13 % = 1300 RF-1",
        "vat: 100.00 × 13 % × 70 % = 910 RTAX-3",
    ]


def test_wine_within_the_limits(make: SimpleNamespace) -> None:
    """100 ÷ 0.9 = 111.11…; consumption tax × 10 % × 70 % = 7.777… = 7.78; VAT × 13 % × 70 % = 10.111… = 10.11."""
    law = make.law(make.rates(WINE, consumption=make.consumption("0.10")))
    line = taxed(assess(make.list(make.line(1, WINE, "100")), law, Route.REDUCED))
    assert (line.consumption_tax_fen, line.vat_fen) == (778, 1011)
    assert shown(line.steps)[2:] == [
        "consumption_tax_statutory: 100.00 ÷ (100 % − 10 %) × 10 % = 1111 RF-1",
        "consumption_tax: 100.00 ÷ (100 % − 10 %) × 10 % × 70 % = 778 RTAX-3",
        "vat_statutory: 100.00 ÷ (100 % − 10 %) × 13 % = 1444 RF-1",
        "vat: 100.00 ÷ (100 % − 10 %) × 13 % × 70 % = 1011 RTAX-3",
    ]


def test_wine_over_the_limit_in_full(make: SimpleNamespace) -> None:
    """RF-2 at 6,000.00, tariff 14 %: 840.00; 6,840 ÷ 0.9 = 7,600; consumption tax 760.00; VAT 988.00."""
    law = make.law(make.rates(WINE, tariff="0.14", consumption=make.consumption("0.10")))
    line = taxed(assess(make.list(make.line(1, WINE, "6000")), law, Route.FULL))
    assert (line.tariff_fen, line.consumption_tax_fen, line.vat_fen) == (84_000, 76_000, 98_800)
    assert shown(line.steps) == [
        "value: 6000.00 = 600000 R194-12.1",
        "tariff: 6000.00 × 14 % = 84000 RTAX-4",
        "consumption_tax: 6000.00 × (100 % + 14 %) ÷ (100 % − 10 %) × 10 % = 76000 RF-2",
        "vat: 6000.00 × (100 % + 14 %) ÷ (100 % − 10 %) × 13 % = 98800 RF-2",
    ]


def test_spirits_compound_within_the_limits(make: SimpleNamespace) -> None:
    """RF-4 at 300.00, 0.7 kg: 0.70 specific; 300.70 ÷ 0.8 = 375.875.

    Consumption tax (375.875 × 20 % + 0.70) × 70 % = 53.1125 = 53.11; VAT 375.875 × 13 % × 70 % = 34.2046… = 34.20.
    """
    law = make.law(make.rates(SPIRITS, consumption=make.consumption("0.20", "100", "035")))
    bottle = make.line(1, SPIRITS, "300", unit1="095", qty1_e5=70_000, unit2="035", qty2_e5=70_000)
    line = taxed(assess(make.list(bottle), law, Route.REDUCED))
    assert (line.consumption_tax_fen, line.vat_fen) == (5_311, 3_420)
    price = "(300.00 + 0.7 × 1) ÷ (100 % − 20 %)"
    assert shown(line.steps)[2:4] == [
        f"consumption_tax_statutory: {price} × 20 % + 0.7 × 1 = 7588 RF-4",
        f"consumption_tax: ({price} × 20 % + 0.7 × 1) × 70 % = 5311 RTAX-3",
    ]


def test_spirits_compound_in_full(make: SimpleNamespace) -> None:
    """RF-4 at 8,000.00, tariff 10 %, 0.7 kg: (8,800 + 0.70) ÷ 0.8 = 11,000.875.

    Consumption tax 2,200.175 + 0.70 = 2,200.875 = 2,200.88; VAT 1,430.11375 = 1,430.11.
    """
    law = make.law(make.rates(SPIRITS, tariff="0.10", consumption=make.consumption("0.20", "100", "035")))
    bottle = make.line(1, SPIRITS, "8000", unit1="095", qty1_e5=70_000, unit2="035", qty2_e5=70_000)
    line = taxed(assess(make.list(bottle), law, Route.FULL))
    assert (line.tariff_fen, line.consumption_tax_fen, line.vat_fen) == (80_000, 220_088, 143_011)


def test_beer_specific(make: SimpleNamespace) -> None:
    """RF-3 at 60.00, 12 kg at 0.25 yuan: 3.00; × 70 % = 2.10; VAT 63.00 × 13 % × 70 % = 5.733 = 5.73."""
    law = make.law(make.rates(BEER, consumption=make.consumption("0", "25", "035")))
    crate = make.line(1, BEER, "60", unit1="095", qty1_e5=1_200_000, unit2="035", qty2_e5=1_200_000)
    line = taxed(assess(make.list(crate), law, Route.REDUCED))
    assert (line.consumption_tax_fen, line.vat_fen) == (210, 573)
    assert shown(line.steps)[2:] == [
        "consumption_tax_statutory: 12 × 0.25 = 300 RF-3",
        "consumption_tax: 12 × 0.25 × 70 % = 210 RTAX-3",
        "vat_statutory: (60.00 + 12 × 0.25) × 13 % = 819 RF-1",
        "vat: (60.00 + 12 × 0.25) × 13 % × 70 % = 573 RTAX-3",
    ]


@pytest.mark.parametrize(("yuan", "tax_fen"), [("299.99", 2_730), ("300", 6_918)])
def test_a_cosmetic_on_its_threshold(make: SimpleNamespace, yuan: str, tax_fen: int) -> None:
    """RC-1 at 30 g: 299.99 × 9.1 % = 27.30; 300.00 bears 37.06 consumption tax and 32.12 VAT."""
    law = make.law(make.rates(A, cosmetics=True))
    line = taxed(assess(make.list(make.line(1, A, yuan, qty1_e5=3_000)), law, Route.REDUCED))
    assert line.tax_fen == tax_fen


def test_freight_may_lift_a_cosmetic_over_its_threshold(make: SimpleNamespace) -> None:
    """The dutiable value decides: 299.00 + 1.00 is 10.00 a gram."""
    law = make.law(make.rates(A, cosmetics=True))
    line = taxed(assess(make.list(make.line(1, A, "299", qty1_e5=3_000), freight="1"), law, Route.REDUCED))
    assert shown(line.steps)[2] == "content: 300.00 ÷ 30 g ≥ 10.00 = 1000 RC-1"
    assert line.consumption_tax_fen == 3_706


def test_an_ordinary_cosmetic_shows_why_it_is_free(make: SimpleNamespace) -> None:
    law = make.law(make.rates(A, cosmetics=True))
    line = taxed(assess(make.list(make.line(1, A, "96", qty1_e5=3_000)), law, Route.REDUCED))
    assert shown(line.steps)[2] == "content: 96.00 ÷ 30 g < 10.00 = 320 RC-1"
    assert line.consumption_tax_fen == 0


def test_half_a_fen_of_tax_rounds_up(make: SimpleNamespace) -> None:
    """RF-7: 50.00 × 13 % × 70 % = 4.55; 0.50 × 9.1 % = 0.0455 = 0.05; 0.16 × 9.1 % = 0.01456 = 0.01."""
    law = make.law(make.rates(A))
    amounts = [taxed(assess(make.list(make.line(1, A, yuan)), law, Route.REDUCED)).vat_fen for yuan in ("50", "0.5")]
    assert amounts == [455, 5]


def test_tax_is_rounded_once(make: SimpleNamespace) -> None:
    """10.05 × 9.1 % = 0.91455 = 0.91; rounding the statutory 1.31 first would make it 0.92."""
    line = taxed(assess(make.list(make.line(1, A, "10.05")), make.law(make.rates(A)), Route.REDUCED))
    assert line.vat_fen == 91

"""The first and the last day of every rate and limit, under the law as shipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from sandan import law
from sandan.duty.decide import assess
from sandan.duty.facts import Assessment
from sandan.duty.facts import Purchase
from sandan.duty.facts import Route
from sandan.duty.limits import route_for
from sandan.law.facts import Consumption
from sandan.law.facts import Evidence
from sandan.law.facts import Source
from sandan.law.supplied import Overlay
from sandan.law.supplied import Period
from sandan.law.supplied import RateRow
from sandan.ledger.facts import Balance

PLAIN, FOOD, PERFUME = "9619001100", "1901101000", "3303000010"
ALWAYS = Period(since=date(2016, 4, 8), until=None, source=Source(title="invented"), evidence=Evidence.INVENTED)


def row(code: str, vat: str, *, taxed: str = "0", cosmetics: bool = False) -> tuple[RateRow, ...]:
    consumption = Consumption(rate=Decimal(taxed))
    return (RateRow(code=code, period=ALWAYS, vat=vat, consumption=consumption, cosmetics=cosmetics),)


RATES = Overlay(
    tariff={
        PLAIN: row(PLAIN, "vat.standard_rate"),
        "8517": row("8517", "vat.standard_rate", taxed="0.15"),
        FOOD: row(FOOD, "vat.lower_rate"),
        PERFUME: row(PERFUME, "vat.standard_rate", cosmetics=True),
    }
)


def tax_fen(make: SimpleNamespace, day: date, code: str) -> int:
    """Tax of 100.00 yuan, the goods weighing 5 g, within the limits."""
    goods = make.list(make.line(1, code, "100", unit1="035", qty1_e5=500))
    result = assess(goods, law.at(day, RATES), Route.REDUCED)
    assert isinstance(result, Assessment)
    return result.tax_fen


@pytest.mark.parametrize(
    ("day", "plain", "taxed"),
    [
        (date(2018, 4, 30), 1190, 2635),
        (date(2018, 5, 1), 1120, 2553),
        (date(2019, 3, 31), 1120, 2553),
        (date(2019, 4, 1), 910, 2306),
        (date(2026, 3, 1), 910, 2306),
    ],
)
def test_standard_vat(make: SimpleNamespace, day: date, plain: int, taxed: int) -> None:
    """RV-1, RV-3: 11.9, 11.2 and 9.1 %; with 15 % consumption tax 26.35, 25.53 and 23.06 %."""
    assert (tax_fen(make, day, PLAIN), tax_fen(make, day, "8517120000")) == (plain, taxed)


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2018, 5, 1), 700), (date(2019, 3, 31), 700), (date(2019, 4, 1), 630)]
)
def test_lower_vat(make: SimpleNamespace, day: date, expected: int) -> None:
    """RV-2, RV-3: 10 % to 2019-03-31, then 9 %, which makes 6.3 %."""
    assert tax_fen(make, day, FOOD) == expected


def test_a_rate_known_from_memory_only_is_a_finding(make: SimpleNamespace) -> None:
    """RV-2: the lower rate of 2016 has no source."""
    goods = make.list(make.line(1, FOOD, "100"))
    refused = assess(goods, law.at(date(2016, 6, 1), RATES), Route.REDUCED)
    assert isinstance(refused, tuple)
    assert "memory only" in refused[0].detail


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # 17 % VAT and 30 % on all cosmetics: (0.30 + 0.17) ÷ 0.70 × 70 % of 100.00
        (date(2016, 9, 30), 4700),
        # high-end at 20.00 a gram: (0.15 + 0.17) ÷ 0.85 × 70 %
        (date(2016, 10, 1), 2635),
    ],
)
def test_cosmetics(make: SimpleNamespace, day: date, expected: int) -> None:
    """RC-1."""
    assert tax_fen(make, day, PERFUME) == expected


@pytest.mark.parametrize(
    ("day", "value_fen", "items", "route"),
    [
        (date(2018, 12, 31), 200_000, 3, Route.REDUCED),
        (date(2018, 12, 31), 200_001, 1, None),
        (date(2019, 1, 1), 200_001, 3, Route.REDUCED),
        (date(2019, 1, 1), 500_000, 3, Route.REDUCED),
        (date(2019, 1, 1), 500_001, 3, None),
        (date(2019, 1, 1), 500_001, 1, Route.FULL),
        (date(2019, 1, 1), 2_599_999, 1, Route.FULL),
        (date(2019, 1, 1), 2_600_000, 1, None),
    ],
)
def test_limits(day: date, value_fen: int, items: int, route: Route | None) -> None:
    """RTAX-1, RTAX-2, RTAX-4."""
    result = route_for(Purchase(value_fen=value_fen, items=items), Balance(), law.at(day))
    assert result is route if route else isinstance(result, tuple)


def test_the_annual_limit_grew_with_the_single_one() -> None:
    """RTAX-1, RTAX-2: 20,000.00 used leaves nothing in 2018 and 6,000.00 in 2019."""
    used, small = Balance(settled=2_000_000), Purchase(value_fen=1, items=1)
    assert isinstance(route_for(small, used, law.at(date(2018, 12, 31))), tuple)
    assert route_for(small, used, law.at(date(2019, 1, 1))) is Route.REDUCED


def test_before_retail_import_there_were_no_limits() -> None:
    """R26-1: to 2016-04-07 taxed as personal articles."""
    refused = route_for(Purchase(value_fen=1, items=1), Balance(), law.at(date(2016, 4, 7)))
    assert isinstance(refused, tuple)
    assert "personal articles" in refused[0].detail

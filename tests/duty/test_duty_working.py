"""The working in both languages."""

from __future__ import annotations

from types import SimpleNamespace

from sandan.duty.decide import assess
from sandan.duty.facts import Assessment
from sandan.duty.facts import Route
from sandan.duty.facts import StepName
from sandan.duty.working import NAMES
from sandan.duty.working import ROUTES
from sandan.duty.working import in_words
from sandan.duty.working import working

CREAM = "3304990039"


def assessment(make: SimpleNamespace) -> Assessment:
    """30 g of a cosmetic at 96.00."""
    result = assess(
        make.list(make.line(1, CREAM, "96", qty1_e5=3_000)), make.law(make.rates(CREAM, cosmetics=True)), Route.REDUCED
    )
    assert isinstance(result, Assessment)
    return result


def test_every_step_and_route_has_its_words() -> None:
    assert set(NAMES) == set(StepName)
    assert set(ROUTES) == set(Route)


def test_a_step_in_both_languages(make: SimpleNamespace) -> None:
    last = working(assessment(make))[-1]
    assert (last.zh, last.en, last.formula, last.yuan, last.rule) == (
        "应征增值税",
        "VAT payable",
        "96.00 × 13 % × 70 %",
        "8.74",
        "RTAX-3",
    )


def test_the_working_as_text(make: SimpleNamespace) -> None:
    assert in_words(assessment(make), "en").splitlines() == [
        "within the limits: no tariff, VAT and consumption tax at the reduced share",
        "1 3304990039 dutiable value: 96.00 = 96.00 (R194-12.1)",
        "1 3304990039 tariff: 96.00 × 0 % = 0.00 (RTAX-3)",
        "1 3304990039 price of the cosmetic per unit of content: 3.20, 96.00 ÷ 30 g < 10.00 (RC-1)",
        "1 3304990039 statutory VAT: 96.00 × 13 % = 12.48 (RF-1)",
        "1 3304990039 VAT payable: 96.00 × 13 % × 70 % = 8.74 (RTAX-3)",
        "tax of the list: 8.74",
    ]


def test_the_working_in_chinese(make: SimpleNamespace) -> None:
    assert in_words(assessment(make), "zh").endswith("税款合计: 8.74")

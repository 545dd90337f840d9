"""Assessing a whole list: sums, what cannot be taxed, and what always holds."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from sandan.documents.facts import DeclarationList
from sandan.duty.decide import assess
from sandan.duty.facts import Assessment
from sandan.duty.facts import Route
from sandan.duty.rates import LawInForce
from sandan.duty.value import value_of
from sandan.law.facts import Finding
from sandan.terms.money import format_e5

PLAIN, WINE, SPIRITS, CREAM, UNKNOWN = "1901101000", "2204210000", "2208300000", "3304990039", "9999999999"


def tax_of(result: Assessment | tuple[Finding, ...]) -> Assessment:
    assert isinstance(result, Assessment)
    return result


def statute(make: SimpleNamespace) -> LawInForce:
    return make.law(
        make.rates(PLAIN, tariff="0.05"),
        make.rates(WINE, tariff="0.14", consumption=make.consumption("0.10")),
        make.rates(SPIRITS, tariff="0.10", consumption=make.consumption("0.20", "100", "035")),
        make.rates(CREAM, tariff="0.01", cosmetics=True),
    )


def paper(make: SimpleNamespace, goods: list[tuple[str, int]], freight_fen: int = 0) -> DeclarationList:
    lines = [make.line(n, code, format_e5(fen * 1000), qty1_e5=5_000) for n, (code, fen) in enumerate(goods, 1)]
    return make.list(*lines, freight=format_e5(freight_fen * 1000))


def test_each_line_is_rounded_then_summed(make: SimpleNamespace) -> None:
    """K5: three lines of 0.50 are 0.05 each, together 0.15; 1.50 at once would be 0.14."""
    result = tax_of(assess(paper(make, [(PLAIN, 50)] * 3), statute(make), Route.REDUCED))
    assert (result.value_fen, result.tax_fen) == (150, 15)


def test_an_unknown_code_names_itself(make: SimpleNamespace) -> None:
    result = assess(paper(make, [(PLAIN, 50), (UNKNOWN, 50)]), statute(make), Route.REDUCED)
    assert isinstance(result, tuple)
    assert [(each.rule, each.found.field, each.found.value) for each in result] == [
        ("R194-12.1", "lines[2].gcode", UNKNOWN)
    ]


def test_every_line_that_cannot_be_taxed_is_named(make: SimpleNamespace) -> None:
    result = assess(paper(make, [(UNKNOWN, 1), (PLAIN, 1), (UNKNOWN, 1)]), statute(make), Route.REDUCED)
    assert isinstance(result, tuple)
    assert [each.found.field for each in result] == ["lines[1].gcode", "lines[3].gcode"]


def test_a_missing_tariff_rate_matters_only_in_full(make: SimpleNamespace) -> None:
    """RC-3."""
    law, goods = make.law(make.rates(PLAIN)), paper(make, [(PLAIN, 600_000)])
    assert isinstance(assess(goods, law, Route.REDUCED), Assessment)
    refused = assess(goods, law, Route.FULL)
    assert isinstance(refused, tuple)
    assert refused[0].rule == "RC-3"


def test_a_specific_tax_needs_its_unit(make: SimpleNamespace) -> None:
    """RF-3: taxed by the kilogram, declared by the litre and the bottle."""
    bottle = make.line(1, SPIRITS, "300", unit1="095", unit="142")
    refused = assess(make.list(bottle), statute(make), Route.REDUCED)
    assert isinstance(refused, tuple)
    assert (refused[0].rule, refused[0].found.value, refused[0].against.value) == ("RF-3", "142/095", "035")


def test_a_cosmetic_without_content_is_not_guessed(make: SimpleNamespace) -> None:
    """RC-1: declared by the piece (件) only."""
    refused = assess(make.list(make.line(1, CREAM, "300", unit1="011")), statute(make), Route.REDUCED)
    assert isinstance(refused, tuple)
    assert (refused[0].rule, refused[0].against.value) == ("RC-1", "weight/volume/sheet")


def test_a_day_without_a_rate_is_a_finding(make: SimpleNamespace) -> None:
    law = make.law(make.rates(PLAIN), import__reduced_share=None)
    refused = assess(paper(make, [(PLAIN, 50)]), law, Route.REDUCED)
    assert isinstance(refused, tuple)
    assert refused[0].detail == "import.reduced_share has no value"


def test_a_convention_that_is_not_followed_is_a_finding(make: SimpleNamespace) -> None:
    law = make.law(make.rates(PLAIN), tax__rounding="down-to-the-yuan")
    refused = assess(paper(make, [(PLAIN, 50)]), law, Route.REDUCED)
    assert isinstance(refused, tuple)
    assert "'down-to-the-yuan'" in refused[0].detail


def test_a_consumption_tax_of_the_whole_price_is_a_finding(make: SimpleNamespace) -> None:
    """The composite price would be divided by nothing."""
    refused = assess(
        paper(make, [(PLAIN, 50)]), make.law(make.rates(PLAIN, consumption=make.consumption("1"))), Route.REDUCED
    )
    assert isinstance(refused, tuple)
    assert "below 1" in refused[0].detail


def test_an_empty_list_owes_nothing(make: SimpleNamespace) -> None:
    assert tax_of(assess(make.list(), statute(make), Route.REDUCED)).tax_fen == 0


CODES = st.sampled_from([PLAIN, WINE, SPIRITS, CREAM])
GOODS = st.lists(st.tuples(CODES, st.integers(0, 3_000_000)), min_size=1, max_size=8)
anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@anything
@given(goods=GOODS, freight_fen=st.integers(0, 50_000))
def test_lines_add_up_to_the_list(make: SimpleNamespace, goods: list[tuple[str, int]], freight_fen: int) -> None:
    declared = paper(make, goods, freight_fen)
    assert tax_of(assess(declared, statute(make), Route.REDUCED)).value_fen == value_of(declared)


@anything
@given(goods=GOODS)
def test_reduced_is_never_more_than_full(make: SimpleNamespace, goods: list[tuple[str, int]]) -> None:
    declared, law = paper(make, goods), statute(make)
    reduced, full = (tax_of(assess(declared, law, route)) for route in (Route.REDUCED, Route.FULL))
    assert reduced.tax_fen <= full.tax_fen


@anything
@given(code=CODES, values=st.tuples(st.integers(0, 3_000_000), st.integers(0, 3_000_000)), route=st.sampled_from(Route))
def test_tax_grows_with_value(make: SimpleNamespace, code: str, values: tuple[int, int], route: Route) -> None:
    law, (less, more) = statute(make), sorted(values)
    taxes = [tax_of(assess(paper(make, [(code, fen)]), law, route)).tax_fen for fen in (less, more)]
    assert taxes[0] <= taxes[1]


@anything
@given(goods=GOODS)
def test_the_last_step_of_each_tax_is_the_tax(make: SimpleNamespace, goods: list[tuple[str, int]]) -> None:
    for line in tax_of(assess(paper(make, goods), statute(make), Route.FULL)).lines:
        amounts = {step.name: step.amount_fen for step in line.steps}
        assert (amounts["value"], amounts["tariff"], amounts["vat"]) == (line.value_fen, line.tariff_fen, line.vat_fen)
        assert amounts.get("consumption_tax", 0) == line.consumption_tax_fen


@pytest.mark.parametrize("code", [PLAIN, WINE, SPIRITS])
@anything
@given(fen=st.integers(1, 3_000_000), route=st.sampled_from(Route))
def test_a_formula_gives_its_amount_from_what_it_shows(
    make: SimpleNamespace, code: str, fen: int, route: Route
) -> None:
    """Anyone with a calculator finds the same fen."""
    for step in tax_of(assess(paper(make, [(code, fen)]), statute(make), route)).lines[0].steps:
        assert make.calculate(step.formula) == step.amount_fen, step.formula

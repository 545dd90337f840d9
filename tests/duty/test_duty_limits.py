"""The single and the annual limit on their edges."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sandan.duty.decide import route_of
from sandan.duty.facts import Purchase
from sandan.duty.facts import Route
from sandan.duty.limits import room_fen
from sandan.duty.limits import route_for
from sandan.law.facts import Finding
from sandan.ledger.facts import Balance

SINGLE, ANNUAL = 500_000, 2_600_000
OPENED = Balance(granted=ANNUAL)
BEFORE_2019 = {
    "import__single_limit_fen": 200_000,
    "import__annual_limit_fen": 2_000_000,
    "import__over_limit": "general-trade-tax",
}


def rules(result: Route | tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    assert isinstance(result, tuple)
    return [(finding.rule, finding.code, finding.detail) for finding in result]


def many(value_fen: int) -> Purchase:
    return Purchase(value_fen=value_fen, items=2, sender="agent")


def one(value_fen: int) -> Purchase:
    return Purchase(value_fen=value_fen, items=1, sender="agent")


@pytest.mark.parametrize("value_fen", [1, SINGLE])
def test_up_to_the_single_limit_is_within(make: SimpleNamespace, value_fen: int) -> None:
    """RTAX-2, RTAX-7: 5,000.00 is within."""
    assert route_for(many(value_fen), OPENED, make.law()) is Route.REDUCED


def test_several_items_over_the_single_limit(make: SimpleNamespace) -> None:
    """RTAX-6: 5,000.01."""
    result = route_for(many(SINGLE + 1), OPENED, make.law())
    assert rules(result) == [("RTAX-6", "", "5000.01 > 5000.00")]


def test_one_item_over_the_single_limit_is_taxed_in_full(make: SimpleNamespace) -> None:
    """RTAX-4: 5,000.01."""
    assert route_for(one(SINGLE + 1), OPENED, make.law()) is Route.FULL


def test_the_annual_limit_may_be_used_to_the_last_fen(make: SimpleNamespace) -> None:
    """RTAX-7: 21,000.00 and 5,000.00 is 26,000.00, within."""
    used = Balance(granted=ANNUAL, reserved=100_000, settled=2_000_000)
    assert route_for(many(SINGLE), used, make.law()) is Route.REDUCED


def test_one_fen_over_the_annual_limit(make: SimpleNamespace) -> None:
    """RTAX-5: 26,000.01."""
    used = Balance(granted=ANNUAL, settled=2_100_001)
    assert rules(route_for(many(SINGLE), used, make.law())) == [("RTAX-5", "", "26000.01 > 26000.00")]


def test_the_full_route_stays_below_the_annual_limit(make: SimpleNamespace) -> None:
    """RTAX-4, interpretation K4: 25,999.99 passes."""
    used = Balance(granted=ANNUAL, settled=ANNUAL - 600_000)
    assert route_for(one(599_999), used, make.law()) is Route.FULL


def test_the_full_route_may_not_reach_the_annual_limit(make: SimpleNamespace) -> None:
    """RTAX-4, interpretation K4: exactly 26,000.00 is refused."""
    used = Balance(granted=ANNUAL, settled=ANNUAL - 600_000)
    assert rules(route_for(one(600_000), used, make.law())) == [("RTAX-4", "", "26000.00 = 26000.00")]


def test_the_full_route_over_the_annual_limit(make: SimpleNamespace) -> None:
    assert rules(route_for(one(ANNUAL + 1), OPENED, make.law())) == [("RTAX-5", "", "26000.01 > 26000.00")]


def test_both_limits_passed_are_both_said(make: SimpleNamespace) -> None:
    used = Balance(granted=ANNUAL, settled=2_500_000)
    assert [rule for rule, _, _ in rules(route_for(many(SINGLE + 1), used, make.law()))] == ["RTAX-6", "RTAX-5"]


@pytest.mark.parametrize("used", [Balance(), Balance(granted=ANNUAL)])
def test_a_year_not_opened_yet_has_the_whole_limit(make: SimpleNamespace, used: Balance) -> None:
    assert route_for(many(SINGLE), used, make.law()) is Route.REDUCED


def test_a_return_in_time_gives_room_again(make: SimpleNamespace) -> None:
    """R45-1: after 5,000.00 of 26,000.00 was restored, 5,000.00 fits."""
    used = Balance(granted=ANNUAL, settled=ANNUAL - SINGLE)
    assert route_for(many(SINGLE), used, make.law()) is Route.REDUCED


def test_an_account_cut_below_the_limit_counts() -> None:
    assert room_fen(Balance(granted=1_000_000, settled=400_000), ANNUAL) == 600_000


def test_an_account_raised_above_the_limit_does_not() -> None:
    assert room_fen(Balance(granted=9_000_000, settled=400_000), ANNUAL) == 2_200_000


def test_before_2019_two_thousand_is_within(make: SimpleNamespace) -> None:
    """RTAX-1."""
    assert route_for(many(200_000), Balance(), make.law(**BEFORE_2019)) is Route.REDUCED


@pytest.mark.parametrize("purchase", [many(200_001), one(200_001)])
def test_before_2019_one_item_over_the_limit_was_general_trade_too(make: SimpleNamespace, purchase: Purchase) -> None:
    """RTAX-1: 2,000.01; the full-tax route on a list opened with RTAX-4."""
    result = route_for(purchase, Balance(), make.law(**BEFORE_2019))
    assert rules(result) == [("RTAX-1", "", "2000.01 > 2000.00")]


def test_before_2019_the_annual_limit(make: SimpleNamespace) -> None:
    """RTAX-1: 20,000.01."""
    used = Balance(settled=1_900_001)
    assert rules(route_for(many(100_000), used, make.law(**BEFORE_2019))) == [("RTAX-1", "1313", "20000.01 > 20000.00")]


def test_a_day_without_limits_is_a_finding(make: SimpleNamespace) -> None:
    """Before 2016-04-08 there was no retail import tax."""
    law = make.law(import__single_limit_fen=None)
    assert rules(route_for(many(1), Balance(), law)) == [("RTAX-1", "", "import.single_limit_fen has no value")]


@pytest.mark.parametrize(
    ("quantities", "route"),
    [(("1",), Route.FULL), (("2",), None), (("1", "1"), None), (("0.5",), None), (("1.5",), None)],
)
def test_one_item_is_quantity_one_in_the_order(
    make: SimpleNamespace, quantities: tuple[str, ...], route: Route | None
) -> None:
    """RTAX-6, interpretation K4."""
    result = route_of(make.list(), make.order(*quantities), SINGLE + 1, OPENED, make.law())
    assert result is route if route else rules(result)[0][0] == "RTAX-6"


def test_a_finding_names_who_declared(make: SimpleNamespace) -> None:
    result = route_of(make.list(), make.order("2"), SINGLE + 1, OPENED, make.law())
    assert isinstance(result, tuple)
    assert (result[0].found.sender, result[0].found.value, result[0].against.value) == ("agent", "5000.01", "5000.00")


def test_a_convention_that_is_not_known_is_a_finding(make: SimpleNamespace) -> None:
    """Nothing an operator sets is passed over in silence."""
    result = route_for(many(1), Balance(), make.law(import__over_limit="free-of-tax"))
    assert "'free-of-tax'" in rules(result)[0][2]


def test_the_parameters_of_the_full_route_are_followed(make: SimpleNamespace) -> None:
    law = make.law(import__full_route_max_items=2, import__full_route_annual_inclusive=True)
    assert route_for(many(ANNUAL), OPENED, law) is Route.FULL

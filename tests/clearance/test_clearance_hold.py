"""Quota, guarantee and stock are held together or not at all."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance import hold
from sandan.clearance.decide import decide
from sandan.clearance.facts import Status
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.sandbox import world


def _quota(scene: Any) -> AccountId:
    return AccountId(scene.buyer.id_number, AccountKind.QUOTA, "2026")


def test_the_accounts_of_a_bonded_list(scene: Any) -> None:
    document: Any = scene.bonded((scene.milk, 1), (scene.wine, 1)).declaration.document
    assert hold.accounts_of(document, 2026) == (
        _quota(scene),
        AccountId(world.PLATFORM, AccountKind.GUARANTEE, "0131"),
        AccountId(world.BOOK, AccountKind.STOCK, "YT-001"),
        AccountId(world.BOOK, AccountKind.STOCK, "YT-005"),
    )


def test_the_accounts_of_a_direct_list(scene: Any) -> None:
    document: Any = scene.direct().declaration.document
    assert [account.kind for account in hold.accounts_of(document, 2026)] == [AccountKind.QUOTA, AccountKind.GUARANTEE]


def test_the_year_of_the_quota_is_that_of_acceptance(scene: Any) -> None:
    """Interpretation K3: the last minute of the year in Beijing is 15:59 UTC."""
    last = scene.decide(scene.bonded(), now=datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    first = scene.decide(scene.bonded(), now=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert last.postings[0].account.item == "2026"
    assert first.postings[0].account.item == "2027"


def test_each_posting_names_its_ground(scene: Any) -> None:
    papers = scene.bonded()
    rules = [(posting.account.kind, posting.rule) for posting in scene.decide(papers).postings]
    assert rules == [
        (AccountKind.QUOTA, "RTAX-2"),
        (AccountKind.QUOTA, "RTAX-7"),
        (AccountKind.GUARANTEE, "R194-16.1"),
        (AccountKind.STOCK, "R2L-7"),
        (AccountKind.QUOTA, "RTAX-7"),
    ]


def test_every_posting_but_the_opening_names_its_case(scene: Any) -> None:
    decision = scene.decide(scene.bonded())
    assert [posting.case for posting in decision.postings[1:]] == [decision.case.ref] * 4


def test_the_collector_is_the_one_the_list_names(scene: Any) -> None:
    scene.decide(scene.on_list(scene.bonded(), assure_code=world.EXPRESS))
    assert scene.balance(world.EXPRESS, AccountKind.GUARANTEE, "0131").reserved > 0
    assert scene.balance(world.PLATFORM, AccountKind.GUARANTEE, "0131").reserved == 0


def test_a_guarantee_serves_its_own_district(scene: Any) -> None:
    papers = scene.on_list(scene.direct(), customs_code="0100")
    assert [finding.rule for finding in scene.decide(papers).findings] == ["R194-16.1"]


def test_a_guarantee_just_large_enough_suffices(scene: Any) -> None:
    """Two tins of milk at 238 yuan bear 13 % × 70 % = 43.32 yuan."""
    account = AccountId(world.PLATFORM, AccountKind.GUARANTEE, "0131")
    scene.balances[account] = Balance(granted=4_331)
    assert scene.decide(scene.direct((scene.milk, 2))).case.status is Status.REFUSED
    scene.balances[account] = Balance(granted=4_332)
    assert scene.decide(scene.direct((scene.milk, 2))).case.status is Status.RELEASED


def test_what_was_held_before_counts(scene: Any) -> None:
    account = AccountId(world.BOOK, AccountKind.STOCK, "YT-001")
    scene.balances[account] = Balance(granted=200_000, reserved=100_000)
    assert scene.decide(scene.bonded((scene.milk, 1))).case.status is Status.RELEASED
    assert scene.decide(scene.bonded((scene.milk, 1))).case.status is Status.REFUSED


def test_a_year_is_not_opened_for_a_list_that_fails(scene: Any) -> None:
    scene.balances = {}
    court = scene.court()
    decide(scene.bonded(), court)
    assert court.book.balance(_quota(scene)) == Balance()


def test_two_lists_of_one_batch_see_each_other(scene: Any) -> None:
    """The second list of a batch finds the quota the first has taken."""
    scene.balances[_quota(scene)] = Balance(2_600_000, 0, 2_600_000 - 30_000)
    court = scene.court()
    first, second = decide(scene.bonded(), court), decide(scene.bonded(), court)
    assert (first.case.status, second.case.status) == (Status.RELEASED, Status.REFUSED)


@pytest.mark.parametrize("day", [datetime(2018, 6, 1, 4, 0, tzinfo=UTC), datetime(2017, 6, 1, 4, 0, tzinfo=UTC)])
def test_before_2019_the_year_is_opened_with_20000_yuan(new_scene: Any, day: datetime) -> None:
    """RTAX-1; the guarantee of 194/2018 art. 16 is not yet asked for."""
    scene = new_scene(day)
    opening, *others = scene.decide(scene.direct()).postings
    assert (opening.amount, opening.rule) == (2_000_000, "RTAX-1")
    assert all(posting.account.kind is AccountKind.QUOTA for posting in others)


def test_before_2019_too_the_annual_limit_is_kept(new_scene: Any) -> None:
    scene = new_scene(datetime(2018, 6, 1, 4, 0, tzinfo=UTC))
    account = AccountId(scene.buyer.id_number, AccountKind.QUOTA, "2018")
    scene.balances[account] = Balance(2_000_000, 0, 2_000_000 - 23_799)
    decision = scene.decide(scene.direct())
    assert decision.case.status is Status.REFUSED
    assert decision.findings[0].rule == "RTAX-1"


def test_goods_that_cost_nothing_hold_no_money(scene: Any) -> None:
    papers = scene.on_line(scene.direct(), price_e5=0, total_price_e5=0, note="赠品")
    document: Any = papers.order.document
    gift = tuple(replace(line, price_e5=0, total_price_e5=0, note="赠品") for line in document.lines)
    papers = scene.on_order(papers, lines=gift, goods_value_e5=0, actual_paid_e5=1)
    papers = scene.on_payment(papers, amount_paid_e5=1)
    decision = scene.decide(papers)
    assert decision.case.status is Status.RELEASED
    assert decision.postings == ()

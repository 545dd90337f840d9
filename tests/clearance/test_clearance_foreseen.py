"""A refusal names the limits and accounts that would refuse the list as well, not its own faults alone."""

from __future__ import annotations

from typing import Any

from sandan.clearance.facts import Status
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.sandbox import world


def test_another_payer_over_the_single_limit_hears_of_both(scene: Any) -> None:
    papers = scene.on_payment(scene.bonded((scene.serum, 6)), payer_name="别人")
    assert {"R194-9.1", "RTAX-6"} <= scene.rules(papers)


def test_a_used_up_year_is_named_beside_the_own_fault(scene: Any) -> None:
    account = AccountId(scene.buyer.id_number, AccountKind.QUOTA, "2026")
    scene.balances[account] = Balance(granted=2_600_000, settled=2_599_000)
    papers = scene.on_list(scene.bonded(), buyer_name="空")
    assert {"CEB-6.3.8", "RTAX-5"} <= scene.rules(papers)


def test_a_short_guarantee_and_short_stock_are_named_beside_the_own_fault(scene: Any) -> None:
    for account in tuple(scene.balances):
        scene.balances[account] = Balance()
    papers = scene.on_payment(scene.bonded(), payer_name="别人")
    assert {"R194-9.1", "R194-16.1", "STOCK-4"} <= scene.rules(papers)


def test_stock_is_looked_at_where_a_limit_is_passed(scene: Any) -> None:
    """Nothing is taxed then, and yet the book is seen to be short."""
    scene.balances[AccountId(world.BOOK, AccountKind.STOCK, scene.serum.item_no)] = Balance(granted=100_000)
    assert {"RTAX-6", "STOCK-4"} <= scene.rules(scene.bonded((scene.serum, 6)))


def test_what_is_foreseen_holds_nothing(scene: Any) -> None:
    decision = scene.decide(scene.on_payment(scene.bonded(), payer_name="别人"))
    assert decision.case.status is Status.REFUSED
    assert (decision.postings, decision.case.reserved) == ((), ())


def test_an_unknown_code_is_said_once(scene: Any) -> None:
    """The tariff does not have it; that it has no rate either goes without saying."""
    decision = scene.decide(scene.on_line(scene.bonded(), gcode="9999999999"))
    assert [f.rule for f in decision.findings if f.found.field == "lines[1].gcode"] == ["CEB-6.3.7", "RPL-1"]


def test_an_unknown_item_of_the_book_is_not_called_short(scene: Any) -> None:
    assert "STOCK-4" not in scene.rules(scene.on_line(scene.bonded(), item_record_no="YT-999"))


def test_amounts_that_make_no_sense_are_not_held_against_limits(scene: Any) -> None:
    decision = scene.decide(scene.on_line(scene.bonded(), total_price_e5=-1, qty_e5=0))
    assert {"PAPER-AMOUNT", "CEB-6.3.6"} <= {f.rule for f in decision.findings}
    assert not {"RTAX-2", "RTAX-5", "RTAX-6"} & {f.rule for f in decision.findings}

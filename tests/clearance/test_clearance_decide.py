"""One list from declared to released, and the limits on its way."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sandan.clearance.decide import answer
from sandan.clearance.decide import decide
from sandan.clearance.decide import rehearse
from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Status
from sandan.clearance.hold import accounts_of
from sandan.duty.facts import Route
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Movement
from sandan.parties.facts import Role
from sandan.sandbox import world
from sandan.sandbox.faults import FAULTS
from sandan.sandbox.parcels import Maker

MODES = ("1210", "9610")


@pytest.mark.parametrize("mode", MODES)
def test_a_clean_parcel_is_declared_accepted_and_released(scene: Any, mode: str) -> None:
    """2 → 120 → 800, each a millisecond after the one before."""
    decision = scene.decide(scene.papers(mode, ((scene.milk, 1),)))
    assert decision.case.status is Status.RELEASED
    assert [r.status for r in decision.receipts] == [2, 120, 800]
    assert [r.info for r in decision.receipts][1:] == ["[Code:1800;Desc:逻辑校验通过]", "[Code:2600;Desc:放行]"]
    first, second, third = (r.at for r in decision.receipts)
    assert first < second < third


def test_a_1239_parcel_is_released_with_a_reminder(scene: Any) -> None:
    """Outside the scope of 1210; the endnotes of the positive list are noted (194/2018 art. 4 para. 2)."""
    book = replace(scene.registry.books[world.BOOK], trade_mode="1239")
    scene.registry = replace(scene.registry, books={world.BOOK: book})
    decision = scene.decide(scene.on_list(scene.bonded(), trade_mode="1239"))
    assert decision.case.status is Status.RELEASED
    assert [(f.rule, f.severity) for f in decision.findings] == [("R194-4.3", "note")]


def test_numbers_are_assigned_in_the_forms_of_the_specification(scene: Any) -> None:
    case = scene.decide(scene.bonded()).case
    assert case.pre_no == "B20261121000000001"
    assert case.invt_no == "01312026I000000001"


def test_the_day_of_acceptance_is_a_beijing_day(scene: Any) -> None:
    """17:00 in London on the last day of the year is the first of January in Beijing."""
    case = scene.decide(scene.bonded(), now=datetime(2026, 12, 31, 17, 0, tzinfo=UTC)).case
    assert case.accepted_on == date(2027, 1, 1)
    assert (AccountId(scene.buyer.id_number, AccountKind.QUOTA, "2027")) in scene.balances


def test_release_uses_quota_and_keeps_guarantee_and_stock(scene: Any) -> None:
    case = scene.decide(scene.bonded((scene.milk, 1), (scene.nappies, 2))).case
    assert case.assessment is not None
    assert scene.balance(scene.buyer.id_number, AccountKind.QUOTA, "2026") == Balance(2_600_000, 0, 45_600)
    assert scene.balance(world.PLATFORM, AccountKind.GUARANTEE, "0131").reserved == case.assessment.tax_fen
    assert scene.balance(world.BOOK, AccountKind.STOCK, "YT-002").reserved == 200_000
    assert {account.kind for account, _ in case.reserved} == {AccountKind.GUARANTEE, AccountKind.STOCK}


def test_the_year_is_opened_with_the_annual_limit(scene: Any) -> None:
    opening, *_ = scene.decide(scene.bonded()).postings
    assert (opening.movement, opening.amount, opening.rule) == (Movement.CREDIT, 2_600_000, "RTAX-2")
    assert opening.case is None


def test_the_year_is_opened_once(scene: Any) -> None:
    scene.decide(scene.bonded())
    second = scene.decide(scene.bonded())
    assert all(posting.movement is not Movement.CREDIT for posting in second.postings)


def test_direct_purchase_touches_no_stock(scene: Any) -> None:
    kinds = {posting.account.kind for posting in scene.decide(scene.direct()).postings}
    assert kinds == {AccountKind.QUOTA, AccountKind.GUARANTEE}


def test_a_batch_loads_every_account_a_decision_touches(scene: Any) -> None:
    papers = scene.bonded((scene.milk, 1), (scene.nappies, 1))
    document: Any = papers.declaration.document
    touched = {posting.account for posting in scene.decide(papers).postings}
    assert touched == set(accounts_of(document, 2026))


def _at_price(scene: Any, *prices_fen: int) -> Any:
    goods = (scene.bag, scene.brush)
    return scene.direct(*((replace(g, price_fen=fen), 1) for g, fen in zip(goods, prices_fen, strict=False)))


def test_two_items_of_5000_yuan_are_within_the_single_limit(scene: Any) -> None:
    decision = scene.decide(_at_price(scene, 300_000, 200_000))
    assert decision.case.status is Status.RELEASED
    assert decision.case.assessment is not None
    assert decision.case.assessment.route is Route.REDUCED


def test_two_items_of_5000_yuan_and_a_fen_are_over_it(scene: Any) -> None:
    decision = scene.decide(_at_price(scene, 300_000, 200_001))
    assert decision.case.status is Status.REFUSED
    assert [r.status for r in decision.receipts] == [-621005]
    assert "5000.01" in decision.receipts[0].info


def test_one_item_of_5000_yuan_takes_the_reduced_route(scene: Any) -> None:
    assessment = scene.decide(_at_price(scene, 500_000)).case.assessment
    assert assessment is not None
    assert assessment.route is Route.REDUCED


def test_one_item_of_5000_yuan_and_a_fen_is_taxed_in_full(scene: Any) -> None:
    case = scene.decide(_at_price(scene, 500_001)).case
    assert case.status is Status.RELEASED
    assert case.assessment is not None
    assert case.assessment.route is Route.FULL


def test_two_of_one_thing_over_the_single_limit_are_not_one_item(scene: Any) -> None:
    decision = scene.decide(scene.direct((replace(scene.bag, price_fen=250_001), 2)))
    assert decision.findings[0].rule == "RTAX-6"


def test_freight_counts_towards_the_single_limit(scene: Any) -> None:
    goods = (replace(scene.bag, price_fen=200_000), 1), (replace(scene.brush, price_fen=299_000), 1)
    assert scene.decide(scene.direct(*goods, freight_fen=1_000)).case.status is Status.RELEASED
    assert scene.decide(scene.direct(*goods, freight_fen=1_001)).case.status is Status.REFUSED


@pytest.mark.parametrize(("price_fen", "status"), [(2_599_999, Status.RELEASED), (2_600_000, Status.REFUSED)])
def test_the_full_tax_route_ends_below_26000_yuan(scene: Any, price_fen: int, status: Status) -> None:
    """A single item of exactly the annual limit is refused on this route."""
    assert scene.decide(_at_price(scene, price_fen)).case.status is status


def _used(scene: Any, used_fen: int) -> None:
    scene.balances[AccountId(scene.buyer.id_number, AccountKind.QUOTA, "2026")] = Balance(2_600_000, 0, used_fen)


def test_exactly_26000_yuan_a_year_is_within(scene: Any) -> None:
    _used(scene, 2_600_000 - 23_800)
    assert scene.decide(scene.bonded()).case.status is Status.RELEASED


def test_a_fen_over_26000_yuan_a_year_is_refused(scene: Any) -> None:
    """1313 with the total that would be reached and the limit; nothing stays reserved."""
    _used(scene, 2_600_001 - 23_800)
    decision = scene.decide(scene.bonded())
    assert [r.status for r in decision.receipts] == [2, 100]
    assert "[Code:1313;" in decision.receipts[1].info
    assert "26000.01 > limitPrice: 26000.00" in decision.receipts[1].info
    assert decision.postings == ()


def test_next_year_is_another_account(scene: Any) -> None:
    _used(scene, 2_600_000)
    assert scene.decide(scene.bonded(), now=datetime(2027, 1, 1, 4, 0, tzinfo=UTC)).case.status is Status.RELEASED


def test_a_guarantee_that_falls_short_is_refused_with_its_figures(scene: Any) -> None:
    papers = scene.on_list(scene.bonded((scene.bag, 1)), agent_code=world.SMALL_AGENT, assure_code=world.SMALL_AGENT)
    declaration = replace(papers.declaration, sender=world.SMALL_AGENT, signer=world.SMALL_AGENT)
    decision = scene.decide(replace(papers, declaration=declaration))
    assert [finding.rule for finding in decision.findings] == ["R194-16.1"]
    assert decision.findings[0].against is not None
    assert (decision.findings[0].found.value, decision.findings[0].against.value) == ("116.48", "50.00")
    assert decision.postings == ()


def test_stock_that_falls_short_is_refused_and_nothing_stays_reserved(scene: Any) -> None:
    scene.balances[AccountId(world.BOOK, AccountKind.STOCK, "YT-001")] = Balance(granted=199_999)
    court = scene.court()
    decision = decide(scene.bonded((scene.milk, 2)), court)
    assert [finding.rule for finding in decision.findings] == ["STOCK-4"]
    assert court.book.postings == ()


def test_two_lines_of_one_item_draw_on_its_stock_together(scene: Any) -> None:
    scene.balances[AccountId(world.BOOK, AccountKind.STOCK, "YT-001")] = Balance(granted=100_000)
    assert scene.decide(scene.bonded((scene.milk, 1), (scene.milk, 1))).findings[0].rule == "STOCK-4"


def test_everything_short_is_named_at_once(scene: Any) -> None:
    scene.balances = {}
    rules = [finding.rule for finding in scene.decide(scene.bonded()).findings]
    assert rules == ["R194-16.1", "STOCK-4"]


def test_the_law_of_the_day_of_acceptance_decides(scene: Any) -> None:
    """13 % from 2019-04-01, 16 % the day before (194/2018 art. 32; VAT rates)."""
    before = scene.decide(scene.bonded(), now=datetime(2019, 3, 31, 4, 0, tzinfo=UTC)).case.assessment
    after = scene.decide(scene.bonded(), now=datetime(2019, 4, 1, 4, 0, tzinfo=UTC)).case.assessment
    assert before is not None
    assert after is not None
    assert (before.tax_fen, after.tax_fen) == (2_666, 2_166)


def test_a_draft_is_saved_and_not_judged(scene: Any) -> None:
    document: Any = scene.bonded().declaration.document
    papers = scene.on_list(scene.bonded(), head=replace(document.head, app_status="1"), buyer_id_number="x")
    decision = scene.decide(papers)
    assert decision.case.status is Status.DRAFT
    assert [r.status for r in decision.receipts] == [1]
    assert decision.postings == ()


def test_a_draft_that_is_then_declared_is_judged(scene: Any) -> None:
    papers = scene.bonded()
    document: Any = papers.declaration.document
    draft = scene.decide(scene.on_list(papers, head=replace(document.head, app_status="1"))).case
    declared = replace(papers, case=draft, declaration=replace(papers.declaration, version=2))
    decision = scene.decide(declared)
    assert (decision.case.status, decision.case.version) == (Status.RELEASED, 2)


def test_a_declared_list_does_not_become_a_draft_again(scene: Any) -> None:
    papers = replace(scene.bonded(), order=None)
    case = scene.decide(papers).case
    document: Any = papers.declaration.document
    second = replace(papers, case=case, declaration=replace(papers.declaration, version=2))
    decision = scene.decide(scene.on_list(second, head=replace(document.head, app_status="1")))
    assert decision.case == case
    assert [r.status for r in decision.receipts] == [-621012]


def test_what_is_decided_is_not_decided_again(scene: Any) -> None:
    papers = scene.bonded()
    case = scene.decide(papers).case
    again = scene.decide(replace(papers, case=case))
    assert again.case == case
    assert again.receipts == again.postings == again.events == ()


def test_a_newer_list_after_a_refusal_is_decided_afresh(scene: Any) -> None:
    papers = scene.bonded()
    refused = scene.decide(scene.on_list(papers, buyer_name="别人")).case
    mended = replace(papers, case=refused, declaration=replace(papers.declaration, version=2))
    decision = scene.decide(mended)
    assert decision.case.status is Status.RELEASED
    assert (decision.case.version, decision.case.pre_no) == (2, refused.pre_no)


def test_another_version_of_an_accepted_list_comes_too_late(scene: Any) -> None:
    papers = scene.bonded()
    case = scene.decide(papers).case
    late = replace(papers, case=case, declaration=replace(papers.declaration, version=2))
    decision = scene.decide(late)
    assert decision.case == case
    assert [r.status for r in decision.receipts] == [-621012]


def test_an_order_used_by_another_live_list_is_refused_naming_it(scene: Any) -> None:
    decision = scene.decide(replace(scene.bonded(), rival=scene.rival()))
    assert [r.status for r in decision.receipts] == [-621004]
    assert "QD-OTHER" in decision.receipts[0].info


@pytest.mark.parametrize("app_type", ["2", "3"])
def test_a_change_or_deletion_without_a_list_before_is_refused(scene: Any, app_type: str) -> None:
    papers = scene.bonded()
    document: Any = papers.declaration.document
    decision = scene.decide(scene.on_list(papers, head=replace(document.head, app_type=app_type)))
    assert decision.receipts[0].status == -621011


def test_a_list_still_waiting_can_be_taken_back(scene: Any) -> None:
    papers = replace(scene.bonded(), order=None)
    case = scene.decide(papers).case
    document: Any = papers.declaration.document
    gone = scene.on_list(
        replace(papers, case=case, declaration=replace(papers.declaration, version=2)),
        head=replace(document.head, app_type="3"),
    )
    decision = scene.decide(gone)
    assert decision.case.status is Status.REFUSED
    assert decision.receipts[0].info.startswith("清单删除申报成功[")
    assert decision.events[-1].note == "withdrawn"


def test_nobody_else_takes_a_list_back(scene: Any) -> None:
    papers = replace(scene.bonded(), order=None)
    case = scene.decide(papers).case
    document: Any = papers.declaration.document
    stranger = replace(papers.declaration, version=2, sender=world.BROKER, signer=world.BROKER)
    gone = scene.on_list(replace(papers, case=case, declaration=stranger), head=replace(document.head, app_type="3"))
    decision = scene.decide(gone)
    assert decision.case == case
    assert [r.status for r in decision.receipts] == [-621015]


def test_a_list_still_waiting_can_be_changed_and_waits_anew(scene: Any) -> None:
    papers = replace(scene.bonded(), order=None)
    case = scene.decide(papers).case
    later = scene.now + timedelta(hours=10)
    changed = replace(papers, case=case, declaration=replace(papers.declaration, version=2))
    decision = scene.decide(changed, now=later)
    assert (decision.case.list_version, decision.case.version) == (2, 2)
    assert decision.case.wait_until == later + timedelta(hours=72)
    assert [r.status for r in decision.receipts] == [2]


def test_events_tell_the_way(scene: Any) -> None:
    kinds = [event.kind for event in scene.decide(scene.bonded()).events]
    assert kinds == [EventKind.DECLARED, EventKind.ACCEPTED, EventKind.RELEASED]


def test_a_rehearsal_leaves_no_trace(scene: Any) -> None:
    court, papers = scene.court(), scene.bonded()
    rehearsed = rehearse(papers, court)
    assert court.book.postings == ()
    assert rehearsed == decide(papers, court)


def test_a_doubtful_place_asks_an_officer(scene: Any) -> None:
    scene.law = replace(scene.law, places=())
    decision = scene.decide(scene.bonded())
    assert decision.case.status is Status.REVIEW
    assert [r.status for r in decision.receipts] == [2, 120, 300]
    assert {finding.rule for finding in decision.findings} == {"R39-1"}


def test_a_rate_that_is_not_at_hand_refuses_and_is_not_guessed(scene: Any) -> None:
    scene.law = replace(scene.law, tariff={})
    decision = scene.decide(scene.bonded())
    assert decision.case.status is Status.REFUSED
    assert decision.postings == ()


@pytest.mark.parametrize("which", ["order", "payment", "waybill"])
def test_each_of_the_other_papers_is_stored(scene: Any, which: str) -> None:
    papers = scene.bonded()
    received = {"order": papers.order, "payment": papers.payments[0], "waybill": papers.waybill}[which]
    said = answer(received, scene.court())
    assert said.accepted
    assert [r.status for r in said.receipts] == [2, 120]
    assert said.receipts[1].recipient == received.sender


def test_a_draft_order_is_saved(scene: Any) -> None:
    papers = scene.bonded()
    document: Any = papers.order.document
    draft = scene.on_order(papers, head=replace(document.head, app_status="1"))
    assert [r.status for r in answer(draft.order, scene.court()).receipts] == [1]


@pytest.mark.parametrize(("which", "code"), [("order", -301011), ("payment", -401008), ("waybill", -504016)])
def test_a_paper_of_an_accepted_list_is_not_changed(scene: Any, which: str, code: int) -> None:
    papers = scene.bonded()
    user = scene.decide(papers).case
    received = {"order": papers.order, "payment": papers.payments[0], "waybill": papers.waybill}[which]
    assert [r.status for r in answer(received, scene.court(), user).receipts] == [code]


def test_a_paper_of_a_waiting_list_may_be_changed(scene: Any) -> None:
    papers = scene.bonded()
    user = scene.decide(replace(papers, waybill=None)).case
    assert answer(papers.order, scene.court(), user).accepted


def test_a_list_is_decided_not_answered(scene: Any) -> None:
    with pytest.raises(TypeError):
        answer(scene.bonded().declaration, scene.court())


def test_an_order_from_a_platform_that_is_none_is_refused(scene: Any) -> None:
    platform = scene.registry.enterprises[world.PLATFORM]
    shop_only = tuple(r for r in platform.registrations if r.role is Role.SHOP)
    enterprises = {**scene.registry.enterprises, world.PLATFORM: replace(platform, registrations=shop_only)}
    scene.registry = replace(scene.registry, enterprises=enterprises)
    said = answer(scene.bonded().order, scene.court())
    assert not said.accepted
    assert {finding.rule for finding in said.findings} == {"R194-2.1"}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), fault=st.sampled_from(FAULTS))
def test_the_same_papers_always_get_the_same_decision(new_scene: Any, seed: int, fault: Any) -> None:
    """Neither clock nor chance is asked: two courts, one decision."""
    scene = new_scene()
    papers = scene.of(fault.make(Maker(seed, scene.now)))
    first, second = decide(papers, scene.court()), decide(papers, scene.court())
    assert first == second
    assert decide(papers, scene.court()).receipts == first.receipts

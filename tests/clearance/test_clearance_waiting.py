"""Waiting for the other papers, in every order of arrival."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Status

NAMES = ("order", "payments", "waybill")
WAIT = timedelta(hours=72)


def _without(papers: Any, *names: str) -> Any:
    return replace(papers, **{name: () if name == "payments" else None for name in names})


@pytest.mark.parametrize("order", list(permutations(NAMES)))
def test_the_list_first_then_the_others_in_any_order(scene: Any, order: tuple[str, ...]) -> None:
    """Status 2 until the last has come, then 120 and 800; status 2 is said once."""
    papers, case, said = scene.bonded(), None, []
    for come in range(len(order) + 1):
        decision = scene.decide(replace(_without(papers, *order[come:]), case=case))
        case, said = decision.case, said + [r.status for r in decision.receipts]
    assert case.status is Status.RELEASED
    assert said == [2, 120, 800]


def test_a_list_that_comes_last_is_released_at_once(scene: Any) -> None:
    assert scene.decide(scene.bonded()).case.wait_until is None


def test_a_waiting_list_says_for_what_and_until_when(scene: Any) -> None:
    decision = scene.decide(_without(scene.bonded(), "order", "waybill"))
    info = decision.receipts[0].info
    assert "电子订单" in info
    assert "物流运单" in info
    assert "支付凭证" not in info
    assert "2026-11-24 12:00:00" in info
    assert [finding.severity for finding in decision.findings] == ["wait", "wait"]


def test_the_end_of_the_wait_is_a_deadline(scene: Any) -> None:
    decision = scene.decide(_without(scene.bonded(), "order"))
    (deadline,) = decision.deadlines
    assert (deadline.kind, deadline.due_at) == ("wait", scene.now + WAIT)


def test_nothing_is_reserved_while_a_list_waits(scene: Any) -> None:
    assert scene.decide(_without(scene.bonded(), "order")).postings == ()


def _waiting(scene: Any, *missing: str) -> Any:
    papers = _without(scene.bonded(), *missing)
    return replace(papers, case=scene.decide(papers).case)


def test_a_second_before_the_end_it_still_waits(scene: Any) -> None:
    decision = scene.decide(_waiting(scene, "order"), now=scene.now + WAIT - timedelta(seconds=1))
    assert decision.case.status is Status.WAITING
    assert decision.receipts == ()


def test_at_the_end_it_is_refused_naming_what_never_came(scene: Any) -> None:
    decision = scene.decide(_waiting(scene, "payments"), now=scene.now + WAIT)
    assert decision.case.status is Status.REFUSED
    (receipt,) = decision.receipts
    assert receipt.status == 100
    assert receipt.info.startswith("[Code:1300;")
    assert "支付凭证" in receipt.info


def test_the_wait_counts_from_the_declaration_not_from_the_last_look(scene: Any) -> None:
    papers = scene.bonded()
    case = scene.decide(_without(papers, "order", "waybill")).case
    later = scene.decide(replace(_without(papers, "order"), case=case), now=scene.now + timedelta(hours=71))
    assert later.case.wait_until == scene.now + WAIT


def test_each_look_at_a_waiting_list_is_an_event(scene: Any) -> None:
    decision = scene.decide(_waiting(scene, "order"))
    assert [event.kind for event in decision.events] == [EventKind.WAITING]


def test_a_faulty_list_does_not_wait(scene: Any) -> None:
    """Its own fault is not mended by another's paper; what is missing is named too."""
    decision = scene.decide(scene.on_list(_without(scene.bonded(), "order"), pack_no=2))
    assert decision.case.status is Status.REFUSED
    assert {finding.rule for finding in decision.findings} == {"CEB-PACK", "R194-6.1"}


def test_papers_that_disagree_do_not_wait(scene: Any) -> None:
    papers = scene.on_payment(_without(scene.bonded(), "waybill"), payer_name="别人")
    assert scene.decide(papers).case.status is Status.REFUSED


def test_with_patience_papers_that_disagree_wait(scene: Any) -> None:
    scene.patience = timedelta(hours=2)
    papers = scene.on_payment(scene.bonded(), payer_name="别人")
    decision = scene.decide(papers)
    assert decision.case.status is Status.WAITING
    assert decision.case.wait_until == scene.now + timedelta(hours=2)
    mended = scene.decide(replace(scene.bonded(), case=decision.case), now=scene.now + timedelta(hours=1))
    assert mended.case.status is Status.RELEASED


def test_patience_ends_in_the_code_of_the_disagreement(scene: Any) -> None:
    scene.patience = timedelta(hours=2)
    papers = scene.on_payment(scene.bonded(), payer_name="别人")
    case = scene.decide(papers).case
    decision = scene.decide(replace(papers, case=case), now=scene.now + timedelta(hours=2))
    assert decision.case.status is Status.REFUSED
    assert decision.receipts[0].info.startswith("[Code:1327;")


def test_a_new_reason_to_wait_is_said(scene: Any) -> None:
    """The order came, but it disagrees: the declarant hears of it while the wait goes on."""
    scene.patience = timedelta(hours=2)
    case = scene.decide(_without(scene.bonded(), "order", "payments")).case
    papers = scene.on_list(_without(scene.bonded(), "payments"), buyer_name="别人")
    decision = scene.decide(replace(papers, case=case), now=scene.now + timedelta(hours=1))
    assert [r.status for r in decision.receipts] == [2]

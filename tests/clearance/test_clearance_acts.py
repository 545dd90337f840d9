"""What an officer may do with a case put before him."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Status
from sandan.documents.facts import OfficerVerdict
from sandan.inspection.facts import Action
from sandan.inspection.facts import Criterion
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.sandbox import world


def _before_officer(scene: Any, order: Action = Action.REVIEW) -> Any:
    """Papers of a list that a criterion selected, with its case."""
    scene.criteria = (Criterion(name="all milk", order=order, gcodes=("1901",)),)
    papers = scene.bonded()
    return replace(papers, case=scene.decide(papers).case)


@pytest.mark.parametrize(
    ("order", "status", "code"), [(Action.REVIEW, Status.REVIEW, 300), (Action.INSPECT, Status.INSPECTION, 500)]
)
def test_a_selected_list_is_accepted_and_put_before_an_officer(scene: Any, order: Any, status: Any, code: int) -> None:
    scene.criteria = (Criterion(name="all milk", order=order, gcodes=("1901",)),)
    decision = scene.decide(scene.bonded())
    assert decision.case.status is status
    assert [r.status for r in decision.receipts] == [2, 120, code]
    assert decision.case.selected_by == "all milk"


def test_the_criterion_is_not_told_to_the_declarant(scene: Any) -> None:
    scene.criteria = (Criterion(name="all milk", order=Action.REVIEW),)
    decision = scene.decide(scene.bonded())
    assert "all milk" not in "".join(r.info for r in decision.receipts)
    assert "all milk" not in "".join(event.note for event in decision.events)


def test_everything_stays_reserved_before_an_officer(scene: Any) -> None:
    _before_officer(scene)
    assert scene.balance(scene.buyer.id_number, AccountKind.QUOTA, "2026").reserved == 23_800


def _act(scene: Any, papers: Any, verdict: OfficerVerdict, **changes: Any) -> Any:
    return scene.decide(replace(papers, act=scene.act(papers.case, verdict, **changes)))


def test_release_uses_the_quota(scene: Any) -> None:
    decision = _act(scene, _before_officer(scene), OfficerVerdict.RELEASE)
    assert decision.case.status is Status.RELEASED
    assert [(r.status, r.info) for r in decision.receipts] == [(800, "[Code:2600;Desc:放行]")]
    assert scene.balance(scene.buyer.id_number, AccountKind.QUOTA, "2026") == Balance(2_600_000, 0, 23_800)
    assert decision.case.released_at == scene.now


def test_a_release_in_the_new_year_uses_the_quota_of_the_old(scene: Any) -> None:
    """The year is that of acceptance."""
    papers = _before_officer(scene)
    release = scene.act(papers.case, OfficerVerdict.RELEASE)
    scene.decide(replace(papers, act=release), now=datetime(2027, 1, 4, 4, 0, tzinfo=UTC))
    assert scene.balance(scene.buyer.id_number, AccountKind.QUOTA, "2026") == Balance(2_600_000, 0, 23_800)
    assert scene.balance(scene.buyer.id_number, AccountKind.QUOTA, "2027") == Balance()


def test_refusal_frees_everything_and_says_why(scene: Any) -> None:
    decision = _act(scene, _before_officer(scene), OfficerVerdict.REFUSE, reason="品名不符")
    assert decision.case.status is Status.REFUSED
    assert decision.case.reserved == ()
    assert decision.receipts[0].info == "[Code:1300;Desc:人工退单，品名不符]"
    assert scene.balance(scene.buyer.id_number, AccountKind.QUOTA, "2026") == Balance(2_600_000, 0, 0)
    assert scene.balance(world.PLATFORM, AccountKind.GUARANTEE, "0131").reserved == 0
    assert scene.balance(world.BOOK, AccountKind.STOCK, "YT-001").reserved == 0


@pytest.mark.parametrize(
    ("verdict", "status", "code"),
    [
        (OfficerVerdict.HOLD, Status.HELD, 600),
        (OfficerVerdict.INSPECT, Status.INSPECTION, 500),
    ],
)
def test_holding_and_inspecting_move_no_account(scene: Any, verdict: Any, status: Any, code: int) -> None:
    decision = _act(scene, _before_officer(scene), verdict, reason="待核")
    assert (decision.case.status, decision.receipts[0].status) == (status, code)
    assert decision.postings == ()


def test_a_held_list_can_be_released_later(scene: Any) -> None:
    papers = _before_officer(scene)
    held = _act(scene, papers, OfficerVerdict.HOLD).case
    released = _act(scene, replace(papers, case=held), OfficerVerdict.RELEASE)
    assert released.case.status is Status.RELEASED
    assert released.case.version == held.version + 1


def test_the_act_is_the_cause_and_the_officer_the_actor(scene: Any) -> None:
    (event,) = _act(scene, _before_officer(scene), OfficerVerdict.HOLD, reason="待核").events
    assert (event.kind, event.actor, event.note, event.cause.key) == (EventKind.HELD, "guan01", "待核", "ACT")


def test_an_act_on_an_older_version_changes_nothing(scene: Any) -> None:
    papers = _before_officer(scene)
    decision = _act(scene, papers, OfficerVerdict.RELEASE, seen=0)
    assert decision.case == papers.case
    assert [finding.rule for finding in decision.findings] == ["ACT-STALE"]
    assert decision.receipts == ()


def test_a_released_list_is_beyond_an_officer(scene: Any) -> None:
    papers = scene.bonded()
    case = scene.decide(papers).case
    decision = _act(scene, replace(papers, case=case), OfficerVerdict.REFUSE)
    assert [finding.rule for finding in decision.findings] == ["ACT-STATE"]


def test_a_waiting_list_is_not_yet_before_an_officer(scene: Any) -> None:
    papers = replace(scene.bonded(), order=None)
    case = scene.decide(papers).case
    decision = _act(scene, replace(papers, case=case), OfficerVerdict.REFUSE)
    assert [finding.rule for finding in decision.findings] == ["ACT-STATE"]


def test_a_reason_is_demanded(scene: Any) -> None:
    decision = _act(scene, _before_officer(scene), OfficerVerdict.REFUSE, reason=" ")
    assert [finding.rule for finding in decision.findings] == ["ACT-REASON"]


def test_a_long_reason_is_cut_to_what_the_wire_takes(scene: Any) -> None:
    decision = _act(scene, _before_officer(scene), OfficerVerdict.REFUSE, reason="理" * 2_000)
    assert len(decision.receipts[0].info) == 1_000
    assert decision.receipts[0].info.endswith("]")

"""Receipts that come in any order, twice, or with statuses nobody knows, folded into one state."""

from __future__ import annotations

import random
from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.clearance.mirror import EXCEPTIONAL
from sandan.clearance.mirror import RANKS
from sandan.clearance.mirror import Mirrored
from sandan.clearance.mirror import Stage
from sandan.clearance.mirror import differs
from sandan.clearance.mirror import fold
from sandan.clearance.mirror import of_ours
from sandan.clearance.mirror import rank_of
from sandan.clearance.mirror import stage_of
from sandan.clearance.mirror import subject_of
from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.documents.facts import ReturnStatus
from sandan.law import codes

LIST = Ref(Kind.LIST, "0131960301", "L1")
TEN = "20261111100000000"
ELEVEN = "20261111110000000"
STATUSES = [*RANKS, -621012, -301010, 77, 18]


def receipt(status: int, return_time: str = TEN, info: str = "", **more: object) -> Mirrored:
    return Mirrored(subject=LIST, status=status, return_time=return_time, info=info, **more)


RECEIPTS = st.lists(
    st.builds(
        receipt,
        st.sampled_from(STATUSES),
        st.sampled_from([TEN, ELEVEN, "20261111100000001"]),
        st.sampled_from(["", "[Code:2600;Desc:放行]"]),
        guid=st.sampled_from(["A", "B"]),
        received_at=st.sampled_from([None, datetime(2026, 11, 11, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC)]),
    ),
    max_size=12,
)


def standing(*receipts: Mirrored) -> int:
    held = fold(receipts).standing
    assert held is not None
    return held.status


@given(RECEIPTS, st.randoms(use_true_random=False))
def test_any_order_of_the_same_receipts_gives_the_same_state(receipts: list[Mirrored], shuffle: random.Random) -> None:
    mixed = list(receipts)
    shuffle.shuffle(mixed)
    assert fold(mixed) == fold(receipts)


@given(RECEIPTS, RECEIPTS)
def test_receipts_that_come_again_change_nothing(first: list[Mirrored], second: list[Mirrored]) -> None:
    assert fold([*first, *second, *first]) == fold([*first, *second])


@given(RECEIPTS)
def test_nothing_that_came_is_lost(receipts: list[Mirrored]) -> None:
    kept = {(one.status, one.return_time, one.info) for one in fold(receipts).timeline}
    assert kept == {(one.status, one.return_time, one.info) for one in receipts}


@given(RECEIPTS)
def test_the_state_is_the_newest_of_those_known(receipts: list[Mirrored]) -> None:
    mirror = fold(receipts)
    known = [one.return_time for one in receipts if one.is_known]
    assert (mirror.standing.return_time if mirror.standing else None) == max(known, default=None)


def test_the_greatest_return_time_counts_not_the_last_to_come() -> None:
    assert standing(receipt(800, ELEVEN), receipt(120, TEN)) == 800


def test_an_officers_question_after_release_would_count() -> None:
    assert standing(receipt(800, TEN), receipt(600, ELEVEN)) == 600


@pytest.mark.parametrize(("lower", "higher"), [(1, 2), (2, 3), (3, 120), (120, 300), (300, 800), (800, 899), (2, 100)])
def test_at_one_moment_the_higher_rank_counts(lower: int, higher: int) -> None:
    assert standing(receipt(higher), receipt(lower)) == standing(receipt(lower), receipt(higher)) == higher


def test_the_same_receipt_under_another_guid_is_the_same() -> None:
    assert len(fold([receipt(2, guid="A"), receipt(2, guid="B")]).timeline) == 1


def test_of_the_same_receipt_the_first_to_come_is_kept() -> None:
    early, late = datetime(2026, 11, 11, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC)
    (kept,) = fold([receipt(2, received_at=late), receipt(2, received_at=early)]).timeline
    assert kept.received_at == early


def test_an_unknown_status_is_shown_and_does_not_rule() -> None:
    mirror = fold([receipt(120, TEN), receipt(77, ELEVEN)])
    assert mirror.standing == receipt(120, TEN)
    assert mirror.unknown == (receipt(77, ELEVEN),)
    assert mirror.is_uncertain


def test_an_unknown_status_that_is_older_makes_nothing_uncertain() -> None:
    assert not fold([receipt(77, TEN), receipt(120, ELEVEN)]).is_uncertain


def test_only_unknown_statuses_hold_no_state() -> None:
    mirror = fold([receipt(77)])
    assert mirror.standing is None
    assert mirror.is_uncertain


def test_no_receipt_no_state() -> None:
    assert fold([]) == fold(())
    assert fold([]).standing is None


def test_port_and_customs_answer_one_after_the_other() -> None:
    mirror = fold([receipt(800, "20261111100003000"), receipt(2, TEN), receipt(120, "20261111100002000")])
    assert mirror.port == receipt(2, TEN)
    assert mirror.customs == receipt(800, "20261111100003000")
    assert [one.stage for one in mirror.timeline] == [Stage.PORT, Stage.CUSTOMS, Stage.CUSTOMS]


def test_a_refused_change_does_not_hide_the_release() -> None:
    mirror = fold([receipt(800, TEN), receipt(-621012, ELEVEN)])
    assert mirror.standing == receipt(-621012, ELEVEN)
    assert mirror.customs == receipt(800, TEN)


@pytest.mark.parametrize("status", [-621001, 1, 2, 3, 4])
def test_statuses_of_the_port(status: int) -> None:
    assert stage_of(status) is Stage.PORT


@pytest.mark.parametrize("status", [100, 120, 300, 399, 500, 600, 700, 800, 899])
def test_statuses_of_customs(status: int) -> None:
    assert stage_of(status) is Stage.CUSTOMS


def test_every_status_of_the_catalogue_has_a_rank() -> None:
    listed = {int(entry.code) for entry in codes.entries() if entry.system == "status"}
    assert listed == set(RANKS)
    assert set(map(int, ReturnStatus)) <= set(RANKS)
    assert rank_of(-1) == EXCEPTIONAL


def test_ours_and_theirs_differ_when_customs_says_otherwise() -> None:
    at = datetime(2026, 11, 11, 2, tzinfo=UTC)
    ours = fold([of_ours(Receipt(guid="G", subject=LIST, recipient="E", status=800, info="", at=at))])
    assert ours.standing is not None
    assert ours.standing.return_time == TEN
    assert not differs(fold([]), ours)
    assert not differs(fold([receipt(800)]), ours)
    assert differs(fold([receipt(100)]), ours)
    assert differs(fold([receipt(800)]), fold([]))


@pytest.mark.parametrize(
    ("message_type", "fields", "subject"),
    [
        ("CEB312Message", {"ebpCode": "P", "orderNo": "1"}, Ref(Kind.ORDER, "P", "1")),
        ("CEB412Message", {"payCode": "Q", "payTransactionId": "2"}, Ref(Kind.PAYMENT, "", "Q/2")),
        ("CEB512Message", {"logisticsCode": "W", "logisticsNo": "3"}, Ref(Kind.WAYBILL, "W", "3")),
        ("CEB622Message", {"agentCode": "A", "copNo": "4"}, Ref(Kind.LIST, "A", "4")),
        ("CEB622Message", {"copNo": "4"}, Ref(Kind.LIST, "", "4")),
        ("CEB816Message", {}, None),
    ],
)
def test_a_receipt_is_matched_by_its_business_keys(
    message_type: str, fields: dict[str, str], subject: Ref | None
) -> None:
    assert subject_of(message_type, fields) == subject

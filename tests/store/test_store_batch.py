"""Batches of the invented world, decided by one worker."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance.court import Court
from sandan.clearance.facts import Answer
from sandan.clearance.facts import Case
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Papers
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Received
from sandan.sandbox import world
from sandan.sandbox.messages import Paper
from sandan.sandbox.parcels import Maker
from sandan.store import hearing
from sandan.store.audit import verify
from sandan.work.worker import Duty
from sandan.work.worker import Worker

Desk = Any
"""The class of the fixture `desk`, which stands in conftest."""


def newer(paper: Paper, **changes: str) -> Paper:
    """The paper reported again a minute later, with changes."""
    head = replace(paper.head, app_time=str(int(paper.head.app_time) + 100))
    return replace(paper, head=head, **changes)


def change(paper: Paper, **changes: str) -> Paper:
    """The paper reported as a change (appType 2) a minute later."""
    changed = newer(paper, **changes)
    return replace(changed, head=replace(changed.head, app_type="2"))


def intact(desk: Desk) -> bool:
    with desk.pool.connection() as conn:
        report = verify(conn)
    assert report.faults == ()
    return report.ok


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_parcel_clears_in_every_order_of_arrival(desk: Desk, maker: Maker, order: tuple[int, ...]) -> None:
    papers = maker.ordinary().full
    for place in order:
        desk.send(papers[place])
    assert desk.statuses() == ["released"]
    assert desk.receipts()[-2:] == [120, 800]
    assert intact(desk)


def test_a_parcel_clears_when_all_come_at_once(desk: Desk, maker: Maker) -> None:
    report = desk.send(*maker.ordinary().full)
    assert (report.claimed, report.answered, report.decided, report.failed) == (4, 3, 1, 0)
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT count(*) FROM queue") == [(0,)]


def test_a_list_that_waits_too_long_is_refused(desk: Desk, maker: Maker) -> None:
    declaration = maker.ordinary().declaration
    desk.send(declaration)
    assert desk.statuses() == ["waiting"]
    assert desk.ask("SELECT waits FROM cases") == [(["order", "payment", "waybill"],)]
    desk.clock.moment += timedelta(hours=24)
    desk.worker.drain()
    assert desk.statuses() == ["refused"]
    assert desk.ask("SELECT count(*) FROM deadlines") == [(0,)]
    assert intact(desk)


def test_a_moment_before_the_end_of_the_wait_it_still_waits(desk: Desk, maker: Maker) -> None:
    desk.send(maker.ordinary().declaration)
    desk.clock.moment += timedelta(hours=24) - timedelta(microseconds=1)
    desk.worker.drain()
    assert desk.statuses() == ["waiting"]


def test_a_repeated_list_gets_its_receipts_again(desk: Desk, maker: Maker) -> None:
    papers = maker.ordinary().full
    desk.send(*papers)
    first = desk.receipts()
    desk.send(papers[3])
    assert desk.receipts() == first * 2
    assert desk.ask("SELECT count(*) FROM decisions") == [(1,)]
    assert intact(desk)


def test_a_repeat_repeated_gets_them_once_more(desk: Desk, maker: Maker) -> None:
    order = maker.ordinary().full[0]
    desk.send(order)
    first = desk.receipts(Kind.ORDER)
    desk.send(order)
    desk.send(newer(order))
    assert desk.receipts(Kind.ORDER) == first * 3


def test_a_changed_repeat_is_refused_and_the_case_stands(desk: Desk, maker: Maker) -> None:
    papers = maker.ordinary().full
    desk.send(*papers)
    desk.send(newer(papers[0], consignee="云他人"))
    assert desk.receipts(Kind.ORDER)[-1] == -301010
    assert desk.statuses() == ["released"]


def test_an_order_cannot_be_changed_once_its_list_is_accepted(desk: Desk, maker: Maker) -> None:
    papers = maker.ordinary().full
    desk.send(*papers)
    desk.send(change(papers[0], consignee="云他人"))
    assert desk.receipts(Kind.ORDER)[-1] == -301011


def test_an_order_changed_while_the_list_waits_is_compared_in_its_new_form(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    wrong = replace(order, consignee="云他人")
    desk.send(wrong, payment, declaration)
    assert desk.statuses() == ["waiting"]
    desk.send(change(order))
    desk.send(waybill)
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT compared->>'order' FROM decisions ORDER BY version DESC LIMIT 1") == [("2",)]


def test_after_a_refusal_a_newer_list_is_decided_afresh(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    desk.send(order, payment, waybill, replace(declaration, buyer_name="云他人"))
    assert desk.statuses() == ["refused"]
    desk.send(newer(declaration))
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT version, list_version FROM cases") == [(2, 2)]
    assert intact(desk)


def test_the_same_refused_list_again_is_answered_as_before(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    wrong = replace(declaration, buyer_name="云他人")
    desk.send(order, payment, waybill, wrong)
    first = desk.receipts()
    desk.send(wrong)
    assert desk.receipts() == first * 2


def test_a_second_list_for_one_order_is_refused(desk: Desk, maker: Maker) -> None:
    papers = maker.ordinary().full
    desk.send(*papers)
    desk.send(replace(papers[3], cop_no="ANOTHER"))
    assert sorted(desk.statuses()) == ["refused", "released"]
    assert desk.ask("SELECT reasons FROM cases WHERE list_key = 'ANOTHER'")[0][0] == ["CEB-DUPLICATE"]


def test_of_two_lists_for_one_order_in_one_batch_the_first_wins(desk: Desk, maker: Maker) -> None:
    papers = maker.ordinary().full
    desk.send(*papers, replace(papers[3], cop_no="ANOTHER"))
    assert sorted(desk.statuses()) == ["refused", "released"]


def test_a_refused_list_frees_its_order_for_another(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    desk.send(order, payment, waybill, replace(declaration, buyer_name="云他人"))
    desk.send(replace(declaration, cop_no="ANOTHER"))
    assert desk.ask("SELECT status FROM cases WHERE list_key = 'ANOTHER'") == [("released",)]


def inspected(desk: Desk, maker: Maker) -> OfficerAct:
    """A parcel the invented zone's officers ask to see, and the act that releases it."""
    toys = next(goods for goods in world.GOODS if goods.gcode.startswith("95030060"))
    papers = maker.parcel("1210", ((toys, 1),), maker.person(1)).full
    desk.send(*papers)
    assert desk.statuses() == ["inspection"]
    return OfficerAct(
        guid=maker.guid(),
        subject=papers[3].ref,
        officer="guan01",
        verdict=OfficerVerdict.RELEASE,
        reason="查验无异常",
        seen_version=1,
    )


def test_an_officer_releases_what_was_inspected(desk: Desk, maker: Maker) -> None:
    desk.send(inspected(desk, maker))
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT state FROM documents WHERE kind = 'officer_act'") == [("accepted",)]
    assert intact(desk)


def test_an_act_on_an_older_version_is_refused(desk: Desk, maker: Maker) -> None:
    act = inspected(desk, maker)
    desk.send(act)
    desk.send(replace(act, guid=maker.guid(), verdict=OfficerVerdict.REFUSE))
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT state FROM documents WHERE kind = 'officer_act' ORDER BY inbox_id DESC LIMIT 1") == [
        ("refused",)
    ]


def test_an_officers_refusal_gives_everything_back(desk: Desk, maker: Maker) -> None:
    desk.send(replace(inspected(desk, maker), verdict=OfficerVerdict.REFUSE))
    assert desk.statuses() == ["refused"]
    assert desk.ask("SELECT sum(reserved), sum(settled) FROM accounts") == [(0, 0)]
    assert desk.ask("SELECT count(*) FROM match_index WHERE list_key <> ''") == [(0,)]
    assert intact(desk)


def test_a_case_that_breaks_the_judgement_is_set_aside_and_others_go_on(
    desk: Desk, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = maker.ordinary().full, maker.ordinary().full
    decide = hearing.decide

    def breaking(papers: Papers, court: Court) -> Decision:
        if papers.declaration.ref == broken[3].ref:
            raise ZeroDivisionError("a fault of ours")
        return decide(papers, court)

    monkeypatch.setattr(hearing, "decide", breaking)
    report = desk.send(*broken, *sound)
    assert report.failed == 1
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT key, error FROM set_aside") == [(broken[3].ref.key, "ZeroDivisionError: a fault of ours")]
    assert intact(desk)


def test_a_row_the_database_refuses_is_set_aside_alone(
    desk: Desk, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = maker.ordinary().full[0], maker.ordinary().full[0]
    answer = hearing.answer

    def breaking(received: Received, court: Court, user: Case | None) -> Answer:
        said = answer(received, court, user)
        if received.ref != broken.ref:
            return said
        return replace(said, receipts=tuple(replace(one, info="\x00") for one in said.receipts))

    monkeypatch.setattr(hearing, "answer", breaking)
    desk.send(broken, sound)
    assert desk.ask("SELECT key FROM set_aside") == [(broken.ref.key,)]
    assert desk.ask("SELECT state FROM documents WHERE key = %s", sound.ref.key) == [("accepted",)]


def test_a_case_another_worker_is_at_is_left_for_later(desk: Desk, maker: Maker) -> None:
    papers = maker.ordinary().full
    desk.register(*papers)
    ref = papers[3].ref
    with desk.pool.connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s || chr(31) || %s, 0))", [ref.owner, ref.key])
        report = desk.worker.run_once()
        assert (report.claimed, report.answered, report.decided, report.returned) == (4, 3, 0, 1)
        assert desk.worker.run_once().returned == 1
    assert desk.worker.drain().decided == 1
    assert desk.statuses() == ["released"]


def test_a_change_that_waited_while_its_list_was_accepted_comes_too_late(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    desk.send(order, payment, declaration)
    desk.worker = Worker(desk.pool, desk.clock, Duty(conditions=desk.conditions, batch=1))
    desk.send(waybill, change(order, note="too late"))
    assert desk.statuses() == ["released"]
    assert desk.receipts(Kind.ORDER) == [2, 120, -301011]
    assert desk.ask("SELECT state FROM documents WHERE kind = 'order' ORDER BY version") == [
        ("accepted",),
        ("refused",),
    ]


def test_a_payment_moved_to_another_order_no_longer_counts_for_the_first(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    desk.send(payment)
    desk.send(change(payment, order_no="ANOTHER-ORDER"))
    desk.send(order, waybill, declaration)
    assert desk.statuses() == ["waiting"]
    assert desk.ask("SELECT state FROM documents WHERE kind = 'payment' ORDER BY version") == [
        ("replaced",),
        ("accepted",),
    ]


def test_a_deleted_draft_of_a_change_leaves_what_stood(desk: Desk, maker: Maker) -> None:
    order, payment, waybill, declaration = maker.ordinary().full
    desk.send(order)
    draft = change(order, note="never declared")
    draft = replace(draft, head=replace(draft.head, app_status="1"))
    desk.send(draft)
    desk.send(replace(draft, head=replace(newer(draft).head, app_type="3")))
    assert desk.receipts(Kind.ORDER) == [2, 120, 1, 1]
    desk.send(payment, waybill, declaration)
    assert desk.statuses() == ["released"]
    assert desk.ask("SELECT state FROM documents WHERE kind = 'order' ORDER BY version") == [
        ("accepted",),
        ("replaced",),
        ("replaced",),
    ]

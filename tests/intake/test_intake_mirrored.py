"""Receipts of customs through the same door, where customs is elsewhere: kept, matched, folded, and shown beside ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg_pool import ConnectionPool

from sandan.api.showing import case_shown
from sandan.clearance.facts import Conditions
from sandan.clearance.mirror import fold
from sandan.console.timeline import happenings
from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.intake.door import Door
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.mirrored import receipts_of
from sandan.intake.reading import DoorSettings
from sandan.law import at
from sandan.sandbox.parcels import Parcel
from sandan.store import mirrored
from sandan.store.users import Seat
from sandan.store.users import User
from sandan.store.views.case import CaseFile
from sandan.store.views.case import case_file
from sandan.store.views.scope import EVERYTHING
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.write import receipts
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
OFFICER = User(account="guan01", name="关员", seat=Seat.OFFICER)


@pytest.fixture
def remote(seeded: ConnectionPool[Any], clock: Any) -> Door:
    return Door(seeded, clock, DoorSettings(mirrors_customs=True))


def answered(parcel: Parcel, status: int, info: str, seconds: int = 0, kind: Kind = Kind.LIST) -> bytes:
    """The message customs answers a paper of the parcel with."""
    paper: Any = dict(zip((Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL, Kind.LIST), parcel.full, strict=True))[kind]
    names = ("ebp_code", "ebc_code", "order_no", "pay_code", "pay_transaction_id", "logistics_code", "logistics_no")
    keys = {name: getattr(paper, name) for name in (*names, "agent_code", "cop_no") if hasattr(paper, name)}
    receipt = Receipt(
        guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94",
        subject=paper.ref,
        recipient="0131960301",
        status=status,
        info=info,
        at=NOW + timedelta(seconds=seconds),
        pre_no="B20261120000000001" if kind is Kind.LIST else "",
        **keys,
    )
    (message,) = receipts([receipt])
    return message


def bring(door: Door, body: bytes, channel: Channel = Channel.FOLDER) -> Acknowledgement:
    return door.submit([Arrival(body=body, channel=channel)])[0]


def decided(door: Door, seeded: ConnectionPool[Any], clock: Any, post: Mapping[str, bytes]) -> None:
    door.submit([Arrival(body=body) for body in post.values()])
    conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
    Worker(seeded, clock, Duty(conditions=conditions)).drain()


def the_file(seeded: ConnectionPool[Any], parcel: Parcel) -> CaseFile:
    with seeded.connection() as conn:
        file = case_file(conn, parcel.declaration.ref, EVERYTHING)
    assert file is not None
    return file


def test_receipts_are_read_from_all_four_messages(parcel: Parcel) -> None:
    for kind in (Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL, Kind.LIST):
        (one,) = receipts_of(decode(parse(answered(parcel, 120, "[Code:1800;Desc:逻辑校验通过]", kind=kind))), NOW)
        assert one.subject.kind is kind
        assert (one.status, one.return_time) == (120, "20261120100000000")


def test_a_status_that_is_no_number_is_kept_as_unknown(parcel: Parcel) -> None:
    body = answered(parcel, 120, "x").replace(b">120<", b">12A<")
    (one,) = receipts_of(decode(parse(body)), NOW)
    assert (one.status, one.info) == (0, "[12A]x")
    assert not one.is_known


def test_an_order_is_no_receipt(post: Mapping[str, bytes]) -> None:
    assert receipts_of(decode(parse(post["order"])), NOW) == ()


def test_where_we_are_customs_a_receipt_is_not_taken(door: Door, parcel: Parcel) -> None:
    acknowledged = bring(door, answered(parcel, 800, "[Code:2600;Desc:放行]"))
    assert acknowledged.outcome is Outcome.REFUSED
    assert acknowledged.faults[0].code == "not-a-request"


def test_a_stranger_brings_no_receipts(remote: Door, parcel: Parcel) -> None:
    """Receipts are not signed, so only the channel the operator has set up for customs is believed."""
    acknowledged = bring(remote, answered(parcel, 800, "[Code:2600;Desc:放行]"), Channel.HTTP)
    assert acknowledged.outcome is Outcome.REFUSED


def test_receipts_out_of_order_stand_on_the_case_beside_ours(
    remote: Door, seeded: ConnectionPool[Any], clock: Any, post: Mapping[str, bytes], parcel: Parcel
) -> None:
    decided(remote, seeded, clock, post)
    late = answered(parcel, 100, "[Code:1300;Desc:人工退单，订购人身份证号码有误]", 60)
    early = answered(parcel, 2, "清单新增申报成功[X]", 5)
    assert [bring(remote, body).outcome for body in (late, early, late)] == [Outcome.REGISTERED] * 3
    file = the_file(seeded, parcel)
    mirror = fold(file.mirrored)
    assert mirror.standing is not None
    assert (mirror.standing.status, len(mirror.timeline)) == (100, 2)
    assert file.case.status == "released"
    shown = case_shown(file, OFFICER, at)
    assert shown["customs"]["differs_from_ours"] is True
    assert shown["customs"]["port"]["status"] == 2
    assert shown["customs"]["standing"]["meaning"]["retry"] == "fix-and-resend"
    assert [item["status"] for item in shown["timeline"] if item["what"] == "mirrored"] == [2, 100]
    assert [one.name for one in happenings(file) if one.what == "mirrored"] == ["2", "100"]


def test_a_payments_receipt_finds_its_platform(
    remote: Door, seeded: ConnectionPool[Any], clock: Any, post: Mapping[str, bytes], parcel: Parcel
) -> None:
    decided(remote, seeded, clock, post)
    bring(remote, answered(parcel, 120, "[Code:1800;Desc:逻辑校验通过]", kind=Kind.PAYMENT))
    (one,) = the_file(seeded, parcel).mirrored
    assert one.subject == parcel.payment.ref


def test_a_receipt_nobody_sent_a_paper_for_is_kept_without_an_owner(
    remote: Door, seeded: ConnectionPool[Any], parcel: Parcel
) -> None:
    body = answered(parcel, 120, "x", kind=Kind.PAYMENT)
    assert bring(remote, body).outcome is Outcome.REGISTERED
    subject = replace(parcel.payment.ref, owner="")
    with seeded.connection() as conn:
        assert mirrored.of_papers(conn, [parcel.payment.ref]) == ()
        assert [one.subject for one in mirrored.of_papers(conn, [subject])] == [subject]
        assert mirrored.of_papers(conn, []) == ()


def test_what_came_is_never_changed(remote: Door, seeded: ConnectionPool[Any], parcel: Parcel) -> None:
    bring(remote, answered(parcel, 800, "[Code:2600;Desc:放行]"))
    with pytest.raises(psycopg.errors.RaiseException), seeded.connection() as conn:
        conn.execute("DELETE FROM mirrored_receipts")


def test_a_case_without_receipts_of_customs_says_nothing_of_them(
    remote: Door, seeded: ConnectionPool[Any], clock: Any, post: Mapping[str, bytes], parcel: Parcel
) -> None:
    decided(remote, seeded, clock, post)
    assert case_shown(the_file(seeded, parcel), OFFICER, at)["customs"] is None


def test_a_receipt_of_a_list_without_a_declarant_is_matched_by_its_number(parcel: Parcel) -> None:
    body = answered(parcel, 800, "x").replace(f"<agentCode>{parcel.declaration.agent_code}</agentCode>".encode(), b"")
    (one,) = receipts_of(decode(parse(body)), NOW)
    assert one.subject == Ref(Kind.LIST, "", parcel.declaration.cop_no)

"""The door over a real database: bytes durable in every case, repeats answered as the first time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import psycopg
import pytest
from lxml import etree
from msgspec import structs
from psycopg_pool import ConnectionPool

from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Ref
from sandan.intake import acts
from sandan.intake import door as door_module
from sandan.intake.dialects import cebcmsg
from sandan.intake.dialects import form
from sandan.intake.door import Door
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Parcel
from sandan.store import bodies
from sandan.terms.days import SHANGHAI
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import wrap

CEB = "{http://www.chinaport.gov.cn/ceb}"


def one(door: Door, body: bytes, **more: Any) -> Acknowledgement:
    return door.submit([structs.replace(Arrival(body=body), **more)])[0]


def kept(seeded: ConnectionPool[Any], receipt_id: int) -> bytes:
    with seeded.connection() as conn:
        row = conn.execute("SELECT body FROM inbox WHERE id = %s", (receipt_id,)).fetchone()
    assert row is not None
    return bodies.unpack(row[0])


def enveloped(body: bytes, number: str, at: datetime = datetime(2026, 11, 20, tzinfo=SHANGHAI)) -> bytes:
    info = TransInfo(
        cop_msg_id=number,
        sender_id="DXPENT0000900101",
        receiver_ids=("DXPEDCCEB0000002",),
        created=at,
        message_type="",
    )
    return wrap(body, info)


class TestTaken:
    def test_four_messages_in_one_batch_in_order(self, door: Door, post: Mapping[str, bytes]) -> None:
        answers = door.submit([Arrival(body=body) for body in post.values()])
        assert [answer.documents[0].ref.kind for answer in answers] == [
            Kind.ORDER,
            Kind.PAYMENT,
            Kind.WAYBILL,
            Kind.LIST,
        ]
        assert [answer.receipt_id for answer in answers] == sorted(answer.receipt_id for answer in answers)
        assert all(answer.outcome is Outcome.REGISTERED and not answer.faults for answer in answers)

    def test_workers_find_them_queued(self, door: Door, seeded: ConnectionPool[Any], post: Mapping[str, bytes]) -> None:
        door.submit([Arrival(body=body) for body in post.values()])
        with seeded.connection() as conn:
            assert conn.execute("SELECT count(*) FROM queue").fetchone() == (4,)

    def test_nothing_submitted_is_nothing_done(self, door: Door) -> None:
        assert door.submit([]) == []

    def test_an_officers_act_comes_through_the_same_door(self, door: Door) -> None:
        deciding = acts.Deciding(verdict=OfficerVerdict.RELEASE, reason="核对无误", seen_version=2)
        act = acts.act_on(Ref(Kind.LIST, world.AGENT, "C1"), "guan", deciding)
        answer = door.submit([acts.arrival_of(act)])[0]
        assert (answer.outcome, answer.message_type) == (Outcome.REGISTERED, acts.MESSAGE_TYPE)
        assert answer.documents[0].ref == act.ref

    def test_an_act_under_another_name_is_refused(self, door: Door) -> None:
        deciding = acts.Deciding(verdict=OfficerVerdict.RELEASE, reason="核对无误", seen_version=2)
        act = acts.act_on(Ref(Kind.LIST, world.AGENT, "C1"), "guan", deciding)
        answer = door.submit([structs.replace(acts.arrival_of(act), actor="li")])[0]
        assert [fault.code for fault in answer.faults] == ["act-not-own"]


class TestKept:
    @pytest.mark.parametrize(
        "body", [b"", b"hello", b"<a/>", b"\xff\xfe\x00", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>']
    )
    def test_garbage_is_kept_and_answered(self, door: Door, seeded: ConnectionPool[Any], body: bytes) -> None:
        answer = one(door, body)
        assert answer.outcome is not Outcome.REGISTERED
        assert kept(seeded, answer.receipt_id) == body

    def test_the_answer_is_a_ceb900_with_every_fault(self, door: Door, post: Mapping[str, bytes]) -> None:
        answer = one(door, post["order"].replace(b"<ceb:currency>142<", b"<ceb:currency>502<"))
        root = etree.fromstring(answer.answer)
        assert root.tag == f"{CEB}CEB900Message"
        info = root.findtext(f".//{CEB}returnInfo") or ""
        assert all(fault.what.zh in info for fault in answer.faults)
        assert int(root.findtext(f".//{CEB}returnStatus") or 0) < 0
        assert root.findtext(f".//{CEB}oriMessageType") == "CEB311Message"

    def test_the_original_comes_back_in_it(self, door: Door, post: Mapping[str, bytes]) -> None:
        broken = post["order"].replace(b"<ceb:qty>", b"<ceb:qty>x")
        root = etree.fromstring(one(door, broken).answer)
        assert (root.findtext(f".//{CEB}oriBizMessage") or "").encode() == broken

    def test_the_envelope_is_kept_whole(
        self, door: Door, seeded: ConnectionPool[Any], post: Mapping[str, bytes]
    ) -> None:
        body = enveloped(post["order"], "E-1")
        assert kept(seeded, one(door, body).receipt_id) == body

    def test_a_reader_that_fails_costs_nobody_the_bytes(
        self, door: Door, seeded: ConnectionPool[Any], post: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A mistake of our own becomes a fault, and the others of the batch are taken."""
        reader = door_module.read

        def fails_on_mine(arrival: Arrival, desk: object) -> object:
            if arrival.body == b"mine":
                raise RuntimeError("a mistake")
            return reader(arrival, desk)

        monkeypatch.setattr(door_module, "read", fails_on_mine)
        mine, other = door.submit([Arrival(body=b"mine"), Arrival(body=post["order"])])
        assert ([fault.code for fault in mine.faults], other.outcome) == (["unexpected"], Outcome.REGISTERED)
        assert kept(seeded, mine.receipt_id) == b"mine"


class TestRepeats:
    def test_the_same_bytes_get_the_first_answer(self, door: Door, post: Mapping[str, bytes]) -> None:
        first = one(door, post["order"])
        again = one(door, post["order"])
        assert (again.repeat, again.receipt_id) == (True, first.receipt_id)
        assert [(item.ref, item.version, item.state) for item in again.documents] == [
            (item.ref, item.version, "repeat") for item in first.documents
        ]

    def test_a_refusal_is_repeated_to_the_last_byte(self, door: Door, post: Mapping[str, bytes]) -> None:
        broken = post["order"].replace(b"<ceb:qty>", b"<ceb:qty>x")
        first, again = one(door, broken), one(door, broken)
        assert (again.answer, again.faults, again.receipt_id) == (first.answer, first.faults, first.receipt_id)

    def test_the_same_bytes_twice_in_one_batch(self, door: Door, post: Mapping[str, bytes]) -> None:
        first, again = door.submit([Arrival(body=post["order"])] * 2)
        assert (first.repeat, again.repeat, again.receipt_id) == (False, True, first.receipt_id)

    def test_the_same_content_in_other_bytes(
        self, door: Door, office: Office, parcel: Parcel, post: Mapping[str, bytes]
    ) -> None:
        first = one(door, post["order"])
        again = one(door, office.message([parcel.order]).data)
        assert (again.repeat, again.documents[0].version) == (True, first.documents[0].version)
        assert again.receipt_id != first.receipt_id

    def test_ten_senders_at_once_are_one_message(self, door: Door, post: Mapping[str, bytes]) -> None:
        barrier = threading.Barrier(10)

        def send() -> Acknowledgement:
            barrier.wait()
            return one(door, post["order"])

        with ThreadPoolExecutor(10) as senders:
            answers = [future.result() for future in [senders.submit(send) for _ in range(10)]]
        assert len({answer.receipt_id for answer in answers}) == 1
        assert sum(not answer.repeat for answer in answers) == 1


class TestEnvelopeIds:
    def test_the_same_id_and_data_is_a_repeat_whenever_it_was_wrapped(
        self, door: Door, post: Mapping[str, bytes]
    ) -> None:
        first = one(door, enveloped(post["order"], "E-1"))
        later = one(door, enveloped(post["order"], "E-1", datetime(2026, 11, 21, tzinfo=SHANGHAI)))
        assert (first.outcome, later.outcome, later.repeat) == (Outcome.REGISTERED, Outcome.REGISTERED, True)

    def test_the_same_id_with_other_data_is_refused_and_kept(
        self, door: Door, seeded: ConnectionPool[Any], post: Mapping[str, bytes]
    ) -> None:
        first = one(door, enveloped(post["order"], "E-1"))
        body = enveloped(post["payment"], "E-1")
        other = one(door, body)
        assert (other.outcome, [fault.code for fault in other.faults]) == (Outcome.REFUSED, ["dxp-id-reused"])
        assert str(first.receipt_id) in other.faults[0].expected
        assert kept(seeded, other.receipt_id) == body

    def test_also_within_one_batch(self, door: Door, post: Mapping[str, bytes]) -> None:
        bodies = [enveloped(post["order"], "E-1"), enveloped(post["payment"], "E-1")]
        answers = door.submit([Arrival(body=body) for body in bodies])
        assert [answer.outcome for answer in answers] == [Outcome.REGISTERED, Outcome.REFUSED]

    def test_another_sender_may_use_the_id(self, door: Door, post: Mapping[str, bytes]) -> None:
        one(door, enveloped(post["order"], "E-1"))
        other = enveloped(post["payment"], "E-1").replace(b"DXPENT0000900101", b"DXPENT0000900501")
        assert one(door, other).outcome is Outcome.REGISTERED


class TestStoreDown:
    def test_nothing_is_acknowledged_when_the_store_is_gone(
        self, door: Door, seeded: ConnectionPool[Any], post: Mapping[str, bytes]
    ) -> None:
        with seeded.connection() as conn:
            conn.execute("ALTER TABLE inbox RENAME TO gone")
        with pytest.raises(psycopg.Error):
            one(door, post["order"])


class TestPoison:
    @pytest.mark.parametrize(
        "arrival",
        [
            cebcmsg.read(b'{"message":{"messageBody":{"data":"\\u0000*"}}}', "application/json"),
            form.read(b"data=%00%ff", "application/x-www-form-urlencoded"),
            Arrival(body=b'{"type":"officer_act","guid":"\\u0000"}', channel=Channel.OFFICER, actor="guan"),
            Arrival(body=b"\x00\x00<a/>"),
        ],
    )
    def test_a_zero_character_is_kept_and_answered(
        self, door: Door, seeded: ConnectionPool[Any], arrival: Arrival
    ) -> None:
        """PostgreSQL holds no zero character in a text; nothing the sender writes may get that far."""
        answer = door.submit([arrival])[0]
        assert answer.outcome is not Outcome.REGISTERED
        assert kept(seeded, answer.receipt_id) == arrival.body

    def test_an_act_with_a_zero_character_is_refused(self, door: Door) -> None:
        deciding = acts.Deciding(verdict=OfficerVerdict.RELEASE, reason="核\x00对", seen_version=2)
        answer = door.submit([acts.arrival_of(acts.act_on(Ref(Kind.LIST, world.AGENT, "C1"), "guan", deciding))])[0]
        assert [fault.code for fault in answer.faults] == ["act-unreadable"]

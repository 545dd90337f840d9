"""Customs asks an invented platform on loopback, takes its upload, and keeps everything."""

from __future__ import annotations

import socket
import threading
from base64 import b64encode
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from urllib.parse import parse_qs
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.client import realtime as client
from sandan.intake.door import Door
from sandan.intake.facts import Arrival
from sandan.intake.realtime import Desk
from sandan.intake.realtime import call
from sandan.intake.realtime import pinned
from sandan.oversight.decide import Asked
from sandan.oversight.facts import Demand
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.realtime import Platform
from sandan.sandbox.realtime import data_of
from sandan.sandbox.realtime import listening
from sandan.sandbox.ukey import SoftwareCard
from sandan.sandbox.ukey import control
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner
from sandan.signing.ukey import Card
from sandan.signing.ukey import Pin
from sandan.signing.ukey import UkeySigner
from sandan.store import realtime as store
from sandan.store.audit import verify as audit
from sandan.wire.realtime import Opening
from sandan.wire.realtime import read_upload
from sandan.wire.realtime_text import answer_form
from sandan.wire.realtime_text import result

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ORDER, PAYMENT, _, _ = Maker(7, NOW, "RTI").ordinary().full


class HandClock:
    """A clock that is set by hand."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def card(test_authority: Authority) -> SoftwareSigner:
    """The platform's SM2 key for payment data."""
    return test_authority.issue("测试平台", world.PLATFORM, Algorithm.SM2_SM3, date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def desk(seeded: ConnectionPool, clock: HandClock) -> Desk:
    return Desk(seeded, clock, law.at)


@pytest.fixture
def platform(card: SoftwareSigner, clock: HandClock) -> Platform:
    return Platform(card, {ORDER.order_no: data_of(ORDER, PAYMENT)}, clock.now)


@pytest.fixture
def url(platform: Platform, desk: Desk, seeded: ConnectionPool, card: SoftwareSigner, office: Office) -> Iterator[str]:
    """The platform's address, registered, its order and payment declared, and customs listening for its upload."""
    Door(seeded, HandClock()).submit([Arrival(body=office.message([paper]).data) for paper in (ORDER, PAYMENT)])
    with listening(lambda body: _answer(desk, body)) as customs, listening(platform.take) as address:
        platform.customs = customs
        with seeded.connection() as conn:
            certificates = {card.key_name: card.certificate_der}
            endpoint = store.Endpoint(ebp_code=world.PLATFORM, url=address, certificates=certificates)
            store.save_endpoint(conn, endpoint, "platform", NOW)
        yield address


@pytest.fixture
def ask(desk: Desk, platform: Platform, url: str, seeded: ConnectionPool) -> Callable[[], store.DemandFile]:
    """Asks for the order and gives everything that came of it."""

    def asked(session_id: str = "SESSION-1", order_no: str = ORDER.order_no) -> store.DemandFile:
        assert url
        demand = desk.ask(Asked(session_id=session_id, ebp_code=world.PLATFORM, order_no=order_no, officer="guan"))
        assert demand is not None
        platform.finish()
        with seeded.connection() as conn:
            file = store.demand_file(conn, session_id)
        assert file is not None
        return file

    return asked


def test_a_demand_is_answered_and_agrees_with_what_was_declared(
    ask: Callable[[], store.DemandFile], platform: Platform
) -> None:
    file = ask()
    (upload,) = file.uploads
    assert platform.results[0].stored
    assert (upload.judgement.code, upload.judgement.findings) == ("10000", ())
    assert [field.agrees for field in upload.judgement.compared] == [True] * 6
    assert file.call is not None
    assert file.call.findings == ()


def test_a_session_is_stored_once(ask: Callable[[], store.DemandFile], desk: Desk, platform: Platform) -> None:
    sent: list[bytes] = []
    platform.spoil = lambda form: sent.append(form) or form
    ask()
    judged = desk.receive(sent[0])
    assert (judged.code, judged.message) == ("20000", "上传失败，入库失败")


def test_of_uploads_at_once_one_is_stored(ask: Callable[[], store.DemandFile], desk: Desk, platform: Platform) -> None:
    sent: list[bytes] = []
    platform.spoil = lambda form: sent.append(form) or b"payExInfoStr="
    ask()
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(desk.receive(sent[0]).code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["10000", "20000", "20000", "20000"]


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA1])
def test_a_platform_that_signs_with_a_card(
    algorithm: Algorithm, test_authority: Authority, desk: Desk, seeded: ConnectionPool
) -> None:
    key = test_authority.issue("测试平台", world.PLATFORM, algorithm, date(2026, 1, 1), date(2026, 12, 31))
    with seeded.connection() as conn:
        endpoint = store.Endpoint(
            ebp_code=world.PLATFORM, url="http://127.0.0.1:9/", certificates={key.key_name: key.certificate_der}
        )
        store.save_endpoint(conn, endpoint, "platform", NOW)
    desk.ask(Asked(session_id="S", ebp_code=world.PLATFORM, order_no=ORDER.order_no, officer="guan"))
    opening = Opening(order_no=ORDER.order_no, session_id="S", service_time="1")
    with control(SoftwareCard(key, "1357")) as address, UkeySigner(Card(url=address), Pin("1357")) as signer:
        signed = client.answer(opening, data_of(ORDER, PAYMENT), signer, NOW)
    assert desk.receive(answer_form(signed)).stored


def test_an_upload_that_failed_may_be_sent_again_in_time(
    ask: Callable[[], store.DemandFile], desk: Desk, platform: Platform
) -> None:
    sent: list[bytes] = []
    platform.spoil = lambda form: sent.append(form) or form.replace(b"SESSION-1", b"SESSION-2")
    ask()
    assert not platform.results[0].stored
    assert desk.receive(sent[0]).stored


def test_two_minutes_are_enough_and_a_moment_more_is_late(
    ask: Callable[[], store.DemandFile], desk: Desk, platform: Platform, clock: HandClock
) -> None:
    sent: list[bytes] = []
    platform.spoil = lambda form: sent.append(form) or b"payExInfoStr="
    ask()
    clock.moment = NOW + timedelta(seconds=120, microseconds=1)
    assert [finding.rule for finding in desk.receive(sent[0]).findings] == ["P179-LATE"]
    clock.moment = NOW + timedelta(seconds=120)
    assert desk.receive(sent[0]).stored


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ('"guid":"', '"guid":"a', ["P179-GUID-CASE", "P179-LENGTH"]),
        ('"currency":"142"', '"currency":"142" ', ["P179-SPACE", "P179-SIGNATURE", "P179-SIGNED-BEFORE"]),
        ("/", "\\/", ["P179-ESCAPED", "P179-SIGNATURE", "P179-SIGNED-BEFORE"]),
        ('"certNo":"0', '"certNo":"', ["P179-CERT-CASE"]),
        ('"certNo":"', '"certNo":"1', ["P179-CERT-UNREGISTERED"]),
    ],
)
def test_what_is_changed_after_signing_is_named(
    before: str, after: str, rules: list[str], ask: Callable[[], store.DemandFile], platform: Platform
) -> None:
    platform.spoil = lambda form: _edit(form, before, after)
    (upload,) = ask().uploads
    assert sorted({finding.rule for finding in upload.judgement.findings} - _BESIDE) == sorted(set(rules) - _BESIDE)
    assert not upload.judgement.stored


def test_a_guid_that_was_changed_to_upper_case_after_signing_is_explained(
    ask: Callable[[], store.DemandFile], card: SoftwareSigner, platform: Platform
) -> None:
    def lower_signed(form: bytes) -> bytes:
        upload = read_upload(form)
        text = upload.posted.replace(data_of(ORDER, PAYMENT).head.guid.encode(), PAYMENT.head.guid.lower().encode())
        return _edit(form, b64encode(upload.signature).decode(), b64encode(card.sign(text)).decode())

    platform.spoil = lower_signed
    (upload,) = ask().uploads
    assert [finding.rule for finding in upload.judgement.findings] == ["P179-SIGNATURE", "P179-SIGNED-BEFORE"]


def test_an_unknown_order_is_acknowledged_and_never_answered(ask: Callable[..., store.DemandFile]) -> None:
    file = ask("SESSION-9", "NO-SUCH-ORDER")
    assert file.call is not None
    assert (file.call.findings, file.uploads) == ((), ())


def test_a_platform_that_answers_something_else_at_once(
    ask: Callable[[], store.DemandFile], platform: Platform
) -> None:
    platform.greeting = b"OK"
    call_made = ask().call
    assert call_made is not None
    assert [(finding.rule, finding.found.value) for finding in call_made.findings] == [("P179-ACKNOWLEDGED", "OK")]


def test_a_platform_nobody_answers_at(ask: Callable[[], store.DemandFile], seeded: ConnectionPool) -> None:
    with seeded.connection() as conn:
        endpoint = store.Endpoint(ebp_code=world.PLATFORM, url="http://127.0.0.1:9/", certificates={})
        store.save_endpoint(conn, endpoint, "platform", NOW)
    call_made = ask().call
    assert call_made is not None
    assert "ConnectError" in call_made.answer
    assert [finding.rule for finding in call_made.findings] == ["P179-ACKNOWLEDGED"]


def test_a_platform_that_never_registered_is_not_asked(desk: Desk) -> None:
    assert desk.ask(Asked(session_id="S", ebp_code="0131960999", order_no="D", officer="guan")) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://10.1.2.3/", "http://localhost/", "http://["])
def test_an_address_inside_is_not_called_where_only_public_ones_may_be(url: str) -> None:
    demand = Demand(session_id="S", ebp_code="E", order_no="D", officer="g", issued_at=NOW, due_at=NOW)
    reply = call(url, demand, public_only=True)
    assert reply.answer.startswith(("ValueError", "gaierror"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://8.8.8.8/callback?a=1", "http://8.8.8.8/callback?a=1"),
        ("http://8.8.8.8:8080/", "http://8.8.8.8:8080/"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/"),
    ],
)
def test_an_address_outside_is_called_by_its_number(url: str, address: str) -> None:
    assert pinned(url)[0] == address
    assert pinned(url)[1]["Host"] in url


def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("169.254.169.254", 80))])
    with pytest.raises(ValueError, match="not a public address"):
        pinned("http://platform.example/")


def test_no_more_of_an_answer_is_read_than_an_acknowledgement_can_have(
    ask: Callable[[], store.DemandFile], platform: Platform
) -> None:
    platform.greeting = b"x" * 1_000_000
    call_made = ask().call
    assert call_made is not None
    assert call_made.answer == "x" * 500


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"payExInfoStr={}", b'payExInfoStr={"sessionID":"\\u0000"}'])
def test_whatever_arrives_is_kept_and_refused(body: bytes, desk: Desk, seeded: ConnectionPool) -> None:
    assert not desk.receive(body).stored
    with seeded.connection() as conn:
        assert conn.execute("SELECT session_id, code FROM realtime_answers").fetchall() == [("", "20000")]


def test_rows_are_never_changed_and_the_journal_holds(
    ask: Callable[[], store.DemandFile], seeded: ConnectionPool
) -> None:
    ask()
    with seeded.connection() as conn:
        assert audit(conn).ok
        kinds = conn.execute("SELECT kind FROM journal WHERE kind LIKE 'realtime-%' ORDER BY kind").fetchall()
        assert kinds == [("realtime-answer",), ("realtime-demand",)]
        with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
            conn.execute("UPDATE realtime_answers SET code = '20000'")
        conn.rollback()


_BESIDE = {"P179-SIGNATURE", "P179-SIGNED-BEFORE", "P179-LENGTH"}
"""What a change brings with it by necessity."""


def _answer(desk: Desk, body: bytes) -> bytes:
    judged = desk.receive(body)
    return result(judged.code, judged.message, "1795140000000")


def _edit(form: bytes, before: str, after: str) -> bytes:
    (text,) = parse_qs(form.decode())["payExInfoStr"]
    assert before in text
    return urlencode({"payExInfoStr": text.replace(before, after)}).encode()

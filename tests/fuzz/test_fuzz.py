"""Every reader, whatever the bytes are: nothing is raised, and what is not taken has a reason of the one shape.

An ordinary run draws some dozens of bytes for each reader; ``make fuzz`` searches for minutes.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from datetime import datetime
from urllib.parse import quote_from_bytes

import pytest
import xlsxwriter
from hypothesis import strategies as st
from lxml import etree
from mutations import NASTY
from mutations import anything

from sandan import law
from sandan.client import realtime as client
from sandan.intake.dialects import spoken
from sandan.intake.dialects.facts import Dialect
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.intake.reading import Desk
from sandan.intake.reading import read
from sandan.law.overlay import LawFile
from sandan.law.overlay import check
from sandan.law.rows import TABLES
from sandan.oversight.facts import Papers
from sandan.parties.facts import Registry
from sandan.sandbox import lawfiles
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.parcels import Maker
from sandan.sandbox.realtime import Rehearsal
from sandan.sandbox.realtime import Stage
from sandan.sandbox.realtime import data_of
from sandan.signing.doctor import diagnose
from sandan.signing.facts import Policy
from sandan.signing.port import Algorithm
from sandan.signing.verify import verify
from sandan.wire import specimen
from sandan.wire.definitions import definitions
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import unwrap
from sandan.wire.dxp import wrap
from sandan.wire.editions import Edition
from sandan.wire.inspect import inspect
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.realtime import NotADemandError
from sandan.wire.realtime import Opening
from sandan.wire.realtime import mistaken
from sandan.wire.realtime import read_demand
from sandan.wire.realtime import read_upload
from sandan.wire.realtime_text import answer_form
from sandan.wire.realtime_text import demand_form

Search = Callable[[Callable[[bytes], None], st.SearchStrategy[bytes]], None]

FAMILIES = {kind: sorted(name for name in definitions().messages if name.startswith(kind)) for kind in
            ("CEB2", "CEB3", "CEB4", "CEB5", "CEB6", "CEB7", "CEB8", "CEB9")}  # fmt: skip
TYPES = {"urlencoded": "application/x-www-form-urlencoded", "multipart": "multipart/form-data; boundary=B"}
PROLOG = b'<?xml version="1.0" encoding="UTF-8"?>'


def settle(data: bytes) -> None:
    """Reads bytes in every way of the wire; the assertions are the promise."""
    parsed = parse(data)
    assert parsed.root is not None or parsed.faults
    for reading in (decode(parsed, edition) for edition in Edition):
        assert reading.valid or reading.faults
        assert reading.schema_valid or reading.faults
        assert not reading.documents or reading.schema_valid
        assert all(fault.code and fault.remedy_zh and fault.remedy_en for fault in reading.faults)
    seen = inspect(data)
    assert seen.valid or seen.diagnosis


def open_envelope(data: bytes) -> None:
    opened = unwrap(data)
    assert opened is None or opened.data or opened.faults


def enveloped(message: bytes, now: datetime) -> bytes:
    info = TransInfo(
        cop_msg_id="ID-1",
        sender_id="DXPENT0000900101",
        receiver_ids=("DXPEDCCEB0000002",),
        created=now,
        message_type="CEB311Message",
    )
    return wrap(message, info)


def test_a_promise_that_does_not_hold_is_found(search: Search) -> None:
    def never_cut(data: bytes) -> None:
        assert data.endswith(b">")

    with pytest.raises(AssertionError):
        search(never_cut, anything([b"<a>1</a>"]))


def test_the_families_are_all_messages() -> None:
    assert sum(map(len, FAMILIES.values())) == len(definitions().messages) == 42


@pytest.mark.parametrize("family", FAMILIES)
def test_every_message(family: str, search: Search) -> None:
    names = FAMILIES[family]
    goods = [make(name) for name in names for make in (specimen.smallest, specimen.fullest)]
    search(settle, anything(goods))


@pytest.mark.parametrize("nasty", NASTY)
def test_something_nasty_alone(nasty: bytes) -> None:
    for data in (nasty, PROLOG + nasty + b"<a/>"):
        settle(data)
        open_envelope(data)


def test_envelopes(post: Sequence[bytes], now: datetime, search: Search) -> None:
    search(open_envelope, anything([enveloped(post[0], now), enveloped(b"<x/>", now).replace(b"dxp:", b"")]))


@pytest.mark.parametrize("dialect", spoken(), ids=lambda dialect: dialect.name)
def test_every_dialect(dialect: Dialect, post: Sequence[bytes], now: datetime, search: Search) -> None:
    """A dialect finds a message or says what is wrong; what any of them answers can be read."""

    def unwrapped(data: bytes) -> None:
        for kind in (*dialect.accepts, *TYPES.values()):
            arrival = dialect.read(data, kind)
            assert arrival.fault is None or (arrival.fault.what and arrival.fault.remedy)

    search(unwrapped, anything(wrappings(post[0], now)))


def wrappings(message: bytes, now: datetime) -> list[bytes]:
    """One message in the wrapping of every dialect."""
    packed = base64.b64encode(message)
    transfer = b"<GzeportTransfer><Data>" + packed + b"</Data></GzeportTransfer>"
    content = b"<content><![CDATA[" + message.partition(b"?>")[2] + b"]]></content>"
    part = b'--B\r\nContent-Disposition: form-data; name="%s"; filename="a.xml"\r\n\r\n%s\r\n--B--\r\n'
    body = {"message": {"messageHead": {"version": "1.0"}, "messageBody": {"data": packed.decode()}}}
    return [
        message,
        enveloped(message, now),
        b"data=" + quote_from_bytes(packed, safe="").encode(),
        b"messageText=" + quote_from_bytes(transfer, safe="").encode(),
        part % (b"data", packed),
        part % (b"messageText", transfer),
        transfer,
        b"<e:Envelope xmlns:e='urn:e'><e:Body><receive>" + content + b"</receive></e:Body></e:Envelope>",
        json.dumps(body).encode(),
    ]


def test_the_door(post: Sequence[bytes], now: datetime, world_registry: Registry, search: Search) -> None:
    """What is registered is what was signed; everything else is told why not."""
    desk = Desk(registry=world_registry, now=now)
    signed = {canonical(body) for body in post}

    def opened(data: bytes) -> None:
        found = read(Arrival(body=data), desk)
        if found.outcome is Outcome.REGISTERED:
            assert canonical(found.payload) in signed
        else:
            assert all(fault.code and fault.what and fault.remedy for fault in found.faults)
            assert found.faults

    search(opened, anything([*post, enveloped(post[0], now)]))


def canonical(body: bytes) -> bytes:
    """The message without its signature, as canonical XML."""
    root = etree.fromstring(body)
    for signature in root.findall("{*}Signature"):
        root.remove(signature)
    return etree.tostring(root, method="c14n")


def test_signatures(post: Sequence[bytes], now: datetime, search: Search) -> None:
    """A signature holds over what was signed, or its fault has a class and words."""
    signed = {canonical(body) for body in post}

    def judged(data: bytes) -> None:
        root = parse(data).root
        report = None if root is None else verify(root, Policy(at=now, algorithms=frozenset(Algorithm)))
        assert report is None or not report.ok or canonical(data) in signed

    search(judged, anything(post))


def test_the_doctor(post: Sequence[bytes], now: datetime, world_registry: Registry, search: Search) -> None:
    def told(data: bytes) -> None:
        diagnosis = diagnose(data, world_registry, now)
        assert diagnosis.verdict in {"valid", "refused", "unreadable"}
        assert diagnosis.verdict == "valid" or diagnosis.trouble

    search(told, anything(post))


def test_demands_of_payment_data(search: Search) -> None:
    def asked(data: bytes) -> None:
        with suppress(NotADemandError):
            assert read_demand(data).session_id

    search(asked, anything([demand_form("DD-1", "S-1", "1795140000000")]))


def test_uploads_of_payment_data(now: datetime, test_authority: Authority, search: Search) -> None:
    """Every upload is judged: stored, or refused with a code and a sentence."""
    signer = test_authority.issue("测试平台", world.PLATFORM, Algorithm.SM2_SM3, date(2026, 1, 1), date(2026, 12, 31))
    rehearsal = Rehearsal(
        url="",
        ebp_code=world.PLATFORM,
        order_no="DD-1",
        certificates={signer.key_name: signer.certificate_der},
        papers=Papers(),
        law=law.at(now.date()),
        wait_s=0,
    )
    stage = Stage(rehearsal, lambda: now)
    opening = Opening(order_no="DD-1", session_id=stage._demand.session_id, service_time="1795140000000")
    order, payment, *_ = Maker(7, now, "FUZZ").ordinary().full

    def judged(data: bytes) -> None:
        upload = read_upload(data)
        assert upload.answer or upload.slips
        assert all(one.rule for one in mistaken(upload))
        assert set(json.loads(stage.receive(data))) == {"code", "message", "total", "serviceTime"}

    search(judged, anything([answer_form(client.answer(opening, data_of(order, payment), signer, now))]))


@pytest.mark.parametrize("kind", TABLES)
def test_law_files(kind: str, search: Search) -> None:
    """A file is taken whole, or each fault says where it is and what was wanted."""

    def checked(data: bytes) -> None:
        faults = check(LawFile(kind=kind, name="file", body=data, source="公告"), production=False)
        assert all(str(fault) for fault in faults)

    search(checked, anything(tables(kind)))


def tables(kind: str) -> list[bytes]:
    """Rows of the kind as text and as a sheet."""
    known = {file.kind: file.body for file in lawfiles.all_files()}
    header = ",".join(TABLES[kind].columns).encode()
    text = b"\n".join(known.get(kind, header + b"\n" + b",".join([b"1"] * 9)).splitlines()[:12]) + b"\n"
    sheet = io.BytesIO()
    with xlsxwriter.Workbook(sheet, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(text.decode().splitlines()):
            page.write_row(number, 0, line.split(","))
    return [text, text, sheet.getvalue()]

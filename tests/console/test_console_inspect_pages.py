"""The inspector: anything pasted or uploaded is laid open, hidden from who may not see it, and stored nowhere."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from typing import Any

import httpx
import pytest
from lxml import html
from psycopg_pool import ConnectionPool

from sandan.sandbox import messages
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Parcel
from sandan.store.users import User
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import wrap

Visitor = Callable[..., httpx.Client]


@pytest.fixture
def order(office: Office, parcels: dict[str, Parcel]) -> bytes:
    """A signed order of the played day."""
    return office.message([parcels["bonded"].full[0]]).data


@pytest.fixture
def declared(office: Office, parcels: dict[str, Parcel]) -> bytes:
    """Its signed list."""
    return office.message([parcels["bonded"].declaration]).data


def token_of(client: httpx.Client) -> str:
    form = html.fromstring(client.get("/inspect").text)
    return str(form.xpath("//form[@action='/inspect']//input[@name='token']/@value")[0])


def inspected(client: httpx.Client, text: str = "", file: bytes = b"") -> httpx.Response:
    files = {"file": ("message.xml", file)} if file else None
    return client.post("/inspect", data={"token": token_of(client), "text": text}, files=files)


def words(answer: httpx.Response, place: str) -> str:
    return " ".join(html.fromstring(answer.text).xpath(f"string(//*[@id='{place}'])").split())


def test_the_form_says_that_nothing_is_stored(visitor: Visitor, agent: User) -> None:
    assert "Nothing is stored or sent" in visitor(agent).get("/inspect").text
    assert "不保存" in visitor(agent, "zh").get("/inspect").text


def test_a_sound_order_is_told_to_be_sound(visitor: Visitor, agent: User, order: bytes) -> None:
    answer = inspected(visitor(agent), order.decode())
    assert answer.status_code == 200
    assert "taken in, and nothing in it would be refused" in words(answer, "verdict")
    assert "CEB311Message" in words(answer, "result")
    assert "The signature holds" in words(answer, "signature")


@pytest.mark.parametrize("form", ["file", "base64", "windows line ends"])
def test_it_may_come_as(form: str, visitor: Visitor, agent: User, order: bytes) -> None:
    client = visitor(agent)
    if form == "file":
        answer = inspected(client, file=order)
    elif form == "base64":
        answer = inspected(client, base64.encodebytes(order).decode())
    else:
        answer = inspected(client, order.decode().replace("\n", "\r\n"))
    assert "The signature holds" in words(answer, "signature")


def test_an_envelope_is_opened(visitor: Visitor, agent: User, order: bytes) -> None:
    info = TransInfo(
        cop_msg_id="E-1",
        sender_id="DXPENT0000900101",
        receiver_ids=("DXPEDCCEB0000002",),
        created=datetime(2026, 11, 21, 6, 30, tzinfo=UTC),
        message_type="CEB311Message",
    )
    answer = inspected(visitor(agent), wrap(order, info).decode())
    assert "DXPENT0000900101" in answer.text
    assert "CEB311Message" in words(answer, "result")


def test_a_list_alone_waits_for_its_papers(visitor: Visitor, agent: User, declared: bytes) -> None:
    answer = inspected(visitor(agent), declared.decode())
    assert "its lists would wait for their other papers" in words(answer, "verdict")
    assert "Waiting for papers" in words(answer, "would")


def test_a_fault_of_form_names_path_value_allowed_and_remedy(visitor: Visitor, agent: User, order: bytes) -> None:
    wrong = order.replace(b"<ceb:currency>142", b"<ceb:currency>1422", 1)
    answer = inspected(visitor(agent), wrong.decode())
    told = words(answer, "faults")
    assert "Order[1]/OrderHead/currency" in told.replace("OrderHead[1]", "OrderHead")
    assert "1422" in told
    assert "Allowed" in told


def test_a_reformatted_message_gets_its_cause_named_in_both_languages(
    visitor: Visitor, agent: User, order: bytes
) -> None:
    spread = order.replace(b"><ceb:", b">\n  <ceb:").decode()
    assert "changed after signing (reformatted)" in words(inspected(visitor(agent), spread), "signature")
    assert "重新排版" in words(inspected(visitor(agent, "zh"), spread), "signature")


@pytest.mark.parametrize(
    "text", ["nonsense", "<a", "<a/>", "\x00\x01", "aGVsbG8=", "<?xml version='1.0'?><!DOCTYPE a []><a/>"]
)
def test_what_is_no_message_is_told_kindly(visitor: Visitor, agent: User, text: str) -> None:
    answer = inspected(visitor(agent), text)
    assert answer.status_code == 200
    assert "No known message could be read out of it" in words(answer, "verdict")


def test_nothing_was_pasted(visitor: Visitor, agent: User) -> None:
    answer = inspected(visitor(agent))
    assert answer.status_code == 400
    assert "Paste a message or choose a file" in answer.text


def test_persons_are_shown_to_officers_only(
    visitor: Visitor, agent: User, officer: User, order: bytes, parcels: dict[str, Parcel]
) -> None:
    number = parcels["bonded"].full[0].buyer_id_number
    assert number not in inspected(visitor(agent), order.decode()).text
    assert number in inspected(visitor(officer), order.decode()).text


def test_a_spoiled_message_hides_persons_too(
    visitor: Visitor, agent: User, order: bytes, parcels: dict[str, Parcel]
) -> None:
    buyer = parcels["bonded"].full[0]
    answer = inspected(visitor(agent), messages.truncated(order).decode("utf-8", "ignore"))
    assert buyer.buyer_id_number not in answer.text
    assert buyer.buyer_telephone not in answer.text


def test_nothing_is_stored(visitor: Visitor, agent: User, order: bytes, played: ConnectionPool[Any]) -> None:
    def kept() -> object:
        with played.connection() as conn:
            return conn.execute("SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM documents)").fetchone()

    before = kept()
    inspected(visitor(agent), order.decode())
    assert kept() == before


class TestWhoMay:
    def test_nobody_without_an_account(self, visitor: Visitor) -> None:
        assert visitor(None).get("/inspect").headers["location"] == "/login?back=/inspect"

    def test_no_forged_form(self, visitor: Visitor, agent: User) -> None:
        assert visitor(agent).post("/inspect", data={"text": "<a/>"}).status_code == 403

"""Messages as received: also what could not be read, and personal data only for customs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
from psycopg_pool import ConnectionPool

from sandan.sandbox.parcels import Parcel
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]


def of_outcome(client: httpx.Client, outcome: str) -> list[str]:
    """Numbers of the messages of one outcome."""
    lines = client.get("/messages", params={"outcome": outcome, "format": "csv"}).text.splitlines()
    return [line.split(",")[0] for line in lines[1:]]


def test_unreadable_messages_are_listed_with_what_is_wrong(visitor: Visitor, officer: User) -> None:
    client = visitor(officer)
    numbers = of_outcome(client, "unreadable")
    assert len(numbers) == 2
    page = client.get(f"/messages/{numbers[0]}").text
    assert "No document could be read out of it." in page
    assert "Remedy" in page


def test_a_message_changed_after_signing_says_so(visitor: Visitor, officer: User) -> None:
    client = visitor(officer)
    (number,) = of_outcome(client, "refused")
    assert "The message is not the one that was signed" in client.get(f"/messages/{number}").text


def test_a_message_names_the_documents_inside(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/messages/1").text
    assert 'href="/paper/order/0131960101/YTSHOW00000001"' in page


def test_customs_gets_the_bytes_as_received(visitor: Visitor, officer: User, played: ConnectionPool[Any]) -> None:
    answer = visitor(officer).get("/messages/1/bytes")
    with played.connection() as conn:
        (size, sha256) = conn.execute("SELECT size, sha256 FROM inbox WHERE id = 1").fetchone() or (0, b"")
    assert len(answer.content) == size
    assert hashlib.sha256(answer.content).digest() == sha256
    assert answer.headers["content-disposition"] == 'attachment; filename="message-1.xml"'


def test_the_sender_gets_a_copy_with_personal_data_hidden(
    visitor: Visitor, agent: User, parcels: dict[str, Parcel]
) -> None:
    declaration = parcels["no_payment"].declaration
    client = visitor(agent)
    for body in (client.get("/messages/3/bytes").text, client.get("/messages/3").text):
        assert declaration.cop_no in body
        for value in (declaration.buyer_id_number, declaration.buyer_name, declaration.consignee_address):
            assert value not in body


def test_what_cannot_be_read_is_withheld_from_others_than_customs(
    visitor: Visitor, operator: User, officer: User
) -> None:
    number = of_outcome(visitor(officer), "unreadable")[0]
    assert "cannot be read as XML" in visitor(operator).get(f"/messages/{number}").text
    assert visitor(operator).get(f"/messages/{number}/bytes").content == b""
    assert "not a message" in visitor(officer).get(f"/messages/{number}").text

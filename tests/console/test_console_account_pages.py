"""Statements of guarantee, stock and quota; a person's number never stands in an address."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]


def token_of(client: httpx.Client) -> str:
    """Token of the session's forms."""
    return client.get("/accounts").text.split('name="token" value="')[1].split('"')[0]


def test_a_statement_adds_up(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/account/stock/T0131W000001/YT-001").text
    for word in ("Granted", "Reserved", "Used", "Left", "1000000", "Reserve"):
        assert word in page


def test_a_collector_sees_its_own_guarantee_only(visitor: Visitor, agent: User) -> None:
    page = visitor(agent).get("/accounts").text
    assert f"/account/guarantee/{world.AGENT}/0131" in page
    assert f"/account/guarantee/{world.PLATFORM}/0131" not in page


def test_an_officer_finds_a_persons_quota_by_a_form(
    visitor: Visitor, officer: User, parcels: dict[str, Parcel]
) -> None:
    client = visitor(officer)
    number = parcels["bonded"].declaration.buyer_id_number
    answer = client.post("/accounts/person", data={"token": token_of(client), "number": number, "year": "2026"})
    assert answer.status_code == 200
    assert "648.00" in answer.text


def test_a_number_that_is_none_is_told_kindly(visitor: Visitor, officer: User) -> None:
    client = visitor(officer)
    answer = client.post("/accounts/person", data={"token": token_of(client), "number": "1", "year": "2026"})
    assert answer.status_code == 400
    assert "18 characters" in answer.text


def test_no_address_on_a_case_holds_a_persons_number(
    visitor: Visitor, officer: User, parcels: dict[str, Parcel]
) -> None:
    number = parcels["bonded"].declaration.buyer_id_number
    page = visitor(officer).get("/case/0131960301/QDSHOW00000019").text
    assert number in page
    assert not any(number in part.split('"')[0] for part in page.split('href="')[1:])


def test_only_customs_opens_a_persons_statement(visitor: Visitor, operator: User) -> None:
    path = "/account/of-case/quota/0131960301/QDSHOW00000019"
    assert visitor(operator).get(path).status_code == 404


def test_a_statement_as_a_file_names_cause_and_rule(visitor: Visitor, officer: User) -> None:
    text = visitor(officer).get("/account/guarantee/0131960101/0131", params={"format": "csv"}).text
    assert "list 0131960301 QDSHOW" in text
    assert "R194-16.1" in text

"""Law files in the console: faults row by row, a difference, then in force by an operator's seat."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from msgspec import structs
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.console.port import Deps
from sandan.law import Law
from sandan.store.lawfiles import OverlayCache
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]
PLACES = "city,kind,since\n雾汀市,bonded_1210,2026-12-01\n"


@pytest.fixture
def own(deps: Deps, pool: ConnectionPool[Any]) -> Deps:
    """The console over a store of its own, whose law is the files in it."""
    cache = OverlayCache(production=False)

    def law_on(day: date) -> Law:
        with pool.connection() as conn:
            return law.at(day, cache.get(conn))

    sessions = type(deps.sessions)(pool.connection)
    return structs.replace(deps, connect=pool.connection, law_on=law_on, sessions=sessions)


@pytest.fixture
def desk(
    own: Deps, visitor_of: Callable[..., httpx.Client], operator: User, keep: Callable[[User], None]
) -> httpx.Client:
    """The operator's console."""
    keep(operator)
    return visitor_of(own, operator)


@pytest.fixture
def keep(pool: ConnectionPool[Any]) -> Callable[[User], None]:
    """Writes an account into the store."""
    from sandan.store.users import save_user  # noqa: PLC0415 only this fixture writes accounts

    def write(user: User) -> None:
        with pool.connection() as conn:
            save_user(conn, user, "pw")

    return write


def token_of(client: httpx.Client) -> str:
    return client.get("/law/files").text.split('name="token" value="')[1].split('"')[0]


def offered(client: httpx.Client, body: bytes, **changed: str) -> httpx.Response:
    """The answer to a file sent with the form."""
    form = {"token": token_of(client), "kind": "places", "source": "notice 7", "evidence": "operator", **changed}
    return client.post("/law/files", data=form, files={"file": ("places.csv", body, "text/csv")})


def confirmed(page: str, **changed: str) -> dict[str, str]:
    """The form of the difference, confirmed."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split('action="/law/force"')[1]))
    return {**hidden, "confirmed": "yes", **changed}


def test_a_file_is_seen_as_a_difference_and_nothing_is_in_force(desk: httpx.Client) -> None:
    answer = offered(desk, PLACES.encode())
    assert answer.status_code == 200
    assert "1 row changes. Nothing is in force yet." in answer.text
    assert "None: the law at hand stands by itself." in desk.get("/law/files").text


def test_a_confirmed_file_is_in_force_with_who_and_when(desk: httpx.Client) -> None:
    answer = desk.post("/law/force", data=confirmed(offered(desk, PLACES.encode()).text))
    assert answer.headers["location"] == "/law/files?forced=places.csv"
    page = desk.get(answer.headers["location"]).text
    for text in ("In force now: places.csv", "notice 7", "ops", "2026-11-21 14:30:00"):
        assert text in page
    assert "Supplied by the operator" in desk.get("/law/place/雾汀市?day=2026-12-01").text


def test_what_comes_next_knows_the_operators_file(desk: httpx.Client) -> None:
    desk.post("/law/force", data=confirmed(offered(desk, PLACES.encode()).text))
    page = desk.get("/law/changes").text
    assert "2026-12-01" in page
    assert "雾汀市 bonded_1210" in page


def test_every_fault_is_told_with_its_row_and_column(desk: httpx.Client) -> None:
    body = "city,kind,since\n雾汀市,palace,2026-12-01\n,bonded_1210,tomorrow\n"
    answer = offered(desk, body.encode())
    assert answer.status_code == 400
    assert "3 faults: the file is refused whole" in answer.text
    for text in ("palace", "<code>since</code>", "must be a day such as 2026-01-31", "<code>city</code>"):
        assert text in answer.text


def test_faults_are_told_in_chinese(
    own: Deps, visitor_of: Visitor, operator: User, keep: Callable[[User], None]
) -> None:
    keep(operator)
    answer = offered(visitor_of(own, operator, "zh"), b"city,kind,since\n,palace,tomorrow\n")
    assert "须为日期，如2026-01-31" in answer.text


def test_bytes_that_are_no_table_are_refused_kindly(desk: httpx.Client) -> None:
    answer = offered(desk, b"\xff\xfe\x00nonsense")
    assert answer.status_code == 400
    assert "cannot be read" in answer.text


def test_without_a_tick_nothing_changes(desk: httpx.Client) -> None:
    form = confirmed(offered(desk, PLACES.encode()).text, confirmed="")
    assert desk.post("/law/force", data=form).status_code == 400
    assert "None: the law at hand stands by itself." in desk.get("/law/files").text


def test_a_damaged_form_is_told_kindly(desk: httpx.Client) -> None:
    form = confirmed(offered(desk, PLACES.encode()).text, packed="bm9uc2Vuc2U=")
    answer = desk.post("/law/force", data=form)
    assert (answer.status_code, "The form is damaged" in answer.text) == (400, True)


def test_a_change_in_between_is_told(desk: httpx.Client) -> None:
    form = confirmed(offered(desk, PLACES.encode()).text)
    desk.post("/law/force", data=form)
    answer = desk.post("/law/force", data=form)
    assert "Another change of law came in between" in answer.text


def test_a_rule_from_memory_is_turned_on_by_its_text(desk: httpx.Client) -> None:
    form = {"token": token_of(desk), "kind": "rules", "name": "R194-16.3", "value": "yes", "since": "2026-11-01"}
    seen = desk.post("/law/supply", data={**form, "source": "notice 9", "article": "art. 3"})
    assert "Nothing is in force yet" in seen.text
    desk.post("/law/force", data=confirmed(seen.text))
    page = desk.get("/law/rule/R194-16.3").text
    for text in ("Turned on by the operator", "notice 9 art. 3", "Supplied by ops", 'law-in-force">In force'):
        assert text in page


def test_a_value_from_memory_is_turned_on_by_its_text(desk: httpx.Client) -> None:
    form = {"token": token_of(desk), "kind": "parameters", "name": "watches.consumption_rate", "value": "0.20"}
    seen = desk.post("/law/supply", data={**form, "since": "2020-01-01", "source": "notice 5", "article": ""})
    desk.post("/law/force", data=confirmed(seen.text))
    page = desk.get("/law/parameter/watches.consumption_rate").text
    assert '<p class="step-sentence value">20 %</p>' in page


def test_a_text_without_title_is_refused(desk: httpx.Client) -> None:
    form = {"token": token_of(desk), "kind": "rules", "name": "R194-16.3", "value": "yes", "since": "2026-11-01"}
    answer = desk.post("/law/supply", data=form)
    assert (answer.status_code, "must name the announcement" in answer.text) == (400, True)


def test_production_refuses_invented_law(
    own: Deps, visitor_of: Visitor, operator: User, keep: Callable[[User], None]
) -> None:
    keep(operator)
    client = visitor_of(structs.replace(own, production=True), operator)
    answer = offered(client, PLACES.encode(), evidence="invented")
    assert (answer.status_code, "refused in production" in answer.text) == (400, True)


def test_only_the_operator_may_load(visitor: Visitor, officer: User, agent: User) -> None:
    for user in (officer, agent):
        assert visitor(user).post("/law/files", data={"kind": "places"}).status_code == 403
        assert 'action="/law/files"' not in visitor(user).get("/law/files").text

"""Trying without sending: the findings of the real run, as at any day, and nothing written."""

from __future__ import annotations

import base64
from collections.abc import Callable
from collections.abc import Mapping

import httpx
import pytest
from psycopg import sql

from sandan.api.deps import Deps
from sandan.sandbox import faults
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker

TABLES = ("inbox", "documents", "cases", "queue", "postings", "receipts", "journal")


def rows(deps: Deps) -> list[int]:
    with deps.pool.connection() as conn:
        counts = [sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)) for table in TABLES]
        return [row[0] for count in counts for row in conn.execute(count)]


def test_a_clean_parcel_clears_and_leaves_no_trace(
    client: httpx.Client, token: Callable[[str], dict[str, str]], deps: Deps, post: Mapping[str, bytes]
) -> None:
    before = rows(deps)
    body = {"messages": [message.decode() for message in post.values()]}
    found = client.post("/v1/check", json=body, headers=token(world.AGENT)).json()
    assert (found["clears"], [item["findings"] for item in found["documents"]]) == (True, [[], [], [], []])
    assert found["documents"][-1]["assessment"]["tax_fen"] > 0
    assert rows(deps) == before


def test_base64_is_taken_too(
    client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
) -> None:
    body = {"messages": [base64.b64encode(message).decode() for message in post.values()]}
    assert client.post("/v1/check", json=body, headers=token(world.AGENT)).json()["clears"] is True


def test_a_list_alone_says_what_it_would_wait_for(
    client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
) -> None:
    body = {"messages": [post["declaration"].decode()]}
    found = client.post("/v1/check", json=body, headers=token(world.AGENT)).json()
    assert found["clears"] is False
    assert found["documents"][0]["status"] == "waiting"


def test_another_payer_is_told_with_both_values_and_the_article(
    client: httpx.Client, token: Callable[[str], dict[str, str]], deps: Deps, office: Office
) -> None:
    parcel = faults.another_payer(Maker(5, deps.clock.now(), "CHECK"))
    body = {"messages": [message.data.decode() for message in office.messages([parcel])]}
    found = client.post("/v1/check", json=body, headers=token(world.AGENT)).json()
    findings = [item for document in found["documents"] for item in document["findings"]]
    payer = next(item for item in findings if item["rule"] == "R194-9.1")
    assert payer["found"]["value"] != payer["against"]["value"]
    assert payer["source"]
    assert payer["remedy"]["zh"]


def test_as_at_another_day(
    client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
) -> None:
    """On 2018-12-31 the single limit was still 2,000 yuan; the day chooses the law."""
    body = {"messages": [message.decode() for message in post.values()], "at": "2018-12-31"}
    found = client.post("/v1/check", json=body, headers=token(world.AGENT)).json()
    assert found["at"] == "2018-12-31"


@pytest.mark.parametrize("messages", [[], ["nonsense!"], ["<a/>"] * 101, [1]])
def test_what_cannot_be_tried(
    client: httpx.Client, token: Callable[[str], dict[str, str]], messages: list[object]
) -> None:
    assert client.post("/v1/check", json={"messages": messages}, headers=token(world.AGENT)).status_code == 422


def test_faults_of_the_bytes_are_told(client: httpx.Client, token: Callable[[str], dict[str, str]]) -> None:
    found = client.post("/v1/check", json={"messages": ["<a/>"]}, headers=token(world.AGENT)).json()
    assert [fault["code"] for fault in found["messages"][0]["faults"]] == ["W-ROOT"]


LINE = {"gcode": "1901101000", "quantity": "2", "price": "238.00", "unit": "122", "qty1": "1.6", "unit1": "035"}


class TestQuote:
    def test_tax_to_the_fen(self, client: httpx.Client) -> None:
        """476.00 × 13 % × 70 % = 43.316, half up 43.32."""
        found = client.post("/v1/quote", json={"lines": [LINE]}).json()
        assert (found["value_fen"], found["tax_fen"], found["route"]) == (47_600, 4_332, "reduced")
        assert found["left_before_fen"] - found["left_after_fen"] == 47_600

    def test_goods_without_a_rate_say_so(self, client: httpx.Client) -> None:
        found = client.post("/v1/quote", json={"lines": [LINE | {"gcode": "0101010101"}]}).json()
        assert found["tax_fen"] is None
        assert found["findings"][0]["remedy"]["en"]

    def test_before_the_regime_there_is_no_law(self, client: httpx.Client) -> None:
        answer = client.post("/v1/quote", json={"lines": [LINE], "at": "2015-01-01"})
        assert (answer.status_code, answer.json()["error"]["where"]) == (422, "body.at")

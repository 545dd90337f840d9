"""Cases over HTTP, decided by a real worker: anonymous, wrong party, right party, and what each may see."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime

import httpx
import pytest

from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel
from sandan.work.worker import Duty
from sandan.work.worker import Worker


@pytest.fixture
def decided(client: httpx.Client, deps: Deps, post: Mapping[str, bytes], parcel: Parcel) -> str:
    """Path of the parcel's case after a worker has decided what came in."""
    for body in post.values():
        assert client.post("/v1/messages", content=body).status_code == 202
    Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions)).drain()
    ref = parcel.declaration.ref
    return f"/v1/cases/{ref.owner}/{ref.key}"


class TestOneCase:
    def test_anonymous(self, client: httpx.Client, decided: str) -> None:
        assert client.get(decided).status_code == 401

    def test_wrong_party(self, client: httpx.Client, token: Callable[[str], dict[str, str]], decided: str) -> None:
        answer = client.get(decided, headers=token(world.SMALL_AGENT))
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")

    def test_right_party_sees_its_case_explained(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], decided: str, parcel: Parcel
    ) -> None:
        case = client.get(decided, headers=token(parcel.declaration.agent_code)).json()
        assert case["ref"]["key"] == parcel.declaration.cop_no
        assert {paper["kind"] for paper in case["papers"]} == {"order", "payment", "waybill", "list"}
        assert case["decisions"]
        times = [datetime.fromisoformat(entry["at"]) for entry in case["timeline"]]
        assert times == sorted(times)

    def test_persons_are_hidden_from_enterprises(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], decided: str, parcel: Parcel
    ) -> None:
        text = client.get(decided, headers=token(parcel.declaration.agent_code)).text
        order = parcel.order
        assert not [
            value for value in (order.buyer_id_number, order.buyer_telephone, order.consignee_address) if value in text
        ]

    def test_an_officer_sees_the_person(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]], decided: str, parcel: Parcel
    ) -> None:
        as_seat("officer")
        assert parcel.order.buyer_id_number in client.get(decided).text

    def test_a_case_that_is_not_there(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        as_seat("officer")
        assert client.get("/v1/cases/X/Y").json()["error"]["where"] == "case X/Y"


class TestSearch:
    @pytest.mark.parametrize("field", ["order_no", "logistics_no", "cop_no"])
    @pytest.mark.usefixtures("decided")
    def test_by_any_number_of_the_list(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]], parcel: Parcel, field: str
    ) -> None:
        as_seat("officer")
        hits = client.get("/v1/search", params={"q": getattr(parcel.declaration, field)}).json()["hits"]
        assert hits[0]["what"] == "case"

    @pytest.mark.usefixtures("decided")
    def test_an_enterprise_finds_nothing_of_others(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], parcel: Parcel
    ) -> None:
        answer = client.get("/v1/search", params={"q": parcel.declaration.order_no}, headers=token(world.SMALL_AGENT))
        assert answer.json()["hits"] == []

    @pytest.mark.usefixtures("decided")
    def test_the_lists_of_cases(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], parcel: Parcel
    ) -> None:
        mine = client.get("/v1/cases", headers=token(parcel.declaration.agent_code)).json()["cases"]
        others = client.get("/v1/cases", headers=token(world.SMALL_AGENT)).json()["cases"]
        assert ([case["list_key"] for case in mine], others) == ([parcel.declaration.cop_no], [])


class TestMessages:
    def test_the_sender_gets_its_bytes_whole(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
    ) -> None:
        header = token(world.PLATFORM)
        receipt_id = client.post("/v1/messages", content=post["order"]).json()["receipt_id"]
        assert client.get(f"/v1/messages/{receipt_id}/raw", headers=header).content == post["order"]
        assert client.get(f"/v1/messages/{receipt_id}", headers=header).json()["message_type"] == "CEB311Message"

    def test_others_get_nothing(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
    ) -> None:
        receipt_id = client.post("/v1/messages", content=post["order"]).json()["receipt_id"]
        assert client.get(f"/v1/messages/{receipt_id}/raw", headers=token(world.EXPRESS)).status_code == 404

    def test_the_operator_gets_them_with_persons_hidden(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]], post: Mapping[str, bytes], parcel: Parcel
    ) -> None:
        receipt_id = client.post("/v1/messages", content=post["order"]).json()["receipt_id"]
        as_seat("operator")
        text = client.get(f"/v1/messages/{receipt_id}/raw").text
        assert parcel.order.order_no in text
        assert parcel.order.buyer_id_number not in text

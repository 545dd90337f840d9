"""Receipts by cursor: all of one's own, none of others', none twice; as JSON and as CEB messages."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping

import httpx
import pytest
from lxml import etree

from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel
from sandan.work.worker import Duty
from sandan.work.worker import Worker


@pytest.fixture
def answered(client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
    """A parcel has come in and has been decided."""
    for body in post.values():
        client.post("/v1/messages", content=body)
    Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions)).drain()


@pytest.mark.usefixtures("answered")
class TestPull:
    def test_each_transmitter_gets_its_own(self, client: httpx.Client, token: Callable[[str], dict[str, str]]) -> None:
        kinds = {
            code: {
                item["subject"]["kind"] for item in client.get("/v1/receipts", headers=token(code)).json()["receipts"]
            }
            for code in (world.PLATFORM, world.EXPRESS, world.SMALL_AGENT)
        }
        assert kinds == {world.PLATFORM: {"order"}, world.EXPRESS: {"waybill"}, world.SMALL_AGENT: set()}

    def test_declared_accepted_released(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], parcel: Parcel
    ) -> None:
        header = token(parcel.declaration.agent_code)
        receipts = client.get("/v1/receipts", headers=header).json()["receipts"]
        assert [item["status"] for item in receipts] == [2, 120, 800]
        assert receipts[-1]["info"] == "[Code:2600;Desc:放行]"

    def test_each_says_what_it_means_and_whether_to_send_again(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], parcel: Parcel
    ) -> None:
        receipts = client.get("/v1/receipts", headers=token(parcel.declaration.agent_code)).json()["receipts"]
        meaning = receipts[-1]["meaning"]
        assert (meaning["code"], meaning["what"], meaning["retry"]) == (
            "2600",
            {"zh": "放行", "en": "Released"},
            "wait",
        )
        assert all(item["meaning"]["known"] for item in receipts)

    def test_page_by_page_none_is_missed_or_repeated(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], parcel: Parcel
    ) -> None:
        header = token(parcel.declaration.agent_code)
        seen, cursor = [], ""
        while page := client.get("/v1/receipts", params={"after": cursor, "limit": 1}, headers=header).json()[
            "receipts"
        ]:
            seen += [item["status"] for item in page]
            cursor = page[-1]["cursor"]
        assert seen == [2, 120, 800]

    def test_as_messages_of_the_wire(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], parcel: Parcel
    ) -> None:
        answer = client.get("/v1/receipts.xml", headers=token(parcel.declaration.agent_code))
        root = etree.fromstring(answer.content)
        assert root.xpath("local-name(/*/*[1])") == "CEB622Message"
        assert answer.headers["x-next-cursor"]

    def test_a_cursor_of_nobody(self, client: httpx.Client, token: Callable[[str], dict[str, str]]) -> None:
        answer = client.get("/v1/receipts", params={"after": "x"}, headers=token(world.PLATFORM))
        assert answer.json()["error"]["where"] == "query.after"


@pytest.mark.parametrize("seat", ["officer", "operator", "finance"])
def test_receipts_belong_to_enterprises(
    client: httpx.Client, as_seat: Callable[[str], dict[str, str]], seat: str
) -> None:
    as_seat(seat)
    assert client.get("/v1/receipts").status_code == 403


class TestSubscriptions:
    def test_made_listed_and_ended(self, client: httpx.Client, token: Callable[[str], dict[str, str]]) -> None:
        header = token(world.PLATFORM)
        wanted = {"channel": "webhook", "target": "http://127.0.0.1:9/hook"}
        made = client.put("/v1/subscriptions", json=wanted, headers=header).json()
        assert len(made["secret"]) > 30
        listed = client.get("/v1/subscriptions", headers=header).json()
        assert [(item["target"], "secret" in item) for item in listed] == [(wanted["target"], False)]
        assert client.delete("/v1/subscriptions", params=wanted, headers=header).status_code == 204
        assert client.delete("/v1/subscriptions", params=wanted, headers=header).status_code == 404

    def test_others_neither_see_nor_end_it(self, client: httpx.Client, token: Callable[[str], dict[str, str]]) -> None:
        wanted = {"channel": "webhook", "target": "http://127.0.0.1:9/hook"}
        client.put("/v1/subscriptions", json=wanted, headers=token(world.PLATFORM))
        header = token(world.EXPRESS)
        assert client.get("/v1/subscriptions", headers=header).json() == []
        assert client.delete("/v1/subscriptions", params=wanted, headers=header).status_code == 404

    @pytest.mark.parametrize("target", ["ftp://a/b", "nothing", "http://", "file:///etc/passwd"])
    def test_a_webhook_is_a_url(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], target: str
    ) -> None:
        wanted = {"channel": "webhook", "target": target}
        assert client.put("/v1/subscriptions", json=wanted, headers=token(world.PLATFORM)).status_code == 422

    def test_folders_are_the_operators_to_give(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]]
    ) -> None:
        wanted = {"channel": "folder", "target": "out"}
        assert client.put("/v1/subscriptions", json=wanted, headers=token(world.PLATFORM)).status_code == 403

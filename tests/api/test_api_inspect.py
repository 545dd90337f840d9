"""A message laid open over HTTP: as the command line tells it, personal data hidden, nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping

import httpx
import pytest

from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.sandbox.messages import tampered
from sandan.sandbox.messages import truncated
from sandan.sandbox.parcels import Parcel

Header = Callable[[str], dict[str, str]]


def messages_kept(deps: Deps) -> int:
    with deps.pool.connection() as conn:
        row = conn.execute("SELECT count(*) FROM inbox").fetchone()
    return int(row[0]) if row else -1


class TestInspect:
    def test_what_it_is_and_what_would_happen(
        self, client: httpx.Client, token: Header, post: Mapping[str, bytes], parcel: Parcel, deps: Deps
    ) -> None:
        found = client.post("/v1/inspect", content=post["order"], headers=token(world.AGENT)).json()
        assert (found["message"], found["schema_valid"], found["schema_errors"]) == ("CEB311Message", True, [])
        assert found["documents"][0]["keys"]["orderNo"] == parcel.full[0].order_no
        assert (found["signature"]["verdict"], found["signature"]["enterprise"]) == ("valid", world.PLATFORM)
        assert found["would"]["outcome"] == "registered"
        assert found["would"]["clears"] is True
        assert messages_kept(deps) == 0

    def test_a_list_alone_would_wait_and_says_for_what(
        self, client: httpx.Client, token: Header, post: Mapping[str, bytes]
    ) -> None:
        found = client.post("/v1/inspect", content=post["declaration"], headers=token(world.AGENT)).json()
        (verdict,) = found["would"]["verdicts"]
        assert (verdict["status"], verdict["clears"]) == ("waiting", False)
        assert {finding["severity"] for finding in verdict["findings"]} == {"wait"}

    def test_every_fault_of_form_says_where_and_how_to_mend(
        self, client: httpx.Client, token: Header, post: Mapping[str, bytes]
    ) -> None:
        wrong = post["order"].replace(b"<ceb:currency>142", b"<ceb:currency>1422", 1)
        found = client.post("/v1/inspect", content=wrong, headers=token(world.AGENT)).json()
        assert found["schema_valid"] is False
        fault = found["schema_errors"][0]
        assert (fault["element"], fault["value"]) == ("currency", "1422")
        assert fault["remedy_zh"]

    def test_persons_are_hidden_from_all_but_officers(
        self, client: httpx.Client, as_seat: Header, token: Header, post: Mapping[str, bytes], parcel: Parcel
    ) -> None:
        number = parcel.full[0].buyer_id_number
        broken = post["order"].replace(number.encode(), number[:-1].encode() + b"?", 1)
        hidden = client.post("/v1/inspect", content=broken, headers=token(world.AGENT)).text
        assert number[:-1] not in hidden
        assert client.post("/v1/inspect", content=broken, headers=as_seat("officer")).status_code == 200

    @pytest.mark.parametrize("data", [b"", b"\x00\x01", b"<a/>", b"<a", "中文".encode("gbk")])
    def test_anything_is_answered(self, client: httpx.Client, token: Header, data: bytes) -> None:
        answer = client.post("/v1/inspect", content=data, headers=token(world.AGENT))
        assert (answer.status_code, answer.json()["message"]) == (200, "")
        assert answer.json()["would"]["outcome"] in {"unreadable", "refused"}

    def test_half_a_message(self, client: httpx.Client, token: Header, post: Mapping[str, bytes]) -> None:
        found = client.post("/v1/inspect", content=truncated(post["order"]), headers=token(world.AGENT)).json()
        assert found["diagnosis"]
        assert found["signature"]["verdict"] == "unreadable"

    def test_not_without_an_account(self, client: httpx.Client) -> None:
        assert client.post("/v1/inspect", content=b"<a/>").json()["error"]["code"] == "not-logged-in"

    def test_not_above_the_limit(self, client: httpx.Client, token: Header) -> None:
        answer = client.post("/v1/inspect", content=b" " * 100_001, headers=token(world.AGENT))
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body-too-large")


class TestDoctor:
    def test_a_sound_signature(self, client: httpx.Client, token: Header, post: Mapping[str, bytes]) -> None:
        found = client.post("/v1/doctor", content=post["waybill"], headers=token(world.AGENT)).json()
        assert (found["verdict"], found["trouble"]) == ("valid", None)
        assert found["signature"]["algorithm"] == "sm2-sm3"
        assert found["certificate"]["serial"]

    def test_changed_after_signing(self, client: httpx.Client, token: Header, post: Mapping[str, bytes]) -> None:
        found = client.post("/v1/doctor", content=tampered(post["order"]), headers=token(world.AGENT)).json()
        assert (found["verdict"], found["trouble"]["code"]) == ("refused", "sig-digest")
        assert found["signature"]["digest_expected"] != found["signature"]["digest_found"]

    def test_the_mistake_is_named(self, client: httpx.Client, token: Header, post: Mapping[str, bytes]) -> None:
        spread = post["order"].replace(b"><ceb:", b">\n  <ceb:")
        found = client.post("/v1/doctor", content=spread, headers=token(world.AGENT)).json()
        assert found["explanations"][0]["mistakes"] == ["reformatted"]

    def test_no_xml(self, client: httpx.Client, token: Header) -> None:
        found = client.post("/v1/doctor", content=b"nothing", headers=token(world.AGENT)).json()
        assert (found["verdict"], found["trouble"]["code"]) == ("unreadable", "sig-unreadable")

    def test_a_seat_that_may_not(self, client: httpx.Client, as_seat: Header) -> None:
        assert client.post("/v1/doctor", content=b"<a/>", headers=as_seat("warehouse")).status_code == 403

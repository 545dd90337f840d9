"""Messages over HTTP, end to end: every class of bad input answers in the one shape, and its bytes are kept."""

from __future__ import annotations

import base64
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree

from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import tampered
from sandan.sandbox.parcels import Parcel
from sandan.store import bodies

XML = {"Content-Type": "application/xml"}
SHAPE = {"code", "what", "where", "found", "expected", "rule", "source", "remedy", "retry"}


def assert_error(answer: httpx.Response, status: int, code: str = "") -> dict[str, Any]:
    """The one shape, as the module `sandan.api.errors` defines it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    error = answer.json()["error"]
    assert set(error) == SHAPE
    assert set(error["what"]) == set(error["remedy"]) == {"zh", "en"}
    assert all(error["what"].values())
    assert all(error["remedy"].values())
    assert error["retry"] in {"resend-same", "fix-and-resend", "query-first", "wait", "never"}
    if code:
        assert error["code"] == code
    return error


def bytes_of(deps: Deps, receipt_id: int) -> bytes:
    with deps.pool.connection() as conn:
        row = conn.execute("SELECT body FROM inbox WHERE id = %s", (receipt_id,)).fetchone()
    assert row is not None
    return bodies.unpack(row[0])


class TestTaken:
    def test_each_message_is_acknowledged(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        for body in post.values():
            answer = client.post("/v1/messages", content=body, headers=XML)
            assert answer.status_code == 202, answer.text
            assert answer.json()["outcome"] == "registered"

    def test_the_bytes_are_durable(self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
        receipt_id = client.post("/v1/messages", content=post["order"]).json()["receipt_id"]
        assert bytes_of(deps, receipt_id) == post["order"]

    def test_a_repeat_is_answered_as_the_first_time(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        first = client.post("/v1/messages", content=post["order"])
        again = client.post("/v1/messages", content=post["order"])
        assert (first.status_code, again.status_code) == (202, 200)
        assert again.json()["receipt_id"] == first.json()["receipt_id"]

    def test_the_form_dialect(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        answer = client.post("/v1/messages/form", data={"data": base64.b64encode(post["order"]).decode()})
        assert answer.status_code == 202, answer.text

    def test_the_json_dialect_says_ok(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        body = {"message": {"messageHead": {}, "messageBody": {"data": base64.b64encode(post["order"]).decode()}}}
        answer = client.post("/cebcmsg", json=body)
        assert (answer.status_code, answer.text) == (200, "OK")

    def test_the_tokens_enterprise_is_the_sender(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
    ) -> None:
        assert client.post("/v1/messages", content=post["order"], headers=token(world.PLATFORM)).status_code == 202


BAD = {
    "nothing": (b"", 400, "W-EMPTY"),
    "not XML": (b"hello", 400, "W-NOT-XML"),
    "DTD with entities": (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', 400, "W-DOCTYPE"),
    "external entity": (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 400, "W-DOCTYPE"),
    "another root": (b"<a/>", 422, "W-ROOT"),
    "GBK prolog": ('<?xml version="1.0" encoding="GBK"?><a>单</a>'.encode("gbk"), 400, "W-ENCODING"),
    "deep nesting": (b"<a>" * 3_000 + b"</a>" * 3_000, 400, ""),
    "binary": (bytes(range(256)), 400, ""),
}


class TestBad:
    @pytest.mark.parametrize("name", BAD)
    def test_bytes_without_a_message(self, client: httpx.Client, deps: Deps, name: str) -> None:
        body, status, code = BAD[name]
        answer = client.post("/v1/messages", content=body, headers=XML)
        assert_error(answer, status, code)
        assert bytes_of(deps, answer.json()["acknowledgement"]["receipt_id"]) == body

    def test_a_truncated_message(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        assert_error(client.post("/v1/messages", content=post["order"][:900]), 400, "W-NOT-XML")

    def test_a_huge_text(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        huge = post["order"].replace(b"<ceb:orderNo>", b"<ceb:orderNo>" + b"9" * 80_000, 1)
        answer = client.post("/v1/messages", content=huge)
        error = assert_error(answer, 422, "W-LENGTH")
        assert len(answer.content) < 20_000
        assert len(error["found"]) < 200

    def test_101_orders(self, client: httpx.Client, office: Office, parcel: Parcel) -> None:
        assert_error(client.post("/v1/messages", content=office.message([parcel.order] * 101).data[:100_000]), 400)

    def test_changed_after_signing_names_the_digest(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        answer = client.post("/v1/messages", content=tampered(post["declaration"]))
        assert_error(answer, 422, "sig-digest")
        assert answer.json()["acknowledgement"]["outcome"] == "refused"

    def test_unsigned(self, client: httpx.Client, office: Office, parcel: Parcel) -> None:
        body = office.message([parcel.payment], signed=False).data
        assert_error(client.post("/v1/messages", content=body), 422, "unsigned")

    def test_two_signatures(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        start = post["order"].index(b"<ds:Signature")
        signature = post["order"][start : post["order"].index(b"</ds:Signature>") + len(b"</ds:Signature>")]
        double = post["order"].replace(b"</ceb:CEB311Message>", signature + b"</ceb:CEB311Message>")
        codes = {
            fault["code"] for fault in client.post("/v1/messages", content=double).json()["acknowledgement"]["faults"]
        }
        assert "sig-duplicate" in codes

    def test_every_fault_is_told_at_once(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        body = post["order"].replace(b"<ceb:currency>142<", b"<ceb:currency>502<").replace(b"<ceb:qty>", b"<ceb:qty>x")
        faults = client.post("/v1/messages", content=body).json()["acknowledgement"]["faults"]
        assert {"W-FIXED", "W-NUMBER", "sig-digest"} <= {fault["code"] for fault in faults}

    def test_who_asks_for_xml_gets_the_ceb900(self, client: httpx.Client) -> None:
        answer = client.post("/v1/messages", content=b"hello", headers={"Accept": "application/xml"})
        assert answer.headers["content-type"] == "application/xml"
        assert etree.fromstring(answer.content).tag == "{http://www.chinaport.gov.cn/ceb}CEB900Message"
        assert answer.headers["x-receipt-id"] == "1"

    def test_above_the_limit(self, client: httpx.Client) -> None:
        assert_error(client.post("/v1/messages", content=b"<" * 100_001), 413, "body-too-large")

    def test_above_the_limit_without_a_declared_length(self, client: httpx.Client) -> None:
        parts = (b"<" * 50_000 for _ in range(3))
        assert_error(client.post("/v1/messages", content=parts), 413, "body-too-large")

    def test_a_form_without_data(self, client: httpx.Client) -> None:
        assert_error(client.post("/v1/messages/form", data={"other": "1"}), 400, "form-without-data")

    def test_a_json_dialect_that_is_no_json(self, client: httpx.Client) -> None:
        answer = client.post("/cebcmsg", content=b"{")
        assert (answer.status_code, "JSON" in answer.text) == (400, True)

    def test_another_enterprises_token(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], post: Mapping[str, bytes]
    ) -> None:
        answer = client.post("/v1/messages", content=post["order"], headers=token(world.EXPRESS))
        assert_error(answer, 422, "sender-not-logged-in")

    def test_a_token_nobody_issued(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        answer = client.post("/v1/messages", content=post["order"], headers={"Authorization": "Bearer sandan_no"})
        assert_error(answer, 401, "not-logged-in")


class TestFull:
    def test_a_full_door_pushes_back(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deps.gather, "_backlog", 10**9)
        answer = client.post("/v1/messages", content=post["order"])
        error = assert_error(answer, 429, "full")
        assert (answer.headers["retry-after"], error["retry"]) == ("5", "resend-same")

    def test_a_lost_database_is_503(self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
        deps.pool.close()
        answer = client.post("/v1/messages", content=post["order"])
        error = assert_error(answer, 503, "unavailable")
        assert error["retry"] == "resend-same"


class TestFuzz:
    @given(body=st.binary(max_size=400), path=st.sampled_from(["/v1/messages", "/v1/messages/form", "/cebcmsg"]))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_bytes_break_a_dialect(self, client: httpx.Client, body: bytes, path: str) -> None:
        kind = {"/v1/messages/form": "multipart/form-data; boundary=B"}.get(path, "application/octet-stream")
        assert client.post(path, content=body, headers={"Content-Type": kind}).status_code in {400, 422}

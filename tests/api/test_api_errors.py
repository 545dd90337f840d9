"""One shape for everything that is refused, wherever it goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.api.deps import Deps

SHAPE = {"code", "what", "where", "found", "expected", "rule", "source", "remedy", "retry"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/messages", 405, "method-not-allowed"),
        ("DELETE", "/v1/health", 405, "method-not-allowed"),
        ("GET", "/v1/cases", 401, "not-logged-in"),
        ("GET", "/v1/cases/A/B", 401, "not-logged-in"),
        ("GET", "/v1/work-list", 401, "not-logged-in"),
        ("GET", "/v1/receipts", 401, "not-logged-in"),
        ("GET", "/v1/search?q=1", 401, "not-logged-in"),
        ("GET", "/v1/subscriptions", 401, "not-logged-in"),
        ("GET", "/v1/users", 401, "not-logged-in"),
        ("GET", "/v1/session", 401, "not-logged-in"),
        ("GET", "/metrics", 401, "not-logged-in"),
        ("POST", "/v1/verify", 401, "not-logged-in"),
        ("POST", "/v1/check", 401, "not-logged-in"),
        ("POST", "/v1/quote", 422, "request-invalid"),
        ("POST", "/v1/session", 422, "request-invalid"),
    ],
)
def test_the_shape(client: httpx.Client, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert (set(error), error["code"]) == (SHAPE, code)


def test_a_mistake_of_our_own_is_500_without_its_insides(
    client: httpx.Client, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(deps.sessions, "current_user", fails)
    answer = client.get("/v1/cases")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "secret inside" not in answer.text


def test_every_field_that_is_wrong_is_named(client: httpx.Client) -> None:
    answer = client.post("/v1/quote", json={"lines": [{"gcode": "1", "quantity": -1, "price": "x"}], "extra": 1})
    wheres = {fault["where"] for fault in answer.json()["faults"]}
    assert {"body.lines.0.gcode", "body.lines.0.quantity", "body.lines.0.price", "body.extra"} <= wheres


def test_a_password_is_never_told_back(client: httpx.Client) -> None:
    answer = client.post("/v1/session", json={"account": "a", "password": "x" * 500})
    assert "xxxx" not in answer.text


def test_a_number_is_not_taken_for_a_text(client: httpx.Client) -> None:
    answer = client.post("/v1/session", json={"account": 1, "password": "abcdefgh"})
    assert answer.status_code == 422


def test_a_cursor_we_did_not_make(client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
    as_seat("officer")
    answer = client.get("/v1/work-list", params={"after": "%%%"})
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "query.after")


def test_a_body_above_the_limit(client: httpx.Client) -> None:
    answer = client.post("/v1/quote", content=b" " * 500_000, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body-too-large")


def test_too_many_logins_at_once_are_asked_to_wait(
    client: httpx.Client, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandan.api.sessions._LOGIN_WAIT_S", 0)
    for _ in range(2):
        deps.sessions._logins.acquire()
    answer = client.post("/v1/session", json={"account": "officer", "password": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")


def test_a_zero_character_is_refused_kindly(client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
    as_seat("officer")
    for path in ("/v1/search?q=%00", "/v1/cases/%00/1", "/v1/cases?status=%00"):
        answer = client.get(path)
        assert (path, answer.status_code, answer.json()["error"]["code"]) == (path, 422, "request-invalid")
    answer = client.post("/v1/session", json={"account": "\x00", "password": "x"})
    assert answer.status_code == 422

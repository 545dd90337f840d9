"""The clock over HTTP: everyone sees it, the operator of a sandbox sets it, production refuses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta

import httpx
import pytest
import uvicorn
from msgspec.structs import replace

from sandan.api.app import create_app
from sandan.api.deps import Deps
from sandan.store.clock import SettableClock

LogIn = Callable[[str], dict[str, str]]


class TestFixed:
    def test_everyone_sees_it(self, client: httpx.Client) -> None:
        assert client.get("/v1/clock").json()["settable"] is False

    def test_a_fixed_clock_is_not_set(self, client: httpx.Client, as_seat: LogIn) -> None:
        answer = client.put("/v1/clock", json={"advance_seconds": 60}, headers=as_seat("operator"))
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "clock-fixed")


class TestSandbox:
    @pytest.fixture
    def deps(self, deps: Deps) -> Deps:
        return replace(deps, clock=SettableClock(deps.pool))

    def test_it_is_set(self, client: httpx.Client, as_seat: LogIn) -> None:
        body = {"moment": "2026-12-31T09:00:00+08:00"}
        shown = client.put("/v1/clock", json=body, headers=as_seat("operator")).json()
        assert shown["now"].startswith("2026-12-31T01:00")
        assert client.get("/v1/clock").json()["settable"] is True

    def test_it_goes_on_and_faster(self, client: httpx.Client, as_seat: LogIn) -> None:
        header = as_seat("operator")
        before = datetime.fromisoformat(client.get("/v1/clock").json()["now"])
        shown = client.put("/v1/clock", json={"advance_seconds": 86400, "speed": 60}, headers=header).json()
        assert datetime.fromisoformat(shown["now"]) - before >= timedelta(days=1)
        assert (shown["speed"], shown["backwards"]) == (60, False)

    def test_backwards_is_said(self, client: httpx.Client, as_seat: LogIn) -> None:
        answer = client.put("/v1/clock", json={"advance_seconds": -60}, headers=as_seat("operator"))
        assert answer.json()["backwards"] is True

    @pytest.mark.parametrize(
        "body",
        [
            {"moment": "1999-01-01T00:00:00Z"},
            {"moment": "2026-12-31T09:00:00"},
            {"advance_seconds": 10**18},
            {"speed": 0},
        ],
    )
    def test_what_no_clock_shows_is_refused(
        self, client: httpx.Client, as_seat: LogIn, body: dict[str, object]
    ) -> None:
        answer = client.put("/v1/clock", json=body, headers=as_seat("operator"))
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request-invalid")

    @pytest.mark.parametrize("seat", ["officer", "enterprise", "finance", "warehouse"])
    def test_only_the_operator_sets_it(self, client: httpx.Client, as_seat: LogIn, seat: str) -> None:
        assert client.put("/v1/clock", json={"speed": 2}, headers=as_seat(seat)).status_code == 403


class TestProduction:
    @pytest.fixture
    def client(self, deps: Deps) -> Iterator[httpx.Client]:
        """A production deployment that was handed a settable clock by mistake."""
        listening = socket.create_server(("127.0.0.1", 0))
        app = create_app(replace(deps, clock=SettableClock(deps.pool), production=True))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False) as client:
            yield client
        server.should_exit = True
        serving.join(10)
        listening.close()

    def test_production_refuses(self, client: httpx.Client, as_seat: LogIn) -> None:
        answer = client.put("/v1/clock", json={"speed": 2}, headers=as_seat("operator"))
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "clock-fixed")

"""The API over a database of the invented world, with an account for every seat."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.api.app import create_app
from sandan.api.assembly import assemble
from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.store import users
from sandan.store.settings import Settings
from sandan.store.users import Seat
from sandan.store.users import User

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PASSWORD = "一二三四五六七八九十"


class FixedClock:
    """A clock that shows one moment."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second a password is right for people and wrong for a test suite."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(users, "_hasher", lambda: hasher)


@cache
def _parcel() -> Parcel:
    return Maker(7, NOW, "API").ordinary()


@pytest.fixture(scope="session")
def parcel() -> Parcel:
    return _parcel()


@pytest.fixture(scope="session")
def post(office: Office) -> Mapping[str, bytes]:
    """The four signed messages of the parcel."""
    names = ("order", "payment", "waybill", "declaration")
    return {name: office.message([paper]).data for name, paper in zip(names, _parcel().full, strict=True)}


@pytest.fixture
def deps(seeded: ConnectionPool[Connection[Any]], tmp_path: Path) -> Deps:
    with seeded.connection() as conn:
        for seat in Seat:
            enterprise = world.AGENT if seat in {Seat.ENTERPRISE, Seat.WAREHOUSE} else ""
            users.save_user(conn, User(account=seat.value, name=seat.value, seat=seat, enterprise=enterprise), PASSWORD)
    return assemble(seeded, FixedClock(), Settings(home=tmp_path, database_url="", message_limit=100_000))


@pytest.fixture
def client(deps: Deps) -> Iterator[httpx.Client]:
    """A browser nobody has logged in with, talking to a real server on loopback."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(deps), log_config=None, lifespan="on"))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    serving.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False) as client:
        yield client
    server.should_exit = True
    serving.join(10)
    listening.close()
    assert not serving.is_alive()


@pytest.fixture
def as_seat(client: httpx.Client) -> Any:
    """Logs the browser in and returns the header that changing requests need."""

    def log_in(seat: str) -> dict[str, str]:
        client.cookies.clear()
        answer = client.post("/v1/session", json={"account": seat, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return {"X-CSRF-Token": answer.json()["csrf"]}

    return log_in


@pytest.fixture
def token(deps: Deps) -> Any:
    """The authorization header of an enterprise."""

    def header(enterprise: str) -> dict[str, str]:
        with deps.pool.connection() as conn:
            return {"Authorization": "Bearer " + users.issue_token(conn, enterprise, "test", NOW)}

    return header

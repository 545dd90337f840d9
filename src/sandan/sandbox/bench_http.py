"""The same parcels over HTTP on loopback: a real server with its workers in processes of its own, and a client here."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from psycopg import Connection

from sandan import logs
from sandan.api import serve
from sandan.sandbox import bench_procs
from sandan.store.settings import Settings

_START_S = 60.0
_DECIDED_S = 300.0
_LOOK_S = 0.02
_CONNECTIONS = 64
_TAKEN = b"202"
_FULL = b"429"
_PAUSE_S = 0.2


class Sending(Struct, frozen=True, kw_only=True):
    """What the client saw."""

    begun: float
    #: Milliseconds from request to acknowledgement, in no order
    waits_ms: list[float]


class Server:
    """A server in a process of its own."""

    def __init__(self, address: str, process: int) -> None:
        #: ``http://…`` it answers on
        self.address = address
        self._process = process

    def cpu(self) -> float:
        """CPU seconds of the server and its workers."""
        return bench_procs.cpu_of_tree(self._process)


@contextmanager
def serving(url: str, workers: int) -> Iterator[Server]:
    """Runs ``sandan serve`` over a database, on a free port.

    Args:
        url: A migrated, seeded database.
        workers: Decision workers.

    Raises:
        TimeoutError: It did not answer in time; its own words stand on the error output.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(url, workers, theirs))
    process.start()
    try:
        if not ours.poll(_START_S):
            raise TimeoutError(f"the server did not answer within {_START_S:.0f} s")
        yield Server(ours.recv(), process.pid or 0)
    finally:
        process.terminate()
        process.join(_START_S)


def send(address: str, messages: Sequence[bytes]) -> Sending:
    """Posts all messages over some connections, each sending its next when the last is acknowledged.

    Raises:
        RuntimeError: A clean message was refused.
    """
    return asyncio.run(_send(address, messages))


def await_decided(conn: Connection[Any]) -> float:
    """The monotonic moment at which nothing waits for a decision any more.

    Raises:
        TimeoutError: The workers did not get through.
    """
    until = time.monotonic() + _DECIDED_S
    while time.monotonic() < until:
        row = conn.execute("SELECT EXISTS (SELECT FROM queue)").fetchone()
        if row is not None and not row[0]:
            return time.monotonic()
        time.sleep(_LOOK_S)
    raise TimeoutError(f"the queue was not empty after {_DECIDED_S:.0f} s")


def _serve(url: str, workers: int, pipe: Pipe) -> None:
    logs.configure()
    settings = Settings(database_url=url, workers=workers, host="127.0.0.1", port=0, exchange=None)
    serve.run(settings, serve.Composition(ready=pipe.send))


async def _send(address: str, messages: Sequence[bytes]) -> Sending:
    host = urlsplit(address)
    requests = iter([_request(host.netloc, body) for body in messages])
    waits: list[float] = []
    begun = time.monotonic()
    clients = (_client(str(host.hostname), host.port or 0, requests, waits) for _ in range(_CONNECTIONS))
    await asyncio.gather(*clients)
    return Sending(begun=begun, waits_ms=waits)


def _request(host: str, body: bytes) -> bytes:
    """A whole request, put together beforehand so that the client costs little of the machine that is measured."""
    head = f"POST /v1/messages HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _client(host: str, port: int, requests: Iterator[bytes], waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for request in requests:
        begun = time.perf_counter()
        status = await _post(reader, writer, request)
        while status == _FULL:
            await asyncio.sleep(_PAUSE_S)
            status = await _post(reader, writer, request)
        if status != _TAKEN:
            raise RuntimeError(f"a clean message was answered with {status.decode()}")
        waits.append((time.perf_counter() - begun) * 1e3)
    writer.close()


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """Sends one request and reads its answer to the end; answers the status."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    start = head.index(b"content-length:") + len(b"content-length:")
    await reader.readexactly(int(head[start : head.index(b"\r\n", start)]))
    return head.split(b" ", 2)[1]

"""A remote signer to try the port with (远程签名参考服务): the protocol of `sandan.signing.remote` before any key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import msgspec
from msgspec import Struct

from sandan.signing.port import Signer
from sandan.signing.remote import CertificateAnswer
from sandan.signing.remote import SignAnswer
from sandan.signing.remote import SignRequest

_BODY_LIMIT = 1_000_000
_POLL_S = 0.02


class Trouble(StrEnum):
    """What the server does wrong when told to."""

    NONE = "none"
    SLOW = "slow"
    """It never answers."""
    BUSY = "busy"
    FAILED = "failed"
    GARBLED = "garbled"
    ANOTHER = "another"
    """It signs something else."""


class Desk:
    """What stands behind the server.

    Args:
        signer: The key it signs with.
        token: Bearer token it asks for; empty asks for none.
    """

    def __init__(self, signer: Signer, token: str = "") -> None:
        self.trouble = Trouble.NONE
        self.signer = signer
        self.token = token
        self.ended = threading.Event()

    def sign(self, body: bytes) -> Reply:
        """The answer to ``POST /sign``."""
        try:
            request = msgspec.json.decode(body, type=SignRequest)
        except (msgspec.DecodeError, RecursionError) as error:
            return _said(400, str(error))
        if request.algorithm is not self.signer.algorithm:
            return _said(422, f"the key signs {self.signer.algorithm}, not {request.algorithm}")
        data = b"something else" if self.trouble is Trouble.ANOTHER else request.data
        return Reply(200, msgspec.json.encode(SignAnswer(self.signer.sign(data))))

    def certificate(self) -> Reply:
        """The answer to ``GET /certificate``."""
        return Reply(200, msgspec.json.encode(CertificateAnswer(self.signer.algorithm, self.signer.certificate_der)))

    def in_trouble(self) -> Reply | None:
        """The answer it was told to give instead."""
        if self.trouble is Trouble.SLOW:
            self.ended.wait()
        return _TROUBLES.get(self.trouble)


class Reply(Struct, frozen=True):
    """Status and body of an answer."""

    status: int
    body: bytes


@contextmanager
def serving(desk: Desk, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The desk as a server until the block ends.

    Yields:
        Its address.
    """
    server = ThreadingHTTPServer((host, port), _handler(desk))
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), name="remote-signer")
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        desk.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(desk: Desk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Two paths, one token."""

        def do_GET(self) -> None:
            """Whose key it is."""
            self._answer(desk.certificate() if self.path == "/certificate" else _said(404, self.path))

        def do_POST(self) -> None:
            """One signature."""
            length = int(self.headers.get("Content-Length") or 0)
            if length > _BODY_LIMIT:
                self._answer(_said(413, f"{length} > {_BODY_LIMIT}"))
                return
            body = self.rfile.read(length)
            self._answer(desk.in_trouble() or desk.sign(body) if self.path == "/sign" else _said(404, self.path))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Says nothing: what is signed is nobody's business."""

        def _answer(self, reply: Reply) -> None:
            if desk.token and self.headers.get("Authorization") != f"Bearer {desk.token}":
                reply = _said(401, "the token is missing or wrong")
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    return Handler


def _said(status: int, text: str) -> Reply:
    return Reply(status, msgspec.json.encode({"error": text}))


_TROUBLES = {
    Trouble.BUSY: _said(503, "come back later"),
    Trouble.FAILED: _said(500, "the machine failed"),
    Trouble.GARBLED: Reply(200, b"<html>"),
}

"""The port's card (电子口岸 Ukey、IC 卡) through the control's WebSocket on the card's own machine.

The control (电子口岸控件) listens on ``ws://127.0.0.1:61232``. Its first frame is ``{"_method":"open"}``; then each request
``{"_method","_id","args"}`` is answered ``{"_id","_method","_status","_args":{"Result","Data","Error"}}``. There is one card
and one request at a time, so requests stand in a line whose length can be asked for.

The PIN stands in nothing that is logged, raised or shown. Once a card has refused a request, its PIN is not sent again.
"""

from __future__ import annotations

import contextlib
import json
from threading import Event
from typing import Never
from typing import Self

import msgspec
from msgspec import Struct
from websockets.exceptions import ConnectionClosed
from websockets.exceptions import InvalidURI
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect

from sandan.signing import certificates
from sandan.signing.facts import key_name
from sandan.signing.port import Algorithm
from sandan.signing.queue import CARD_PER_MINUTE
from sandan.signing.queue import Line
from sandan.signing.queue import Queue
from sandan.signing.refusals import Refusal
from sandan.signing.refusals import SigningRefusedError
from sandan.signing.refusals import card_refusal
from sandan.signing.remote import certificate_of
from sandan.signing.remote import decoded
from sandan.signing.remote import proven
from sandan.signing.software import KeyFileError
from sandan.signing.software import certificate_der

SIGN = "cus-sec_SpcSignDataAsPEM"
CERTIFICATE = "cus-sec_SpcGetSignCertAsPEM"
_OPEN = "open"
_NOT_THE_PIN = frozenset({Refusal.READER, Refusal.ABSENT})
_SAID_LIMIT = 200
_GOODBYE_S = 1.0


class Pin:
    """A card's password (卡密码); it shows itself to the card only, and not again once a card refused it.

    >>> Pin("1357")
    Pin(***)
    """

    __slots__ = ("_refused", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._refused = Event()

    def __repr__(self) -> str:
        return "Pin(***)"

    def __reduce__(self) -> Never:
        raise TypeError("a PIN is not stored or sent to another process")

    def reveal(self) -> str:
        """The password itself, for the frame that goes to the card.

        Raises:
            SigningRefusedError: A card refused it before, whichever signer asked.
        """
        if self._refused.is_set():
            raise SigningRefusedError(Refusal.HELD)
        return self._text

    def hold(self) -> None:
        """Never reveals the password again."""
        self._refused.set()

    def hidden_in(self, text: str) -> str:
        """``text`` with the password taken out, should it stand there."""
        return text.replace(self._text, "***") if self._text else text


class Card(Struct, frozen=True, kw_only=True):
    """Where a card is."""

    url: str = "ws://127.0.0.1:61232"
    #: Longest wait for one answer, in seconds
    timeout_s: float = 30.0
    #: Signatures a minute expected before any was measured
    per_minute: float = CARD_PER_MINUTE


class Arguments(Struct, frozen=True):
    """What the control answers: ``Result``, ``Data`` and ``Error``."""

    result: bool = msgspec.field(name="Result")
    data: list[str] = msgspec.field(name="Data", default_factory=list)
    error: list[str] = msgspec.field(name="Error", default_factory=list)


class Frame(Struct, frozen=True):
    """One answer of the control."""

    method: str = msgspec.field(name="_method")
    number: int | str = msgspec.field(name="_id", default=0)
    status: str = msgspec.field(name="_status", default="00")
    arguments: Arguments | None = msgspec.field(name="_args", default=None)


class UkeySigner:
    """A signer that is a card; several threads may use it, in turn.

    SM2 cards sign with SM3; an RSA card signs as the control does, with SHA-1.

    Args:
        card: Where the card is.
        pin: Its password.

    Raises:
        SigningRefusedError: The card cannot be reached or read.
    """

    def __init__(self, card: Card, pin: Pin) -> None:
        self._card = card
        self._pin = pin
        self._line = Line(card.per_minute)
        self._connection: ClientConnection | None = None
        self._resources = contextlib.ExitStack()
        self._number = 0
        self.certificate_der, self.certificate = self._introduce()
        sm2_card = self.certificate.facts.key_kind == "sm2"
        self.algorithm = Algorithm.SM2_SM3 if sm2_card else Algorithm.RSA_SHA1
        self.key_name = key_name(self.certificate.facts.serial)

    def __repr__(self) -> str:
        return f"UkeySigner({self._card.url}, {self.key_name})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the card."""
        self._connection = None
        self._resources.close()

    def queue(self) -> Queue:
        """How long the line before the card is, its measured rate and the wait to expect."""
        return self._line.status()

    def sign(self, data: bytes) -> bytes:
        """Signature over ``data``, which is UTF-8 text; SM2 as 64 bytes r‖s. Waits for its turn.

        Raises:
            SigningRefusedError: The card did not sign; after a refusal that may be its PIN's, no request reaches it.
        """
        text = _text(data)
        with self._line.turn():
            answer = self._ask(SIGN, {"inData": text, "passwd": self._pin.reveal()})
            return proven(self.certificate, self.algorithm, data, decoded(_first(answer)))

    def _introduce(self) -> tuple[bytes, certificates.Certificate]:
        """Whose card it is; the PIN plays no part in that."""
        try:
            content = _certificate(_first(self._ask(CERTIFICATE, {})))
            return content, certificate_of(content)
        except SigningRefusedError:
            self._drop()
            raise

    def _ask(self, method: str, arguments: dict[str, str]) -> list[str]:
        self._number += 1
        request = json.dumps({"_method": method, "_id": self._number, "args": arguments}, ensure_ascii=False)
        try:
            frame = self._exchange(request)
        except SigningRefusedError:
            # A late answer must not be taken for the next request's, so the connection ends with the exchange.
            self._drop()
            raise
        if frame.method != method or frame.arguments is None or str(frame.number) != str(self._number):
            self._drop()
            raise SigningRefusedError(Refusal.UNREADABLE, f"_method {frame.method}, _id {frame.number}")
        if not frame.arguments.result or frame.status != "00":
            self._refused(frame.arguments.error, with_pin="passwd" in arguments)
        return frame.arguments.data

    def _refused(self, texts: list[str], *, with_pin: bool) -> Never:
        refusal = card_refusal(texts)
        if with_pin and refusal not in _NOT_THE_PIN:
            self._pin.hold()
        raise SigningRefusedError(refusal, self._pin.hidden_in(" ".join(texts))[:_SAID_LIMIT])

    def _exchange(self, request: str) -> Frame:
        try:
            connection = self._open()
            connection.send(request)
            return _frame(connection.recv(self._card.timeout_s))
        except TimeoutError:
            raise SigningRefusedError(Refusal.TIMEOUT, f"{self._card.timeout_s:g} s") from None
        except ConnectionClosed:
            raise SigningRefusedError(Refusal.UNREACHABLE, f"{self._card.url} closed the connection") from None
        except (OSError, WebSocketException, InvalidURI) as error:
            raise SigningRefusedError(Refusal.UNREACHABLE, f"{self._card.url}: {type(error).__name__}") from None

    def _open(self) -> ClientConnection:
        """The connection; a new one begins with the control's own frame."""
        if self._connection is None:
            # A proxy of the environment has no business between a program and the card beside it.
            wait_s = self._card.timeout_s
            opening = connect(
                self._card.url, open_timeout=wait_s, close_timeout=min(wait_s, _GOODBYE_S), proxy=None, compression=None
            )
            self._connection = self._resources.enter_context(opening)
            greeting = _frame(self._connection.recv(wait_s))
            if greeting.method != _OPEN:
                raise SigningRefusedError(Refusal.UNREADABLE, f"first frame {greeting.method!r}, expected 'open'")
        return self._connection

    def _drop(self) -> None:
        with contextlib.suppress(OSError, WebSocketException):
            self.close()


def _frame(data: str | bytes) -> Frame:
    try:
        return msgspec.json.decode(data, type=Frame)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SigningRefusedError(Refusal.UNREADABLE, str(error)) from None


def _certificate(text: str) -> bytes:
    try:
        return certificate_der(text.encode()) if "-----BEGIN" in text else decoded(text)
    except KeyFileError as error:
        raise SigningRefusedError(Refusal.UNREADABLE, str(error)) from None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SigningRefusedError(Refusal.TEXT) from None


def _first(data: list[str]) -> str:
    if not data:
        raise SigningRefusedError(Refusal.UNREADABLE, "Data is empty")
    return data[0]

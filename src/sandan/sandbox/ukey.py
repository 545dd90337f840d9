"""A card in software behind the port's WebSocket protocol (模拟 Ukey), for tests and for integrators without a card.

It opens with the control's frame, takes one request at a time, counts wrong PINs and locks, and can be told to fail.
The texts of wrong PIN and lock are invented, since the real ones are not public; those of the reader are real.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve

from sandan.signing.software import SoftwareSigner
from sandan.signing.ukey import CERTIFICATE
from sandan.signing.ukey import SIGN
from sandan.terms.days import SHANGHAI

VALID_TIME = "cus-sec_SpcGetValidTimeFromCert"
VERIFY_PIN = "cus-sec_SpcVerifyPIN"
_RESET_FAILED = ["[读卡器底层库]复位读卡器失败:错误码=50070", "Err:Custom50070"]
_OPEN_FAILED = ["[读卡器底层库]打开读卡器失败:错误码=50200", "Err:Custom50200"]
_WRONG_PIN = ["验证卡密码失败", "Err:Sandbox-PIN"]
_LOCKED = ["卡已锁定", "Err:Sandbox-LOCKED"]


class Trouble(StrEnum):
    """What the card does wrong when told to."""

    NONE = "none"
    READER = "reader"
    """The reader cannot be reset (Err:Custom50070)."""
    ABSENT = "absent"
    """There is no card (Err:Custom50200)."""
    SLOW = "slow"
    """It never answers."""
    CLOSES = "closes"
    """The control ends the connection."""
    GARBLED = "garbled"
    """It answers no JSON."""
    ANOTHER = "another"
    """It signs something else."""
    UNOPENED = "unopened"
    """The control forgets its first frame."""


class SoftwareCard:
    """A card: a key, a PIN and what it has been through.

    Args:
        signer: The key in it; an RSA key must be for SHA-1, as cards sign.
        pin: Its password.
        tries: Wrong passwords until it locks.
        each_s: Seconds one signature takes; 0.24 makes 250 a minute.
    """

    def __init__(self, signer: SoftwareSigner, pin: str, tries: int = 5, each_s: float = 0.0) -> None:
        self.trouble = Trouble.NONE
        self.signed = 0
        #: PINs that reached the card, right or wrong; tests count them
        self.pins_seen = 0
        self.tries_left = tries
        self._signer = signer
        self._pin = pin
        self._each_s = each_s
        self._full = tries
        self._one_at_a_time = threading.Lock()

    def answer(self, method: str, arguments: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Data and errors the card answers a request with."""
        with self._one_at_a_time:
            if self.trouble in _READER_TEXTS:
                return [], _READER_TEXTS[self.trouble]
            if "passwd" in arguments and (error := self._pin_error(str(arguments["passwd"]))):
                return [], error
            return self._done(method, arguments)

    def _pin_error(self, passwd: str) -> list[str]:
        self.pins_seen += 1
        if not self.tries_left:
            return _LOCKED
        if passwd == self._pin:
            self.tries_left = self._full
            return []
        self.tries_left -= 1
        return _WRONG_PIN

    def _done(self, method: str, arguments: dict[str, Any]) -> tuple[list[str], list[str]]:
        if method == SIGN and "passwd" in arguments:
            return [self._sign(str(arguments.get("inData", ""))), self._signer.key_name], []
        if method == CERTIFICATE:
            return [base64.b64encode(self._signer.certificate_der).decode()], []
        if method == VALID_TIME:
            facts = self._signer.certificate.facts
            return [_local(facts.not_before), _local(facts.not_after)], []
        if method == VERIFY_PIN:
            return [], []
        return [], [f"没有这个方法：{method}", "Err:Sandbox-METHOD"]

    def _sign(self, text: str) -> str:
        if self._each_s:
            time.sleep(self._each_s)
        self.signed += 1
        data = "something else" if self.trouble is Trouble.ANOTHER else text
        return base64.b64encode(self._signer.sign(data.encode())).decode()


@contextmanager
def control(card: SoftwareCard, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The port's control with a card in its reader, listening until the block ends.

    Args:
        card: The card.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one, the real control takes 61232.

    Yields:
        Its ``ws://`` address.
    """
    ended = threading.Event()
    server = serve(lambda connection: _speak(connection, card, ended), host, port, compression=None)
    serving = threading.Thread(target=server.serve_forever, name="ukey-control")
    serving.start()
    try:
        yield f"ws://{host}:{server.socket.getsockname()[1]}"
    finally:
        ended.set()
        server.shutdown()
        serving.join()


def _speak(connection: ServerConnection, card: SoftwareCard, ended: threading.Event) -> None:
    greeting = "busy" if card.trouble is Trouble.UNOPENED else "open"
    try:
        connection.send(json.dumps({"_method": greeting, "_status": "00"}))
        for frame in connection:
            if card.trouble is Trouble.SLOW:
                ended.wait()
            if card.trouble in {Trouble.CLOSES, Trouble.SLOW}:
                return
            connection.send("<html>" if card.trouble is Trouble.GARBLED else _reply(card, frame))
    except ConnectionClosed:
        return


def _reply(card: SoftwareCard, frame: str | bytes) -> str:
    try:
        request = json.loads(frame)
        method, arguments = str(request["_method"]), dict(request.get("args") or {})
    except (ValueError, TypeError, KeyError, AttributeError):
        return json.dumps({"_id": 0, "_method": "", "_status": "01", "_args": _result([], ["请求不是约定的格式"])})
    data, errors = card.answer(method, arguments)
    answer = {"_id": request.get("_id", 0), "_method": method, "_status": "00", "_args": _result(data, errors)}
    return json.dumps(answer, ensure_ascii=False)


def _result(data: list[str], errors: list[str]) -> dict[str, Any]:
    return {"Result": not errors, "Data": data, "Error": errors}


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


_READER_TEXTS = {Trouble.READER: _RESET_FAILED, Trouble.ABSENT: _OPEN_FAILED}

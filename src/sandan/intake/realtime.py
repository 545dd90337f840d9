"""The door of real-time payment data (179 号公告): asks platforms, takes their uploads, answers each with its verdict."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Any
from typing import Protocol
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.law import Law
from sandan.oversight import decide
from sandan.oversight.decide import Asked
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Hearing
from sandan.oversight.facts import Judgement
from sandan.oversight.facts import Papers
from sandan.oversight.facts import Seal
from sandan.oversight.facts import Slip
from sandan.oversight.rules import acknowledgement
from sandan.signing import realtime as seals
from sandan.store import realtime as store
from sandan.store.clock import Clock
from sandan.terms.days import legal_day
from sandan.wire import realtime as wire
from sandan.wire.realtime_text import FORM
from sandan.wire.realtime_text import demand_form

CALL_TIMEOUT_S = 10.0
"""Longest wait for a platform's immediate answer."""
AGENT = "Apache-HttpClient/4.5.3 (Java/1.8.0_60)"
"""How customs' own caller names itself; platforms must not block it."""
_SHOWN = 500
_ANSWER_LIMIT = 16_384
_NO_SEAL = Seal(holds=False)


class Reply(Struct, frozen=True, kw_only=True):
    """What a platform answered at once."""

    took_ms: int
    #: Its text, shortened, or what happened instead
    answer: str
    slips: tuple[Slip, ...]


class Knowledge(Protocol):
    """What an upload is judged against; the store in a platform, a few files in a rehearsal."""

    def demand(self, session_id: str) -> Demand | None:
        """The demand of a session."""

    def was_stored(self, session_id: str) -> bool:
        """Whether the session was used."""

    def certificates(self, ebp_code: str) -> Mapping[str, bytes]:
        """Certificates of a platform by certNo."""

    def papers(self, demand: Demand, order_numbers: Sequence[str]) -> Papers:
        """What was declared about orders."""


class Desk:
    """Customs' side, over the store.

    Args:
        pool: Connections to the migrated database.
        clock: Where the moment comes from.
        law_on: The law of a legal day.
        public_only: Platforms inside this network are not called.
    """

    def __init__(
        self,
        pool: ConnectionPool[Connection[Any]],
        clock: Clock,
        law_on: Callable[[date], Law],
        *,
        public_only: bool = False,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._law_on = law_on
        self._public_only = public_only

    def ask(self, asked: Asked) -> Demand | None:
        """Asks a platform for an order's payment data, and records what it answered at once.

        Returns:
            The demand, or None where the platform registered no address.
        """
        now = self._clock.now()
        law = self._law_on(legal_day(now))
        with self._pool.connection() as conn:
            endpoint = store.endpoint_of(conn, asked.ebp_code)
            if endpoint is None:
                return None
            demand = decide.demand(asked, now, law)
            store.save_demand(conn, demand)
        reply = call(endpoint.url, demand, public_only=self._public_only)
        findings = tuple(decide.finding_of(slip, law) for slip in reply.slips)
        kept = store.Call(
            url=endpoint.url, called_at=now, took_ms=reply.took_ms, answer=reply.answer, findings=findings
        )
        with self._pool.connection() as conn:
            store.save_call(conn, demand.session_id, kept)
        return demand

    def receive(self, body: bytes) -> Judgement:
        """Judges one upload and keeps it with its answer; both stand in one transaction."""
        now = self._clock.now()
        law = self._law_on(legal_day(now))
        with self._pool.connection() as conn:
            demand, judgement = judge(body, _Stored(conn), now, law)
            store.save_upload(conn, demand, body, store.Upload(received_at=now, judgement=judgement))
        return judgement


def judge(body: bytes, knowledge: Knowledge, now: datetime, law: Law) -> tuple[Demand | None, Judgement]:
    """Reads one upload, verifies its signature and judges it; never raises for what a platform sent.

    Args:
        body: The form as posted.
        knowledge: What it is held against.
        now: Moment of receipt.
        law: The law of that day.
    """
    upload = wire.read_upload(body)
    demand = knowledge.demand(upload.session_id) if upload.session_id else None
    numbers = [order.order_no for order in upload.answer.data.orders] if upload.answer else []
    hearing = Hearing(
        demand=demand,
        answered=bool(demand) and knowledge.was_stored(upload.session_id),
        seal=_seal(upload, knowledge, now),
        papers=knowledge.papers(demand, numbers) if demand else Papers(),
        now=now,
        law=law,
    )
    return demand, decide.judge(upload.answer, upload.slips, hearing)


def call(url: str, demand: Demand, *, public_only: bool = False) -> Reply:
    """Posts a demand to a platform (platDataOpen) and looks at what it answers at once."""
    service_time = str(int(demand.issued_at.timestamp() * 1000))
    body = demand_form(demand.order_no, demand.session_id, service_time)
    began = time.monotonic()
    try:
        address, host = pinned(url) if public_only else (url, {})
        answer, kind = _post(address, body, host)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        answer, kind = f"{type(error).__name__}: {error}", ""
    took_ms = round((time.monotonic() - began) * 1000)
    slips = acknowledgement(_code(answer), kind) if kind else acknowledgement(answer[:_SHOWN], kind)[:1]
    return Reply(took_ms=took_ms, answer=answer[:_SHOWN].replace("\0", "�"), slips=slips)


def _seal(upload: wire.Upload, knowledge: Knowledge, now: datetime) -> Seal:
    """The signature's verdict; where certNo or text is missing, reading has said so."""
    if not upload.cert_no or not upload.posted:
        return _NO_SEAL
    signed = seals.Signed(
        cert_no=upload.cert_no,
        text=upload.posted,
        signature=upload.signature,
        mistaken=((mistake.rule, mistake.text) for mistake in wire.mistaken(upload)),
    )
    return seals.seal(signed, knowledge.certificates(upload.ebp_code), now)


def _code(answer: str) -> str:
    """``code`` of a platform's answer, or the answer itself where there is none."""
    try:
        value = msgspec.json.decode(answer)
    except (msgspec.DecodeError, RecursionError):
        return answer[:_SHOWN]
    return str(value.get("code", "-")) if isinstance(value, dict) else answer[:_SHOWN]


def pinned(url: str) -> tuple[str, dict[str, str]]:
    """The address by number with its name as a header, so that what was looked at is what is called.

    A platform chooses its address and its name service; neither must make us call ourselves or our network.

    Raises:
        ValueError: It is not plain HTTP, or lies inside.
        OSError: The name is not known.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"{url} is not a plain http address")
    numbers = [entry[4][0] for entry in socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)]
    if not all(ipaddress.ip_address(number).is_global for number in numbers):
        raise ValueError(f"{parts.hostname} is not a public address")
    number = f"[{numbers[0]}]" if ":" in str(numbers[0]) else str(numbers[0])
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=number + port).geturl(), {"Host": parts.netloc}


def _post(url: str, body: bytes, host: Mapping[str, str]) -> tuple[str, str]:
    """Text and content type of an answer; no more of it is read than an acknowledgement can have."""
    headers = {**_HEADERS, **host}
    with httpx.stream("POST", url, content=body, headers=headers, timeout=CALL_TIMEOUT_S, trust_env=False) as response:
        parts: list[bytes] = []
        for part in response.iter_bytes(_ANSWER_LIMIT):
            parts.append(part)
            if sum(map(len, parts)) >= _ANSWER_LIMIT:
                break
        return b"".join(parts).decode("utf-8", "replace"), response.headers.get("content-type", "")


_HEADERS = {"Content-Type": FORM, "User-Agent": AGENT}


class _Stored:
    """What the store knows, within one transaction."""

    def __init__(self, conn: Connection[Any]) -> None:
        self._conn = conn

    def demand(self, session_id: str) -> Demand | None:
        """The demand of a session."""
        return store.find_demand(self._conn, session_id)

    def was_stored(self, session_id: str) -> bool:
        """Whether the session was used."""
        return store.was_stored(self._conn, session_id)

    def certificates(self, ebp_code: str) -> Mapping[str, bytes]:
        """Certificates of a platform by certNo."""
        return store.certificates_of(self._conn, ebp_code) if "\0" not in ebp_code else {}

    def papers(self, demand: Demand, order_numbers: Sequence[str]) -> Papers:
        """What was declared about orders."""
        return store.papers_of(self._conn, demand, order_numbers)

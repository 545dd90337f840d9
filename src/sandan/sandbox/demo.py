"""A day of the invented world, sent over HTTP to a running platform and watched until everything is decided."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from typing import Any

import httpx
from msgspec import Struct
from psycopg import Connection

from sandan.sandbox import faults
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import Outgoing
from sandan.sandbox.messages import spoiled
from sandan.sandbox.parcels import Maker
from sandan.store.audit import verify
from sandan.store.users import Seat
from sandan.store.users import User

PASSWORD = "sandan"  # noqa: S105 - opens an invented world only
USERS = (
    User(account="officer", name="关员甲", seat=Seat.OFFICER),
    User(account="operator", name="平台运营", seat=Seat.OPERATOR),
    User(account="agent", name="境内代理人", seat=Seat.ENTERPRISE, enterprise=world.AGENT),
    User(account="platform", name="电商平台", seat=Seat.ENTERPRISE, enterprise=world.PLATFORM),
)
"""Accounts of the demonstration; all have the same password."""

PAPERS_A_MESSAGE = 10
SENDERS = 24
SPOILED_SHARE = 0.02
REPEATED_SHARE = 0.03
STALLED_S = 120.0

HELD = ("review", "inspection", "held", "accepted")


class Day(Struct, frozen=True, kw_only=True):
    """What will be sent."""

    run: str
    messages: tuple[Outgoing, ...]
    parcels: int


class Progress(Struct, frozen=True):
    """How far the day has got."""

    sent: int
    decided: int


class Reason(Struct, frozen=True, kw_only=True):
    """How many lists of one outcome name one rule."""

    status: str
    rule: str
    count: int


class Summary(Struct, frozen=True, kw_only=True):
    """What came of the day."""

    parcels: int
    released: int
    refused: int
    waiting: int
    held: int
    by_reason: dict[str, int]
    tax_fen: int
    seconds: float
    ledger_ok: bool


def prepare(dispatch: Office, count: int, seed: int) -> Day:
    """Makes and signs a day of parcels: in no order, some messages spoiled on their way, some sent twice.

    Args:
        dispatch: The invented enterprises with their keys.
        count: Parcels.
        seed: Same seed, same parcels; numbers differ from run to run.
    """
    run = f"{int(time.time()):X}"
    maker = Maker(seed, datetime.now(UTC), run)
    messages = list(dispatch.messages(faults.day(maker, count), PAPERS_A_MESSAGE))
    dice = random.Random(seed)  # noqa: S311 - invented data, no secret
    again = [message for message in messages if dice.random() < REPEATED_SHARE]
    broken = [spoiled(message, dice) for message in messages if dice.random() < SPOILED_SHARE]
    dice.shuffle(messages)
    return Day(run=run, messages=(*messages, *again, *broken), parcels=count)


def play(address: str, day: Day, conn: Connection[Any], watch: Callable[[Progress], None]) -> float:
    """Sends the day and waits until every list is decided.

    Args:
        address: Where the platform answers, such as ``http://127.0.0.1:8321``.
        day: What to send.
        conn: Connection to the platform's database, to watch by.
        watch: Told the progress again and again.

    Returns:
        Seconds from the first message to the last decision.

    Raises:
        TimeoutError: nothing was decided for two minutes.
    """
    return asyncio.run(_play(address, day, conn, watch))


def summarise(conn: Connection[Any], day: Day, seconds: float) -> Summary:
    """Counts what came of the day and audits the store."""
    statuses = dict(_rows(conn, "SELECT status, count(*) FROM cases WHERE cop_no LIKE %s GROUP BY status", day))
    tax = "SELECT coalesce(sum(tax_fen), 0) FROM cases WHERE cop_no LIKE %s AND status = 'released'"
    ((tax_fen,),) = _rows(conn, tax, day)
    by_reason: dict[str, int] = {}
    for reason in reasons(conn, day):
        by_reason[reason.rule] = by_reason.get(reason.rule, 0) + reason.count
    conn.rollback()
    return Summary(
        parcels=day.parcels,
        released=statuses.get("released", 0),
        refused=statuses.get("refused", 0),
        waiting=statuses.get("waiting", 0),
        held=sum(statuses.get(status, 0) for status in HELD),
        by_reason=by_reason,
        tax_fen=int(tax_fen),
        seconds=round(seconds, 2),
        ledger_ok=verify(conn).ok,
    )


def reasons(conn: Connection[Any], day: Day) -> list[Reason]:
    """How often each rule decided, by outcome, most frequent first."""
    query = """
        SELECT status, rule, count(*) FROM cases, unnest(reasons) AS rule
         WHERE cop_no LIKE %s AND status <> 'released' GROUP BY status, rule ORDER BY status, count(*) DESC, rule
    """
    return [Reason(status=status, rule=rule, count=count) for status, rule, count in _rows(conn, query, day)]


async def _play(address: str, day: Day, conn: Connection[Any], watch: Callable[[Progress], None]) -> float:
    started = time.monotonic()
    waiting: asyncio.Queue[Outgoing] = asyncio.Queue()
    for message in day.messages:
        waiting.put_nowait(message)
    sent = _Counter()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        senders = [asyncio.create_task(_send_all(client, waiting, sent)) for _ in range(SENDERS)]
        await _watch(day, conn, watch, sent)
        await asyncio.gather(*senders)
    return time.monotonic() - started


class _Counter:
    def __init__(self) -> None:
        self.count = 0


async def _send_all(client: httpx.AsyncClient, waiting: asyncio.Queue[Outgoing], sent: _Counter) -> None:
    while not waiting.empty():
        message = waiting.get_nowait()
        await _send(client, message.data)
        sent.count += 1


async def _send(client: httpx.AsyncClient, data: bytes) -> None:
    """Sends one message, coming back when the platform says it is full."""
    while True:
        answer = await client.post("/v1/messages", content=data, headers={"content-type": "application/xml"})
        if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
            return
        await asyncio.sleep(float(answer.headers.get("retry-after", "1")))


async def _watch(day: Day, conn: Connection[Any], watch: Callable[[Progress], None], sent: _Counter) -> None:
    last, moved_at = Progress(-1, -1), time.monotonic()
    while True:
        now = Progress(sent.count, await asyncio.to_thread(_decided, conn, day))
        watch(now)
        if now.sent == len(day.messages) and now.decided == day.parcels and await asyncio.to_thread(_idle, conn):
            return
        if now != last:
            last, moved_at = now, time.monotonic()
        if time.monotonic() - moved_at > STALLED_S:
            raise TimeoutError(f"{now.decided} of {day.parcels} lists were decided, then nothing for {STALLED_S:.0f} s")
        await asyncio.sleep(0.1)


def _decided(conn: Connection[Any], day: Day) -> int:
    ((count,),) = _rows(conn, "SELECT count(*) FROM cases WHERE cop_no LIKE %s", day)
    conn.rollback()
    return int(count)


def _idle(conn: Connection[Any]) -> bool:
    row = conn.execute("SELECT NOT EXISTS (SELECT FROM queue)").fetchone()
    conn.rollback()
    return bool(row and row[0])


def _rows(conn: Connection[Any], query: str, day: Day) -> Iterator[Any]:
    return iter(conn.execute(query.encode(), [f"QD{day.run}%"]).fetchall())

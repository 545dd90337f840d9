"""Pushes receipts to those who asked for it: by webhook, signed and tried again, or into an out-folder.

Each subscription goes on from its own cursor, in order, and moves it only after the receiver has taken the receipts:
everything arrives at least once. A receiver that fails is left alone for a growing while, by the clock of the platform.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import cast

import httpx
import msgspec
import psycopg
import structlog
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.documents.facts import Receipt
from sandan.store import outbox
from sandan.store.clock import Clock
from sandan.store.outbox import Cursor
from sandan.store.outbox import Delivery
from sandan.store.pooled import autocommitting
from sandan.terms.ids import EnterpriseCode
from sandan.wire import write

_log = structlog.get_logger(__name__)

PAGE = 100
"""Receipts of one delivery."""

BACKOFF_S = (5, 15, 60, 300, 900, 3600)
"""Seconds to wait after the first, second, … failure; the last holds for all that follow."""

SIGNATURE = "Sandan-Signature"
"""Header with ``sha256=`` and the HMAC of the body under the subscription's secret."""

_TIMEOUT_S = 10.0
_IDLE_S = 0.2
_ERROR_CHARACTERS = 500

_DUE = """
    SELECT recipient, channel, target, secret, cursor_xid::text, cursor_id, attempts FROM subscriptions
     WHERE next_at IS NULL OR next_at <= %(now)s
     ORDER BY next_at NULLS FIRST LIMIT %(limit)s
"""
_HOLD = "SELECT pg_try_advisory_lock(hashtextextended(%s, 1))"
_RELEASE = "SELECT pg_advisory_unlock(hashtextextended(%s, 1))"
_TAKEN = """
    UPDATE subscriptions SET cursor_xid = %s::text::xid8, cursor_id = %s, attempts = 0, next_at = NULL, last_error = ''
     WHERE (recipient, channel, target) = (%s, %s, %s)
"""
_FAILED = """
    UPDATE subscriptions SET attempts = %s, next_at = %s, last_error = %s WHERE (recipient, channel, target) = (%s, %s, %s)
"""


class Subscription(Struct, frozen=True, kw_only=True):
    """Where one enterprise's receipts are pushed, and how far that has got."""

    recipient: EnterpriseCode
    channel: str
    target: str
    secret: str
    cursor: Cursor
    attempts: int

    @property
    def key(self) -> tuple[str, str, str]:
        """Key of its row."""
        return self.recipient, self.channel, self.target


class DeliveryError(Exception):
    """A receiver did not take what was pushed; says what it answered."""


class Courier:
    """Delivers for all subscriptions; several may run, each subscription is served by one at a time."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], clock: Clock, client: httpx.Client | None = None) -> None:
        self._pool = pool
        self._clock = clock
        self._client = client or httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False)

    def run(self, stop: threading.Event) -> None:
        """Delivers until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                delivered = self.run_once()
            except psycopg.OperationalError as error:
                _log.warning("database lost", error=str(error))
                delivered = 0
            if not delivered:
                stop.wait(_IDLE_S)

    def run_once(self, limit: int = 100) -> int:
        """Delivers one page to each subscription that is due; answers how many receipts were taken.

        Args:
            limit: Subscriptions served at once.
        """
        with autocommitting(self._pool) as conn:
            rows = conn.execute(_DUE, {"now": self._clock.now(), "limit": limit}).fetchall()
            return sum(self._serve(conn, _subscription(row)) for row in rows)

    def _serve(self, conn: Connection[Any], subscription: Subscription) -> int:
        name = "\x1f".join(subscription.key)
        held = conn.execute(_HOLD, [name]).fetchone()
        if held is None or not held[0]:
            return 0
        try:
            return self._deliver(conn, subscription)
        finally:
            conn.execute(_RELEASE, [name])

    def _deliver(self, conn: Connection[Any], subscription: Subscription) -> int:
        found = outbox.pull(conn, subscription.recipient, subscription.cursor, PAGE)
        if not found:
            return 0
        try:
            self._push(subscription, found)
        except (DeliveryError, httpx.HTTPError, OSError) as error:
            _log.warning(
                "not delivered", recipient=subscription.recipient, target=subscription.target, error=str(error)
            )
            self._put_off(conn, subscription, str(error) or type(error).__name__)
            return 0
        last = found[-1].cursor
        conn.execute(_TAKEN, [str(last.xid), last.id, *subscription.key])
        return len(found)

    def _put_off(self, conn: Connection[Any], subscription: Subscription, error: str) -> None:
        again = next_try(self._clock.now(), subscription.attempts + 1)
        conn.execute(_FAILED, [subscription.attempts + 1, again, error[:_ERROR_CHARACTERS], *subscription.key])

    def _push(self, subscription: Subscription, found: Sequence[Delivery]) -> None:
        if subscription.channel == "folder":
            put_files(Path(subscription.target), found)
            return
        body = msgspec.json.encode({"cursor": str(found[-1].cursor), "receipts": [one.receipt for one in found]})
        headers = {"Content-Type": "application/json", SIGNATURE: sign(body, subscription.secret)}
        answer = self._client.post(subscription.target, content=body, headers=headers)
        if not answer.is_success:
            raise DeliveryError(f"{subscription.target} answered {answer.status_code}")


def sign(body: bytes, secret: str) -> str:
    """The signature header's value: ``sha256=`` and the HMAC of the body in hex."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def next_try(now: datetime, attempts: int) -> datetime:
    """When a receiver that has failed so many times in a row is tried again."""
    return now + timedelta(seconds=BACKOFF_S[min(attempts, len(BACKOFF_S)) - 1])


def put_files(folder: Path, found: Iterable[Delivery]) -> None:
    """Puts each receipt into the folder as a message of its own, complete from the moment its name appears.

    The name is the cursor, so a receipt delivered twice is written once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for one in found:
        (message,) = write.receipts([one.receipt])
        name = f"{one.cursor.xid:020d}-{one.cursor.id:020d}-{_message_type(one.receipt)}.xml"
        draft = folder / f".{name}.part"
        with draft.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)


def _message_type(receipt: Receipt) -> str:
    return {"order": "CEB312", "payment": "CEB412", "waybill": "CEB512", "list": "CEB622"}[receipt.subject.kind.value]


def _subscription(row: Sequence[Any]) -> Subscription:
    recipient, channel, target, secret, xid, number, attempts = row
    return Subscription(
        recipient=cast("EnterpriseCode", recipient),
        channel=channel,
        target=target,
        secret=secret,
        cursor=Cursor(int(xid), number),
        attempts=attempts,
    )

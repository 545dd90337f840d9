"""Pushes receipts to those who asked for it: by webhook, by broker or into an out-folder, each tried again until taken.

Each subscription goes on from its own cursors, in order, and moves them only after the receiver has taken the page:
everything arrives at least once. A receiver that fails is left alone for a growing while, by the clock of the platform.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import cast

import httpx
import psycopg
import structlog
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.store import forwards
from sandan.store import outbox
from sandan.store.clock import Clock
from sandan.store.outbox import Cursor
from sandan.store.pooled import autocommitting
from sandan.terms.ids import EnterpriseCode
from sandan.work.push import DeliveryError
from sandan.work.push import Item
from sandan.work.push import Publishes
from sandan.work.push import Push
from sandan.work.push import Target
from sandan.work.push import of_forward
from sandan.work.push import of_receipt

_log = structlog.get_logger(__name__)

PAGE = 100
"""Receipts of one delivery."""

BACKOFF_S = (5, 15, 60, 300, 900, 3600)
"""Seconds to wait after the first, second, … failure; the last holds for all that follow."""

_TIMEOUT_S = 10.0
_IDLE_S = 0.2
_ERROR_CHARACTERS = 500

_DUE = """
    SELECT recipient, channel, target, secret, address, attempts,
           cursor_xid::text, cursor_id, forward_xid::text, forward_id
      FROM subscriptions
     WHERE next_at IS NULL OR next_at <= %(now)s
     ORDER BY next_at NULLS FIRST LIMIT %(limit)s
"""
_HOLD = "SELECT pg_try_advisory_lock(hashtextextended(%s, 1))"
_RELEASE = "SELECT pg_advisory_unlock(hashtextextended(%s, 1))"
_TAKEN = """
    UPDATE subscriptions SET cursor_xid = %s::text::xid8, cursor_id = %s, attempts = 0, next_at = NULL, last_error = ''
     WHERE (recipient, channel, target) = (%s, %s, %s)
"""
_FORWARDED = """
    UPDATE subscriptions SET forward_xid = %s::text::xid8, forward_id = %s, attempts = 0, next_at = NULL, last_error = ''
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
    #: DXP id on the envelopes; empty delivers bare messages
    address: str
    cursor: Cursor
    #: How far what others forward has been delivered
    forward_cursor: Cursor
    attempts: int

    @property
    def key(self) -> tuple[str, str, str]:
        """Key of its row."""
        return self.recipient, self.channel, self.target

    @property
    def where(self) -> Target:
        """Where its deliveries go."""
        return Target(channel=self.channel, target=self.target, secret=self.secret, address=self.address)


class Stream(Struct, frozen=True):
    """One of the two streams a subscription goes on in: receipts of its own, and what others forward."""

    pull: Callable[[Connection[Any], EnterpriseCode, Cursor, int], list[Item]]
    cursor_of: Callable[[Subscription], Cursor]
    #: Moves the cursor
    taken: str


class Courier:
    """Delivers for all subscriptions; several may run, each subscription is served by one at a time."""

    def __init__(
        self,
        pool: ConnectionPool[Connection[Any]],
        clock: Clock,
        client: httpx.Client | None = None,
        broker: Publishes | None = None,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._push = Push(client or httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False), broker)

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
        """One page of each stream; a receiver that failed is not tried with the next."""
        delivered = 0
        for stream in STREAMS:
            found = stream.pull(conn, subscription.recipient, stream.cursor_of(subscription), PAGE)
            if found and not self._pushed(conn, subscription, found):
                break
            if found:
                last = found[-1].cursor
                conn.execute(stream.taken.encode(), [str(last.xid), last.id, *subscription.key])
            delivered += len(found)
        return delivered

    def _pushed(self, conn: Connection[Any], subscription: Subscription, found: Sequence[Item]) -> bool:
        try:
            self._push.push(subscription.where, found)
        except (DeliveryError, httpx.HTTPError, OSError) as error:
            _log.warning(
                "not delivered", recipient=subscription.recipient, target=subscription.target, error=str(error)
            )
            self._put_off(conn, subscription, str(error) or type(error).__name__)
            return False
        return True

    def _put_off(self, conn: Connection[Any], subscription: Subscription, error: str) -> None:
        again = next_try(self._clock.now(), subscription.attempts + 1)
        conn.execute(_FAILED, [subscription.attempts + 1, again, error[:_ERROR_CHARACTERS], *subscription.key])


def next_try(now: datetime, attempts: int) -> datetime:
    """When a receiver that has failed so many times in a row is tried again."""
    return now + timedelta(seconds=BACKOFF_S[min(attempts, len(BACKOFF_S)) - 1])


def _receipts(conn: Connection[Any], recipient: EnterpriseCode, cursor: Cursor, limit: int) -> list[Item]:
    return [of_receipt(one) for one in outbox.pull(conn, recipient, cursor, limit)]


def _forwards(conn: Connection[Any], recipient: EnterpriseCode, cursor: Cursor, limit: int) -> list[Item]:
    return [of_forward(one) for one in forwards.pull(conn, recipient, cursor, limit)]


STREAMS = (
    Stream(_receipts, lambda subscription: subscription.cursor, _TAKEN),
    Stream(_forwards, lambda subscription: subscription.forward_cursor, _FORWARDED),
)
"""What a subscription delivers, each from its own cursor."""


def _subscription(row: Sequence[Any]) -> Subscription:
    recipient, channel, target, secret, address, attempts, xid, number, forward_xid, forward_number = row
    return Subscription(
        recipient=cast("EnterpriseCode", recipient),
        channel=channel,
        target=target,
        secret=secret,
        address=address,
        attempts=attempts,
        cursor=Cursor(int(xid), number),
        forward_cursor=Cursor(int(forward_xid), forward_number),
    )

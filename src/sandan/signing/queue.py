"""The queue before a device that signs one thing at a time (加签队列): who is next, and how long it takes.

A card of the port signs about 250 times a minute (规范附件3 密码产品选型和使用指南); until a device has shown its own rate,
that one is expected of it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from msgspec import Struct

CARD_PER_MINUTE = 250.0
"""Signatures a minute an issuer states for a card."""
_SHARE_OF_LAST = 0.2
_MINUTE_S = 60.0


class Queue(Struct, frozen=True, kw_only=True):
    """How the queue stands."""

    #: Requests not yet answered, the one at the device included
    waiting: int
    #: Signed since the device was opened
    signed: int
    #: Signatures a minute, measured; the nominal rate before the first
    per_minute: float
    #: Seconds until a request that comes now is answered
    wait_s: float


class Place(Struct, frozen=True, kw_only=True):
    """One request's place as it joined."""

    #: Requests before it
    position: int
    #: Seconds until it is answered, as far as one can tell
    wait_s: float


class Line:
    """First come, first served; one at a time.

    Args:
        per_minute: Rate expected before any was measured.
        seconds: Clock of the rate, in seconds.
    """

    def __init__(self, per_minute: float = CARD_PER_MINUTE, seconds: Callable[[], float] = time.monotonic) -> None:
        self._each_s = _MINUTE_S / per_minute
        self._seconds = seconds
        self._waiting: deque[object] = deque()
        self._changed = Condition()
        self._signed = 0

    def status(self) -> Queue:
        """How the queue stands now."""
        with self._changed:
            waiting = len(self._waiting)
            return Queue(
                waiting=waiting,
                signed=self._signed,
                per_minute=round(_MINUTE_S / self._each_s, 1),
                wait_s=round((waiting + 1) * self._each_s, 3),
            )

    @contextmanager
    def turn(self) -> Iterator[Place]:
        """Waits for the device and holds it; what ends without error counts towards the rate.

        Yields:
            The place the request had when it joined.
        """
        ticket = object()
        with self._changed:
            place = Place(position=len(self._waiting), wait_s=(len(self._waiting) + 1) * self._each_s)
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: self._waiting[0] is ticket)
        began = self._seconds()
        try:
            yield place
            self._measure(self._seconds() - began)
        finally:
            with self._changed:
                self._waiting.popleft()
                self._changed.notify_all()

    def _measure(self, took_s: float) -> None:
        """The first measure counts whole, later ones as a moving average."""
        share = _SHARE_OF_LAST if self._signed else 1.0
        self._each_s = max(share * took_s + (1 - share) * self._each_s, 1e-6)
        self._signed += 1

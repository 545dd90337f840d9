"""The one door (收件): a batch of arrivals in, durable rows and one acknowledgement each out.

All bytes are kept, also those nothing can be read out of, before any acknowledgement is given. Bad input never raises;
what does raise is the store itself, and then nothing of the batch was taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import structlog
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.intake import envelopes
from sandan.intake.answers import acknowledge
from sandan.intake.answers import incoming
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.faults import fault
from sandan.intake.incidents import trace_of
from sandan.intake.reading import Desk
from sandan.intake.reading import DoorSettings
from sandan.intake.reading import Opened
from sandan.intake.reading import read
from sandan.intake.reading import unreadable
from sandan.store import forwards
from sandan.store import inbox
from sandan.store.clock import Clock
from sandan.store.facts import Registered
from sandan.store.forwards import Enrolled
from sandan.store.registry import RegistryCache

_log = structlog.get_logger(__name__)


class Door:
    """The door of one process; `submit` may be called from several threads."""

    def __init__(
        self, pool: ConnectionPool[Connection[Any]], clock: Clock, settings: DoorSettings | None = None
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._settings = settings or DoorSettings()
        self._registry = RegistryCache()

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        """Reads, verifies and registers a batch in one transaction; answers in the order of arrival.

        Args:
            arrivals: What came, in the order it came in.

        Returns:
            One acknowledgement for each arrival.

        Raises:
            psycopg.Error: The store did not take the batch; nothing of it is acknowledged.
        """
        if not arrivals:
            return []
        desk = self._desk()
        opened = [_open(arrival, desk) for arrival in arrivals]
        with self._pool.connection() as conn:
            opened = envelopes.judge(conn, opened)
            registered = inbox.register(conn, [incoming(item, desk.now) for item in opened])
            forwards.enroll(conn, list(_enrolled(opened, registered)), desk.now)
        return [acknowledge(item, row) for item, row in zip(opened, registered, strict=True)]

    def _desk(self) -> Desk:
        with self._pool.connection() as conn:
            registry = self._registry.get(conn)
        return Desk(registry=registry, now=self._clock.now(), settings=self._settings)


def _enrolled(opened: Sequence[Opened], registered: Sequence[Registered]) -> Iterator[Enrolled]:
    """The subscribers of what was taken now; a repeat was forwarded the first time."""
    for item, row in zip(opened, registered, strict=True):
        for one in () if row.repeat else item.subscribers:
            yield Enrolled(
                recipient=one.code,
                sender=item.sender,
                inbox_id=row.inbox_id,
                data=one.data,
                documents=tuple((had.ref, had.version) for had in row.documents) if one.receipts else (),
            )


def _open(arrival: Arrival, desk: Desk) -> Opened:
    try:
        return read(arrival, desk)
    except Exception as problem:  # noqa: BLE001 - see below
        # A reader's own mistake must not cost the sender the bytes, nor the others of the batch their answers.
        _log.error("arrival could not be read", channel=arrival.channel.value, trace=trace_of(problem))
        return unreadable(arrival, fault("unexpected"))

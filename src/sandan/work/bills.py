"""Bills released lists (电子税单), off the path of the parcel: follows the journal, in batches, each list once."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.revenue.decide import bill_of
from sandan.revenue.facts import Bill
from sandan.store import followers
from sandan.store import journal
from sandan.store import tax_bills
from sandan.store.apply import write_receipts
from sandan.store.clock import Clock
from sandan.store.lawfiles import OverlayCache
from sandan.store.pooled import autocommitting
from sandan.work import tax_letters

FOLLOWER = "revenue"
LINKS = 1
"""Links of the journal billed at once; each is a batch of decisions, and a worker is back at its queue after one."""


class Biller:
    """Writes the bills of what was released; several may run, each chain is followed by one at a time."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], clock: Clock, *, production: bool = False) -> None:
        self._pool = pool
        self._clock = clock
        self._overlay = OverlayCache(production=production)

    def run_once(self, limit: int = LINKS) -> int:
        """Bills what the next links released, in one transaction; answers how many links were read.

        Raises:
            psycopg.OperationalError: The database is gone; nothing was written.
        """
        with autocommitting(self._pool) as conn:
            overlay = self._overlay.get(conn)
            with conn.transaction():
                stretch = followers.follow(conn, FOLLOWER, limit)
                released = tax_bills.load_released(conn, stretch.released)
                made = [bill_of(one, law.at(one.accepted_on, overlay)) for one in released]
                self._write(conn, made)
        return stretch.links

    def drain(self) -> None:
        """Bills until there is nothing new."""
        while self.run_once():
            pass

    def _write(self, conn: Connection[Any], made: list[Bill]) -> None:
        now = self._clock.now()
        new = tax_bills.save(conn, made, now)
        if not new:
            return
        write_receipts(conn, list(tax_letters.bills(new, now)))
        said = [(bill.collector, bill.tax_no, bill.tax_fen) for bill in new]
        journal.append(conn, "revenue", "bills", now, msgspec.json.encode(said))

"""A decision worker: takes what is due from the queue, batch after batch, until it is told to stop."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Any

import psycopg
import structlog
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.clearance.facts import Conditions
from sandan.store.batch import run_batch
from sandan.store.claim import ALL
from sandan.store.claim import Share
from sandan.store.claim import enqueue_due
from sandan.store.clock import Clock
from sandan.store.criteria import CriteriaCache
from sandan.store.hearing import Sitting
from sandan.store.lawfiles import OverlayCache
from sandan.store.outcome import BatchReport
from sandan.store.pooled import autocommitting
from sandan.store.registry import RegistryCache
from sandan.work.bills import Biller

_log = structlog.get_logger(__name__)

_IDLE_S = 0.02
_SMALL = 64
"""Rows below which a worker waits a moment for more: a batch costs nearly the same whatever is in it."""
_LOST_S = 0.5
_BILL_S = 0.25
_FAULT_S = 60.0


class Duty(Struct, frozen=True, kw_only=True):
    """How a worker works."""

    conditions: Conditions
    #: Rows of the queue taken at once
    batch: int = 2_000
    #: Part of the queue looked at first
    share: Share = ALL
    #: Whether released lists are billed here; where customs is elsewhere, its bills arrive as messages
    bills: bool = True


class Worker:
    """One worker; several share a queue, in threads or in processes."""

    def __init__(self, pool: ConnectionPool[Connection[Any]], clock: Clock, duty: Duty) -> None:
        self._pool = pool
        self._clock = clock
        self._duty = duty
        self._registry = RegistryCache()
        self._overlay = OverlayCache(production=duty.conditions.production)
        self._criteria = CriteriaCache()
        self._biller = Biller(pool, clock, production=duty.conditions.production)
        self._bill_from = float("-inf")

    def run_once(self, limit: int | None = None) -> BatchReport:
        """Queues what has fallen due and decides one batch; the report says if there was nothing to do.

        Raises:
            psycopg.OperationalError: the database is gone; nothing of the batch was written.
        """
        now = self._clock.now()
        rows = limit or self._duty.batch
        with autocommitting(self._pool) as conn:
            enqueue_due(conn, now, rows)
            return run_batch(conn, self._sitting(conn), rows, self._duty.share)

    def run(self, stop: threading.Event) -> None:
        """Works until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                report = self.run_once()
                billed = report.claimed == report.returned and self._bill()
            except psycopg.OperationalError as error:
                _log.warning("database lost", error=str(error))
                stop.wait(_LOST_S)
                continue
            if report.claimed < _SMALL and not billed:
                stop.wait(_IDLE_S)

    def _bill(self) -> bool:
        """Bills what was released, while there is nothing to decide; answers whether there was something to bill.

        A fault of ours in billing stops bills, which are then late by minutes, and never decisions.
        """
        if not self._duty.bills or time.monotonic() < self._bill_from:
            return False
        try:
            billed = self._biller.run_once() > 0
        except psycopg.OperationalError:
            raise
        except Exception:  # noqa: BLE001 - decisions go on without bills
            _log.exception("bills could not be written")
            self._bill_from = time.monotonic() + _FAULT_S
            return False
        self._bill_from = time.monotonic() + (0 if billed else _BILL_S)
        return billed

    def drain(self) -> BatchReport:
        """Decides until the queue is empty; answers the sum."""
        reports = []
        while (report := self.run_once()).claimed > report.returned:
            reports.append(report)
        return total(reports)

    def _sitting(self, conn: Connection[Any]) -> Sitting:
        overlay = self._overlay.get(conn)

        def law_on(day: date) -> law.Law:
            return law.at(day, overlay)

        return Sitting(
            law_on=law_on,
            registry=self._registry.get(conn),
            conditions=self._duty.conditions,
            now=self._clock.now(),
            criteria=self._criteria.get(conn),
        )


def total(reports: list[BatchReport]) -> BatchReport:
    """The sum of several reports."""
    names = BatchReport.__struct_fields__
    return BatchReport(**{name: sum(getattr(report, name) for report in reports) for name in names})

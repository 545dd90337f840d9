"""How the legal day goes: cases by status, by reason and by hour, and the pace of the last hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from sandan.store.views.scope import Scope
from sandan.store.views.scope import scoped

OPEN_STATUSES = ("draft", "waiting", "accepted", "review", "inspection", "held")
"""Statuses a case leaves again: counted whatever day they began."""

CLOSED_STATUSES = ("released", "refused")
"""Statuses a case rests in: counted on the day they were reached."""

_CASES_OF_DAY = scoped("""
    SELECT c.* FROM cases c WHERE c.status = ANY(%(open)s) AND {own_case}
    UNION ALL
    SELECT c.* FROM cases c
     WHERE c.status = ANY(%(closed)s) AND c.updated_at >= %(start)s AND c.updated_at < %(end)s AND {own_case}
""")

_COUNTS = """
    SELECT status, CASE WHEN updated_at >= %(start)s AND updated_at < %(end)s
                        THEN date_trunc('hour', updated_at) END AS hour,
           reasons, count(*)::int AS cases, coalesce(sum(value_fen), 0)::bigint AS value_fen,
           coalesce(sum(tax_fen), 0)::bigint AS tax_fen
      FROM ({cases_of_day}) t GROUP BY 1, 2, 3""".replace("{cases_of_day}", _CASES_OF_DAY)

_PACE = scoped("""
    SELECT count(*) FILTER (WHERE c.updated_at > %(now)s - interval '1 minute')::int AS last_minute,
           count(*)::int AS last_hour,
           (SELECT count(*)::int FROM queue) AS queued,
           (SELECT min(enqueued_at) FROM queue) AS oldest,
           (SELECT count(*)::int FROM set_aside) AS set_aside
      FROM cases c
     WHERE c.status = ANY(%(statuses)s) AND c.updated_at > %(now)s - interval '1 hour'
       AND c.updated_at <= %(now)s AND {own_case}""")


class Span(Struct, frozen=True):
    """Half-open interval of time."""

    start: datetime
    end: datetime


class Count(Struct, frozen=True):
    """Cases that share status, hour and reasons."""

    status: str
    #: Hour of the day they were last decided in; None on another day
    hour: datetime | None
    reasons: list[str]
    cases: int
    #: Dutiable value and tax, fen
    value_fen: int
    tax_fen: int


class StatusCount(Struct, frozen=True):
    """Cases in one status, with what they are worth and what they owe."""

    status: str
    cases: int
    #: Dutiable value and tax, fen
    value_fen: int
    tax_fen: int


class ReasonCount(Struct, frozen=True):
    """Cases in one status for one reason (a rule id)."""

    reason: str
    status: str
    cases: int


class HourCount(Struct, frozen=True):
    """Cases in one status, by the hour they were last decided."""

    hour: datetime
    status: str
    cases: int


class Pace(Struct, frozen=True):
    """How fast cases are decided."""

    last_minute: int
    last_hour: int
    #: Documents a worker has still to look at
    queued: int
    #: When the oldest of them was queued
    oldest: datetime | None
    #: Documents set aside by a fault of ours, for a person to look at
    set_aside: int = 0


def counts(conn: Connection[Any], day: Span, scope: Scope) -> tuple[Count, ...]:
    """Returns open cases of any day and cases closed on this one, counted once for all three tables."""
    wanted = {
        "start": day.start,
        "end": day.end,
        "open": list(OPEN_STATUSES),
        "closed": list(CLOSED_STATUSES),
        "enterprise": scope.enterprise,
    }
    with conn.cursor(row_factory=class_row(Count)) as cursor:
        return tuple(cursor.execute(_COUNTS, wanted).fetchall())


def by_status(counted: Iterable[Count]) -> tuple[StatusCount, ...]:
    """Returns the counts added up by status."""
    sums: dict[str, tuple[int, int, int]] = {}
    for one in counted:
        cases, value_fen, tax_fen = sums.get(one.status, (0, 0, 0))
        sums[one.status] = (cases + one.cases, value_fen + one.value_fen, tax_fen + one.tax_fen)
    return tuple(StatusCount(status, *sums[status]) for status in sorted(sums))


def by_reason(counted: Iterable[Count]) -> tuple[ReasonCount, ...]:
    """Returns the counts added up by each reason they carry, most frequent first."""
    sums: Counter[tuple[str, str]] = Counter()
    for one in counted:
        for reason in one.reasons:
            sums[reason, one.status] += one.cases
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ReasonCount(reason, status, cases) for (reason, status), cases in ordered)


def by_hour(counted: Iterable[Count]) -> tuple[HourCount, ...]:
    """Returns the counts of cases last decided on the day, by hour and status."""
    sums: Counter[tuple[datetime, str]] = Counter()
    for one in counted:
        if one.hour is not None:
            sums[one.hour, one.status] += one.cases
    return tuple(HourCount(hour, status, sums[hour, status]) for hour, status in sorted(sums))


def pace(conn: Connection[Any], now: datetime, scope: Scope) -> Pace:
    """Returns how many cases were decided in the last minute and hour, and what still queues."""
    wanted = {"now": now, "statuses": [*OPEN_STATUSES, *CLOSED_STATUSES], "enterprise": scope.enterprise}
    with conn.cursor(row_factory=class_row(Pace)) as cursor:
        return cursor.execute(_PACE, wanted).fetchone() or Pace(0, 0, 0, None)

"""How the legal day goes: cases by status, by reason and by hour, and the pace of the last hour."""

from __future__ import annotations

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

_BY_STATUS = """
    SELECT status, count(*)::int AS cases, coalesce(sum(value_fen), 0)::bigint AS value_fen,
           coalesce(sum(tax_fen), 0)::bigint AS tax_fen
      FROM ({cases_of_day}) t GROUP BY status ORDER BY status""".replace("{cases_of_day}", _CASES_OF_DAY)

_BY_REASON = """
    SELECT reason, status, count(*)::int AS cases
      FROM ({cases_of_day}) t, unnest(t.reasons) AS reason
     GROUP BY reason, status ORDER BY cases DESC, reason, status LIMIT 100""".replace("{cases_of_day}", _CASES_OF_DAY)

_BY_HOUR = scoped("""
    SELECT date_trunc('hour', c.updated_at) AS hour, c.status, count(*)::int AS cases
      FROM cases c
     WHERE c.status = ANY(%(open)s::text[] || %(closed)s::text[]) AND c.updated_at >= %(start)s AND c.updated_at < %(end)s
       AND {own_case}
     GROUP BY 1, 2 ORDER BY 1, 2""")

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


def by_status(conn: Connection[Any], day: Span, scope: Scope) -> tuple[StatusCount, ...]:
    """Returns open cases of any day and cases closed on this one, counted by status."""
    with conn.cursor(row_factory=class_row(StatusCount)) as cursor:
        return tuple(cursor.execute(_BY_STATUS, _bounds(day, scope)).fetchall())


def by_reason(conn: Connection[Any], day: Span, scope: Scope) -> tuple[ReasonCount, ...]:
    """Returns the same cases counted by each reason they carry, most frequent first."""
    with conn.cursor(row_factory=class_row(ReasonCount)) as cursor:
        return tuple(cursor.execute(_BY_REASON, _bounds(day, scope)).fetchall())


def by_hour(conn: Connection[Any], day: Span, scope: Scope) -> tuple[HourCount, ...]:
    """Returns cases last decided in the span, by hour and status."""
    with conn.cursor(row_factory=class_row(HourCount)) as cursor:
        return tuple(cursor.execute(_BY_HOUR, _bounds(day, scope)).fetchall())


def pace(conn: Connection[Any], now: datetime, scope: Scope) -> Pace:
    """Returns how many cases were decided in the last minute and hour, and what still queues."""
    wanted = {"now": now, "statuses": [*OPEN_STATUSES, *CLOSED_STATUSES], "enterprise": scope.enterprise}
    with conn.cursor(row_factory=class_row(Pace)) as cursor:
        return cursor.execute(_PACE, wanted).fetchone() or Pace(0, 0, 0, None)


def _bounds(day: Span, scope: Scope) -> dict[str, object]:
    return {
        "start": day.start,
        "end": day.end,
        "open": list(OPEN_STATUSES),
        "closed": list(CLOSED_STATUSES),
        "enterprise": scope.enterprise,
    }

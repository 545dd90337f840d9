"""Lists of cases: by status and reason, what waits and for what, and what is before an officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from sandan.store.views.scope import Cut
from sandan.store.views.scope import Page
from sandan.store.views.scope import Scope
from sandan.store.views.scope import keys_of
from sandan.store.views.scope import page_of
from sandan.store.views.scope import scoped

BEFORE_OFFICER = ("review", "inspection", "held")
"""Statuses that stand before an officer: 300, 500 and 600."""

_COLUMNS = """c.declarant, c.list_key, c.version, c.status, c.ebp_code, c.ebc_code, c.order_no, c.logistics_no,
           c.cop_no, c.invt_no, c.customs_code, c.trade_mode, c.declared_at, c.wait_until, c.value_fen, c.tax_fen,
           c.reasons, c.waits, c.updated_at"""

_NEWEST = scoped("""
    SELECT {columns} FROM cases c
     WHERE (%(statuses)s::text[] IS NULL OR c.status = ANY(%(statuses)s))
       AND (%(reason)s = '' OR %(reason)s = ANY(c.reasons))
       AND (%(since)s::timestamptz IS NULL OR c.updated_at >= %(since)s)
       AND (%(until)s::timestamptz IS NULL OR c.updated_at < %(until)s)
       AND (%(at)s::timestamptz IS NULL OR (c.updated_at, c.declarant, c.list_key) < (%(at)s, %(owner)s, %(key)s))
       AND {own_case}
     ORDER BY c.updated_at DESC, c.declarant DESC, c.list_key DESC LIMIT %(limit)s
""").replace("{columns}", _COLUMNS)

_OLDEST = scoped("""
    SELECT {columns} FROM cases c
     WHERE c.status = ANY(%(statuses)s)
       AND (%(reason)s = '' OR %(reason)s = ANY(c.reasons) OR %(reason)s = ANY(c.waits))
       AND (%(at)s::timestamptz IS NULL OR (c.declared_at, c.declarant, c.list_key) > (%(at)s, %(owner)s, %(key)s))
       AND {own_case}
     ORDER BY c.declared_at, c.declarant, c.list_key LIMIT %(limit)s
""").replace("{columns}", _COLUMNS)

_WAITS = scoped("""
    SELECT wait AS waits, count(*)::int AS cases, min(c.declared_at) AS oldest
      FROM cases c, unnest(c.waits) AS wait
     WHERE c.status = 'waiting' AND {own_case} GROUP BY wait ORDER BY cases DESC, wait
""")


class CaseLine(Struct, frozen=True):
    """One case in a list."""

    declarant: str
    list_key: str
    version: int
    status: str
    ebp_code: str
    ebc_code: str
    order_no: str
    logistics_no: str
    cop_no: str
    invt_no: str
    customs_code: str
    trade_mode: str
    declared_at: datetime
    wait_until: datetime | None
    #: Dutiable value and tax, fen; None before assessment
    value_fen: int | None
    tax_fen: int | None
    #: Rules that caused the status
    reasons: list[str]
    #: What it waits for
    waits: list[str]
    updated_at: datetime


class Filter(Struct, frozen=True):
    """Which cases are wanted; what is left empty does not narrow."""

    statuses: tuple[str, ...] = ()
    reason: str = ""
    #: Half-open interval of the last change
    since: datetime | None = None
    until: datetime | None = None


class WaitCount(Struct, frozen=True):
    """How many cases wait for one thing, and since when the oldest does."""

    waits: str
    cases: int
    oldest: datetime


def cases(conn: Connection[Any], wanted: Filter, scope: Scope, cut: Cut) -> Page[CaseLine]:
    """Returns cases last changed first.

    Raises:
        BadCursorError: The cursor is not one of this list.
    """
    rows = _read(conn, _NEWEST, wanted, scope, cut)
    return page_of(rows, cut, lambda row: (row.updated_at.isoformat(), row.declarant, row.list_key))


def oldest(conn: Connection[Any], wanted: Filter, scope: Scope, cut: Cut) -> Page[CaseLine]:
    """Returns cases declared first first: what waits, or what stands before an officer.

    Raises:
        BadCursorError: The cursor is not one of this list.
    """
    rows = _read(conn, _OLDEST, wanted, scope, cut)
    return page_of(rows, cut, lambda row: (row.declared_at.isoformat(), row.declarant, row.list_key))


def waits(conn: Connection[Any], scope: Scope) -> tuple[WaitCount, ...]:
    """Returns what waiting cases wait for, most wanted first."""
    with conn.cursor(row_factory=class_row(WaitCount)) as cursor:
        return tuple(cursor.execute(_WAITS, {"enterprise": scope.enterprise}).fetchall())


def _read(conn: Connection[Any], query: str, wanted: Filter, scope: Scope, cut: Cut) -> list[CaseLine]:
    at, owner, key = keys_of(cut.after, 3) or (None, "", "")
    values = {
        "statuses": list(wanted.statuses) or None,
        "reason": wanted.reason,
        "since": wanted.since,
        "until": wanted.until,
        "at": at,
        "owner": owner,
        "key": key,
        "enterprise": scope.enterprise,
        "limit": cut.limit + 1,
    }
    with conn.cursor(row_factory=class_row(CaseLine)) as cursor:
        return cursor.execute(query, values).fetchall()

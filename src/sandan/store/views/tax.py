"""What a collector owes: by stage of the window, by day, and bill by bill; amounts in fen, days legal days."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from sandan.revenue.facts import Stage
from sandan.store.views.scope import Cut
from sandan.store.views.scope import Page
from sandan.store.views.scope import Scope
from sandan.store.views.scope import keys_of
from sandan.store.views.scope import page_of

_STAGE = """CASE WHEN b.status NOT IN ('created', 'aggregated') THEN 'settled' WHEN b.payable_from IS NULL THEN 'undated'
           WHEN %(day)s < b.payable_from THEN 'returnable' WHEN %(day)s <= b.payable_to THEN 'payable' ELSE 'overdue' END"""

_STANDINGS = f"""
    SELECT b.collector, b.district, {_STAGE} AS stage, count(*)::int AS bills, sum(b.tax_fen)::bigint AS tax_fen
      FROM tax_bills b
     WHERE b.status IN ('created', 'aggregated') AND (%(collector)s = '' OR b.collector = %(collector)s)
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 - our own columns
_CALENDAR = f"""
    SELECT b.district, b.released_on, b.return_until, b.payable_from, b.payable_to, {_STAGE} AS stage,
           count(*)::int AS bills, sum(b.tax_fen)::bigint AS tax_fen
      FROM tax_bills b
     WHERE b.status IN ('created', 'aggregated') AND b.payable_from IS NOT NULL AND b.collector = %(collector)s
     GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY b.payable_to, b.district
"""  # noqa: S608 - our own columns
_BILLS = f"""
    SELECT b.tax_no, b.declarant, b.list_key, b.district, b.released_on, b.payable_from, b.payable_to, b.tax_fen, b.status,
           {_STAGE} AS stage, b.document_no, b.settled_at, b.void_reason
      FROM tax_bills b
     WHERE b.collector = %(collector)s AND (%(stage)s = '' OR {_STAGE} = %(stage)s)
       AND (b.released_on, b.tax_no) > (%(released_on)s, %(tax_no)s)
     ORDER BY b.released_on, b.tax_no LIMIT %(limit)s
"""  # noqa: S608 - our own columns
_FIRST = (date.min.isoformat(), "")


class Standing(Struct, frozen=True, kw_only=True):
    """What one collector owes in one district in one stage of the window."""

    collector: str
    district: str
    #: A value of ``revenue.facts.Stage``
    stage: str
    bills: int
    tax_fen: int


class Falling(Struct, frozen=True, kw_only=True):
    """What falls due together: the lists of one district released on one day and not paid."""

    district: str
    released_on: date
    return_until: date
    payable_from: date
    payable_to: date
    stage: str
    bills: int
    tax_fen: int


class BillRow(Struct, frozen=True, kw_only=True):
    """One bill as lists show it."""

    tax_no: str
    declarant: str
    list_key: str
    district: str
    released_on: date
    payable_from: date | None
    payable_to: date | None
    tax_fen: int
    status: str
    stage: str
    document_no: str
    settled_at: datetime | None
    void_reason: str


def standings(conn: Connection[Any], day: date, scope: Scope) -> list[Standing]:
    """What is owed on a day, by collector, district and stage; an enterprise sees its own."""
    wanted = {"day": day, "collector": scope.enterprise}
    with conn.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(_STANDINGS, wanted).fetchall()


def calendar(conn: Connection[Any], collector: str, day: date) -> list[Falling]:
    """What falls due on which day, the earliest first; overdue first of all."""
    with conn.cursor(row_factory=class_row(Falling)) as cursor:
        return cursor.execute(_CALENDAR, {"collector": collector, "day": day}).fetchall()


def bills(conn: Connection[Any], collector: str, day: date, stage: Stage | None, cut: Cut) -> Page[BillRow]:
    """Bills of a collector in the order of their release.

    Args:
        conn: Connection to read on.
        collector: The collector.
        day: Legal day the stage is told for.
        stage: Only bills in this stage; None for all.
        cut: The page wanted.

    Raises:
        BadCursorError: The cursor is not one of this list.
    """
    released_on, tax_no = keys_of(cut.after, 2) or _FIRST
    wanted = {"collector": collector, "day": day, "stage": stage or "", "released_on": released_on, "tax_no": tax_no}
    with conn.cursor(row_factory=class_row(BillRow)) as cursor:
        rows = cursor.execute(_BILLS, wanted | {"limit": cut.limit + 1}).fetchall()
    return page_of(rows, cut, lambda row: (row.released_on.isoformat(), row.tax_no))

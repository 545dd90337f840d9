"""Search by any number: order, payment, waybill, list, pre-entry, list number, account book or GUID."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from sandan.store.views.scope import Scope
from sandan.store.views.scope import scoped

_MOST = 60
"""Hits read; a number that hits more often is no number of one parcel."""

FOUND_AS = ("case", "paper", "message", "account")
"""What a search may find, in the order it is told."""

_CASES = scoped("""
    SELECT 'case' AS what, f.matched, c.declarant AS owner, 'list' AS kind, c.list_key AS key, c.version,
           c.status AS state, c.order_no, c.updated_at AS at
      FROM cases c CROSS JOIN LATERAL (VALUES
           ('order_no', c.order_no), ('pay_transaction_id', c.pay_transaction_id), ('logistics_no', c.logistics_no),
           ('cop_no', c.cop_no), ('pre_no', c.pre_no), ('invt_no', c.invt_no)) AS f (matched, number)
     WHERE (c.order_no = ANY(%(texts)s) OR c.pay_transaction_id = ANY(%(texts)s) AND c.pay_transaction_id <> ''
            OR c.logistics_no = ANY(%(texts)s) OR c.cop_no = ANY(%(texts)s) OR c.pre_no = ANY(%(texts)s)
            OR c.invt_no = ANY(%(texts)s) AND c.invt_no <> '')
       AND f.number = ANY(%(texts)s) AND {own_case}""")

_PAPERS = """
    SELECT 'paper' AS what,
           CASE WHEN d.guid = ANY(%(texts)s) THEN 'guid' WHEN d.order_no = ANY(%(texts)s) THEN 'order_no'
                WHEN d.kind = 'payment' THEN 'pay_transaction_id' WHEN d.kind = 'waybill' THEN 'logistics_no'
                ELSE 'key' END AS matched,
           d.owner, d.kind, d.key, d.version, d.state, d.order_no, d.received_at AS at
      FROM documents d
     WHERE (d.key = ANY(%(texts)s) OR d.order_no = ANY(%(texts)s) OR d.guid = ANY(%(texts)s)
            OR d.kind = 'payment' AND substr(d.key, strpos(d.key, '/') + 1) = ANY(%(texts)s))
       AND (%(enterprise)s = '' OR %(enterprise)s IN (d.owner, d.sender, d.signer))"""

_MESSAGES = """
    SELECT 'message' AS what, 'message_guid' AS matched, i.cop_code AS owner, i.message_type AS kind,
           i.id::text AS key, 0 AS version, i.outcome AS state, '' AS order_no, i.received_at AS at
      FROM inbox i
     WHERE i.message_guid = ANY(%(texts)s) AND i.message_guid <> ''
       AND (%(enterprise)s = '' OR %(enterprise)s IN (i.cop_code, i.signer))"""

_ACCOUNTS = """
    SELECT 'account' AS what, 'book_no' AS matched, a.owner, a.kind, a.item AS key, 0 AS version, '' AS state,
           '' AS order_no, NULL::timestamptz AS at
      FROM accounts a
     WHERE a.owner = ANY(%(texts)s) AND a.kind IN ('stock', 'guarantee')
       AND (%(enterprise)s = '' OR a.owner = %(enterprise)s
            OR EXISTS (SELECT 1 FROM books b WHERE b.book_no = a.owner AND b.owner = %(enterprise)s))"""

_SEARCH = (
    f"SELECT * FROM ({_CASES} UNION ALL {_PAPERS} UNION ALL {_MESSAGES} UNION ALL {_ACCOUNTS}) t "  # noqa: S608
    "ORDER BY array_position(ARRAY['case', 'paper', 'message', 'account'], what), at DESC, key LIMIT %(most)s"
)


class Hit(Struct, frozen=True):
    """One thing found, with the number it was found by."""

    #: ``case``, ``paper``, ``message`` or ``account``
    what: str
    #: Name of the number that matched, such as ``logistics_no``
    matched: str
    owner: str
    kind: str
    key: str
    version: int
    #: Status of a case, state of a paper, outcome of a message
    state: str
    order_no: str
    at: datetime | None


def search(conn: Connection[Any], text: str, scope: Scope) -> tuple[Hit, ...]:
    """Returns everything a number names: cases first, then papers, messages and accounts, newest first.

    Upper and lower case of the text are both tried, because GUIDs are written either way.
    """
    text = text.strip()
    if not text:
        return ()
    wanted = {"texts": sorted({text, text.upper(), text.lower()}), "enterprise": scope.enterprise, "most": _MOST}
    with conn.cursor(row_factory=class_row(Hit)) as cursor:
        return tuple(cursor.execute(_SEARCH, wanted).fetchall())

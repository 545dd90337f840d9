"""Receipts as their recipients read them: by a cursor that never skips what was committed late.

Numbers are given before transactions commit, so a higher one can become visible first. A cursor therefore counts by
transaction and number, and reading stops below the oldest transaction that still runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.terms.ids import EnterpriseCode

_DECODER = msgspec.json.Decoder(Receipt)
_PULL = """
    SELECT xid::text, id, subject_version, facts::text FROM receipts
     WHERE recipient = %(recipient)s AND (xid, id) > (%(xid)s::text::xid8, %(id)s)
       AND xid < pg_snapshot_xmin(pg_current_snapshot()){about}
     ORDER BY xid, id LIMIT %(limit)s
"""
_OF_ALL = _PULL.format(about="")
_OF_ONE = _PULL.format(about=" AND (subject_owner, subject_kind, subject_key) = (%(owner)s, %(kind)s, %(key)s)")
_SINCE = """
    SELECT r.facts::text, coalesce(d.guid, '') FROM receipts r
      LEFT JOIN documents d ON (d.owner, d.kind, d.key, d.version)
                             = (r.subject_owner, r.subject_kind, r.subject_key, r.subject_version)
     WHERE r.recipient = %s AND r.subject_kind = %s AND r.at >= %s
     ORDER BY r.at, r.id LIMIT %s
"""


class CursorError(ValueError):
    """A cursor that no pull has answered."""


class Cursor(Struct, frozen=True, order=True):
    """How far a recipient has read."""

    xid: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """A cursor from its text; the empty text is the beginning.

        Raises:
            CursorError: the text is not a cursor.
        """
        if not text:
            return START
        xid, _, number = text.partition("-")
        if not (xid.isdecimal() and number.isdecimal() and xid.isascii() and number.isascii()):
            raise CursorError(f"{text!r} is no cursor; send the one the last pull answered, or none to begin")
        return cls(int(xid), int(number))


START = Cursor()
"""Before the first receipt."""


class Delivery(Struct, frozen=True, kw_only=True):
    """One receipt with the cursor that stands behind it."""

    cursor: Cursor
    receipt: Receipt
    #: Version of the document it answers
    subject_version: int


def pull(
    conn: Connection[Any], recipient: EnterpriseCode, cursor: Cursor, limit: int, about: Ref | None = None
) -> list[Delivery]:
    """The receipts after a cursor, oldest first.

    A receipt appears only when no transaction that began before its own is still running, so reading on from the last
    cursor misses none.

    Args:
        conn: Connection to read on.
        recipient: The enterprise that transmitted what is answered.
        cursor: Where the last pull ended.
        limit: At most so many.
        about: Only those of one document.
    """
    asked = {"recipient": recipient, "xid": str(cursor.xid), "id": cursor.id, "limit": limit}
    if about is not None:
        asked |= {"owner": about.owner, "kind": about.kind.value, "key": about.key}
    return [
        Delivery(cursor=Cursor(int(xid), number), receipt=_DECODER.decode(facts), subject_version=version)
        for xid, number, version, facts in conn.execute(_OF_ONE if about else _OF_ALL, asked)
    ]


def since(
    conn: Connection[Any], recipient: EnterpriseCode, kind: Kind, at: datetime, limit: int
) -> list[tuple[Receipt, str]]:
    """Receipts of one kind of document from a moment on, each with the guid of the document it answers.

    For clients that ask by time. A moment is no cursor: what commits late with an earlier time is missed by whoever
    asks from later on, and what was given at the moment itself is given again.

    Args:
        conn: Connection to read on.
        recipient: The enterprise that transmitted what is answered.
        kind: What is answered.
        at: The moment.
        limit: At most so many, oldest first.
    """
    rows = conn.execute(_SINCE, (recipient, kind.value, at, limit))
    return [(_DECODER.decode(facts), guid) for facts, guid in rows]

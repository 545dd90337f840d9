"""What others let an enterprise have (订阅 BaseSubscribe): messages and receipts, read by a cursor like one's own receipts.

A sender names subscribers in its message. What was taken is put into their outbox in the transaction that took it;
receipts follow in the transaction that decided them. Nobody reads the outbox of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.store import bodies
from sandan.store.outbox import Cursor
from sandan.store.outcome import Reply
from sandan.store.rows import JSON
from sandan.store.rows import Table
from sandan.store.rows import copy
from sandan.terms.ids import EnterpriseCode

_JSON = msgspec.json.Encoder().encode
_DECODER = msgspec.json.Decoder(Receipt)
_FORWARDS = Table(
    "forwards", {"recipient": "text", "sender": "text", "inbox_id": "int8", "facts": JSON, "at": "timestamptz"}
)
_ENROLL = """
    INSERT INTO subscribers (owner, kind, key, version, recipient, sender)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[])
        ON CONFLICT DO NOTHING
"""
_ANY = "SELECT EXISTS (SELECT FROM subscribers)"
_WHO = """
    SELECT k.place - 1, s.recipient, s.sender
      FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[]) WITH ORDINALITY AS k (owner, kind, key, version, place)
      JOIN subscribers s ON (s.owner, s.kind, s.key, s.version) = (k.owner, k.kind, k.key, k.version)
     ORDER BY k.place, s.recipient
"""
_PULL = """
    SELECT f.xid::text, f.id, f.sender, f.at, f.facts::text, i.message_type, i.body
      FROM forwards f LEFT JOIN inbox i ON i.id = f.inbox_id
     WHERE f.recipient = %(recipient)s AND (f.xid, f.id) > (%(xid)s::text::xid8, %(id)s)
       AND f.xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY f.xid, f.id LIMIT %(limit)s
"""


class Enrolled(Struct, frozen=True, kw_only=True):
    """One subscriber of one message that was taken."""

    recipient: EnterpriseCode
    #: The enterprise that asked for it (copCode)
    sender: EnterpriseCode
    inbox_id: int
    #: Whether the message itself is sent (``DATA``, ``ALL``)
    data: bool
    #: Documents whose receipts are sent (``RET``, ``ALL``), each with its version
    documents: tuple[tuple[Ref, int], ...] = ()


class Forward(Struct, frozen=True, kw_only=True):
    """One thing forwarded, with the cursor that stands behind it."""

    cursor: Cursor
    sender: EnterpriseCode
    at: datetime
    #: None where a message is forwarded
    receipt: Receipt | None = None
    #: For example ``CEB311Message``; empty where a receipt is forwarded
    message_type: str = ""
    #: The bytes as the sender sent them, with their envelope if they had one
    body: bytes = b""


def enroll(conn: Connection[Any], enrolled: Sequence[Enrolled], now: datetime) -> None:
    """Puts messages into the subscribers' outboxes and remembers who is sent the receipts; part of the caller's transaction."""
    messages = [(one.recipient, one.sender, one.inbox_id, None, now) for one in enrolled if one.data]
    if messages:
        copy(conn, _FORWARDS, messages)
    rows = [(ref, version, one) for one in enrolled for ref, version in one.documents]
    if rows:
        owners, kinds, keys, versions = _columns((ref, version) for ref, version, _ in rows)
        recipients, senders = [one.recipient for *_, one in rows], [one.sender for *_, one in rows]
        conn.execute(_ENROLL, [owners, kinds, keys, versions, recipients, senders])


def copy_receipts(conn: Connection[Any], replies: Sequence[Reply], now: datetime) -> int:
    """Puts receipts into the outboxes of those who subscribed to them; answers how many; part of the caller's transaction."""
    if not replies or conn.execute(_ANY).fetchone() == (False,):
        return 0
    keys = _columns((reply.receipt.subject, reply.version) for reply in replies)
    found = conn.execute(_WHO, list(keys)).fetchall()
    if found:
        rows = ((who, sender, None, _JSON(replies[place].receipt), now) for place, who, sender in found)
        copy(conn, _FORWARDS, rows)
    return len(found)


def pull(conn: Connection[Any], recipient: EnterpriseCode, cursor: Cursor, limit: int) -> list[Forward]:
    """What was forwarded after a cursor, oldest first, as `sandan.store.outbox.pull` does for receipts.

    Args:
        conn: Connection to read on.
        recipient: The subscriber.
        cursor: Where the last pull ended.
        limit: At most so many.
    """
    asked = {"recipient": recipient, "xid": str(cursor.xid), "id": cursor.id, "limit": limit}
    return [_forward(row) for row in conn.execute(_PULL, asked)]


def _forward(row: tuple[Any, ...]) -> Forward:
    xid, number, sender, at, facts, message_type, body = row
    return Forward(
        cursor=Cursor(int(xid), number),
        sender=sender,
        at=at,
        receipt=_DECODER.decode(facts) if facts else None,
        message_type=message_type or "",
        body=bodies.unpack(body) if body else b"",
    )


def _columns(keys: Iterable[tuple[Ref, int]]) -> tuple[list[str], list[str], list[str], list[int]]:
    listed = list(keys)
    return (
        [ref.owner for ref, _ in listed],
        [ref.kind.value for ref, _ in listed],
        [ref.key for ref, _ in listed],
        [version for _, version in listed],
    )

"""DXP message ids: the same id with the same data is a repeat, with other data it is refused (规范 §4, CopMsgId).

A sender's id is unique for the sender. Two messages with one id that arrive at once are told apart by a lock on the
id, held until the batch is durable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec import structs
from psycopg import Connection

from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.reading import Opened
from sandan.store import bodies
from sandan.wire.dxp import unwrap


class _Known(Struct, frozen=True):
    """A message registered under an id."""

    inbox_id: int
    digest: bytes


Id = tuple[str, str]
"""SenderId and CopMsgId."""


def judge(conn: Connection[Any], opened: Sequence[Opened]) -> list[Opened]:
    """Refuses whatever uses a DXP message id a second time for other data; part of the caller's transaction."""
    ids = sorted({_id(item) for item in opened if item.cop_msg_id})
    if not ids:
        return list(opened)
    _lock(conn, ids)
    known = _known(conn, ids)
    return [_judged(item, known) for item in opened]


def _judged(item: Opened, known: dict[Id, _Known]) -> Opened:
    """The item, refused if its id stands for other data; an id seen first is known from here on."""
    if not item.cop_msg_id or item.outcome is Outcome.UNREADABLE:
        return item
    digest = _digest(item.payload)
    first = known.setdefault(_id(item), _Known(0, digest))
    if first.digest == digest:
        return item
    found = f"{item.sender_id} {item.cop_msg_id}"
    expected = f"the data of receipt {first.inbox_id}" if first.inbox_id else "the data of the message before"
    reused = fault("dxp-id-reused", where="/DxpMsg/TransInfo/CopMsgId", found=found, expected=expected)
    return structs.replace(item, outcome=Outcome.REFUSED, documents=(), faults=(*item.faults, reused))


def _lock(conn: Connection[Any], ids: Iterable[Id]) -> None:
    numbers = sorted({int.from_bytes(_digest(repr(key).encode())[:8], "big", signed=True) for key in ids})
    conn.execute(
        "SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) WITH ORDINALITY AS t(n, i) ORDER BY i", [numbers]
    )


def _known(conn: Connection[Any], ids: Sequence[Id]) -> dict[Id, _Known]:
    """The first registered message under each id."""
    senders, messages = zip(*ids, strict=True)
    rows = conn.execute(_FIRST, [list(senders), list(messages)])
    return {(row[0], row[1]): _Known(row[2], _digest(_data(row[3]))) for row in rows}


def _data(stored: bytes) -> bytes:
    """The business message inside a stored envelope."""
    body = bodies.unpack(stored)
    envelope = unwrap(body)
    return envelope.data if envelope else body


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _id(item: Opened) -> Id:
    return (item.sender_id, item.cop_msg_id)


_FIRST = """
    SELECT DISTINCT ON (i.sender_id, i.cop_msg_id) i.sender_id, i.cop_msg_id, i.id, i.body
      FROM unnest(%s::text[], %s::text[]) AS w(sender_id, cop_msg_id)
      JOIN inbox i ON i.sender_id = w.sender_id AND i.cop_msg_id = w.cop_msg_id AND i.cop_msg_id <> ''
     WHERE i.outcome <> 'unreadable'
     ORDER BY i.sender_id, i.cop_msg_id, i.id
"""

"""Follows the journal: what other rooms do about a decision, exactly once and off the path of the parcel.

A follower keeps how far it has read each chain. Links of one chain are committed one after another, so none can be
passed over, and the place moves in the transaction that does the work: a crash undoes both.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.clearance.facts import Status
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref

_NEXT = """
    SELECT f.chain, f.seq FROM followers f
     WHERE f.name = %s AND EXISTS (SELECT FROM journal j WHERE j.chain = f.chain AND j.seq > f.seq)
     ORDER BY f.chain LIMIT 1 FOR UPDATE OF f SKIP LOCKED
"""
_LINKS = "SELECT seq, kind, body FROM journal WHERE chain = %s AND seq > %s ORDER BY seq LIMIT %s"
_MOVE = "UPDATE followers SET seq = %s WHERE name = %s AND chain = %s"


class Stretch(Struct, frozen=True):
    """Part of one chain, taken for this transaction."""

    #: Lists that were released in it
    released: tuple[Ref, ...]
    #: Links read
    links: int


def follow(conn: Connection[Any], name: str, limit: int) -> Stretch:
    """Takes the next links of a chain nobody else is at; none read says that there is nothing new.

    Args:
        conn: Connection with an open transaction; the place moves when it commits.
        name: The follower.
        limit: Links read at most.
    """
    taken = conn.execute(_NEXT, [name]).fetchone()
    if taken is None:
        return Stretch((), 0)
    chain, seq = taken
    links = conn.execute(_LINKS, [chain, seq, limit]).fetchall()
    conn.execute(_MOVE, [links[-1][0], name, chain])
    bodies = [bytes(body) for _, kind, body in links if kind == "decisions"]
    return Stretch(tuple(ref for body in bodies for ref in _released(body)), len(links))


def _released(body: bytes) -> list[Ref]:
    """Lists a link says were released."""
    said = msgspec.json.decode(body)["decisions"]
    return [Ref(Kind.LIST, declarant, key) for declarant, key, _, status, _ in said if status == Status.RELEASED]

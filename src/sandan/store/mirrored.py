"""Receipts that came from customs, kept under the paper they answer (回执镜像)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection

from sandan.clearance.mirror import Mirrored
from sandan.documents.facts import Ref
from sandan.store.rows import JSON
from sandan.store.rows import Table
from sandan.store.rows import copy
from sandan.store.standing import columns_of

_JSON = msgspec.json.Encoder().encode
_DECODER = msgspec.json.Decoder(Mirrored)

_TABLE = Table(
    "mirrored_receipts",
    {
        "owner": "text",
        "kind": "text",
        "key": "text",
        "inbox_id": "int8",
        "seq": "int2",
        "status": "int4",
        "return_time": "text",
        "facts": JSON,
        "received_at": "timestamptz",
    },
)
_OWNERS = """
    SELECT k.place, min(d.owner)
      FROM unnest(%(kinds)b::text[], %(keys)b::text[]) WITH ORDINALITY AS k (kind, key, place)
      JOIN documents d ON d.key = k.key AND d.kind = k.kind
     GROUP BY k.place HAVING count(DISTINCT d.owner) = 1
"""
_OF_PAPERS = """
    SELECT m.facts::text
      FROM mirrored_receipts m
      JOIN unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[]) AS k (owner, kind, key)
           USING (owner, kind, key)
     ORDER BY m.inbox_id, m.seq
"""


Came = tuple[Sequence[Mirrored], int]
"""The receipts of one message, and the row of the inbox that holds its bytes."""


def write(conn: Connection[Any], came: Sequence[Came]) -> None:
    """Keeps receipts under the papers they answer; an owner a receipt does not name is that of the only such paper.

    Args:
        conn: Connection within the caller's transaction.
        came: Receipts message by message; nothing is done where there are none.
    """
    nameless = {one.subject for receipts, _ in came for one in receipts if not one.subject.owner}
    owners = _owners(conn, nameless)
    rows = [_row(one, inbox_id, seq, owners) for receipts, inbox_id in came for seq, one in enumerate(receipts, 1)]
    if rows:
        copy(conn, _TABLE, rows)


def of_papers(conn: Connection[Any], refs: Collection[Ref]) -> tuple[Mirrored, ...]:
    """Every receipt that came about some papers, in the order of arrival."""
    if not refs:
        return ()
    return tuple(_DECODER.decode(text) for (text,) in conn.execute(_OF_PAPERS, columns_of(sorted(refs))).fetchall())


def _owners(conn: Connection[Any], nameless: Collection[Ref]) -> Mapping[Ref, str]:
    asked = sorted(nameless)
    if not asked:
        return {}
    return {asked[place - 1]: owner for place, owner in conn.execute(_OWNERS, columns_of(asked)).fetchall()}


def _row(receipt: Mirrored, inbox_id: int, seq: int, owners: Mapping[Ref, str]) -> tuple[object, ...]:
    subject = receipt.subject
    owner = subject.owner or owners.get(subject, "")
    found = msgspec.structs.replace(receipt, subject=Ref(subject.kind, owner, subject.key))
    return (
        owner,
        subject.kind.value,
        subject.key,
        inbox_id,
        seq,
        receipt.status,
        receipt.return_time,
        _JSON(found),
        receipt.received_at,
    )

"""What stands under the keys of arrivals: versions, and how far the cases that use them have come."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.clearance.facts import Status
from sandan.documents.arrival import CaseStage
from sandan.documents.arrival import DocumentState
from sandan.documents.arrival import Stored
from sandan.documents.facts import Document
from sandan.documents.facts import Ref

_DECODER: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)

_STANDING = """
    SELECT k.place, d.version, d.state, d.app_time, d.content_hash, d.newest, d.order_no
      FROM unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[]) WITH ORDINALITY AS k (owner, kind, key, place),
           LATERAL (SELECT *, max(version) OVER () AS newest FROM documents
                     WHERE (owner, kind, key) = (k.owner, k.kind, k.key)
                     ORDER BY state IN ('refused', 'replaced'), version DESC LIMIT 1) AS d
"""
_STAGES = """
    SELECT k.place, c.status
      FROM unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[], %(orders)b::text[])
           WITH ORDINALITY AS k (owner, kind, key, order_no, place)
      LEFT JOIN match_index m ON (m.scope, m.owner, m.number) = (
           CASE k.kind WHEN 'waybill' THEN 'waybill' ELSE 'order' END, k.owner,
           CASE k.kind WHEN 'waybill' THEN k.key ELSE k.order_no END) AND k.kind <> 'list'
      JOIN cases c ON (c.declarant, c.list_key) = (
           CASE k.kind WHEN 'list' THEN k.owner ELSE m.declarant END, CASE k.kind WHEN 'list' THEN k.key ELSE m.list_key END)
"""
_FACTS = "SELECT facts::text FROM documents WHERE (owner, kind, key, version) = (%s, %s, %s, %s)"

_OPEN = frozenset({Status.DRAFT, Status.WAITING})


class Standing(Struct, gc=False, frozen=True, kw_only=True):
    """The version in force under a key, and the highest number given there."""

    stored: Stored
    newest: int
    order_no: str


def load_standing(conn: Connection[Any], refs: Collection[Ref]) -> dict[Ref, Standing]:
    """What stands under each key; keys never seen are left out."""
    asked = list(refs)
    found = conn.execute(_STANDING, columns_of(asked)).fetchall()
    return {
        asked[place - 1]: Standing(
            stored=Stored(version=version, state=DocumentState(state), app_time=app_time, content_hash=bytes(digest)),
            newest=newest,
            order_no=order_no,
        )
        for place, version, state, app_time, digest, newest, order_no in found
    }


def load_stages(conn: Connection[Any], standing: Mapping[Ref, Standing]) -> dict[Ref, CaseStage]:
    """How far the case that uses each document has come; documents no case uses are left out."""
    if not standing:
        return {}
    asked = list(standing)
    found = conn.execute(_STAGES, {**columns_of(asked), "orders": [standing[ref].order_no for ref in asked]}).fetchall()
    return {asked[place - 1]: _stage(Status(status)) for place, status in found}


def load_document(conn: Connection[Any], ref: Ref, version: int) -> Document | None:
    """The facts of one version; None while it stands only in a batch that is not written yet."""
    row = conn.execute(_FACTS, [ref.owner, ref.kind, ref.key, version]).fetchone()
    return _DECODER.decode(row[0]) if row else None


def columns_of(refs: Collection[Ref]) -> dict[str, list[str]]:
    """Keys as parallel lists, for ``unnest``."""
    return {
        "owners": [ref.owner for ref in refs],
        "kinds": [ref.kind.value for ref in refs],
        "keys": [ref.key for ref in refs],
    }


def _stage(status: Status) -> CaseStage:
    if status in _OPEN:
        return CaseStage.OPEN
    return CaseStage.NONE if status is Status.REFUSED else CaseStage.DECLARED

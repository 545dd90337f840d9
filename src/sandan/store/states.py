"""Writes what has become of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection

from sandan.documents.arrival import DocumentState
from sandan.documents.facts import Kind
from sandan.store.outcome import Verdict

_JSON = msgspec.json.Encoder().encode
_NONE = "[]"
_TAKEN = frozenset({DocumentState.ACCEPTED, DocumentState.DELETED})

_STATES = """
    UPDATE documents d SET state = k.state, findings = k.findings::json
      FROM unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[], %(versions)b::int[], %(states)b::text[],
                  %(findings)b::text[]) AS k (owner, kind, key, version, state, findings)
     WHERE (d.owner, d.kind, d.key, d.version) = (k.owner, k.kind, k.key, k.version)
"""
_REPLACED = """
    UPDATE documents d SET state = 'replaced'
      FROM unnest(%(owners)b::text[], %(keys)b::text[], %(versions)b::int[]) AS k (owner, key, version)
     WHERE (d.owner, d.kind, d.key) = (k.owner, 'list', k.key) AND d.version < k.version
       AND d.state IN ('received', 'draft')
"""

_OUTDATED = """
    UPDATE documents d SET state = 'replaced'
      FROM unnest(%(owners)b::text[], %(keys)b::text[], %(versions)b::int[]) AS k (owner, key, version)
     WHERE (d.owner, d.kind, d.key) = (k.owner, 'payment', k.key) AND d.version < k.version AND d.state = 'accepted'
"""

_DROPPED = """
    UPDATE documents d SET state = 'replaced'
      FROM unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[], %(versions)b::int[])
           AS k (owner, kind, key, version)
     WHERE (d.owner, d.kind, d.key) = (k.owner, k.kind, k.key) AND d.version < k.version AND d.state = 'draft'
"""


def write(conn: Connection[Any], verdicts: Sequence[Verdict]) -> None:
    """Sets state and findings of each version; the last verdict on a version counts."""
    final = {(one.ref, one.version): one for one in verdicts}
    if not final:
        return
    conn.execute(
        _STATES,
        {
            "owners": [ref.owner for ref, _ in final],
            "kinds": [ref.kind.value for ref, _ in final],
            "keys": [ref.key for ref, _ in final],
            "versions": [version for _, version in final],
            "states": [one.state.value for one in final.values()],
            "findings": [_JSON(one.findings).decode() if one.findings else _NONE for one in final.values()],
        },
    )
    _replace_older(conn, list(final.values()))


def _replace_older(conn: Connection[Any], verdicts: Sequence[Verdict]) -> None:
    """A version that was taken up takes the place of older ones.

    Of a list those not decided; of a payment those accepted, because a changed payment may belong to another order,
    and would otherwise be found under both. A deleted draft goes with the deletion, and what stood before stands again.
    """
    taken = [one for one in verdicts if one.version > 1 and one.state is not DocumentState.REFUSED]
    lists = [one for one in taken if one.ref.kind is Kind.LIST]
    payments = [one for one in taken if one.ref.kind is Kind.PAYMENT and one.state in _TAKEN]
    dropped = [one for one in taken if one.ref.kind is not Kind.LIST and one.state is DocumentState.REPLACED]
    if lists:
        conn.execute(_REPLACED, _columns(lists))
    if payments:
        conn.execute(_OUTDATED, _columns(payments))
    if dropped:
        conn.execute(_DROPPED, _columns(dropped))


def _columns(verdicts: Sequence[Verdict]) -> dict[str, list[Any]]:
    return {
        "owners": [one.ref.owner for one in verdicts],
        "kinds": [one.ref.kind.value for one in verdicts],
        "keys": [one.ref.key for one in verdicts],
        "versions": [one.version for one in verdicts],
    }

"""Writes cases and their decisions, deadlines, and which case uses which number."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.clearance.facts import Case
from sandan.clearance.facts import Status
from sandan.documents.facts import Ref
from sandan.law.facts import Severity
from sandan.store.accounts import Contended
from sandan.store.load import Claims
from sandan.store.load import Number
from sandan.store.outcome import Judged
from sandan.store.rows import JSON
from sandan.store.rows import Table
from sandan.store.rows import copy
from sandan.terms.days import legal_day

_JSON = msgspec.json.Encoder().encode

_CASES = Table(
    "cases",
    {
        "declarant": "text",
        "list_key": "text",
        "version": "int4",
        "status": "text",
        "list_version": "int4",
        "ebp_code": "text",
        "ebc_code": "text",
        "order_no": "text",
        "logistics_code": "text",
        "logistics_no": "text",
        "pay_transaction_id": "text",
        "cop_no": "text",
        "pre_no": "text",
        "invt_no": "text",
        "customs_code": "text",
        "trade_mode": "text",
        "declared_at": "timestamptz",
        "accepted_on": "date",
        "released_at": "timestamptz",
        "wait_until": "timestamptz",
        "value_fen": "int8",
        "tax_fen": "int8",
        "reasons": "text[]",
        "waits": "text[]",
        "state": JSON,
        "updated_at": "timestamptz",
    },
)
_DECISIONS = Table(
    "decisions",
    {
        "declarant": "text",
        "list_key": "text",
        "version": "int4",
        "status": "text",
        "law_day": "date",
        "findings": JSON,
        "assessment": JSON,
        "compared": JSON,
        "events": JSON,
        "effective_at": "timestamptz",
    },
)
_CHANGE = "UPDATE cases SET {sets} WHERE declarant = %s AND list_key = %s AND version = %s".format(  # noqa: S608 - our own columns
    sets=", ".join(
        f"{name} = convert_from(%s, 'UTF8')::json" if kind is JSON else f"{name} = %s"
        for name, kind in list(_CASES.columns.items())[2:]
    )
)
"""Conditional on the version the decision was made on."""
_NO_DEADLINES = """
    DELETE FROM deadlines d USING unnest(%(owners)b::text[], %(keys)b::text[]) AS k (owner, key)
     WHERE (d.declarant, d.list_key) = (k.owner, k.key)
"""
_DEADLINES = Table("deadlines", {"declarant": "text", "list_key": "text", "kind": "text", "due_at": "timestamptz"})
_USE = """
    UPDATE match_index m SET declarant = k.declarant, list_key = k.list_key
      FROM unnest(%(scopes)b::text[], %(owners)b::text[], %(numbers)b::text[], %(declarants)b::text[], %(keys)b::text[])
           AS k (scope, owner, number, declarant, list_key)
     WHERE (m.scope, m.owner, m.number) = (k.scope, k.owner, k.number)
"""
_FREE = """
    UPDATE match_index m SET declarant = '', list_key = ''
      FROM unnest(%(scopes)b::text[], %(owners)b::text[], %(numbers)b::text[], %(declarants)b::text[], %(keys)b::text[])
           AS k (scope, owner, number, declarant, list_key)
     WHERE (m.scope, m.owner, m.number, m.declarant, m.list_key) = (k.scope, k.owner, k.number, k.declarant, k.list_key)
"""


class Entry(Struct, gc=False, frozen=True):
    """One decision as it is written, each part encoded once."""

    judged: Judged
    findings: bytes
    assessment: bytes | None
    compared: bytes
    events: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 over everything the decision says; the journal keeps it."""
        case = self.judged.decision.case
        head = f"{case.ref.owner}\n{case.ref.key}\n{case.version}\n{case.status.value}\n"
        return digest_of(head, (self.findings, self.assessment, self.compared, self.events))


def digest_of(head: str, parts: Iterable[bytes | None]) -> bytes:
    """SHA-256 over key, version and status of a decision, and its findings, assessment, versions and events."""
    return hashlib.sha256(b"\n".join((head.encode(), *(part or b"null" for part in parts)))).digest()


def entries(judged: Iterable[Judged]) -> list[Entry]:
    """The decisions that moved their cases, encoded."""
    return [_entry(one) for one in judged if one.changed]


def write(conn: Connection[Any], written: Sequence[Entry]) -> None:
    """Writes decisions and cases.

    Raises:
        Contended: another worker moved one of the cases.
    """
    copy(conn, _DECISIONS, map(_decision_values, written))
    final = {entry.judged.declaration.ref: entry.judged for entry in written}
    first = {ref: entry.judged.before for entry in reversed(written) if (ref := entry.judged.declaration.ref)}
    copy(conn, _CASES, [_case_values(one) for ref, one in final.items() if first[ref] is None])
    changed = [_change_values(one, before) for ref, one in final.items() if (before := first[ref]) is not None]
    if changed:
        with conn.cursor() as cur:
            cur.executemany(_CHANGE, changed)
            if cur.rowcount != len(changed):
                raise Contended(f"{len(changed) - cur.rowcount} of {len(changed)} cases")
    _write_deadlines(conn, final.values())


def write_numbers(conn: Connection[Any], used: Claims, freed: Sequence[tuple[Number, Ref]]) -> None:
    """Records which case uses each number from now on."""
    if used:
        conn.execute(_USE, _number_columns(list(used.items())))
    if freed:
        conn.execute(_FREE, _number_columns(freed))


def _entry(judged: Judged) -> Entry:
    decision = judged.decision
    assessment = decision.case.assessment
    return Entry(
        judged=judged,
        findings=_JSON(decision.findings),
        assessment=_JSON(assessment) if assessment else None,
        compared=_JSON(decision.case.compared),
        events=_JSON(decision.events),
    )


def _decision_values(entry: Entry) -> tuple[object, ...]:
    judged = entry.judged
    case = judged.decision.case
    return (
        case.ref.owner,
        case.ref.key,
        case.version,
        case.status.value,
        case.accepted_on or legal_day(judged.now),
        entry.findings,
        entry.assessment,
        entry.compared,
        entry.events,
        judged.now,
    )


def _case_values(judged: Judged) -> list[object]:
    case, paper = judged.decision.case, judged.paper
    assessment = case.assessment
    return [
        case.ref.owner,
        case.ref.key,
        case.version,
        case.status.value,
        case.list_version,
        paper.ebp_code,
        paper.ebc_code,
        paper.order_no,
        paper.logistics_code,
        paper.logistics_no,
        judged.pay_transaction_id,
        paper.cop_no,
        case.pre_no,
        case.invt_no,
        paper.customs_code,
        paper.trade_mode,
        case.declared_at,
        case.accepted_on,
        case.released_at,
        case.wait_until,
        assessment.value_fen if assessment else None,
        assessment.tax_fen if assessment else None,
        _reasons(case),
        _waits(case),
        _JSON(case),
        judged.now,
    ]


def _change_values(judged: Judged, before: Case) -> list[object]:
    values = _case_values(judged)
    return [*values[2:], *values[:2], before.version]


def _reasons(case: Case) -> list[str]:
    """Rules that caused the status."""
    return list(dict.fromkeys(one.rule for one in case.findings if one.severity is not Severity.NOTE))


def _waits(case: Case) -> list[str]:
    """What a waiting case waits for: papers that are missing, or the rules by which they disagree."""
    if case.status is not Status.WAITING:
        return []
    waits = [one for one in case.findings if one.severity is Severity.WAIT]
    return list(dict.fromkeys(one.rule if one.against else one.found.document for one in waits))


def _write_deadlines(conn: Connection[Any], judged: Collection[Judged]) -> None:
    """Replaces the deadlines of the cases by those of their last decision."""
    moved = [one.declaration.ref for one in judged if one.before is not None]
    if moved:
        conn.execute(_NO_DEADLINES, {"owners": [ref.owner for ref in moved], "keys": [ref.key for ref in moved]})
    rows = [
        (deadline.case.owner, deadline.case.key, deadline.kind, deadline.due_at)
        for one in judged
        for deadline in one.decision.deadlines
    ]
    if rows:
        copy(conn, _DEADLINES, rows)


def _number_columns(uses: Sequence[tuple[Number, Ref | None]]) -> dict[str, list[str]]:
    ordered = sorted(uses, key=lambda use: use[0])
    return {
        "scopes": [number.scope for number, _ in ordered],
        "owners": [number.owner for number, _ in ordered],
        "numbers": [number.number for number, _ in ordered],
        "declarants": [ref.owner if ref else "" for _, ref in ordered],
        "keys": [ref.key if ref else "" for _, ref in ordered],
    }

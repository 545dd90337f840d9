"""Loads all facts a batch is decided on, in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any
from typing import cast

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.clearance.facts import Case
from sandan.documents.arrival import DocumentState
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.documents.facts import Waybill
from sandan.law.facts import Finding
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.terms.ids import EnterpriseCode

_DOCUMENT: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
_NO_FINDINGS = "[]"
_CASE = msgspec.json.Decoder(Case)

Version = tuple[Ref, int]
"""One version of one document."""


class Sheet(Struct, gc=False, frozen=True, kw_only=True):
    """One stored document with its state."""

    received: Received
    state: DocumentState
    findings: tuple[Finding, ...]


class Number(Struct, gc=False, frozen=True, order=True):
    """An order or waybill number that joins documents to the case that uses it; a key of the match index."""

    scope: str
    owner: str
    number: str


Claims = dict[Number, Ref | None]
"""Which live case uses each number."""

_VERSIONS = """
    SELECT k.place, d.facts::text, d.inbox_id, d.sender, d.signer, d.received_at, d.state, d.findings::text
      FROM unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[], %(versions)b::int[])
           WITH ORDINALITY AS k (owner, kind, key, version, place)
      JOIN documents d USING (owner, kind, key, version)
"""
_PARTNERS = """
    SELECT k.place, d.kind, d.key, d.version
      FROM unnest(%(platforms)b::text[], %(orders)b::text[], %(carriers)b::text[], %(waybills)b::text[])
           WITH ORDINALITY AS k (platform, order_no, carrier, waybill, place),
      LATERAL (
          (SELECT kind, key, version, state FROM documents
            WHERE owner = k.platform AND kind = 'order' AND key = k.order_no AND state IN ('accepted', 'deleted')
            ORDER BY version DESC LIMIT 1)
          UNION ALL
          (SELECT kind, key, version, state FROM documents
            WHERE owner = k.carrier AND kind = 'waybill' AND key = k.waybill AND state IN ('accepted', 'deleted')
            ORDER BY version DESC LIMIT 1)
          UNION ALL
          (SELECT DISTINCT ON (key) kind, key, version, state FROM documents
            WHERE owner = k.platform AND order_no = k.order_no AND kind = 'payment' AND state IN ('accepted', 'deleted')
            ORDER BY key, version DESC)
      ) AS d
     WHERE d.state = 'accepted'
"""
_CASES = """
    SELECT c.state::text FROM cases c
      JOIN unnest(%(owners)b::text[], %(keys)b::text[]) AS k (owner, key) ON (c.declarant, c.list_key) = (k.owner, k.key)
"""
_TAKE_CASES = """
    SELECT k.place FROM unnest(%(owners)b::text[], %(keys)b::text[]) WITH ORDINALITY AS k (owner, key, place)
     WHERE pg_try_advisory_xact_lock(hashtextextended(k.owner || chr(31) || k.key, 0))
"""
_OPEN_NUMBERS = """
    INSERT INTO match_index (scope, owner, number)
    SELECT * FROM unnest(%(scopes)b::text[], %(owners)b::text[], %(numbers)b::text[]) AS k (scope, owner, number)
     ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING RETURNING scope, owner, number
"""
_LOCK_NUMBERS = """
    SELECT m.scope, m.owner, m.number, m.declarant, m.list_key
      FROM match_index m
      JOIN unnest(%(scopes)b::text[], %(owners)b::text[], %(numbers)b::text[]) AS k (scope, owner, number)
           USING (scope, owner, number)
     ORDER BY 1, 2, 3 FOR UPDATE OF m
"""
_BALANCES = """
    SELECT owner, kind, item, granted, reserved, settled
      FROM accounts JOIN unnest(%(owners)b::text[], %(kinds)b::text[], %(items)b::text[]) AS k (owner, kind, item)
           USING (owner, kind, item)
"""
_SERIALS = "SELECT nextval('serials') FROM generate_series(1, %s)"


def load_versions(conn: Connection[Any], wanted: Collection[Version]) -> dict[Version, Sheet]:
    """The documents asked for, each in the version asked for."""
    asked = list(wanted)
    if not asked:
        return {}
    columns = {
        "owners": [ref.owner for ref, _ in asked],
        "kinds": [ref.kind.value for ref, _ in asked],
        "keys": [ref.key for ref, _ in asked],
        "versions": [version for _, version in asked],
    }
    return {
        asked[row[0] - 1]: _sheet(asked[row[0] - 1], row[1:]) for row in conn.execute(_VERSIONS, columns).fetchall()
    }


def lock_numbers(conn: Connection[Any], papers: Iterable[Document]) -> Claims:
    """Takes the numbers of the papers for this transaction and answers which case uses each.

    Partners that arrive at once meet here: the second waits until the first has committed, and then sees what it did.
    Numbers are taken in key order, so that batches cannot wait for each other in a circle.
    """
    numbers = sorted({number for paper in papers for number in numbers_of(paper)})
    if not numbers:
        return {}
    columns = _number_columns(numbers)
    opened = {Number(*row) for row in conn.execute(_OPEN_NUMBERS, columns).fetchall()}
    claims: Claims = dict.fromkeys(opened)
    rest = [number for number in numbers if number not in opened]
    if rest:
        for scope, owner, number, declarant, list_key in conn.execute(_LOCK_NUMBERS, _number_columns(rest)).fetchall():
            claims[Number(scope, owner, number)] = Ref(Kind.LIST, declarant, list_key) if list_key else None
    return claims


def numbers_of(paper: Document) -> tuple[Number, ...]:
    """The numbers a paper brings or uses."""
    if isinstance(paper, DeclarationList):
        return (
            Number("order", paper.ebp_code, paper.order_no),
            Number("waybill", paper.logistics_code, paper.logistics_no),
        )
    if isinstance(paper, Waybill):
        return (Number("waybill", paper.logistics_code, paper.logistics_no),)
    if isinstance(paper, Order | Payment):
        return (Number("order", paper.ebp_code, paper.order_no),)
    return ()


def take_cases(conn: Connection[Any], refs: Collection[Ref]) -> set[Ref]:
    """Which of the cases this transaction may decide; another worker is at the others."""
    asked = list(refs)
    if not asked:
        return set()
    columns = {"owners": [ref.owner for ref in asked], "keys": [ref.key for ref in asked]}
    return {asked[place - 1] for (place,) in conn.execute(_TAKE_CASES, columns).fetchall()}


def load_cases(conn: Connection[Any], refs: Collection[Ref]) -> dict[Ref, Case]:
    """The cases as stored; those never opened are left out."""
    if not refs:
        return {}
    columns = {"owners": [ref.owner for ref in refs], "keys": [ref.key for ref in refs]}
    cases = [_CASE.decode(text) for (text,) in conn.execute(_CASES, columns).fetchall()]
    return {case.ref: case for case in cases}


def load_partners(conn: Connection[Any], lists: Sequence[DeclarationList]) -> list[list[Version]]:
    """For each list the accepted order, waybill and payments that stand under its numbers."""
    found: list[list[Version]] = [[] for _ in lists]
    if not lists:
        return found
    columns = {
        "platforms": [one.ebp_code for one in lists],
        "orders": [one.order_no for one in lists],
        "carriers": [one.logistics_code for one in lists],
        "waybills": [one.logistics_no for one in lists],
    }
    for place, kind, key, version in conn.execute(_PARTNERS, columns).fetchall():
        owner = lists[place - 1].logistics_code if kind == Kind.WAYBILL else lists[place - 1].ebp_code
        found[place - 1].append((Ref(Kind(kind), owner, key), version))
    return found


def load_balances(conn: Connection[Any], accounts: Collection[AccountId]) -> dict[AccountId, Balance]:
    """Balances of the accounts that exist."""
    if not accounts:
        return {}
    columns = {
        "owners": [account.owner for account in accounts],
        "kinds": [account.kind.value for account in accounts],
        "items": [account.item for account in accounts],
    }
    known = {(account.owner, account.kind.value, account.item): account for account in accounts}
    rows = conn.execute(_BALANCES, columns).fetchall()
    return {known[owner, kind, item]: Balance(*amounts) for owner, kind, item, *amounts in rows}


def next_serials(conn: Connection[Any], count: int) -> list[int]:
    """Running numbers nobody else has."""
    return [row[0] for row in conn.execute(_SERIALS, [count]).fetchall()] if count else []


def _sheet(asked: Version, row: Sequence[Any]) -> Sheet:
    facts, inbox_id, sender, signer, received_at, state, findings = row
    received = Received(
        document=_DOCUMENT.decode(facts),
        inbox_id=inbox_id,
        version=asked[1],
        sender=cast("EnterpriseCode", sender),
        signer=cast("EnterpriseCode", signer),
        received_at=received_at,
    )
    return Sheet(
        received=received,
        state=DocumentState(state),
        findings=() if findings == _NO_FINDINGS else _FINDINGS.decode(findings),
    )


def _number_columns(numbers: Sequence[Number]) -> dict[str, list[str]]:
    return {
        "scopes": [number.scope for number in numbers],
        "owners": [number.owner for number in numbers],
        "numbers": [number.number for number in numbers],
    }

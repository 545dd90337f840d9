"""Writes everything a batch decided, within the transaction that loaded what it was decided on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection

from sandan.store import accounts
from sandan.store import claim
from sandan.store import docket
from sandan.store import forwards
from sandan.store import journal
from sandan.store import states
from sandan.store.claim import Work
from sandan.store.docket import Entry
from sandan.store.outcome import Outcome
from sandan.store.outcome import Reply
from sandan.store.rows import JSON
from sandan.store.rows import Table
from sandan.store.rows import copy

_JSON = msgspec.json.Encoder().encode

_RECEIPTS = Table(
    "receipts",
    {
        "recipient": "text",
        "subject_kind": "text",
        "subject_owner": "text",
        "subject_key": "text",
        "subject_version": "int4",
        "status": "int4",
        "info": "text",
        "rules": "text[]",
        "at": "timestamptz",
        "facts": JSON,
    },
)
_SAY_AGAIN = """
    INSERT INTO receipts (recipient, subject_kind, subject_owner, subject_key, subject_version, status, info, rules, at, facts)
    SELECT recipient, subject_kind, subject_owner, subject_key, subject_version, status, info, rules, at, facts
      FROM (SELECT DISTINCT ON (k.place, r.facts->>'guid') k.place, r.*
              FROM unnest(%(owners)b::text[], %(kinds)b::text[], %(keys)b::text[], %(versions)b::int[])
                   WITH ORDINALITY AS k (owner, kind, key, version, place)
              JOIN receipts r ON (r.subject_owner, r.subject_kind, r.subject_key, r.subject_version)
                               = (k.owner, k.kind, k.key, k.version)
             ORDER BY k.place, r.facts->>'guid', r.id) AS said
     ORDER BY said.place, said.at, said.id
"""


def apply(conn: Connection[Any], outcome: Outcome) -> int:
    """Writes an outcome; answers how many receipts it gave.

    Balances come last of what others wait for, so that a hot account is held for the shortest time.

    Raises:
        Contended: another worker has moved something this batch was decided on.
    """
    written = docket.entries(outcome.judged)
    states.write(conn, outcome.verdicts)
    docket.write(conn, written)
    docket.write_numbers(conn, outcome.used, outcome.freed)
    count = write_receipts(conn, outcome.replies) + _say_again(conn, outcome.repeats)
    forwards.copy_receipts(conn, outcome.replies, outcome.now)
    claim.give_back(conn, outcome.returned)
    claim.set_aside(conn, outcome.failed, outcome.now)
    _journal(conn, outcome, written)
    postings = [posting for one in outcome.judged for posting in one.decision.postings]
    accounts.post(conn, postings, outcome.balances)
    return count


def write_receipts(conn: Connection[Any], replies: Sequence[Reply]) -> int:
    """Puts receipts into the outbox; answers how many."""
    if replies:
        copy(conn, _RECEIPTS, map(_receipt_values, replies))
    return len(replies)


def _receipt_values(reply: Reply) -> tuple[object, ...]:
    receipt = reply.receipt
    subject = receipt.subject
    return (
        receipt.recipient,
        subject.kind.value,
        subject.owner,
        subject.key,
        reply.version,
        int(receipt.status),
        receipt.info,
        list(receipt.rules),
        receipt.at,
        _JSON(receipt),
    )


def _say_again(conn: Connection[Any], repeats: Sequence[Work]) -> int:
    """Issues the receipts of repeated documents once more, as they were."""
    if not repeats:
        return 0
    columns = {
        "owners": [work.ref.owner for work in repeats],
        "kinds": [work.ref.kind.value for work in repeats],
        "keys": [work.ref.key for work in repeats],
        "versions": [work.version for work in repeats],
    }
    return conn.execute(_SAY_AGAIN, columns).rowcount


def _journal(conn: Connection[Any], outcome: Outcome, written: Sequence[Entry]) -> None:
    """One link names every decision with its digest, and how each paper was answered."""
    if not written and not outcome.answers:
        return
    cases = [entry.judged.decision.case for entry in written]
    said = [
        (one.subject.kind, one.subject.owner, one.subject.key, one.version, one.accepted) for one in outcome.answers
    ]
    body = {
        "decisions": [
            (case.ref.owner, case.ref.key, case.version, case.status, entry.digest.hex())
            for case, entry in zip(cases, written, strict=True)
        ],
        "answers": len(said),
        "answers_sha256": hashlib.sha256(_JSON(said)).hexdigest(),
    }
    journal.append(conn, "work", "decisions", outcome.now, _JSON(body))

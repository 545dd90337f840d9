"""Registers arrivals: bytes, documents, and work for the deciders, many messages in one transaction.

What is acknowledged is durable: the caller answers only after `register` has returned and its transaction has ended.
A repeat is recognised by the bytes or by the content of each document, and is answered as the first time.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg import errors

from sandan.documents.arrival import Admission
from sandan.documents.arrival import CaseStage
from sandan.documents.arrival import DocumentState
from sandan.documents.arrival import Objection
from sandan.documents.arrival import Stored
from sandan.documents.arrival import Verdict
from sandan.documents.arrival import admit
from sandan.documents.facts import Document
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Ref
from sandan.documents.versions import content_hash
from sandan.documents.versions import differing_fields
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.store import bodies
from sandan.store import journal
from sandan.store import mirrored
from sandan.store.claim import QUEUE
from sandan.store.facts import Arrived
from sandan.store.facts import Incoming
from sandan.store.facts import Reason
from sandan.store.facts import Registered
from sandan.store.facts import Registration
from sandan.store.rows import JSON
from sandan.store.rows import Table
from sandan.store.rows import copy
from sandan.store.standing import Standing
from sandan.store.standing import load_document
from sandan.store.standing import load_stages
from sandan.store.standing import load_standing

_TRIES = 8
_SLOTS = 32_768
_JSON = msgspec.json.Encoder().encode

_INBOX = Table(
    "inbox",
    {
        "id": "int8",
        "received_at": "timestamptz",
        "channel": "text",
        "sender_id": "text",
        "cop_msg_id": "text",
        "sha256": "bytea",
        "body": "bytea",
        "size": "int4",
        "message_type": "text",
        "message_guid": "text",
        "cop_code": "text",
        "signer": "text",
        "fingerprint": "text",
        "outcome": "text",
        "diagnosis": JSON,
        "answer": JSON,
    },
)
_DOCUMENTS = Table(
    "documents",
    {
        "owner": "text",
        "kind": "text",
        "key": "text",
        "version": "int4",
        "inbox_id": "int8",
        "seq": "int2",
        "sender": "text",
        "signer": "text",
        "guid": "text",
        "app_type": "text",
        "app_status": "text",
        "app_time": "text",
        "order_no": "text",
        "content_hash": "bytea",
        "facts": JSON,
        "state": "text",
        "findings": JSON,
        "received_at": "timestamptz",
    },
)
_FIRSTS = """
    SELECT sha256, id, outcome, message_type, message_guid, diagnosis::text, answer::text
      FROM inbox WHERE sha256 = ANY(%s)
"""
_IDS = "SELECT nextval(pg_get_serial_sequence('inbox', 'id')) FROM generate_series(1, %s)"


class _Batch:
    """Rows of one batch while it is put together."""

    def __init__(self, standing: dict[Ref, Standing], stages: dict[Ref, CaseStage]) -> None:
        self.standing = standing
        self.stages = stages
        self.documents: list[tuple[object, ...]] = []
        self.queue: list[tuple[object, ...]] = []


class _Arrival(Struct, gc=False, frozen=True):
    """One document with the message it came in."""

    ref: Ref
    document: Document
    message: Incoming
    inbox_id: int
    seq: int


def register(conn: Connection[Any], messages: Sequence[Incoming]) -> list[Registered]:
    """Stores messages and their documents and queues them for decision; answers in the order given.

    Uses a transaction of its own, or a savepoint of the caller's. Another writer that stores the same bytes or the
    same key at the same moment makes this one look again.

    Args:
        conn: Connection to write on.
        messages: What came, in the order it came in.

    Returns:
        For each message what became of it; for a repeat, what became of it the first time.

    Raises:
        psycopg.Error: nothing of the batch was stored.
    """
    digests = [bodies.digest(message.body) for message in messages]
    for _ in range(_TRIES - 1):
        try:
            return _register(conn, messages, digests)
        except errors.UniqueViolation:
            continue
    return _register(conn, messages, digests)


def _register(conn: Connection[Any], messages: Sequence[Incoming], digests: Sequence[bytes]) -> list[Registered]:
    with conn.transaction():
        firsts = _firsts(conn, digests)
        fresh = _fresh(messages, digests, firsts)
        ids = dict(zip(fresh, _ids(conn, len(fresh)), strict=True))
        standing = load_standing(conn, {document.ref for message in messages for document in message.documents})
        batch = _Batch(standing, load_stages(conn, standing))
        answers = []
        for message, digest in zip(messages, digests, strict=True):
            if ids.get(digest) is not None and fresh[digest] is message:
                answers.append(_first(conn, batch, message, ids[digest]))
                firsts[digest] = answers[-1]
            else:
                answers.append(_repeat(batch, message, firsts[digest]))
        copy(conn, _INBOX, _inbox_rows(fresh, ids))
        copy(conn, _DOCUMENTS, batch.documents)
        copy(conn, QUEUE, batch.queue)
        mirrored.write(conn, [(message.mirrored, ids[digest]) for digest, message in fresh.items() if message.mirrored])
        _journal(conn, ids, messages[0].received_at if messages else None)
    return answers


def _firsts(conn: Connection[Any], digests: Sequence[bytes]) -> dict[bytes, Registered]:
    return {
        bytes(digest): Registered(
            inbox_id=inbox_id,
            outcome=outcome,
            repeat=True,
            message_type=message_type,
            message_guid=message_guid,
            diagnosis=diagnosis.encode(),
            answer=answer.encode(),
        )
        for digest, inbox_id, outcome, message_type, message_guid, diagnosis, answer in conn.execute(
            _FIRSTS, [list(digests)]
        ).fetchall()
    }


def _fresh(
    messages: Sequence[Incoming], digests: Sequence[bytes], firsts: dict[bytes, Registered]
) -> dict[bytes, Incoming]:
    """The first message of each digest never seen before."""
    fresh: dict[bytes, Incoming] = {}
    for message, digest in zip(messages, digests, strict=True):
        if digest not in firsts:
            fresh.setdefault(digest, message)
    return fresh


def _ids(conn: Connection[Any], count: int) -> list[int]:
    return [row[0] for row in conn.execute(_IDS, [count]).fetchall()]


def _first(conn: Connection[Any], batch: _Batch, message: Incoming, inbox_id: int) -> Registered:
    arrivals = [
        _Arrival(document.ref, document, message, inbox_id, seq) for seq, document in enumerate(message.documents, 1)
    ]
    return Registered(
        inbox_id=inbox_id,
        outcome=message.outcome,
        repeat=False,
        message_type=message.message_type,
        message_guid=message.message_guid,
        diagnosis=message.diagnosis,
        answer=message.answer,
        documents=tuple(_admit(conn, batch, arrival) for arrival in arrivals),
    )


def _repeat(batch: _Batch, message: Incoming, first: Registered) -> Registered:
    registrations = []
    for seq, document in enumerate(message.documents, 1):
        arrival = _Arrival(document.ref, document, message, first.inbox_id, seq)
        standing = batch.standing.get(arrival.ref)
        if standing is not None:
            registrations.append(_say_again(batch, arrival, standing.stored.version))
    return msgspec.structs.replace(first, repeat=True, documents=tuple(registrations))


def _admit(conn: Connection[Any], batch: _Batch, arrival: _Arrival) -> Registration:
    ref = arrival.ref
    standing = batch.standing.get(ref)
    stored = standing.stored if standing else None
    admission = admit(arrival.document, stored, batch.stages.get(ref, CaseStage.NONE))
    if admission.verdict is Verdict.REPEAT and stored is not None:
        return _say_again(batch, arrival, stored.version)
    return _store(batch, arrival, _findings(conn, arrival, stored, admission))


def _say_again(batch: _Batch, arrival: _Arrival, version: int) -> Registration:
    batch.queue.append(_queue_row(arrival, version, Reason.REPEAT))
    return Registration(ref=arrival.ref, version=version, state=Arrived.REPEAT)


def _store(batch: _Batch, arrival: _Arrival, findings: Sequence[Finding]) -> Registration:
    ref, document = arrival.ref, arrival.document
    before = batch.standing.get(ref)
    version = before.newest + 1 if before else 1
    state = DocumentState.REFUSED if findings else DocumentState.RECEIVED
    row = _Row(arrival, version, content_hash(document), state, _JSON(findings))
    batch.documents.append(_document_values(row))
    reason = Reason.ACT if isinstance(document, OfficerAct) else Reason.ARRIVED
    batch.queue.append(_queue_row(arrival, version, reason))
    batch.standing[ref] = _stands_now(before, row)
    return Registration(ref=ref, version=version, state=Arrived.REFUSED if findings else Arrived.RECEIVED)


class _Row(Struct, gc=False, frozen=True):
    """What is stored of one document beside itself."""

    arrival: _Arrival
    version: int
    content_hash: bytes
    state: DocumentState
    findings: bytes


def _stands_now(before: Standing | None, row: _Row) -> Standing:
    """What stands after this row: a refused arrival does not replace what stood before it."""
    document = row.arrival.document
    if before is not None and row.state is DocumentState.REFUSED:
        return msgspec.structs.replace(before, newest=row.version)
    stored = Stored(version=row.version, state=row.state, app_time=_head(document)[2], content_hash=row.content_hash)
    return Standing(stored=stored, newest=row.version, order_no=_order_no(document))


def _findings(
    conn: Connection[Any], arrival: _Arrival, stored: Stored | None, admission: Admission
) -> tuple[Finding, ...]:
    """Why an arrival is refused, with both values; nothing for one that is admitted."""
    if admission.objection is None:
        return ()
    document = arrival.document
    field, value, other = _sides(document, stored, admission.objection)
    kind = arrival.ref.kind
    return (
        Finding(
            rule=admission.objection.rule(kind),
            severity=Severity.REFUSE,
            found=Said(document=kind.value, field=field, value=value, sender=arrival.message.cop_code),
            against=Said(document=kind.value, field=field, value=other) if stored else None,
            detail=_differing(conn, document, stored) if admission.objection is Objection.EXISTS else "",
        ),
    )


def _sides(document: Document, stored: Stored | None, objection: Objection) -> tuple[str, str, str]:
    """Field in question, its value in the arrival, and its value as stored."""
    app_type, _, app_time, _ = _head(document)
    if objection is Objection.STALE and stored is not None:
        return "head.app_time", app_time, stored.app_time
    if objection is Objection.EXISTS and stored is not None:
        return "key", document.ref.key, f"{document.ref.key} v{stored.version}"
    return "head.app_type", app_type, stored.state.value if stored else ""


def _differing(conn: Connection[Any], document: Document, stored: Stored | None) -> str:
    """Names of the fields in which the arrival differs from what stands."""
    if stored is None:
        return ""
    standing = load_document(conn, document.ref, stored.version)
    return ", ".join(differing_fields(document, standing)) if standing else ""


def _inbox_rows(fresh: dict[bytes, Incoming], ids: dict[bytes, int]) -> Iterator[tuple[object, ...]]:
    packed = bodies.pack(message.body for message in fresh.values())
    for (digest, message), body in zip(fresh.items(), packed, strict=True):
        yield (
            ids[digest],
            message.received_at,
            message.channel,
            message.sender_id,
            message.cop_msg_id,
            digest,
            body,
            len(message.body),
            message.message_type,
            message.message_guid,
            message.cop_code,
            message.signer,
            message.fingerprint,
            message.outcome,
            message.diagnosis,
            message.answer,
        )


def _document_values(row: _Row) -> tuple[object, ...]:
    arrival = row.arrival
    ref, document, message = arrival.ref, arrival.document, arrival.message
    app_type, app_status, app_time, guid = _head(document)
    return (
        ref.owner,
        ref.kind.value,
        ref.key,
        row.version,
        arrival.inbox_id,
        arrival.seq,
        message.cop_code,
        message.signer,
        guid,
        app_type,
        app_status,
        app_time,
        _order_no(document),
        row.content_hash,
        _JSON(document),
        row.state.value,
        row.findings,
        message.received_at,
    )


def _queue_row(arrival: _Arrival, version: int, reason: Reason) -> tuple[object, ...]:
    ref = arrival.ref
    slot = slot_of(_order_no(arrival.document))
    return (ref.owner, ref.kind.value, ref.key, version, slot, reason.value, arrival.message.received_at)


def slot_of(order_no: str) -> int:
    """Slot of the queue that all documents of one order share."""
    return zlib.crc32(order_no.encode()) % _SLOTS


def _head(document: Document) -> tuple[str, str, str, str]:
    """``appType``, ``appStatus``, ``appTime`` and guid; an officer's act has only the last."""
    if isinstance(document, OfficerAct):
        return "", "", "", document.guid
    head = document.head
    return head.app_type, head.app_status, head.app_time, head.guid


def _order_no(document: Document) -> str:
    return "" if isinstance(document, OfficerAct) else document.order_no


def _journal(conn: Connection[Any], ids: dict[bytes, int], at: datetime | None) -> None:
    """One link says which rows the batch wrote, and a digest over their numbers and bytes."""
    if not ids or at is None:
        return
    rows = sorted((inbox_id, digest) for digest, inbox_id in ids.items())
    over = hashlib.sha256(b"".join(inbox_id.to_bytes(8) + digest for inbox_id, digest in rows)).hexdigest()
    journal.append(conn, "door", "inbox", at, _JSON({"inbox": [inbox_id for inbox_id, _ in rows], "sha256": over}))

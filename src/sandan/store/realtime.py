"""Keeps real-time payment data (179 号公告): who may be asked, what was asked, and every answer as received."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.law.facts import Finding
from sandan.oversight.facts import Compared
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Judgement
from sandan.oversight.facts import Papers
from sandan.store import bodies
from sandan.store import journal

_ENCODE = msgspec.json.encode
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
_COMPARED = msgspec.json.Decoder(tuple[Compared, ...])
_ORDER = msgspec.json.Decoder(Order)
_PAYMENT = msgspec.json.Decoder(Payment)


class Endpoint(Struct, frozen=True, kw_only=True):
    """How a platform is asked, and whose signatures answer for it."""

    ebp_code: str
    url: str
    #: Certificates (DER) by certNo
    certificates: Mapping[str, bytes]


class Call(Struct, frozen=True, kw_only=True):
    """What a platform answered at once to a demand."""

    url: str
    called_at: datetime
    took_ms: int
    #: What came back, shortened
    answer: str
    findings: tuple[Finding, ...] = ()


class Upload(Struct, frozen=True, kw_only=True):
    """One upload with what customs answered."""

    received_at: datetime
    judgement: Judgement


class DemandFile(Struct, frozen=True, kw_only=True):
    """Everything known about one demand."""

    demand: Demand
    call: Call | None
    uploads: tuple[Upload, ...]


def save_endpoint(conn: Connection[Any], endpoint: Endpoint, by: str, now: datetime) -> None:
    """Registers a platform's address and certificates; certificates registered before stay."""
    conn.execute(
        "INSERT INTO realtime_endpoints (ebp_code, url, registered_by, registered_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (ebp_code) DO UPDATE SET url = EXCLUDED.url, registered_by = EXCLUDED.registered_by,"
        " registered_at = EXCLUDED.registered_at",
        (endpoint.ebp_code, endpoint.url, by, now),
    )
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO realtime_certificates (ebp_code, cert_no, certificate, registered_by, registered_at)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (ebp_code, cert_no) DO NOTHING",
            [(endpoint.ebp_code, number, content, by, now) for number, content in endpoint.certificates.items()],
        )


def endpoint_of(conn: Connection[Any], ebp_code: str) -> Endpoint | None:
    """How a platform is asked, or None where it never registered."""
    row = conn.execute("SELECT url FROM realtime_endpoints WHERE ebp_code = %s", (ebp_code,)).fetchone()
    if row is None:
        return None
    return Endpoint(ebp_code=ebp_code, url=row[0], certificates=certificates_of(conn, ebp_code))


def certificates_of(conn: Connection[Any], ebp_code: str) -> dict[str, bytes]:
    """Certificates a platform may sign with, by certNo."""
    rows = conn.execute("SELECT cert_no, certificate FROM realtime_certificates WHERE ebp_code = %s", (ebp_code,))
    return {number: bytes(content) for number, content in rows}


def save_demand(conn: Connection[Any], demand: Demand) -> None:
    """Records what customs asks for, in tables and journal."""
    conn.execute(
        "INSERT INTO realtime_demands (session_id, ebp_code, order_no, officer, issued_at, due_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (demand.session_id, demand.ebp_code, demand.order_no, demand.officer, demand.issued_at, demand.due_at),
    )
    journal.append(conn, "door", "realtime-demand", demand.issued_at, _ENCODE(demand))


def find_demand(conn: Connection[Any], session_id: str) -> Demand | None:
    """The demand of a session; uploads of one session wait for each other until the transaction ends."""
    if "\0" in session_id:
        return None
    conn.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_LOCK_SPACE, session_id))
    row = conn.execute(f"SELECT {_DEMAND} FROM realtime_demands WHERE session_id = %s", (session_id,)).fetchone()  # noqa: S608 - a literal list of columns
    return _demand(row) if row else None


def was_stored(conn: Connection[Any], session_id: str) -> bool:
    """Whether an upload of the session was taken."""
    row = conn.execute("SELECT 1 FROM realtime_answers WHERE session_id = %s AND code = '10000'", (session_id,))
    return row.fetchone() is not None


def save_call(conn: Connection[Any], session_id: str, call: Call) -> None:
    """Records what a platform answered at once."""
    conn.execute(
        "INSERT INTO realtime_calls (session_id, url, called_at, took_ms, answer, findings)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (session_id, call.url, call.called_at, call.took_ms, call.answer, _ENCODE(call.findings).decode()),
    )


def save_upload(conn: Connection[Any], demand: Demand | None, body: bytes, upload: Upload) -> None:
    """Records an upload as received with customs' answer, in tables and journal."""
    session_id = demand.session_id if demand else ""
    digest, judged = bodies.digest(body), upload.judgement
    (packed,) = bodies.pack([body])
    findings, compared = _ENCODE(judged.findings).decode(), _ENCODE(judged.compared).decode()
    conn.execute(
        "INSERT INTO realtime_answers (session_id, received_at, sha256, body, code, message, findings, compared)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (session_id, upload.received_at, digest, packed, judged.code, judged.message, findings, compared),
    )
    said = {"session_id": session_id, "sha256": digest.hex(), "code": judged.code, "message": judged.message}
    journal.append(conn, "door", "realtime-answer", upload.received_at, _ENCODE(said))


def demand_file(conn: Connection[Any], session_id: str) -> DemandFile | None:
    """Everything about one demand, for those who may see it."""
    demand = find_demand(conn, session_id)
    if demand is None:
        return None
    return DemandFile(demand=demand, call=_call(conn, session_id), uploads=tuple(_uploads(conn, session_id)))


def papers_of(conn: Connection[Any], demand: Demand, order_numbers: Iterable[str]) -> Papers:
    """Newest order and payments declared, accepted or still undecided, for the orders an answer lists."""
    numbers = sorted({demand.order_no, *(number for number in order_numbers if "\0" not in number)})
    rows = conn.execute(_PAPERS, {"owner": demand.ebp_code, "numbers": numbers}).fetchall()
    orders = {number: _ORDER.decode(facts) for kind, number, facts in rows if kind == "order"}
    payments = {number: _PAYMENT.decode(facts) for kind, number, facts in rows if kind == "payment"}
    return Papers(order=orders.get(demand.order_no), payments=payments)


_LOCK_SPACE = 0x5A17
_DEMAND = "session_id, ebp_code, order_no, officer, issued_at, due_at"
_PAPERS = """
    SELECT DISTINCT ON (kind, order_no) kind, order_no, facts::text FROM documents
     WHERE owner = %(owner)s AND order_no = ANY(%(numbers)s) AND kind IN ('order', 'payment')
       AND state IN ('accepted', 'received')
     ORDER BY kind, order_no, received_at DESC, version DESC
"""


def _demand(row: tuple[Any, ...]) -> Demand:
    session_id, ebp_code, order_no, officer, issued_at, due_at = row
    return Demand(
        session_id=session_id,
        ebp_code=ebp_code,
        order_no=order_no,
        officer=officer,
        issued_at=issued_at,
        due_at=due_at,
    )


def _call(conn: Connection[Any], session_id: str) -> Call | None:
    row = conn.execute(
        "SELECT url, called_at, took_ms, answer, findings::text FROM realtime_calls WHERE session_id = %s",
        (session_id,),
    ).fetchone()
    if row is None:
        return None
    url, called_at, took_ms, answer, findings = row
    return Call(url=url, called_at=called_at, took_ms=took_ms, answer=answer, findings=_FINDINGS.decode(findings))


def _uploads(conn: Connection[Any], session_id: str) -> Iterable[Upload]:
    rows = conn.execute(
        "SELECT received_at, code, message, findings::text, compared::text FROM realtime_answers"
        " WHERE session_id = %s ORDER BY id",
        (session_id,),
    )
    for received_at, code, message, findings, compared in rows:
        judgement = Judgement(
            code=code, message=message, findings=_FINDINGS.decode(findings), compared=_COMPARED.decode(compared)
        )
        yield Upload(received_at=received_at, judgement=judgement)

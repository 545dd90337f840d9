from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import psycopg
from msgspec.structs import replace

from sandan.documents.facts import Document
from sandan.sandbox.parcels import Maker
from sandan.store.facts import Arrived
from sandan.store.facts import Incoming
from sandan.store.inbox import register

NOW = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)


def message(*documents: Document, body: bytes = b"", at: datetime = NOW) -> Incoming:
    return Incoming(
        body=body or repr(documents).encode(),
        received_at=at,
        channel="http",
        cop_code=documents[0].ref.owner if documents else "",
        outcome="registered",
        documents=documents,
    )


def later(document: Document, seconds: int = 60) -> Document:
    """The same content, sent again under a newer appTime."""
    moment = datetime.strptime(document.head.app_time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    time = f"{moment + timedelta(seconds=seconds):%Y%m%d%H%M%S}"
    return replace(document, head=replace(document.head, app_time=time))


def states(conn: psycopg.Connection, *messages: Incoming) -> list[tuple[Arrived, int]]:
    return [(one.state, one.version) for answer in register(conn, messages) for one in answer.documents]


def reasons(conn: psycopg.Connection) -> list[str]:
    return [row[0] for row in conn.execute("SELECT reason FROM queue ORDER BY id")]


def test_four_papers_are_stored_and_queued(conn: psycopg.Connection) -> None:
    papers = Maker(1, NOW).ordinary().full
    assert states(conn, *[message(paper) for paper in papers]) == [(Arrived.RECEIVED, 1)] * 4
    assert reasons(conn) == ["arrived"] * 4
    assert conn.execute("SELECT count(DISTINCT slot) FROM queue").fetchone() == (1,)


def test_the_same_bytes_get_the_first_answer(conn: psycopg.Connection) -> None:
    order = Maker(1, NOW).ordinary().full[0]
    [first] = register(conn, [replace(message(order), answer=b'{"n":1}')])
    [again] = register(conn, [replace(message(order), answer=b'{"n":2}')])
    assert again.repeat
    assert not first.repeat
    assert (again.inbox_id, again.answer) == (first.inbox_id, b'{"n":1}')
    assert reasons(conn) == ["arrived", "repeat"]


def test_the_same_bytes_twice_in_one_batch_are_stored_once(conn: psycopg.Connection) -> None:
    order = Maker(1, NOW).ordinary().full[0]
    first, again = register(conn, [message(order), message(order)])
    assert (first.repeat, again.repeat) == (False, True)
    assert again.inbox_id == first.inbox_id
    assert conn.execute("SELECT count(*) FROM inbox").fetchone() == (1,)


def test_the_same_content_in_other_bytes_is_no_new_version(conn: psycopg.Connection) -> None:
    order = Maker(1, NOW).ordinary().full[0]
    assert states(conn, message(order), message(later(order))) == [(Arrived.RECEIVED, 1), (Arrived.REPEAT, 1)]
    assert conn.execute("SELECT count(*) FROM inbox").fetchone() == (2,)
    assert conn.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_other_content_under_the_same_number_is_refused_naming_the_fields(conn: psycopg.Connection) -> None:
    order = Maker(1, NOW).ordinary().full[0]
    register(conn, [message(order)])
    other = replace(later(order), consignee="云他人")
    assert states(conn, message(other)) == [(Arrived.REFUSED, 2)]
    [finding] = conn.execute("SELECT findings FROM documents WHERE version = 2").fetchone()[0]
    assert (finding["rule"], finding["detail"]) == ("CEB-EXISTS-ORDER", "consignee")


def test_a_refused_repeat_does_not_replace_what_stands(conn: psycopg.Connection) -> None:
    order = Maker(1, NOW).ordinary().full[0]
    other = replace(later(order), consignee="云他人")
    register(conn, [message(order), message(other)])
    assert states(conn, message(later(other))) == [(Arrived.REFUSED, 3)]
    assert states(conn, message(later(order, 300))) == [(Arrived.REPEAT, 1)]


def test_after_a_refusal_a_newer_time_opens_a_new_version(conn: psycopg.Connection) -> None:
    order = Maker(1, NOW).ordinary().full[0]
    register(conn, [message(order)])
    conn.execute("UPDATE documents SET state = 'refused'")
    assert states(conn, message(later(order))) == [(Arrived.RECEIVED, 2)]


def test_a_message_nothing_could_be_read_from_is_kept(conn: psycopg.Connection) -> None:
    [answer] = register(conn, [replace(message(body=b"\x00rubbish"), outcome="unreadable", diagnosis=b'["x"]')])
    assert (answer.outcome, answer.diagnosis, answer.documents) == ("unreadable", b'["x"]', ())
    assert conn.execute("SELECT size, outcome FROM inbox").fetchone() == (8, "unreadable")


def test_each_batch_is_one_link_of_the_journal(conn: psycopg.Connection) -> None:
    maker = Maker(1, NOW)
    for _ in range(2):
        register(conn, [message(paper) for paper in maker.ordinary().full])
    assert conn.execute("SELECT count(*), max(seq) FROM journal").fetchone() == (2, 2)

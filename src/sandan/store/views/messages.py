"""Messages as received: what came, what was answered, and the bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from sandan.store.bodies import unpack
from sandan.store.views.scope import Cut
from sandan.store.views.scope import Page
from sandan.store.views.scope import Scope
from sandan.store.views.scope import keys_of
from sandan.store.views.scope import page_of

_OWN_MESSAGE = "(%(enterprise)s = '' OR %(enterprise)s IN (i.cop_code, i.signer))"

_MESSAGES = """
    SELECT i.id, i.received_at, i.channel, i.size, i.message_type, i.message_guid, i.cop_code, i.signer, i.outcome,
           i.diagnosis
      FROM inbox i
     WHERE (%(outcome)s = '' OR i.outcome = %(outcome)s) AND (%(before)s::bigint IS NULL OR i.id < %(before)s::bigint)
       AND {own_message} ORDER BY i.id DESC LIMIT %(limit)s""".replace("{own_message}", _OWN_MESSAGE)

_MESSAGE = """
    SELECT i.id, i.received_at, i.channel, i.size, i.message_type, i.message_guid, i.cop_code, i.signer, i.outcome,
           i.diagnosis, i.sender_id, i.cop_msg_id, i.fingerprint, encode(i.sha256, 'hex') AS sha256, i.body, i.answer
      FROM inbox i WHERE i.id = %(id)s AND {own_message}""".replace("{own_message}", _OWN_MESSAGE)


class MessageLine(Struct, frozen=True):
    """One message in the list of what came in."""

    id: int
    received_at: datetime
    channel: str
    size: int
    message_type: str
    message_guid: str
    cop_code: str
    signer: str
    #: ``registered``, ``refused`` or ``unreadable``
    outcome: str
    #: Faults found, as the acknowledgement told them
    diagnosis: list[dict[str, Any]]


class Message(MessageLine, frozen=True):
    """One message with its bytes and the acknowledgement given."""

    sender_id: str
    cop_msg_id: str
    fingerprint: str
    sha256: str
    #: Bytes as stored, zstd
    body: bytes
    answer: Any

    def raw(self) -> bytes:
        """Returns the bytes exactly as received."""
        return unpack(self.body)


def messages(conn: Connection[Any], outcome: str, scope: Scope, cut: Cut) -> Page[MessageLine]:
    """Returns messages, newest first, of one outcome or of all.

    Raises:
        BadCursorError: The cursor is not one of this list.
    """
    before = (keys_of(cut.after, 1) or (None,))[0]
    wanted = {"outcome": outcome, "before": before, "enterprise": scope.enterprise, "limit": cut.limit + 1}
    with conn.cursor(row_factory=class_row(MessageLine)) as cursor:
        rows = cursor.execute(_MESSAGES, wanted).fetchall()
    return page_of(rows, cut, lambda row: (row.id,))


def message(conn: Connection[Any], inbox_id: int, scope: Scope) -> Message | None:
    """Returns one message, or None where there is none or it is another's."""
    with conn.cursor(row_factory=class_row(Message)) as cursor:
        return cursor.execute(_MESSAGE, {"id": inbox_id, "enterprise": scope.enterprise}).fetchone()

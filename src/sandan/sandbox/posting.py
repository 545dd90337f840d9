"""What a story may add to a message on its way: an envelope, and subscribers; and what those have been forwarded."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.sandbox.messages import MESSAGE_TYPES
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import Outgoing
from sandan.store import forwards
from sandan.store.forwards import Forward
from sandan.store.outbox import START
from sandan.store.outbox import Cursor
from sandan.terms.ids import EnterpriseCode
from sandan.wire import dxp
from sandan.wire.dxp import TransInfo
from sandan.wire.facts import Subscription

_MOST = 1_000


def subscriptions(wanted: Mapping[str, str]) -> tuple[Subscription, ...]:
    """Subscriptions of a message, from DXP id to status."""
    return tuple(Subscription(status=status, dxp_mode="DXP", dxp_address=who) for who, status in wanted.items())


def enveloped(outgoing: Outgoing, cop_msg_id: str, office: Office, at: datetime) -> bytes:
    """The message in a DXP envelope of its sender, under an id."""
    info = TransInfo(
        cop_msg_id=cop_msg_id,
        sender_id=office.enterprises[outgoing.sender].dxp_ids[0],
        receiver_ids=(dxp.IMPORT_RECEIVER,),
        created=at,
        message_type=MESSAGE_TYPES[outgoing.kind],
    )
    return dxp.wrap(outgoing.data, info)


class Mail:
    """Reads what enterprises have been forwarded since they were last asked."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool
        self._read: dict[str, Cursor] = {}

    def differences(self, expected: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        """What each enterprise named was forwarded, where it is not as expected."""
        for who, wanted in expected.items():
            found = self._new(who)
            if found != wanted:
                yield f"forwarded to {who} {list(found)}, expected {list(wanted)}"

    def _new(self, who: str) -> tuple[str, ...]:
        with self._pool.connection() as conn:
            found = forwards.pull(conn, EnterpriseCode(who), self._read.get(who, START), _MOST)
        if found:
            self._read[who] = found[-1].cursor
        return tuple(map(_told, found))


def _told(forward: Forward) -> str:
    if forward.receipt is None:
        return forward.message_type
    return f"{forward.receipt.subject.kind.value} {int(forward.receipt.status)}"

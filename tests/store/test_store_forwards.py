"""What others forward: into the outbox with the message that was taken and the receipts that were decided, for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.intake.facts import Acknowledgement
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.platform import Platform
from sandan.sandbox.platform import StillClock
from sandan.signing.sign import sign
from sandan.store import forwards
from sandan.store import outbox
from sandan.store.forwards import Forward
from sandan.store.outbox import START
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.write import message

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
AGENT_ID = "DXPENT0000900301"
PLATFORM_ID = "DXPENT0000900101"


@pytest.fixture
def platform(seeded: ConnectionPool) -> Platform:
    return Platform(
        seeded, StillClock(NOW), Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
    )


def subscribed(office: Office, *subscribes: Subscription) -> bytes:
    """An order of the platform, which asks that others have it too."""
    order = Maker(13, NOW, "FORWARD").ordinary().order
    assert order is not None
    transfer = Transfer(cop_code=world.PLATFORM, cop_name="云汀海淘网络有限公司", dxp_id=PLATFORM_ID)
    guid = "6F1D0C0A-0000-4000-8000-000000000001"
    return sign(message("CEB311Message", [order], transfer, guid, subscribes), office.signers[world.PLATFORM])


def to_agent(status: str) -> Subscription:
    return Subscription(status=status, dxp_mode="DXP", dxp_address=AGENT_ID)


def send(platform: Platform, body: bytes) -> Acknowledgement:
    answer = platform.submit(body)
    platform.settle()
    return answer


def had(pool: ConnectionPool, who: str) -> Sequence[Forward]:
    with pool.connection() as conn:
        return forwards.pull(conn, who, START, 100)


@pytest.mark.parametrize(
    ("status", "kinds"), [("ALL", ["data", "2", "120"]), ("DATA", ["data"]), ("RET", ["2", "120"])]
)
def test_the_subscriber_has_what_was_asked_for(
    platform: Platform, seeded: ConnectionPool, office: Office, status: str, kinds: list[str]
) -> None:
    send(platform, subscribed(office, to_agent(status)))
    found = had(seeded, world.AGENT)
    assert [str(int(one.receipt.status)) if one.receipt else "data" for one in found] == kinds
    assert {one.sender for one in found} == {world.PLATFORM}


def test_the_message_is_the_senders_to_the_last_byte(
    platform: Platform, seeded: ConnectionPool, office: Office
) -> None:
    body = subscribed(office, to_agent("DATA"))
    send(platform, body)
    assert [(one.message_type, one.body) for one in had(seeded, world.AGENT)] == [("CEB311Message", body)]


def test_nobody_else_has_it(platform: Platform, seeded: ConnectionPool, office: Office) -> None:
    send(platform, subscribed(office, to_agent("ALL")))
    assert had(seeded, world.EXPRESS) == []
    with seeded.connection() as conn:
        assert outbox.pull(conn, world.AGENT, START, 10) == []
        assert len(outbox.pull(conn, world.PLATFORM, START, 10)) == 2


def test_a_repeat_is_not_forwarded_again(platform: Platform, seeded: ConnectionPool, office: Office) -> None:
    body = subscribed(office, to_agent("DATA"))
    send(platform, body)
    assert send(platform, body).repeat
    assert len(had(seeded, world.AGENT)) == 1


def test_a_refused_message_is_forwarded_to_nobody(platform: Platform, seeded: ConnectionPool, office: Office) -> None:
    body = subscribed(office, to_agent("ALL"))
    send(platform, body.replace(b"<ceb:appType>1", b"<ceb:appType>2"))
    assert had(seeded, world.AGENT) == []


def test_an_unknown_address_is_told_and_the_message_taken(platform: Platform, office: Office) -> None:
    stranger = Subscription(status="ALL", dxp_mode="DXP", dxp_address="DXPENT0000999999")
    answer = send(platform, subscribed(office, stranger))
    assert answer.outcome == "registered"
    assert [advice.code for advice in answer.advice] == ["subscriber-unregistered"]


def test_the_cursor_reads_on(platform: Platform, seeded: ConnectionPool, office: Office) -> None:
    send(platform, subscribed(office, to_agent("ALL")))
    with seeded.connection() as conn:
        (first,) = forwards.pull(conn, world.AGENT, START, 1)
        later = forwards.pull(conn, world.AGENT, first.cursor, 10)
        assert [one.receipt is None for one in (first, *later)] == [True, False, False]
        assert forwards.pull(conn, world.AGENT, later[-1].cursor, 10) == []


def test_a_row_is_a_message_or_a_receipt(conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute("INSERT INTO forwards (recipient, sender, at) VALUES ('a', 'b', %s)", [NOW + timedelta(1)])

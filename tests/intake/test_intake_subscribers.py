"""Who is sent what the sender of a message has, and who is not (规范 §2.2 BaseSubscribe)."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from sandan.intake.subscribers import Asking
from sandan.intake.subscribers import Subscriber
from sandan.intake.subscribers import judge
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Registration
from sandan.parties.facts import Registry
from sandan.parties.facts import Role
from sandan.sandbox import world
from sandan.wire.facts import Subscription

DAY = date(2026, 11, 20)
AGENT_ID = "DXPENT0000900301"
EXPRESS_ID = "DXPLGS0000900601"


def subscription(status: str = "ALL", address: str = AGENT_ID, mode: str = "DXP") -> Subscription:
    return Subscription(status=status, dxp_mode=mode, dxp_address=address)


def asking(*subscribes: Subscription, signer: str = world.PLATFORM) -> Asking:
    return Asking(message_type="CEB311Message", subscribes=subscribes, signer=signer, day=DAY)


@pytest.mark.parametrize(("status", "data", "receipts"), [("ALL", 1, 1), ("DATA", 1, 0), ("RET", 0, 1)])
def test_data_receipts_or_both(world_registry: Registry, status: str, data: int, receipts: int) -> None:
    subscribers, advice = judge(asking(subscription(status)), world_registry)
    assert subscribers == (Subscriber(code=world.AGENT, data=bool(data), receipts=bool(receipts)),)
    assert advice == ()


def test_two_subscriptions_of_one_enterprise_are_one_subscriber(world_registry: Registry) -> None:
    subscribers, _ = judge(asking(subscription("DATA"), subscription("RET")), world_registry)
    assert subscribers == (Subscriber(code=world.AGENT, data=True, receipts=True),)


def test_the_sender_itself_has_both_already(world_registry: Registry) -> None:
    assert judge(asking(subscription(), signer=world.AGENT), world_registry) == ((), ())


@pytest.mark.parametrize(
    ("one", "code", "where"),
    [
        (subscription("all"), "subscribe-status", "status"),
        (subscription(mode="AS2"), "subscribe-mode", "dxpMode"),
        (subscription(address="DXPENT0000999999"), "subscriber-unregistered", "dxpAddress"),
    ],
)
def test_what_is_not_honoured_is_told_and_the_others_are(
    world_registry: Registry, one: Subscription, code: str, where: str
) -> None:
    subscribers, advice = judge(asking(one, subscription(address=EXPRESS_ID)), world_registry)
    assert [found.code for found in subscribers] == [world.EXPRESS]
    assert [(found.code, found.where) for found in advice] == [(code, f"/CEB311Message/BaseSubscribe[1]/{where}")]


def test_an_unsigned_message_goes_to_nobody(world_registry: Registry) -> None:
    subscribers, (advice,) = judge(asking(subscription(), signer=""), world_registry)
    assert (subscribers, advice.code) == ((), "subscribe-unsigned")


@pytest.mark.parametrize(
    ("since", "until", "honoured"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 21), None, False),
        (date(2016, 4, 8), date(2026, 11, 19), False),
    ],
)
def test_only_while_a_registration_is_in_force(
    world_registry: Registry, since: date, until: date | None, *, honoured: bool
) -> None:
    """First day, last day, the day before and the day after."""
    agent: Enterprise = world_registry.enterprises[world.AGENT]
    dated = structs.replace(agent, registrations=(Registration(role=Role.AGENT, since=since, until=until),))
    registry = structs.replace(world_registry, enterprises={**world_registry.enterprises, world.AGENT: dated})
    assert bool(judge(asking(subscription()), registry)[0]) is honoured

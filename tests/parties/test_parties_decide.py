"""Who may send which paper and who may declare: 194/2018 art. 2, 6, 8, 13 and 31."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.parties.decide import may_declare
from sandan.parties.decide import may_send
from sandan.parties.decide import may_transmit_for
from sandan.parties.facts import Mandate
from sandan.parties.facts import MandateKind
from sandan.parties.facts import OperatorKind
from sandan.sandbox import world

DAY = date(2026, 11, 21)


def _transmit(principal: Any, *, committed: bool = True, until: date | None = None) -> Mandate:
    return Mandate(
        kind=MandateKind.TRANSMIT,
        principal=principal,
        agent=world.EXPRESS,
        since=world.SINCE,
        until=until,
        liability_committed=committed,
    )


@pytest.mark.parametrize("sender", [world.PLATFORM, world.AGENT])
def test_transaction_data_come_from_platform_or_domestic_agent(cast: Any, sender: Any) -> None:
    assert cast.sends(cast.order, sender) == set()


@pytest.mark.parametrize("sender", [world.SHOP_JP, world.WALLET, world.EXPRESS, world.BROKER])
def test_transaction_data_come_from_nobody_else(cast: Any, sender: Any) -> None:
    assert cast.sends(cast.order, sender) == {"R194-6.1"}


def test_a_wrong_sender_is_refused_not_awaited(cast: Any) -> None:
    (finding,) = may_send(cast.received(cast.order, world.WALLET), cast.bench())
    assert finding.severity == "refuse"
    assert finding.against is not None
    assert (finding.found.value, finding.against.value) == (world.WALLET, world.PLATFORM)


def test_an_agent_of_another_shop_may_not_send(cast: Any) -> None:
    cast.dismiss(kind=MandateKind.DOMESTIC_AGENT, principal=world.SHOP_JP, agent=world.SMALL_AGENT)
    assert cast.sends(cast.order, world.SMALL_AGENT) == {"R194-6.1"}


def test_an_entrusted_operator_may_send_for_the_platform(cast: Any) -> None:
    """Art. 6 para. 2: entrustment and written commitment; the mode is looked at when the list is there."""
    cast.entrust(_transmit(world.PLATFORM))
    assert cast.sends(cast.order, world.EXPRESS) == set()


def test_without_a_commitment_it_may_not(cast: Any) -> None:
    cast.entrust(_transmit(world.PLATFORM, committed=False))
    assert cast.sends(cast.order, world.EXPRESS) == {"R194-6.2"}


def test_an_operator_that_is_neither_post_nor_express_may_not(cast: Any) -> None:
    cast.entrust(_transmit(world.PLATFORM))
    cast.change(world.EXPRESS, operator_kind=OperatorKind.OTHER)
    assert cast.sends(cast.order, world.EXPRESS) == {"R194-6.2"}


@pytest.mark.parametrize(("until", "rules"), [(DAY, set()), (date(2026, 11, 20), {"R194-6.1"})])
def test_an_entrustment_holds_to_its_last_day(cast: Any, until: date, rules: set[str]) -> None:
    cast.entrust(_transmit(world.PLATFORM, until=until))
    assert cast.sends(cast.order, world.EXPRESS) == rules


@pytest.mark.parametrize(("mode", "rules"), [("9610", set()), ("1210", {"R194-6.2"})])
def test_operators_transmit_in_direct_purchase_only(cast: Any, mode: str, rules: set[str]) -> None:
    received = cast.received(cast.order, world.EXPRESS)
    assert {f.rule for f in may_transmit_for(received, mode, cast.bench())} == rules


def test_what_platform_and_agent_send_is_their_own_in_every_mode(cast: Any) -> None:
    for sender in (world.PLATFORM, world.AGENT):
        assert may_transmit_for(cast.received(cast.order, sender), "1210", cast.bench()) == ()


def test_payment_data_come_from_the_payment_enterprise(cast: Any) -> None:
    assert cast.sends(cast.payment, world.PLATFORM) == {"R194-6.1"}


def test_an_operator_may_send_for_the_payment_enterprise(cast: Any) -> None:
    cast.entrust(_transmit(world.WALLET))
    assert cast.sends(cast.payment, world.EXPRESS) == set()


def test_a_payment_enterprise_is_entrusted_by_platform_or_agent(cast: Any) -> None:
    """Art. 31 item 4."""
    cast.dismiss(kind=MandateKind.PAY, principal=world.PLATFORM)
    assert cast.sends(cast.payment, world.WALLET) == set()
    cast.dismiss(kind=MandateKind.PAY)
    assert cast.sends(cast.payment, world.WALLET) == {"R194-31.4"}


def test_logistics_data_come_from_the_carrier(cast: Any) -> None:
    assert cast.sends(cast.waybill, world.PLATFORM) == {"R194-6.1"}


def test_a_shop_without_domestic_agent_sells_nothing(cast: Any) -> None:
    """Art. 2 para. 1."""
    cast.dismiss(kind=MandateKind.DOMESTIC_AGENT, principal=world.SHOP_JP)
    assert "R194-2.2" in cast.sends(cast.order, world.PLATFORM)
    assert {"R194-2.2", "R194-8.1"} <= cast.declares(cast.bonded)


def test_an_agent_that_is_not_registered_is_none(cast: Any) -> None:
    for agent in (world.AGENT, world.SMALL_AGENT):
        cast.change(agent, registrations=())
    assert cast.sends(cast.order, world.PLATFORM) == {"R194-2.2"}


def test_the_domestic_agent_declares(cast: Any) -> None:
    assert cast.declares(replace(cast.bonded, agent_code=world.SMALL_AGENT)) == set()


def test_a_broker_entrusted_by_the_agent_declares(cast: Any) -> None:
    """Art. 8 para. 1."""
    assert cast.declares(replace(cast.bonded, agent_code=world.BROKER)) == set()


def test_a_broker_entrusted_by_nobody_does_not(cast: Any) -> None:
    cast.dismiss(kind=MandateKind.DECLARE)
    assert cast.declares(replace(cast.bonded, agent_code=world.BROKER)) == {"R194-8.1"}


def test_an_entrusted_broker_is_registered(cast: Any) -> None:
    cast.change(world.BROKER, registrations=())
    assert cast.declares(replace(cast.bonded, agent_code=world.BROKER)) == {"R194-2.1"}


def test_the_platform_does_not_declare(cast: Any) -> None:
    assert cast.declares(replace(cast.bonded, agent_code=world.PLATFORM)) == {"R194-8.1"}


@pytest.mark.parametrize("collector", [world.PLATFORM, world.EXPRESS, world.BROKER, world.AGENT])
def test_the_collector_is_platform_carrier_or_declarant(cast: Any, collector: Any) -> None:
    """Art. 13."""
    assert cast.declares(replace(cast.bonded, assure_code=collector)) == set()


@pytest.mark.parametrize("collector", [world.WALLET, world.SHOP_JP, world.SMALL_AGENT, "9999999999", ""])
def test_nobody_else_collects(cast: Any, collector: Any) -> None:
    assert cast.declares(replace(cast.bonded, assure_code=collector)) == {"R194-13.1"}


def test_exactly_one_collects(cast: Any) -> None:
    two = f"{world.PLATFORM},{world.EXPRESS}"
    assert cast.declares(replace(cast.bonded, assure_code=two)) == {"R194-13.1"}


@pytest.mark.parametrize("principal", [world.PLATFORM, world.AGENT, world.SHOP_JP])
def test_the_carrier_is_entrusted_by_platform_shop_or_agent(cast: Any, principal: Any) -> None:
    """Art. 31 item 5."""
    cast.dismiss(kind=MandateKind.CARRY)
    assert cast.declares(cast.bonded) == {"R194-31.5"}
    cast.entrust(Mandate(kind=MandateKind.CARRY, principal=principal, agent=world.EXPRESS, since=DAY))
    assert cast.declares(cast.bonded) == set()


def test_the_warehouse_is_registered(cast: Any) -> None:
    cast.change(world.WAREHOUSE, registrations=())
    assert cast.declares(cast.bonded) == {"R194-2.1"}
    assert cast.declares(cast.direct) == set()


def test_a_shop_of_a_special_zone_cannot_be_declared_for(cast: Any) -> None:
    assert "R194-31.1" in cast.declares(replace(cast.bonded, ebc_code=world.ZONE_SHOP))


def test_each_door_answers_for_its_own_papers_only(cast: Any) -> None:
    assert may_send(cast.received(cast.bonded, world.AGENT), cast.bench()) == ()
    assert may_declare(cast.received(cast.order, world.PLATFORM), cast.bench()) == ()

"""What each party must be: 194/2018 art. 2 and 31, with their first and last days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from sandan import law
from sandan.parties.decide import may_send
from sandan.parties.facts import Licence
from sandan.parties.facts import LicenceKind
from sandan.parties.facts import OperatorKind
from sandan.parties.facts import Registration
from sandan.parties.facts import Role
from sandan.parties.register import register_of
from sandan.parties.standing import Party
from sandan.parties.standing import may_own_goods
from sandan.sandbox import world

DAY = date(2026, 11, 21)
BEFORE, AFTER = date(2026, 11, 20), date(2026, 11, 22)


def _licence(kind: LicenceKind, *scopes: str, since: date = BEFORE, until: date = AFTER) -> Licence:
    return Licence(kind=kind, number="X1", since=since, until=until, scopes=scopes)


def test_the_invented_parties_are_complete_in_law(cast: Any) -> None:
    assert cast.sends(cast.order, world.PLATFORM) == set()
    assert cast.sends(cast.payment, world.WALLET) == set()
    assert cast.sends(cast.waybill, world.EXPRESS) == set()
    assert cast.declares(cast.bonded) == cast.declares(cast.direct) == set()


def test_an_unknown_enterprise_is_not_registered(cast: Any) -> None:
    assert cast.sends(replace(cast.payment, pay_code="9999999999"), "9999999999") == {"R194-2.1", "R194-31.4"}


@pytest.mark.parametrize(
    ("since", "until", "registered"),
    [
        (BEFORE, None, True),
        (DAY, DAY, True),
        (AFTER, None, False),
        (BEFORE, BEFORE, False),
    ],
)
def test_a_registration_holds_from_its_first_to_its_last_day(
    cast: Any, since: Any, until: Any, registered: Any
) -> None:
    cast.change(world.PLATFORM, registrations=(Registration(role=Role.PLATFORM, since=since, until=until),))
    assert ("R194-2.1" not in cast.sends(cast.order, world.PLATFORM)) is registered


@pytest.mark.parametrize(("until", "rules"), [(DAY, set()), (BEFORE, {"R194-2.4"})])
def test_an_express_licence_holds_to_its_last_day(cast: Any, until: date, rules: set[str]) -> None:
    """Art. 2 para. 3."""
    cast.change(world.EXPRESS, licences=(_licence(LicenceKind.EXPRESS, until=until),))
    assert cast.sends(cast.waybill, world.EXPRESS) == rules


def test_a_logistics_enterprise_without_licence_carries_nothing(cast: Any) -> None:
    cast.change(world.EXPRESS, licences=())
    assert cast.sends(cast.waybill, world.EXPRESS) == {"R194-2.4"}
    assert cast.declares(cast.bonded) == {"R194-2.4"}


@pytest.mark.parametrize(
    ("kind", "rules"), [(OperatorKind.POSTAL, set()), (OperatorKind.EXPRESS, set()), (OperatorKind.OTHER, {"R194-2.5"})]
)
def test_direct_purchase_is_carried_by_post_or_express(cast: Any, kind: OperatorKind, rules: set[str]) -> None:
    """Art. 2 para. 3: for 9610 only."""
    cast.change(world.EXPRESS, operator_kind=kind)
    assert cast.declares(cast.direct) == rules
    assert cast.declares(cast.bonded) == set()


def test_a_bank_needs_a_financial_licence(cast: Any) -> None:
    payment = replace(cast.payment, pay_code=world.BANK)
    assert cast.sends(payment, world.BANK) == set()
    cast.change(world.BANK, licences=(_licence(LicenceKind.PAYMENT, "internet payment"),))
    assert cast.sends(payment, world.BANK) == {"R194-2.6"}


@pytest.mark.parametrize(
    ("scopes", "rules"), [(("internet payment",), set()), (("card acquiring",), {"R194-2.7"}), ((), {"R194-2.7"})]
)
def test_a_non_bank_needs_internet_payment_in_its_scope(cast: Any, scopes: Any, rules: set[str]) -> None:
    cast.change(world.WALLET, licences=(_licence(LicenceKind.PAYMENT, *scopes),))
    assert cast.sends(cast.payment, world.WALLET) == rules


@pytest.mark.parametrize(
    ("code", "document", "rule"),
    [
        (world.PLATFORM, "order", "R194-31.3"),
        (world.WALLET, "payment", "R194-31.4"),
        (world.EXPRESS, "waybill", "R194-31.5"),
    ],
)
def test_platform_payment_and_logistics_are_registered_in_china(cast: Any, code: Any, document: str, rule: str) -> None:
    cast.change(code, country="JPN")
    assert cast.sends(getattr(cast, document), code) == {rule}


def test_a_firm_in_a_special_zone_is_no_shop(cast: Any) -> None:
    """Art. 31 item 1: also where it is registered overseas by paper."""
    cast.change(world.SHOP_JP, in_special_zone=True)
    assert cast.sends(cast.order, world.PLATFORM) == {"R194-31.1"}


def test_a_domestic_firm_is_no_shop(cast: Any) -> None:
    cast.change(world.SHOP_JP, country="CHN")
    assert cast.sends(cast.order, world.PLATFORM) == {"R194-31.1"}


@pytest.mark.parametrize(
    ("day", "signed", "may"),
    [
        (date(2019, 3, 31), True, True),
        (date(2019, 4, 1), True, False),
        (date(2019, 3, 31), False, False),
    ],
)
def test_a_domestic_firm_with_contracts_sold_until_march_2019(cast: Any, day: date, signed: bool, may: bool) -> None:  # noqa: FBT001 - a table
    """194/2018 art. 32, transition."""
    cast.change(world.SHOP_JP, country="CHN", has_signed_contracts=signed)
    assert may_own_goods(cast.registry.enterprises[world.SHOP_JP], law.at(day)) is may


def test_before_2019_the_announcement_is_not_applied(cast: Any) -> None:
    cast.change(world.EXPRESS, licences=())
    cast.day = date(2018, 12, 31)
    assert cast.sends(cast.waybill, world.EXPRESS) == set()


def test_standing_is_remembered_for_each_day(cast: Any) -> None:
    cast.change(world.EXPRESS, licences=(_licence(LicenceKind.EXPRESS, until=DAY),))
    register = register_of(cast.registry)
    assert register.unmet(world.EXPRESS, Party.LOGISTICS, law.at(DAY)) == ()
    assert register.unmet(world.EXPRESS, Party.LOGISTICS, law.at(AFTER)) != ()
    assert register_of(cast.registry) is register


def test_a_finding_shows_what_the_register_holds(cast: Any) -> None:
    cast.change(world.WALLET, licences=(_licence(LicenceKind.PAYMENT, "card acquiring"),))
    (finding,) = may_send(cast.received(cast.payment, world.WALLET), cast.bench())
    assert finding.found.value == world.WALLET
    assert finding.against is not None
    assert finding.against.value == "payment X1 2026-11-20–2026-11-22 card acquiring"

"""What each party must be: the definitions of 194/2018 art. 31 and the registrations and licences of art. 2.

Each party has a literal list of requirements; a requirement is a predicate with the rule it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from sandan.law import Law
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Licence
from sandan.parties.facts import LicenceKind
from sandan.parties.facts import OperatorKind
from sandan.parties.facts import Role
from sandan.terms.ids import RuleId

CHINA = "CHN"
"""Customs territory the parties of art. 31 are registered in (中华人民共和国境内)."""


class Party(StrEnum):
    """A part an enterprise plays in one parcel."""

    SHOP = "shop"
    PLATFORM = "platform"
    AGENT = "agent"
    BROKER = "broker"
    PAYMENT = "payment"
    LOGISTICS = "logistics"
    DIRECT_LOGISTICS = "direct_logistics"
    WAREHOUSE = "warehouse"


class Requirement(Struct, frozen=True):
    """Something a party must be, the rule it comes from, and how the registry's value is shown."""

    rule: RuleId
    field: str
    holds: Callable[[Enterprise, Law], bool]
    shows: Callable[[Enterprise], str]


def has_role(enterprise: Enterprise, role: Role, day: date) -> bool:
    """Whether the enterprise's registration for a role covers a day."""
    return any(
        registration.role is role
        and registration.since <= day
        and (registration.until is None or day <= registration.until)
        for registration in enterprise.registrations
    )


def is_domestic(enterprise: Enterprise, _law: Law | None = None) -> bool:
    """Registered in China (art. 31 items 3 to 5)."""
    return enterprise.country == CHINA


def is_outside_zones(enterprise: Enterprise, _law: Law | None = None) -> bool:
    """Not registered inside a special customs supervision area or bonded logistics centre (art. 31 item 1)."""
    return not enterprise.in_special_zone


def may_own_goods(enterprise: Enterprise, law: Law) -> bool:
    """Registered overseas (art. 31 item 1), or domestic with signed contracts in the transition of art. 32."""
    return not is_domestic(enterprise) or (enterprise.has_signed_contracts and law.domestic_shop_may_sell())


def has_express_licence(enterprise: Enterprise, law: Law) -> bool:
    """Holds a valid Express Business Licence (快递业务经营许可证; art. 2 para. 3)."""
    kinds = law.find("licence.logistics")
    return isinstance(kinds, tuple) and any(licence.kind in kinds for licence in _valid(enterprise, law.day))


def has_bank_licence(enterprise: Enterprise, law: Law) -> bool:
    """A bank holds a valid Financial Licence (金融许可证; art. 2 para. 4)."""
    return not enterprise.is_bank or any(
        licence.kind is LicenceKind.FINANCIAL for licence in _valid(enterprise, law.day)
    )


def has_payment_licence(enterprise: Enterprise, law: Law) -> bool:
    """A non-bank holds a valid Payment Business Licence whose scope includes internet payment (art. 2 para. 4)."""
    scope = law.find("licence.payment_scope")
    return enterprise.is_bank or any(
        licence.kind is LicenceKind.PAYMENT and scope in licence.scopes for licence in _valid(enterprise, law.day)
    )


def may_carry_direct(enterprise: Enterprise, law: Law) -> bool:
    """A postal enterprise or registered in- and outbound express operator, for direct purchase (art. 2 para. 3)."""
    kinds = law.find("logistics.direct_kinds")
    return isinstance(kinds, tuple) and enterprise.operator_kind in kinds


def unmet(party: Party, enterprise: Enterprise, law: Law) -> tuple[Requirement, ...]:
    """Requirements of the part that the enterprise does not meet on the day of the law."""
    return tuple(one for one in REQUIREMENTS[party] if not one.holds(enterprise, law))


def _valid(enterprise: Enterprise, day: date) -> tuple[Licence, ...]:
    return tuple(licence for licence in enterprise.licences if licence.since <= day <= licence.until)


def _registered(rule: str, *roles: Role) -> Requirement:
    def holds(enterprise: Enterprise, law: Law) -> bool:
        return any(has_role(enterprise, role, law.day) for role in roles)

    return Requirement(RuleId(rule), "registrations", holds, _roles)


def _never(_enterprise: Enterprise, _law: Law) -> bool:
    return False


def _roles(enterprise: Enterprise) -> str:
    spans = (f"{r.role.value} {r.since}–{r.until or ''}" for r in enterprise.registrations)
    return ", ".join(spans)


def _licences(enterprise: Enterprise) -> str:
    spans = (
        f"{one.kind.value} {one.number} {one.since}–{one.until} {'/'.join(one.scopes)}" for one in enterprise.licences
    )
    return ", ".join(span.strip() for span in spans)


def _country(enterprise: Enterprise) -> str:
    return enterprise.country


def _zone(enterprise: Enterprise) -> str:
    return "in a special zone" if enterprise.in_special_zone else ""


def _operator(enterprise: Enterprise) -> str:
    return (enterprise.operator_kind or OperatorKind.OTHER).value


UNKNOWN = Requirement(RuleId("R194-2.1"), "code", _never, _roles)
"""Not in the registry at all."""

_LOGISTICS = (
    Requirement(RuleId("R194-31.5"), "country", is_domestic, _country),
    _registered("R194-2.1", Role.LOGISTICS),
    Requirement(RuleId("R194-2.4"), "licences", has_express_licence, _licences),
)

REQUIREMENTS = {
    Party.SHOP: (
        Requirement(RuleId("R194-31.1"), "country", may_own_goods, _country),
        Requirement(RuleId("R194-31.1"), "in_special_zone", is_outside_zones, _zone),
        _registered("R194-31.1", Role.SHOP),
    ),
    Party.PLATFORM: (
        Requirement(RuleId("R194-31.3"), "country", is_domestic, _country),
        _registered("R194-2.1", Role.PLATFORM),
    ),
    Party.AGENT: (_registered("R194-31.2", Role.AGENT),),
    Party.BROKER: (_registered("R194-2.1", Role.BROKER),),
    Party.PAYMENT: (
        Requirement(RuleId("R194-31.4"), "country", is_domestic, _country),
        _registered("R194-2.1", Role.PAYMENT),
        Requirement(RuleId("R194-2.6"), "licences", has_bank_licence, _licences),
        Requirement(RuleId("R194-2.7"), "licences", has_payment_licence, _licences),
    ),
    Party.LOGISTICS: _LOGISTICS,
    Party.DIRECT_LOGISTICS: (
        *_LOGISTICS,
        Requirement(RuleId("R194-2.5"), "operator_kind", may_carry_direct, _operator),
    ),
    Party.WAREHOUSE: (_registered("R194-2.1", Role.WAREHOUSE),),
}
"""Requirements of each part, in the order of the announcement."""

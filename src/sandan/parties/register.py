"""The registry with indexes, so that a question about a party is one look-up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sandan.law import Law
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Mandate
from sandan.parties.facts import MandateKind
from sandan.parties.facts import Registry
from sandan.parties.facts import Role
from sandan.parties.standing import UNKNOWN
from sandan.parties.standing import Party
from sandan.parties.standing import Requirement
from sandan.parties.standing import has_role
from sandan.parties.standing import unmet
from sandan.terms.ids import EnterpriseCode


class Register:
    """Enterprises and mandates of one registry snapshot."""

    def __init__(self, registry: Registry) -> None:
        """Indexes the mandates by what was entrusted and to whom."""
        self.registry = registry
        self._mandates: dict[tuple[MandateKind, EnterpriseCode], list[Mandate]] = {}
        self._agents: dict[EnterpriseCode, list[Mandate]] = {}
        self._registered_agents: dict[tuple[EnterpriseCode, Law], tuple[EnterpriseCode, ...]] = {}
        self._shortfalls: dict[tuple[EnterpriseCode, Party, Law], tuple[Requirement, ...]] = {}
        for mandate in registry.mandates:
            self._mandates.setdefault((mandate.kind, mandate.agent), []).append(mandate)
            if mandate.kind is MandateKind.DOMESTIC_AGENT:
                self._agents.setdefault(mandate.principal, []).append(mandate)

    def enterprise(self, code: EnterpriseCode) -> Enterprise | None:
        """An enterprise by its code; None where it is not registered."""
        return self.registry.enterprises.get(code)

    def holds(self, code: EnterpriseCode, role: Role, day: date) -> bool:
        """Whether an enterprise is registered for a role on a day."""
        enterprise = self.enterprise(code)
        return enterprise is not None and has_role(enterprise, role, day)

    def unmet(self, code: EnterpriseCode, party: Party, law: Law) -> tuple[Requirement, ...]:
        """What an enterprise fails to be for a part on the day of the law; remembered, for it is asked every parcel."""
        key = (code, party, law)
        known = self._shortfalls.get(key)
        if known is None:
            enterprise = self.enterprise(code)
            known = (UNKNOWN,) if enterprise is None else unmet(party, enterprise, law)
            self._shortfalls[key] = known
        return known

    def mandates(self, kind: MandateKind, agent: EnterpriseCode, day: date) -> Iterable[Mandate]:
        """Mandates of a kind that an enterprise holds on a day."""
        return (mandate for mandate in self._mandates.get((kind, agent), ()) if _covers(mandate, day))

    def entrusted(
        self, kind: MandateKind, principals: Iterable[EnterpriseCode], agent: EnterpriseCode, day: date
    ) -> bool:
        """Whether one of the principals has entrusted the agent on a day."""
        wanted = frozenset(principals)
        return any(mandate.principal in wanted for mandate in self.mandates(kind, agent, day))

    def agents(self, shop: EnterpriseCode, law: Law) -> tuple[EnterpriseCode, ...]:
        """Domestic agents of a shop that are registered; a domestic seller in transition (art. 32) is its own."""
        key = (shop, law)
        known = self._registered_agents.get(key)
        if known is None:
            known = self._registered_agents[key] = self._find_agents(shop, law)
        return known

    def _find_agents(self, shop: EnterpriseCode, law: Law) -> tuple[EnterpriseCode, ...]:
        entrusted = self.domestic_agents(shop, law.day)
        agents = tuple(agent for agent in entrusted if not self.unmet(agent, Party.AGENT, law))
        enterprise = self.enterprise(shop)
        in_transition = enterprise is not None and enterprise.has_signed_contracts and law.domestic_shop_may_sell()
        return (shop,) if not agents and in_transition else agents

    def domestic_agents(self, shop: EnterpriseCode, day: date) -> tuple[EnterpriseCode, ...]:
        """Domestic agents (境内代理人) an overseas shop has entrusted on a day."""
        return tuple(mandate.agent for mandate in self._agents.get(shop, ()) if _covers(mandate, day))


def register_of(registry: Registry) -> Register:
    """The indexes of a snapshot, built once while it is in use."""
    return _built(_Same(registry))


class _Same:
    """A registry compared by identity, so that it can key a cache."""

    __slots__ = ("registry",)

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def __hash__(self) -> int:
        return id(self.registry)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.registry is self.registry


@lru_cache(maxsize=8)
def _built(same: _Same) -> Register:
    return Register(same.registry)


def _covers(mandate: Mandate, day: date) -> bool:
    return mandate.since <= day and (mandate.until is None or day <= mandate.until)

"""The invented parties, from which each test takes one thing away."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from sandan import law
from sandan.documents.facts import Received
from sandan.parties.bench import Bench
from sandan.parties.decide import may_declare
from sandan.parties.decide import may_send
from sandan.parties.facts import Registry
from sandan.sandbox import world
from sandan.sandbox.parcels import Maker


class Cast:
    """Who plays which part, and papers that name them."""

    def __init__(self) -> None:
        self.registry: Registry = world.registry()
        self.day = date(2026, 11, 21)
        maker = Maker(1, datetime(2026, 11, 21, tzinfo=UTC), "T")
        goods = ((world.GOODS[0], 1),)
        self.order, self.payment, self.waybill, self.bonded = maker.parcel("1210", goods, maker.person(3)).full
        self.direct = maker.parcel("9610", goods, maker.person(3)).declaration

    def bench(self) -> Bench:
        return Bench(law.at(self.day), self.registry)

    def change(self, code: Any, **changes: Any) -> None:
        """Change one enterprise of the registry."""
        changed = replace(self.registry.enterprises[code], **changes)
        self.registry = replace(self.registry, enterprises={**self.registry.enterprises, code: changed})

    def entrust(self, *mandates: Any) -> None:
        self.registry = replace(self.registry, mandates=(*self.registry.mandates, *mandates))

    def dismiss(self, **wanted: Any) -> None:
        """Take away every mandate with these values."""
        kept = tuple(m for m in self.registry.mandates if any(getattr(m, k) != v for k, v in wanted.items()))
        self.registry = replace(self.registry, mandates=kept)

    def received(self, document: Any, sender: Any) -> Received:
        return Received(
            document=document,
            inbox_id=1,
            version=1,
            sender=sender,
            signer=sender,
            received_at=datetime(2026, 11, 21, tzinfo=UTC),
        )

    def sends(self, document: Any, sender: Any) -> set[str]:
        """Rules broken when this sender sends this paper."""
        return {finding.rule for finding in may_send(self.received(document, sender), self.bench())}

    def declares(self, declaration: Any, sender: Any = "") -> set[str]:
        """Rules broken when this list is declared."""
        received = self.received(declaration, sender or declaration.agent_code)
        return {finding.rule for finding in may_declare(received, self.bench())}


@pytest.fixture
def cast() -> Cast:
    return Cast()

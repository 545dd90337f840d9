"""A door of the invented world, and its ordinary messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from sandan.intake.door import Door
from sandan.intake.reading import Desk
from sandan.parties.facts import Registry
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class FixedClock:
    """A clock that shows one moment."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="session")
def parcel() -> Parcel:
    return Maker(7, NOW, "INTAKE").ordinary()


@pytest.fixture(scope="session")
def post(office: Office, parcel: Parcel) -> Mapping[str, bytes]:
    """The four signed messages of the parcel."""
    names = ("order", "payment", "waybill", "declaration")
    return {name: office.message([paper]).data for name, paper in zip(names, parcel.full, strict=True)}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def desk(world_registry: Registry) -> Desk:
    return Desk(registry=world_registry, now=NOW)


@pytest.fixture
def door(seeded: ConnectionPool[Any], clock: FixedClock) -> Door:
    return Door(seeded, clock)

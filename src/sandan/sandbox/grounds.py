"""What messages are judged on without sending them: the invented world, or a deployment's own parties, law and balances."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from typing import Any

import psycopg
from msgspec.structs import replace
from psycopg import Connection

from sandan import law
from sandan.intake.rehearsal import Balances
from sandan.intake.rehearsal import Stage
from sandan.law.overlay import Overlay
from sandan.law.overlay import read_overlay
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.lawfiles import all_files
from sandan.sandbox.seed import certificates
from sandan.sandbox.seed import office
from sandan.store.lawfiles import load_law_files
from sandan.store.load import load_balances
from sandan.store.provider import open_database
from sandan.store.registry import load_registry
from sandan.store.settings import Settings


@contextmanager
def invented(settings: Settings, now: datetime) -> Iterator[Stage]:
    """The sandbox's parties, law and full accounts; needs no database."""
    dispatch = office(Authority(settings.home / "keys"))
    full = {account: Balance(granted=amount) for account, amount in world.openings().items()}
    yield Stage(
        registry=replace(world.registry(), certificates=certificates(dispatch)),
        law_on=_law_on(read_overlay(all_files(), production=False)),
        conditions=settings.conditions,
        balances=lambda wanted: {account: full[account] for account in wanted if account in full},
        now=now,
    )


@contextmanager
def stored(settings: Settings, now: datetime) -> Iterator[Stage]:
    """The deployment's own parties, law files and balances, read and not changed."""
    with open_database(settings) as database, psycopg.connect(database.url) as conn:
        conn.read_only = True
        overlay = read_overlay(load_law_files(conn), production=settings.production)
        yield Stage(
            registry=load_registry(conn),
            law_on=_law_on(overlay),
            conditions=settings.conditions,
            balances=_balances(conn),
            now=now,
        )


def _law_on(overlay: Overlay) -> Callable[[date], law.Law]:
    def law_on(day: date) -> law.Law:
        return law.at(day, overlay)

    return law_on


def _balances(conn: Connection[Any]) -> Balances:
    def balances(wanted: Collection[AccountId]) -> Mapping[AccountId, Balance]:
        return load_balances(conn, wanted)

    return balances

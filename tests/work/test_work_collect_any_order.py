"""Whatever happens in whatever order, no fen is lost: balances are their postings, documents the sum of their bills."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest

from sandan.revenue.decide import RefusedError
from sandan.sandbox import world
from sandan.store import tax_documents


def _release(revenue: Any, dice: random.Random) -> None:
    revenue.release(dice.randint(1, 2))


def _bill(revenue: Any, _dice: random.Random) -> None:
    revenue.biller.drain()


def _go_on(revenue: Any, dice: random.Random) -> None:
    revenue.go(dice.choice([1, 14, 30, 31]))


def _aggregate(revenue: Any, _dice: random.Random) -> None:
    revenue.desk.aggregate(world.PLATFORM, world.DISTRICT)


def _pay(revenue: Any, dice: random.Random) -> None:
    with revenue.pool.connection() as conn:
        documents = tax_documents.latest(conn, world.PLATFORM, 5)
    if documents:
        document = dice.choice(documents)
        amount = document.open_fen or document.amount_fen
        revenue.desk.receive(revenue.bank.pay(document, dice.choice([amount, amount, amount // 2, amount + 1])))


def _void(revenue: Any, dice: random.Random) -> None:
    bills = revenue.ask("SELECT tax_no FROM tax_bills")
    if bills:
        with suppress(RefusedError):
            revenue.desk.void(world.PLATFORM, dice.choice(bills)[0], "returned")


EVENTS = (_release, _bill, _go_on, _aggregate, _pay, _void)


@pytest.mark.parametrize("seed", range(5))
def test_the_books_balance_after_every_story(revenue: Any, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(25):
        dice.choice(EVENTS)(revenue, dice)
    revenue.biller.drain()
    assert revenue.sound()
    owed = "SELECT coalesce(sum(held_fen), 0)::bigint FROM tax_bills WHERE status IN ('created', 'aggregated')"
    assert revenue.ask(owed) == [(revenue.held(),)]

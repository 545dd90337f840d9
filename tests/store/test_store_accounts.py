from __future__ import annotations

from datetime import UTC
from datetime import datetime

import psycopg
import pytest

from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Ground
from sandan.ledger.facts import Movement
from sandan.ledger.facts import Posting
from sandan.store.accounts import Contended
from sandan.store.accounts import open_accounts
from sandan.store.accounts import post
from sandan.store.load import load_balances
from sandan.terms.ids import RuleId

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
GUARANTEE = AccountId("0131960301", AccountKind.GUARANTEE, "0131")
CASE = Ref(Kind.LIST, "0131960301", "L1")
GROUND = Ground(case=None, cause=Ref(Kind.OPENING, "test", "1"), rule=RuleId("R194-16.1"), at=NOW)


def posting(movement: Movement, amount: int) -> Posting:
    return Posting(
        account=GUARANTEE, movement=movement, amount=amount, case=CASE, cause=CASE, rule=RuleId("R194-16.1"), at=NOW
    )


def balance(conn: psycopg.Connection) -> Balance:
    return load_balances(conn, [GUARANTEE])[GUARANTEE]


def test_an_account_is_opened_and_topped_up(conn: psycopg.Connection) -> None:
    open_accounts(conn, {GUARANTEE: 100}, GROUND)
    open_accounts(conn, {GUARANTEE: 50}, GROUND)
    assert balance(conn) == Balance(granted=150)
    assert conn.execute("SELECT sum(amount) FROM postings").fetchone() == (150,)


def test_a_reservation_is_settled(conn: psycopg.Connection) -> None:
    open_accounts(conn, {GUARANTEE: 100}, GROUND)
    post(conn, [posting(Movement.RESERVE, 60), posting(Movement.SETTLE, 40)], load_balances(conn, [GUARANTEE]))
    assert balance(conn) == Balance(granted=100, reserved=20, settled=40)


@pytest.mark.parametrize(
    "movements",
    [
        [posting(Movement.RESERVE, 101)],
        [posting(Movement.DEBIT, 101)],
        [posting(Movement.VOID, 1)],
        [posting(Movement.RESTORE, 1)],
        [posting(Movement.RESERVE, 60), posting(Movement.RESERVE, 41)],
    ],
)
def test_what_no_longer_fits_moves_nothing(conn: psycopg.Connection, movements: list[Posting]) -> None:
    open_accounts(conn, {GUARANTEE: 100}, GROUND)
    conn.commit()
    with pytest.raises(Contended), conn.transaction():
        post(conn, movements, load_balances(conn, [GUARANTEE]))
    assert balance(conn) == Balance(granted=100)
    assert conn.execute("SELECT count(*) FROM postings").fetchone() == (1,)


def test_an_account_opened_meanwhile_is_contention(conn: psycopg.Connection, database_url: str) -> None:
    before = load_balances(conn, [GUARANTEE])
    with psycopg.connect(database_url) as other:
        open_accounts(other, {GUARANTEE: 100}, GROUND)
    with pytest.raises(Contended), conn.transaction():
        post(conn, [posting(Movement.CREDIT, 10)], before)
    assert balance(conn) == Balance(granted=100)

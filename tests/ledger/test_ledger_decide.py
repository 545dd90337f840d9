"""Accounts are never overdrawn, postings add up to the balance, and a rollback restores exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule

from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.decide import Book
from sandan.ledger.decide import LedgerError
from sandan.ledger.decide import NotReserved
from sandan.ledger.decide import NotSettled
from sandan.ledger.decide import Overdrawn
from sandan.ledger.decide import apply
from sandan.ledger.decide import change_of
from sandan.ledger.decide import movements
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Change
from sandan.ledger.facts import Ground
from sandan.ledger.facts import Movement
from sandan.ledger.facts import Posting
from sandan.terms.ids import RuleId

QUOTA = AccountId("person-a", AccountKind.QUOTA, "2026")
STOCK = AccountId("book-a", AccountKind.STOCK, "12")
CASE = Ref(kind=Kind.LIST, owner="agent", key="list-1")
GROUND = Ground(case=CASE, cause=CASE, rule=RuleId("RTAX-2"), at=datetime(2026, 3, 1, tzinfo=UTC))


def summed(postings: Iterable[Posting], account: AccountId) -> Change:
    return movements(postings).get(account, Change())


@pytest.mark.parametrize(
    ("movement", "after"),
    [
        (Movement.CREDIT, Balance(107, 20, 30)),
        (Movement.DEBIT, Balance(93, 20, 30)),
        (Movement.RESERVE, Balance(100, 27, 30)),
        (Movement.SETTLE, Balance(100, 13, 37)),
        (Movement.VOID, Balance(100, 13, 30)),
        (Movement.RESTORE, Balance(100, 20, 23)),
    ],
)
def test_each_movement_of_seven(movement: Movement, after: Balance) -> None:
    assert apply(Balance(100, 20, 30), movement, 7) == after


@pytest.mark.parametrize("movement", [Movement.RESERVE, Movement.DEBIT])
def test_what_is_available_may_be_taken_to_the_last(movement: Movement) -> None:
    assert apply(Balance(100, 20, 30), movement, 50).available == 0


@pytest.mark.parametrize(
    ("movement", "one_too_many", "error"),
    [
        (Movement.RESERVE, 51, Overdrawn),
        (Movement.DEBIT, 51, Overdrawn),
        (Movement.SETTLE, 21, NotReserved),
        (Movement.VOID, 21, NotReserved),
        (Movement.RESTORE, 31, NotSettled),
    ],
)
def test_one_too_many_is_refused(movement: Movement, one_too_many: int, error: type[LedgerError]) -> None:
    with pytest.raises(error):
        apply(Balance(100, 20, 30), movement, one_too_many)


def test_a_refusal_names_all_figures() -> None:
    with pytest.raises(Overdrawn, match="granted 100, reserved 20, settled 30, available 50") as refusal:
        apply(Balance(100, 20, 30), Movement.RESERVE, 51)
    assert (refusal.value.movement, refusal.value.amount, refusal.value.balance.available) == ("reserve", 51, 50)


@pytest.mark.parametrize("movement", list(Movement))
@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_above_zero(movement: Movement, amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        apply(Balance(100, 20, 30), movement, amount)


@pytest.mark.parametrize("movement", list(Movement))
def test_a_posting_changes_what_its_movement_does(movement: Movement) -> None:
    before, after = Balance(100, 20, 30), apply(Balance(100, 20, 30), movement, 7)
    posting = Posting(account=QUOTA, movement=movement, amount=7, case=CASE, cause=CASE, rule=GROUND.rule, at=GROUND.at)
    change = change_of(posting)
    assert change == Change(
        after.granted - before.granted, after.reserved - before.reserved, after.settled - before.settled
    )


def test_an_account_never_opened_has_nothing() -> None:
    book = Book({})
    assert book.balance(QUOTA) == Balance()
    with pytest.raises(Overdrawn):
        book.reserve(QUOTA, 1, GROUND)


def test_a_posting_names_case_cause_rule_and_time() -> None:
    posting = Book({QUOTA: Balance(granted=10)}).reserve(QUOTA, 4, GROUND)
    assert posting == Posting(
        account=QUOTA, movement=Movement.RESERVE, amount=4, case=CASE, cause=CASE, rule=GROUND.rule, at=GROUND.at
    )


def test_reserve_settle_and_restore_after_a_return() -> None:
    book = Book({})
    book.credit(QUOTA, 100, GROUND)
    book.reserve(QUOTA, 60, GROUND)
    book.settle(QUOTA, 60, GROUND)
    book.restore(QUOTA, 60, GROUND)
    assert book.balance(QUOTA) == Balance(granted=100)


def test_a_case_that_fails_at_its_second_account_leaves_nothing() -> None:
    book = Book({QUOTA: Balance(granted=100), STOCK: Balance(granted=5)})
    mark = book.savepoint()
    book.reserve(QUOTA, 60, GROUND)
    with pytest.raises(Overdrawn):
        book.reserve(STOCK, 6, GROUND)
    book.rollback(mark)
    assert book.postings == ()
    assert book.balance(QUOTA) == Balance(granted=100)


def test_a_rollback_keeps_what_came_before_it() -> None:
    book = Book({QUOTA: Balance(granted=100)})
    kept = book.reserve(QUOTA, 10, GROUND)
    mark = book.savepoint()
    book.void(QUOTA, 10, GROUND)
    book.rollback(mark)
    assert book.postings == (kept,)
    assert book.balance(QUOTA) == Balance(granted=100, reserved=10)


def test_the_balances_given_are_not_touched() -> None:
    stored = {QUOTA: Balance(granted=100)}
    Book(stored).reserve(QUOTA, 10, GROUND)
    assert stored == {QUOTA: Balance(granted=100)}


@pytest.mark.parametrize("mark", [-1, 1])
def test_a_savepoint_that_never_was_is_refused(mark: int) -> None:
    with pytest.raises(ValueError, match="savepoint"):
        Book({}).rollback(mark)


def test_net_changes_come_in_the_order_of_the_keys() -> None:
    book = Book({QUOTA: Balance(granted=100), STOCK: Balance(granted=100)})
    book.reserve(QUOTA, 60, GROUND)
    book.reserve(STOCK, 5, GROUND)
    book.settle(QUOTA, 60, GROUND)
    net = movements(book.postings)
    assert list(net.items()) == [(STOCK, Change(reserved=5)), (QUOTA, Change(settled=60))]


def test_no_postings_change_nothing() -> None:
    assert movements(()) == {}


ACCOUNTS = st.sampled_from([QUOTA, STOCK, AccountId("collector-a", AccountKind.GUARANTEE, "0131")])
AMOUNTS = st.integers(1, 50)
ACTS = st.sampled_from(["credit", "debit", "reserve", "settle", "void", "restore"])


class AnyDay(RuleBasedStateMachine):
    """Any sequence of movements, savepoints and rollbacks over three accounts."""

    @initialize(opening=st.dictionaries(ACCOUNTS, st.integers(0, 100)))
    def open(self, opening: dict[AccountId, int]) -> None:
        self.opening = {account: Balance(granted=amount) for account, amount in opening.items()}
        self.book = Book(self.opening)
        self.marks: list[tuple[int, dict[AccountId, Balance], tuple[Posting, ...]]] = []

    @rule(act=ACTS, account=ACCOUNTS, amount=AMOUNTS)
    def move(self, act: str, account: AccountId, amount: int) -> None:
        before = self.book.balance(account)
        try:
            getattr(self.book, act)(account, amount, GROUND)
        except LedgerError:
            assert self.book.balance(account) == before

    @rule()
    def mark(self) -> None:
        self.marks.append((self.book.savepoint(), dict(self.book._balances), self.book.postings))

    @precondition(lambda self: self.marks)
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.marks) - 1))
        mark, balances, postings = self.marks[place]
        self.book.rollback(mark)
        assert self.book._balances == balances
        assert self.book.postings == postings
        del self.marks[place:]

    @invariant()
    def never_overdrawn(self) -> None:
        for balance in self.book._balances.values():
            assert min(balance.available, balance.reserved, balance.settled, balance.granted) >= 0

    @invariant()
    def postings_add_up(self) -> None:
        for account, balance in self.book._balances.items():
            start, net = self.opening.get(account, Balance()), summed(self.book.postings, account)
            assert balance == Balance(
                start.granted + net.granted, start.reserved + net.reserved, start.settled + net.settled
            )


TestAnyDay = AnyDay.TestCase

"""Two-phase postings over accounts that may not be overdrawn (先预扣, 后核扣或释放).

A batch of cases is decided against one :class:`Book` of working balances. Every movement answers the posting that
records it, and a case that fails half way is rolled back to its savepoint, so that nothing of it stays reserved.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping

from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Change
from sandan.ledger.facts import Ground
from sandan.ledger.facts import Movement
from sandan.ledger.facts import Posting

_EMPTY = Balance()


class LedgerError(Exception):
    """A movement its account does not allow; the account is unchanged."""

    def __init__(self, movement: Movement, amount: int, balance: Balance) -> None:
        """Keep the figures, so that a finding can name them.

        Args:
            movement: What was asked.
            amount: How much, in the account's smallest unit.
            balance: State of the account that refused it.
        """
        super().__init__(
            f"cannot {movement} {amount}: granted {balance.granted}, reserved {balance.reserved},"
            f" settled {balance.settled}, available {balance.available}"
        )
        self.movement = movement
        self.amount = amount
        self.balance = balance


class Overdrawn(LedgerError):  # noqa: N818  the trade's word for the state, not for the fault
    """More was asked than is available."""


class NotReserved(LedgerError):  # noqa: N818
    """More was to be settled or voided than is reserved."""


class NotSettled(LedgerError):  # noqa: N818
    """More was to be restored than was ever settled."""


def apply(balance: Balance, movement: Movement, amount: int) -> Balance:
    """Balance after one movement.

    >>> apply(Balance(granted=10), Movement.RESERVE, 4)
    Balance(granted=10, reserved=4, settled=0)

    Args:
        balance: State before.
        movement: How the account moves.
        amount: How much, in the account's smallest unit, above zero.

    Raises:
        ValueError: The amount is zero or negative.
        Overdrawn: More is reserved or debited than is available.
        NotReserved: More is settled or voided than is reserved.
        NotSettled: More is restored than was settled.
    """
    if amount <= 0:
        raise ValueError(f"a posting moves a positive amount, not {amount}")
    return _MOVES[movement](balance, amount)


def change_of(posting: Posting) -> Change:
    """What one posting does to the three parts of its account."""
    granted, reserved, settled = _SIGNS[posting.movement]
    return Change(granted * posting.amount, reserved * posting.amount, settled * posting.amount)


def movements(postings: Iterable[Posting]) -> Mapping[AccountId, Change]:
    """Net change of each account over the postings, in the order of the account keys.

    The fixed order lets several workers touch the same accounts without a deadlock.
    """
    net: dict[AccountId, list[int]] = {}
    for posting in postings:
        parts = net.setdefault(posting.account, [0, 0, 0])
        for place, sign in enumerate(_SIGNS[posting.movement]):
            parts[place] += sign * posting.amount
    return {account: Change(*net[account]) for account in sorted(net)}


class Book:
    """Working balances of one batch; nothing is written anywhere else."""

    __slots__ = ("_balances", "_journal")

    def __init__(self, balances: Mapping[AccountId, Balance]) -> None:
        """Begin from stored balances.

        Args:
            balances: State of every account the batch may touch; one that is missing starts at zero.
        """
        self._balances = dict(balances)
        self._journal: list[tuple[Posting, Balance | None]] = []

    def balance(self, account: AccountId) -> Balance:
        """Working balance of an account."""
        return self._balances.get(account, _EMPTY)

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Everything posted and not rolled back, in order."""
        return tuple(posting for posting, _ in self._journal)

    def credit(self, account: AccountId, amount: int, ground: Ground) -> Posting:
        """Open or top up an account."""
        return self._post(account, Movement.CREDIT, amount, ground)

    def debit(self, account: AccountId, amount: int, ground: Ground) -> Posting:
        """Take back what was credited.

        Raises:
            Overdrawn: More than is available.
        """
        return self._post(account, Movement.DEBIT, amount, ground)

    def reserve(self, account: AccountId, amount: int, ground: Ground) -> Posting:
        """Hold an amount for a case (预扣).

        Raises:
            Overdrawn: More than is available; the error carries the figures.
        """
        return self._post(account, Movement.RESERVE, amount, ground)

    def settle(self, account: AccountId, amount: int, ground: Ground) -> Posting:
        """Turn what is held into used (核扣).

        Raises:
            NotReserved: More than is held.
        """
        return self._post(account, Movement.SETTLE, amount, ground)

    def void(self, account: AccountId, amount: int, ground: Ground) -> Posting:
        """Free what is held (释放).

        Raises:
            NotReserved: More than is held.
        """
        return self._post(account, Movement.VOID, amount, ground)

    def restore(self, account: AccountId, amount: int, ground: Ground) -> Posting:
        """Give back what was used (返还), as after a return in time.

        Raises:
            NotSettled: More than was used.
        """
        return self._post(account, Movement.RESTORE, amount, ground)

    def savepoint(self) -> int:
        """Mark to roll back to."""
        return len(self._journal)

    def rollback(self, mark: int) -> None:
        """Undo every posting made since the mark; balances are exactly what they were.

        Args:
            mark: What :meth:`savepoint` answered.

        Raises:
            ValueError: The mark lies ahead: it was taken after a state already rolled back.
        """
        if not 0 <= mark <= len(self._journal):
            raise ValueError(f"no such savepoint: {mark} of {len(self._journal)}")
        while len(self._journal) > mark:
            posting, before = self._journal.pop()
            if before is None:
                del self._balances[posting.account]
            else:
                self._balances[posting.account] = before

    def _post(self, account: AccountId, movement: Movement, amount: int, ground: Ground) -> Posting:
        before = self._balances.get(account)
        after = apply(before or _EMPTY, movement, amount)
        posting = Posting(
            account=account,
            movement=movement,
            amount=amount,
            case=ground.case,
            cause=ground.cause,
            rule=ground.rule,
            at=ground.at,
        )
        self._balances[account] = after
        self._journal.append((posting, before))
        return posting


def _credit(balance: Balance, amount: int) -> Balance:
    return Balance(balance.granted + amount, balance.reserved, balance.settled)


def _debit(balance: Balance, amount: int) -> Balance:
    if amount > balance.available:
        raise Overdrawn(Movement.DEBIT, amount, balance)
    return Balance(balance.granted - amount, balance.reserved, balance.settled)


def _reserve(balance: Balance, amount: int) -> Balance:
    if amount > balance.available:
        raise Overdrawn(Movement.RESERVE, amount, balance)
    return Balance(balance.granted, balance.reserved + amount, balance.settled)


def _settle(balance: Balance, amount: int) -> Balance:
    if amount > balance.reserved:
        raise NotReserved(Movement.SETTLE, amount, balance)
    return Balance(balance.granted, balance.reserved - amount, balance.settled + amount)


def _void(balance: Balance, amount: int) -> Balance:
    if amount > balance.reserved:
        raise NotReserved(Movement.VOID, amount, balance)
    return Balance(balance.granted, balance.reserved - amount, balance.settled)


def _restore(balance: Balance, amount: int) -> Balance:
    if amount > balance.settled:
        raise NotSettled(Movement.RESTORE, amount, balance)
    return Balance(balance.granted, balance.reserved, balance.settled - amount)


_MOVES: Mapping[Movement, Callable[[Balance, int], Balance]] = {
    Movement.CREDIT: _credit,
    Movement.DEBIT: _debit,
    Movement.RESERVE: _reserve,
    Movement.SETTLE: _settle,
    Movement.VOID: _void,
    Movement.RESTORE: _restore,
}

_SIGNS: Mapping[Movement, tuple[int, int, int]] = {
    Movement.CREDIT: (1, 0, 0),
    Movement.DEBIT: (-1, 0, 0),
    Movement.RESERVE: (0, 1, 0),
    Movement.SETTLE: (0, -1, 1),
    Movement.VOID: (0, -1, 0),
    Movement.RESTORE: (0, 0, -1),
}
"""Sign of a movement's amount on granted, reserved and settled."""

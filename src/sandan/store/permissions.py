"""The one table of who may do what, for every face."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sandan.store.users import Seat
from sandan.store.users import User
from sandan.store.views.scope import EVERYTHING
from sandan.store.views.scope import Scope


class Act(StrEnum):
    """Something a logged-in user may want to do."""

    READ_CASES = "read-cases"
    """Search, see cases, papers and their timeline: one's own, or all for the seats that serve everyone."""
    READ_PERSONS = "read-persons"
    """See identity numbers, names, telephones and addresses unmasked."""
    READ_RECEIPTS = "read-receipts"
    """Pull the receipts addressed to one's enterprise."""
    SUBSCRIBE = "subscribe"
    """Have receipts pushed to one's enterprise."""
    CHECK = "check"
    """Try messages without sending them (预校验)."""
    DECIDE = "decide"
    """Release, refuse, hold, or order an inspection (关员处置)."""
    WORK_LIST = "work-list"
    """See what waits for an officer."""
    VERIFY = "verify"
    """Have the journal, the balances and the reservations proven."""
    ACCOUNTS = "accounts"
    """Keep local accounts and API tokens."""
    LOAD_LAW = "load-law"
    """Put an operator's files of law into force (载入法规文件)."""
    METRICS = "metrics"
    """Read the counters of the platform."""
    SET_CLOCK = "set-clock"
    """Set, advance or speed up the clock of a sandbox; a production deployment has none that can be set."""
    READ_TAX = "read-tax"
    """See what is owed, when it falls due, bills and payment documents: one's own, or everyone's."""
    COLLECT = "collect"
    """Gather what is payable into a payment document (汇总): the collector its own, the revenue desk anyone's."""
    TAKE_PAYMENT = "take-payment"
    """Record what a bank says was paid (入账), and void a bill (作废)."""


PERMISSIONS: Mapping[Act, frozenset[Seat]] = {
    Act.READ_CASES: frozenset(Seat),
    Act.READ_PERSONS: frozenset({Seat.OFFICER}),
    Act.READ_RECEIPTS: frozenset({Seat.ENTERPRISE, Seat.WAREHOUSE}),
    Act.SUBSCRIBE: frozenset({Seat.ENTERPRISE, Seat.WAREHOUSE}),
    Act.CHECK: frozenset({Seat.ENTERPRISE, Seat.OFFICER, Seat.OPERATOR}),
    Act.DECIDE: frozenset({Seat.OFFICER}),
    Act.WORK_LIST: frozenset({Seat.OFFICER}),
    Act.VERIFY: frozenset({Seat.OPERATOR, Seat.OFFICER}),
    Act.ACCOUNTS: frozenset({Seat.OPERATOR}),
    Act.LOAD_LAW: frozenset({Seat.OPERATOR}),
    Act.METRICS: frozenset({Seat.OPERATOR}),
    Act.SET_CLOCK: frozenset({Seat.OPERATOR}),
    Act.READ_TAX: frozenset({Seat.ENTERPRISE, Seat.OFFICER, Seat.OPERATOR, Seat.FINANCE}),
    Act.COLLECT: frozenset({Seat.ENTERPRISE, Seat.OPERATOR, Seat.FINANCE}),
    Act.TAKE_PAYMENT: frozenset({Seat.OPERATOR, Seat.FINANCE}),
}

#: Seats that serve one enterprise only: without one on the account they see nothing
_OF_ONE_ENTERPRISE = frozenset({Seat.ENTERPRISE, Seat.WAREHOUSE})


def may(user: User, act: Act) -> bool:
    """Whether the seat of the user may do it; an enterprise's seat also needs the enterprise it serves."""
    if user.seat in _OF_ONE_ENTERPRISE and not user.enterprise:
        return False
    return user.active and user.seat in PERMISSIONS[act]


def scope_of(user: User) -> Scope:
    """Whose rows the user may read: those of the enterprise it serves, or everyone's.

    Raises:
        ValueError: The seat serves one enterprise and the account names none.
    """
    if user.seat in _OF_ONE_ENTERPRISE:
        if not user.enterprise:
            raise ValueError(f"account {user.account} serves no enterprise")
        return Scope(user.enterprise)
    return EVERYTHING

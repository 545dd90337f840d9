"""Accounts, balances and postings of quota, guarantee and stock.

Amounts are integers in the account's smallest unit: fen for quota and guarantee, 10⁻⁵ units for stock.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from sandan.documents.facts import Ref
from sandan.terms.ids import RuleId


class AccountKind(StrEnum):
    """What an account counts."""

    QUOTA = "quota"
    """A consumer's annual total (个人年度交易总额): owner is the person, item the year."""
    GUARANTEE = "guarantee"
    """A collector's guarantee (税款担保): owner is the collector, item the customs district."""
    STOCK = "stock"
    """Stock of a bonded account book (账册库存): owner is the book, item the item number."""


class AccountId(Struct, gc=False, frozen=True, order=True):
    """Key of an account; the owner comes first because the store distributes by it."""

    owner: str
    kind: AccountKind
    item: str


class Balance(Struct, gc=False, frozen=True):
    """State of an account; ``available`` never falls below zero."""

    #: What was credited less what was taken back
    granted: int = 0
    #: Held for cases not yet settled
    reserved: int = 0
    #: Used for good
    settled: int = 0

    @property
    def available(self) -> int:
        """What can still be reserved."""
        return self.granted - self.reserved - self.settled


class Movement(StrEnum):
    """How a posting moves its account."""

    CREDIT = "credit"
    """Opens or tops up: granted grows."""
    DEBIT = "debit"
    """Takes back what was credited: granted shrinks."""
    RESERVE = "reserve"
    """Holds for a case."""
    SETTLE = "settle"
    """Turns what is held into used."""
    VOID = "void"
    """Frees what is held."""
    RESTORE = "restore"
    """Gives back what was used (a return in time)."""


class Posting(Struct, gc=False, frozen=True, kw_only=True):
    """One movement of one account, with its cause and its ground in law."""

    account: AccountId
    movement: Movement
    #: Always positive
    amount: int
    #: Case (list) the posting is for; None for openings
    case: Ref | None
    #: Document that caused it
    cause: Ref
    #: Rule that allows it
    rule: RuleId
    at: datetime


class Ground(Struct, gc=False, frozen=True, kw_only=True):
    """Why a posting is made: the case it is for, what caused it, and the rule that allows it."""

    #: Case (list) the posting is for; None for openings
    case: Ref | None
    #: Document that caused it
    cause: Ref
    #: Rule that allows it
    rule: RuleId
    at: datetime


class Change(Struct, gc=False, frozen=True):
    """Net change of one account over several postings; each part may be negative."""

    granted: int = 0
    reserved: int = 0
    settled: int = 0

"""Everything one batch has decided, gathered to be written together."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sandan.clearance.facts import Answer
from sandan.clearance.facts import Case
from sandan.clearance.facts import Decision
from sandan.documents.arrival import DocumentState
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Receipt
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.law.facts import Finding
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.store.claim import Work
from sandan.store.load import Claims
from sandan.store.load import Number


class Judged(Struct, gc=False, frozen=True, kw_only=True):
    """One decision with what it was made on."""

    declaration: Received
    paper: DeclarationList
    #: The case as it was stored before; None if this opened it
    before: Case | None
    decision: Decision
    #: Moment it was made at
    now: datetime
    #: Number of the payment the order names, for search
    pay_transaction_id: str = ""

    @property
    def changed(self) -> bool:
        """Whether the case moved."""
        return self.before is None or self.before.version != self.decision.case.version


class Verdict(Struct, gc=False, frozen=True, kw_only=True):
    """New state of one version of a document."""

    ref: Ref
    version: int
    state: DocumentState
    findings: tuple[Finding, ...] = ()


class Reply(Struct, gc=False, frozen=True, kw_only=True):
    """One receipt with the version of the document it answers."""

    receipt: Receipt
    version: int


class Outcome:
    """What a batch will write; filled while it is decided."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.verdicts: list[Verdict] = []
        self.answers: list[Answer] = []
        self.judged: list[Judged] = []
        self.replies: list[Reply] = []
        self.repeats: list[Work] = []
        self.returned: list[Work] = []
        self.failed: list[tuple[Work, str]] = []
        #: Numbers that are locked, and the case that uses each from now on
        self.used: Claims = {}
        #: Numbers to free where the case still uses them
        self.freed: list[tuple[Number, Ref]] = []
        #: Accounts as they stood when the batch was decided
        self.balances: dict[AccountId, Balance] = {}

    def reply(self, receipts: tuple[Receipt, ...], version: int) -> None:
        """Adds receipts to one version of a document."""
        self.replies += [Reply(receipt=receipt, version=version) for receipt in receipts]


class BatchReport(Struct, gc=False, frozen=True, kw_only=True):
    """What one run of a worker did."""

    #: Rows taken from the queue
    claimed: int = 0
    #: Orders, payments and waybills answered
    answered: int = 0
    #: Cases that moved
    decided: int = 0
    receipts: int = 0
    #: Rows given back because another worker is at their case
    returned: int = 0
    #: Rows set aside because deciding them failed
    failed: int = 0
    #: Times the batch was begun again
    redone: int = 0

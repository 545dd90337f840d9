"""A case, what it is decided on, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Receipt
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.documents.facts import Waybill
from sandan.duty.facts import Assessment
from sandan.law.facts import Finding
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Posting
from sandan.terms.ids import InvtNo
from sandan.terms.ids import PreNo


class Status(StrEnum):
    """Status of a case; each but ``DRAFT`` answers with one receipt status."""

    DRAFT = "draft"
    """Saved, not declared (暂存), 1."""
    WAITING = "waiting"
    """Declared, but another document is missing or the three do not agree (申报中), 2."""
    ACCEPTED = "accepted"
    """Stored and accepted (入库), 120; reservations stand."""
    REVIEW = "review"
    """Before an officer (人工审核), 300."""
    INSPECTION = "inspection"
    """Inspection ordered (查验), 500."""
    HELD = "held"
    """Suspended (挂起), 600."""
    RELEASED = "released"
    """Released (放行), 800."""
    REFUSED = "refused"
    """Returned (退单), 100 or a negative code; a newer list opens a new version."""


class Case(Struct, gc=False, frozen=True, kw_only=True):
    """One list on its way through customs, as stored."""

    ref: Ref
    #: Counts up with every change of the case
    version: int
    status: Status
    #: Version of the list document this state speaks of
    list_version: int
    #: Platform's order the case is about: owner is the platform, key the order number
    order: Ref
    #: Waybill the case is about
    waybill: Ref
    pre_no: PreNo
    invt_no: InvtNo
    #: Moment of first declaration of this list version; the wait counts from it
    declared_at: datetime
    #: Legal day of acceptance (the day of 120), which chooses the law (R194-32.1)
    accepted_on: date | None = None
    released_at: datetime | None = None
    #: End of the wait for missing documents
    wait_until: datetime | None = None
    assessment: Assessment | None = None
    #: What is reserved for this case, so that it can be settled or voided
    reserved: tuple[tuple[AccountId, int], ...] = ()
    #: Findings of the last decision
    findings: tuple[Finding, ...] = ()
    #: Versions compared: kind to version
    compared: Mapping[str, int] = {}
    #: Name of the criterion that selected it, for officers only
    selected_by: str = ""


class Papers(Struct, gc=False, frozen=True, kw_only=True):
    """Everything one case is decided on."""

    #: The list with how it came
    declaration: Received
    #: Case as stored, also where it speaks of an older list version; None when the list has never been decided
    case: Case | None
    order: Received | None = None
    #: All payments known for the order, newest last
    payments: tuple[Received, ...] = ()
    waybill: Received | None = None
    #: Officer's act to be applied, if one is pending
    act: OfficerAct | None = None
    #: Another live case that already uses this order or this waybill
    rival: Ref | None = None
    #: Running numbers the store hands out for pre-entry and list number
    serial: int = 0


class Conditions(Struct, gc=False, frozen=True, kw_only=True):
    """The operator's settings a decision depends on."""

    #: How long a list waits for missing documents before it is refused
    wait_missing: timedelta
    #: How long a list waits for documents that are there but disagree; zero refuses at once
    wait_disagreement: timedelta
    #: Production refuses invented law data
    production: bool = False


class EventKind(StrEnum):
    """What happened to a case, for its timeline and for the rooms that follow."""

    DECLARED = "declared"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SELECTED = "selected"
    HELD = "held"
    RELEASED = "released"


class Event(Struct, gc=False, frozen=True, kw_only=True):
    """Something that happened to a case."""

    kind: EventKind
    case: Ref
    at: datetime
    #: Document that caused it
    cause: Ref
    #: Actor: an enterprise, an officer's account, or empty for the clock
    actor: str = ""
    note: str = ""


class Deadline(Struct, gc=False, frozen=True, kw_only=True):
    """Something that falls due for a case."""

    case: Ref
    #: ``wait`` in this room; later rooms add theirs
    kind: str
    due_at: datetime


class Decision(Struct, gc=False, frozen=True, kw_only=True):
    """What the judgement rooms answer: nothing is written, everything is said."""

    case: Case
    findings: tuple[Finding, ...] = ()
    events: tuple[Event, ...] = ()
    postings: tuple[Posting, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


class Answer(Struct, gc=False, frozen=True, kw_only=True):
    """Verdict on one order, payment or waybill: stored (120) or refused, with all findings."""

    subject: Ref
    #: Version of the document the answer is about
    version: int
    accepted: bool
    findings: tuple[Finding, ...] = ()
    receipts: tuple[Receipt, ...] = ()


Balances = Mapping[AccountId, Balance]
"""Working balances of every account a batch may touch."""

Paper = DeclarationList | Order | Payment | Waybill
"""The four papers of a parcel."""

"""What would happen to messages if they came in together (预校验): read, judged and decided, and nothing written.

The same door, the same checks and the same decision as for what really comes in. A list is decided with the papers
that are tried beside it; a paper that is not among them is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime

from msgspec import Struct

from sandan.clearance import hold
from sandan.clearance.court import Court
from sandan.clearance.decide import answer
from sandan.clearance.decide import decide
from sandan.clearance.facts import Conditions
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Papers
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.documents.facts import Waybill
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.reading import Desk
from sandan.intake.reading import DoorSettings
from sandan.intake.reading import Opened
from sandan.intake.reading import read
from sandan.law import Law
from sandan.law.facts import Finding
from sandan.law.facts import Severity
from sandan.ledger.decide import Book
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.parties.facts import Registry
from sandan.terms.days import legal_day

Balances = Callable[[Collection[AccountId]], Mapping[AccountId, Balance]]


class Stage(Struct, frozen=True, kw_only=True):
    """What a rehearsal is played on."""

    registry: Registry
    law_on: Callable[[date], Law]
    conditions: Conditions
    #: Balances of the accounts asked for; one not given is empty
    balances: Balances
    #: Moment the messages are taken to arrive at
    now: datetime
    settings: DoorSettings = DoorSettings()


class Verdict(Struct, frozen=True, kw_only=True):
    """What would become of one document."""

    subject: Ref
    #: Whether it would be stored, or for a list: accepted
    clears: bool
    findings: tuple[Finding, ...]
    #: For a list: the whole decision
    decision: Decision | None = None


class Rehearsal(Struct, frozen=True, kw_only=True):
    """What would happen to the messages."""

    opened: tuple[Opened, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def readable(self) -> bool:
        """Whether every message could be read."""
        return all(item.outcome is not Outcome.UNREADABLE for item in self.opened)

    @property
    def clears(self) -> bool:
        """Whether nothing would be refused or have to wait."""
        taken = all(item.outcome is Outcome.REGISTERED for item in self.opened)
        return taken and all(verdict.clears for verdict in self.verdicts)


def rehearse(messages: Sequence[bytes], stage: Stage) -> Rehearsal:
    """Plays the messages through door, checks and decision, in the order given."""
    desk = Desk(registry=stage.registry, now=stage.now, settings=stage.settings)
    opened = tuple(read(Arrival(body=body, channel=Channel.SANDBOX), desk) for body in messages)
    received = [paper for number, item in enumerate(opened, 1) for paper in _received(number, item, stage.now)]
    court = _court(received, stage)
    return Rehearsal(opened=opened, verdicts=tuple(_verdict(paper, received, court) for paper in received))


def _received(number: int, opened: Opened, now: datetime) -> list[Received]:
    return [
        Received(
            document=document,
            inbox_id=number,
            version=1,
            sender=opened.sender,
            signer=opened.signer,
            received_at=now,
        )
        for document in opened.documents
        if not isinstance(document, OfficerAct)
    ]


def _court(received: Sequence[Received], stage: Stage) -> Court:
    year = legal_day(stage.now).year
    lists = [item.document for item in received if isinstance(item.document, DeclarationList)]
    accounts = {account for declaration in lists for account in hold.accounts_of(declaration, year)}
    return Court(
        law_on=stage.law_on,
        registry=stage.registry,
        book=Book(stage.balances(accounts)),
        conditions=stage.conditions,
        now=stage.now,
    )


def _verdict(paper: Received, received: Sequence[Received], court: Court) -> Verdict:
    if not isinstance(paper.document, DeclarationList):
        found = answer(paper, court)
        return Verdict(subject=paper.ref, clears=found.accepted, findings=found.findings)
    decision = decide(_papers(paper, paper.document, received), court)
    stopping = any(item.severity in {Severity.REFUSE, Severity.WAIT} for item in decision.findings)
    return Verdict(subject=paper.ref, clears=not stopping, findings=decision.findings, decision=decision)


def _papers(paper: Received, declaration: DeclarationList, received: Sequence[Received]) -> Papers:
    partners = [item for item in received if _belongs(item.document, declaration)]
    return Papers(
        declaration=paper,
        case=None,
        order=_last(partners, Kind.ORDER),
        payments=tuple(item for item in partners if item.ref.kind is Kind.PAYMENT),
        waybill=_last(partners, Kind.WAYBILL),
    )


def _belongs(document: Document, declaration: DeclarationList) -> bool:
    if isinstance(document, Order | Payment):
        return (document.ebp_code, document.order_no) == (declaration.ebp_code, declaration.order_no)
    if isinstance(document, Waybill):
        return (document.logistics_code, document.logistics_no) == (
            declaration.logistics_code,
            declaration.logistics_no,
        )
    return False


def _last(papers: Sequence[Received], kind: Kind) -> Received | None:
    return next((item for item in reversed(papers) if item.ref.kind is kind), None)

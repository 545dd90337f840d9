"""The timeline of a case: papers arriving, decisions, officers' acts and receipts, in one order."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sandan.clearance.facts import Event
from sandan.clearance.mirror import Mirrored
from sandan.clearance.mirror import Stage
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Receipt
from sandan.store.views.case import CaseFile
from sandan.store.views.case import Paper

_ORDER = {"paper": 0, "act": 1, "event": 2, "receipt": 3, "mirrored": 4}
_STAGES = {Stage.PORT: "口岸 port", Stage.CUSTOMS: "海关 customs"}


class Happening(Struct, frozen=True, kw_only=True):
    """One thing that happened to a case."""

    at: datetime
    #: ``paper``, ``act``, ``event``, ``receipt`` or ``mirrored``, a receipt of customs that was taken in
    what: str
    #: Kind of the paper or event; status of the receipt
    name: str
    #: Who: the enterprise that sent, the officer, or whom the receipt went to
    who: str
    note: str = ""
    paper: Paper | None = None


def happenings(file: CaseFile) -> list[Happening]:
    """Returns what happened, the oldest first; within a millisecond a cause stands before its effect."""
    everything = [
        *(_of_paper(paper) for paper in file.papers),
        *(_of_event(event) for decision in file.decisions for event in decision.events),
        *(_of_receipt(receipt) for receipt in file.receipts),
        *(_of_mirrored(one) for one in file.mirrored),
    ]
    return sorted(everything, key=_place)


def _place(happening: Happening) -> tuple[datetime, int, int]:
    inbox_id = happening.paper.received.inbox_id if happening.paper else 0
    shown_at = happening.at.replace(microsecond=happening.at.microsecond // 1000 * 1000)
    return shown_at, _ORDER[happening.what], inbox_id


def _of_paper(paper: Paper) -> Happening:
    received = paper.received
    document = received.document
    if isinstance(document, OfficerAct):
        return Happening(
            at=received.received_at,
            what="act",
            name=document.verdict,
            who=document.officer,
            note=document.reason,
            paper=paper,
        )
    return Happening(at=received.received_at, what="paper", name=paper.ref.kind, who=received.sender, paper=paper)


def _of_event(event: Event) -> Happening:
    who = event.actor or (event.cause.owner if event.cause.kind is Kind.OFFICER_ACT else "")
    return Happening(at=event.at, what="event", name=event.kind, who=who, note=event.note)


def _of_receipt(receipt: Receipt) -> Happening:
    return Happening(at=receipt.at, what="receipt", name=str(receipt.status), who=receipt.recipient, note=receipt.info)


def _of_mirrored(one: Mirrored) -> Happening:
    """At the time customs gives: that is the order in which things happened there."""
    return Happening(at=one.at, what="mirrored", name=str(one.status), who=_STAGES[one.stage], note=one.info)

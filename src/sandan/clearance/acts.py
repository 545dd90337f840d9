"""An officer's decision on a case put before him: release, refuse, hold, review or inspect, with his reason."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from sandan.clearance import accept
from sandan.clearance import hold
from sandan.clearance import receipts
from sandan.clearance import transitions
from sandan.clearance.court import Court
from sandan.clearance.facts import Case
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Event
from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Status
from sandan.clearance.receipts import Line
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Received
from sandan.documents.facts import ReturnStatus
from sandan.law.facts import Said
from sandan.ledger.facts import Posting
from sandan.parties.breach import Findings
from sandan.parties.breach import breach

_REASON = "{reason}"
"""Where the officer's reason goes in a text."""


class Way(Struct, frozen=True):
    """Where a verdict leads, and what is said about it."""

    status: Status
    event: EventKind
    code: int
    text: str


WAYS = {
    OfficerVerdict.RELEASE: Way(Status.RELEASED, EventKind.RELEASED, ReturnStatus.RELEASED, receipts.RELEASED),
    OfficerVerdict.REFUSE: Way(
        Status.REFUSED, EventKind.REFUSED, ReturnStatus.REFUSED, f"[Code:{receipts.BY_HAND};Desc:人工退单，{_REASON}]"
    ),
    OfficerVerdict.HOLD: Way(Status.HELD, EventKind.HELD, ReturnStatus.HELD, receipts.HELD),
    OfficerVerdict.REVIEW: Way(Status.REVIEW, EventKind.SELECTED, ReturnStatus.REVIEW, receipts.REVIEW),
    OfficerVerdict.INSPECT: Way(Status.INSPECTION, EventKind.SELECTED, ReturnStatus.INSPECTION, receipts.INSPECTION),
}
"""What each verdict does; the table of statuses says whether it may."""


def decide(received: Received, case: Case, act: OfficerAct, court: Court) -> Decision:
    """Apply an officer's act to a case, or answer why it cannot be applied.

    An act that cannot be applied changes nothing: the case comes back with the same version.

    Args:
        received: The list; its transmitter gets the receipt.
        case: The case as stored.
        act: The officer's decision.
        court: Book, law and now.
    """
    findings = _objections(case, act, court)
    if findings:
        return Decision(case=case, findings=findings)
    way = WAYS[act.verdict]
    after, postings = _MOVES.get(act.verdict, _moved)(case, act, court)
    after = replace(after, version=case.version + 1)
    line = Line(way.code, _text(way, act))
    event = Event(kind=way.event, case=case.ref, at=court.now, cause=act.ref, actor=act.officer, note=act.reason)
    return Decision(
        case=after,
        findings=case.findings,
        events=(event,),
        postings=postings,
        receipts=receipts.write(received, (line,), court.now, after),
    )


def _objections(case: Case, act: OfficerAct, court: Court) -> Findings:
    law = court.bench().law
    target = WAYS[act.verdict].status
    findings: Findings = ()
    if act.seen_version != case.version:
        findings += breach(
            law, "ACT-STALE", _said(act, "seen_version", act.seen_version), _held("version", case.version)
        )
    if case.status not in transitions.BEFORE_OFFICER or not transitions.may(case.status, target):
        findings += breach(
            law, "ACT-STATE", _said(act, "verdict", act.verdict.value), _held("status", case.status.value)
        )
    if not act.reason.strip():
        findings += breach(law, "ACT-REASON", _said(act, "reason", act.reason))
    return findings


def _said(act: OfficerAct, field: str, value: object) -> Said:
    return Said(document="officer_act", field=field, value=str(value), sender=act.officer)


def _held(field: str, value: object) -> Said:
    return Said(document="case", field=field, value=str(value))


def _text(way: Way, act: OfficerAct) -> str:
    """The text of the way with as much of the reason as the wire takes; a release needs none."""
    if act.verdict is OfficerVerdict.RELEASE:
        return way.text
    text = way.text if _REASON in way.text else f"{way.text},{_REASON}"
    room = receipts.TEXT_LIMIT - len(text) + len(_REASON)
    return text.replace(_REASON, act.reason[:room])


def _moved(case: Case, act: OfficerAct, _court: Court) -> tuple[Case, tuple[Posting, ...]]:
    return replace(case, status=transitions.walk(case.status, WAYS[act.verdict].status)), ()


def _released(case: Case, act: OfficerAct, court: Court) -> tuple[Case, tuple[Posting, ...]]:
    return accept.release(case, court.now), hold.settle_quota(case, court.book, act.ref, court.now)


def _refused(case: Case, act: OfficerAct, court: Court) -> tuple[Case, tuple[Posting, ...]]:
    after = replace(case, status=transitions.walk(case.status, Status.REFUSED), reserved=())
    return after, hold.void(case, court.book, act.ref, court.now)


_MOVES: dict[OfficerVerdict, Callable[[Case, OfficerAct, Court], tuple[Case, tuple[Posting, ...]]]] = {
    OfficerVerdict.RELEASE: _released,
    OfficerVerdict.REFUSE: _refused,
}

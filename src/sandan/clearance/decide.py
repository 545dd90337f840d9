"""The answer to one order, payment or waybill, and the decision on one list.

Both are pure: the papers and the court in, everything that is to be said and posted out. A list passes from declared
(2) to accepted (120) when its own checks pass, the other three papers are there and agree (三单比对), the limits hold
and quota, guarantee and stock are reserved (194/2018 art. 6 to 16); the law is that of the day of acceptance (art. 32).
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from sandan.clearance import accept
from sandan.clearance import acts
from sandan.clearance import check
from sandan.clearance import compare
from sandan.clearance import receipts
from sandan.clearance import transitions
from sandan.clearance.court import Court
from sandan.clearance.facts import Answer
from sandan.clearance.facts import Case
from sandan.clearance.facts import Deadline
from sandan.clearance.facts import Decision
from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Papers
from sandan.clearance.facts import Status
from sandan.clearance.hearing import Hearing
from sandan.clearance.receipts import Line
from sandan.documents.arrival import Objection
from sandan.documents.facts import AppStatus
from sandan.documents.facts import AppType
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Head
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Received
from sandan.documents.facts import ReturnStatus
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.parties.bench import Bench
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import breach
from sandan.parties.decide import may_transmit_for
from sandan.parties.sheet import said

WAIT = "wait"
"""Kind of the deadline that ends the wait for other papers."""

LIVE = frozenset({Status.ACCEPTED, Status.REVIEW, Status.INSPECTION, Status.HELD, Status.RELEASED})
"""Statuses in which another version of the list comes too late."""


def answer(received: Received, court: Court, user: Case | None = None) -> Answer:
    """Verdict on one order, payment or waybill: stored (120) or refused, with all findings.

    A draft (appStatus 1) is saved without being judged; ``accepted`` then says that it was saved. A change or deletion
    that overtook the acceptance of the list comes too late (-301011, -401008, -504016).

    Args:
        received: The paper with how it came.
        court: What it is judged with.
        user: The case that uses the paper, where the paper changes or deletes what stood.

    Raises:
        TypeError: The document is a list or an officer's act, which have their own ways.
    """
    document = received.document
    if isinstance(document, DeclarationList | OfficerAct):
        raise TypeError(f"a {document.ref.kind} is not answered but decided")
    draft = document.head.app_status == AppStatus.DRAFT
    findings = CLEAN if draft else check.examine(received, court.bench()) + _used(received, user, court)
    lines = (receipts.saved(received),) if draft else _verdict(received, findings, court)
    return Answer(
        subject=received.ref,
        version=received.version,
        accepted=not refuses(findings),
        findings=findings,
        receipts=receipts.write(received, lines, court.now),
    )


def _used(received: Received, user: Case | None, court: Court) -> Findings:
    """A paper customs has accepted a list for is neither changed nor deleted (table 7-2)."""
    if user is None or user.status not in LIVE:
        return CLEAN
    rule = Objection.DECLARED.rule(received.ref.kind)
    status = Said(document="case", field="status", value=user.status.value)
    return breach(court.bench().law, rule, said(received, "head.app_type", _head(received).app_type), status)


def _head(received: Received) -> Head:
    document = received.document
    if isinstance(document, OfficerAct):
        raise TypeError("an officer's act has no head")
    return document.head


def decide(papers: Papers, court: Court) -> Decision:
    """Decide one list on everything known about it.

    Args:
        papers: The list, its case and the papers that belong to it.
        court: Law, registry, criteria, working balances (which this call moves), settings and now.

    Returns:
        The decision. Where nothing is to be done its case is the one given, with the same version.
    """
    case = papers.case
    if case is not None and case.list_version == papers.declaration.version:
        if papers.act is not None:
            return acts.decide(papers.declaration, case, papers.act, court)
        if case.status is not Status.WAITING:
            return Decision(case=case, findings=case.findings)
    elif case is not None and case.status in LIVE:
        return _too_late(papers.declaration, case, court)
    return _judge(Hearing(papers, court))


def rehearse(papers: Papers, court: Court) -> Decision:
    """The same decision as a dry run: the working balances are afterwards what they were before."""
    mark = court.book.savepoint()
    try:
        return decide(papers, court)
    finally:
        court.book.rollback(mark)


def refuses(findings: Findings) -> bool:
    """Whether a finding refuses."""
    return any(finding.severity is Severity.REFUSE for finding in findings)


class _Examined(Struct, frozen=True):
    """Findings of one list by what they mean for it."""

    own: Findings
    missing: Findings
    disagreements: Findings

    @property
    def all(self) -> Findings:
        """Every finding, in the order of the checks."""
        return self.own + self.missing + self.disagreements

    @property
    def reasons(self) -> Findings:
        """What a wait is for."""
        return self.missing + self.disagreements


def _verdict(received: Received, findings: Findings, court: Court) -> tuple[Line, ...]:
    if refuses(findings):
        return receipts.refusals(received, findings, court.bench().law)
    return (receipts.declaring(received), Line(ReturnStatus.ACCEPTED, receipts.PASSED))


def _judge(hearing: Hearing) -> Decision:
    head, stored = hearing.declaration.head, hearing.papers.case
    draft = head.app_status == AppStatus.DRAFT
    if head.app_type == AppType.DELETE and stored is not None and (not draft or stored.status is Status.DRAFT):
        return _withdraw(hearing, stored)
    if draft:
        return _save(hearing)
    examined = _examine(hearing)
    patient = bool(hearing.court.conditions.wait_disagreement)
    if refuses(examined.own) or (refuses(examined.disagreements) and not patient):
        return _refuse(hearing, examined.all + accept.foreseen(hearing, examined.all))
    if examined.missing or refuses(examined.disagreements):
        return _wait(hearing, examined)
    return _accept(hearing, examined.all)


def _examine(hearing: Hearing) -> _Examined:
    papers, bench = hearing.papers, hearing.bench
    return _Examined(
        own=_change(hearing) + check.examine(papers.declaration, bench) + _rival(papers, hearing),
        missing=compare.missing(papers, bench),
        disagreements=compare.disagreements(papers, bench) + _transmitters(papers, bench),
    )


def _change(hearing: Hearing) -> Findings:
    """A change or deletion needs a list declared before (specification section 6.3 rule 11; -621011)."""
    received, head = hearing.papers.declaration, hearing.declaration.head
    if hearing.papers.case is not None or head.app_type not in {AppType.CHANGE, AppType.DELETE}:
        return CLEAN
    return breach(hearing.bench.law, "CEB-6.3.11", said(received, "head.app_type", head.app_type))


def _transmitters(papers: Papers, bench: Bench) -> Findings:
    """Others transmitted order or payment only where the mode of the list allows it (art. 6 para. 2)."""
    declaration = papers.declaration.document
    if not isinstance(declaration, DeclarationList):
        return CLEAN
    theirs = papers.payments if papers.order is None else (papers.order, *papers.payments)
    findings: Findings = CLEAN
    for received in theirs:
        findings += may_transmit_for(received, declaration.trade_mode, bench)
    return findings


def _rival(papers: Papers, hearing: Hearing) -> Findings:
    """Another live case already uses this order or waybill (-621004)."""
    if papers.rival is None:
        return CLEAN
    declaration = hearing.declaration
    found = said(papers.declaration, "order_no", f"{declaration.order_no}/{declaration.logistics_no}")
    rival = said(papers.declaration, "cop_no", f"{papers.rival.owner}/{papers.rival.key}")
    return breach(hearing.bench.law, "CEB-DUPLICATE", found, rival)


def _save(hearing: Hearing) -> Decision:
    """A draft is saved without being judged (暂存); what was declared does not become a draft again."""
    received, stored = hearing.papers.declaration, hearing.papers.case
    if stored is not None and not transitions.may(stored.status, Status.DRAFT):
        return _too_late(received, stored, hearing.court)
    case = replace(hearing.case, status=Status.DRAFT)
    return Decision(case=case, receipts=receipts.write(received, (receipts.saved(received),), hearing.court.now, case))


def _withdraw(hearing: Hearing, stored: Case) -> Decision:
    """A list not yet accepted is deleted by its sender (appType 3): the case ends, with nothing held against it."""
    received = hearing.papers.declaration
    objections = check.authorship(received, hearing.bench)
    if objections:
        return _rebuff(received, stored, hearing.court, objections)
    case = replace(hearing.case, status=hearing.move(Status.REFUSED), wait_until=None, findings=())
    event = hearing.event(EventKind.REFUSED, "withdrawn")
    draft = hearing.declaration.head.app_status == AppStatus.DRAFT
    line = receipts.saved(received) if draft else receipts.declaring(received)
    return hearing.write(case, (line,), events=(event,))


def _too_late(received: Received, case: Case, court: Court) -> Decision:
    """Another version of a list already accepted changes nothing and is refused (-621012)."""
    found = said(received, "cop_no", case.ref.key)
    status = Said(document="case", field="status", value=case.status.value)
    return _rebuff(received, case, court, breach(court.bench().law, "CEB-LIST-STATE", found, status))


def _rebuff(received: Received, case: Case, court: Court, findings: Findings) -> Decision:
    """The list is refused, the case stays what it was."""
    lines = receipts.refusals(received, findings, court.bench().law) if findings else ()
    return Decision(case=case, findings=findings, receipts=receipts.write(received, lines, court.now, case))


def _refuse(hearing: Hearing, found: Findings) -> Decision:
    findings = tuple(receipts.rank(found))
    lines = receipts.refusals(hearing.papers.declaration, findings, hearing.bench.law)
    case = replace(
        hearing.case,
        status=hearing.move(Status.REFUSED),
        wait_until=None,
        findings=findings,
        compared=compare.versions(hearing.papers),
    )
    events = (hearing.event(EventKind.REFUSED),)
    return hearing.write(case, lines if hearing.fresh else lines[-1:], findings, events=events)


def _wait(hearing: Hearing, examined: _Examined) -> Decision:
    """Wait for what is missing or disagrees; when the wait ends the same findings refuse."""
    conditions = hearing.court.conditions
    wait = conditions.wait_missing if examined.missing else conditions.wait_disagreement
    until = hearing.case.declared_at + wait
    if hearing.court.now >= until:
        findings = examined.own + _never_came(examined)
        return _refuse(hearing, findings + accept.foreseen(hearing, findings))
    return _keep_waiting(hearing, examined.own + _as(Severity.WAIT, examined.reasons), until)


def _keep_waiting(hearing: Hearing, findings: Findings, until: datetime) -> Decision:
    """Status 2 that says what is awaited; said again only when there is something new to wait for."""
    case = replace(
        hearing.case,
        wait_until=until,
        findings=findings,
        compared=compare.versions(hearing.papers),
    )
    before = {(finding.rule, finding.found.document) for finding in hearing.case.findings}
    awaited = [finding for finding in findings if finding.severity is Severity.WAIT]
    news = hearing.fresh or any((finding.rule, finding.found.document) not in before for finding in awaited)
    words = receipts.awaited(awaited, until, hearing.bench.law)
    lines = (receipts.declaring(hearing.papers.declaration, words),) if news else ()
    return hearing.write(
        case,
        lines,
        findings,
        events=(hearing.event(EventKind.WAITING, words),),
        deadlines=(Deadline(case=case.ref, kind=WAIT, due_at=until),),
    )


def _accept(hearing: Hearing, findings: Findings) -> Decision:
    """Tax, limits and reservations; whatever fails there refuses, and nothing stays reserved."""
    outcome = accept.settle(hearing, findings)
    return outcome if isinstance(outcome, Decision) else _refuse(hearing, findings + outcome)


def _never_came(examined: _Examined) -> Findings:
    """What was awaited in vain: a missing paper refuses by hand (100), a disagreement by its own code."""
    return tuple(
        replace(finding, severity=Severity.REFUSE, code=receipts.BY_HAND) for finding in examined.missing
    ) + _as(Severity.REFUSE, examined.disagreements)


def _as(severity: Severity, findings: Findings) -> Findings:
    """What refuses or waits, put in the given severity; notes and doubts stay what they are."""
    return tuple(
        replace(finding, severity=severity) if finding.severity in {Severity.REFUSE, Severity.WAIT} else finding
        for finding in findings
    )

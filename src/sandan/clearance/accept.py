"""Acceptance of a list whose papers are complete and agree: limits, tax, reservations, selection, release."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from sandan.clearance import compare
from sandan.clearance import hold
from sandan.clearance import receipts
from sandan.clearance import transitions
from sandan.clearance.facts import Case
from sandan.clearance.facts import Decision
from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Status
from sandan.clearance.hearing import NUMBERS
from sandan.clearance.hearing import Hearing
from sandan.clearance.receipts import Line
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.documents.facts import ReturnStatus
from sandan.duty.decide import assess
from sandan.duty.decide import route_of
from sandan.duty.facts import Assessment
from sandan.duty.facts import Route
from sandan.duty.value import value_of
from sandan.inspection.decide import select
from sandan.inspection.facts import Action
from sandan.inspection.facts import Selection
from sandan.law.facts import Severity
from sandan.ledger.facts import Movement
from sandan.ledger.facts import Posting
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.terms.ids import InvtNo

_BOOK = "STOCK-"
"""How the rules about account books begin."""

_ORDERED = {
    Action.REVIEW: (Status.REVIEW, Line(ReturnStatus.REVIEW, receipts.REVIEW)),
    Action.INSPECT: (Status.INSPECTION, Line(ReturnStatus.INSPECTION, receipts.INSPECTION)),
}


def settle(hearing: Hearing, findings: Findings) -> Decision | Findings:
    """Accept a list and release it or put it before an officer.

    Args:
        hearing: The list; its own checks pass and its papers agree.
        findings: Notes and doubts so far; a doubt (``review``) asks an officer.

    Returns:
        The decision, or the findings that refuse: a limit, a rate that is not at hand, an account that is short.
    """
    assessment = _assess(hearing)
    if not isinstance(assessment, Assessment):
        return assessment + _shortages(hearing, None)
    court, declaration = hearing.court, hearing.declaration
    held = hold.reserve(declaration, assessment, court.book, hearing.bench, court.now)
    if held.findings:
        return held.findings
    case = _accepted(hearing, assessment, held.postings, findings)
    return _finish(hearing, case, held.postings, _selected(hearing, assessment, findings))


def foreseen(hearing: Hearing, known: Findings) -> Findings:
    """Limits, rates and accounts that would refuse a list refused already, so that all of it is mended at once.

    Args:
        hearing: The list; where its order is missing, or its amounts are none, nothing can be foreseen.
        known: What it is refused for; a field or an account book found at fault there is not named again.
    """
    if hearing.papers.order is None or not _is_countable(hearing.declaration):
        return CLEAN
    assessment = _assess(hearing)
    taxed = assessment if isinstance(assessment, Assessment) else None
    found = _shortages(hearing, taxed)
    if not isinstance(assessment, Assessment):
        found = assessment + found
    fields = {finding.found.field for finding in known}
    book_at_fault = any(finding.rule.startswith(_BOOK) for finding in known)
    return tuple(
        finding
        for finding in found
        if finding.found.field not in fields and not (book_at_fault and finding.rule.startswith(_BOOK))
    )


def _is_countable(declaration: DeclarationList) -> bool:
    """Whether quantities and amounts are such that value, tax and stock can be counted."""
    amounts = (declaration.freight_e5, declaration.insured_fee_e5, *(line.total_price_e5 for line in declaration.lines))
    return min(amounts) >= 0 and all(line.qty_e5 > 0 for line in declaration.lines)


def _shortages(hearing: Hearing, assessment: Assessment | None) -> Findings:
    court = hearing.court
    return hold.shortages(hearing.declaration, assessment, court.book, hearing.bench, court.now)


def _assess(hearing: Hearing) -> Assessment | Findings:
    declaration, law, book = hearing.declaration, hearing.bench.law, hearing.court.book
    order = hearing.papers.order
    if order is None or not isinstance(order.document, Order):
        raise TypeError("a list is accepted only with its order")
    annual = book.balance(hold.quota_account(declaration, hearing.bench.day.year))
    route = route_of(declaration, order.document, value_of(declaration), annual, law)
    return assess(declaration, law, route) if isinstance(route, Route) else route


def _accepted(hearing: Hearing, assessment: Assessment, held: tuple[Posting, ...], findings: Findings) -> Case:
    declaration, day = hearing.declaration, hearing.bench.day
    number = hearing.papers.serial % NUMBERS
    return replace(
        hearing.case,
        status=hearing.move(Status.ACCEPTED),
        invt_no=InvtNo(f"{declaration.customs_code}{day.year}I{number:09d}"),
        accepted_on=day,
        wait_until=None,
        assessment=assessment,
        reserved=tuple((p.account, p.amount) for p in held if p.movement is Movement.RESERVE),
        findings=findings,
        compared=compare.versions(hearing.papers),
    )


def _selected(hearing: Hearing, assessment: Assessment, findings: Findings) -> Selection | None:
    """What an officer is asked: by the criteria, or because a check is in doubt."""
    selection = select(hearing.declaration, assessment.value_fen, hearing.court.criteria)
    if selection is None and any(finding.severity is Severity.REVIEW for finding in findings):
        return Selection(order=Action.REVIEW, criterion="")
    return selection


def _finish(hearing: Hearing, case: Case, held: tuple[Posting, ...], selection: Selection | None) -> Decision:
    first = (receipts.declaring(hearing.papers.declaration),) if hearing.fresh else ()
    passed = (*first, Line(ReturnStatus.ACCEPTED, receipts.PASSED))
    if selection is None:
        return _release(hearing, case, held, passed)
    status, line = _ORDERED[selection.order]
    asked = replace(case, status=transitions.walk(case.status, status), selected_by=selection.criterion)
    events = (hearing.event(EventKind.ACCEPTED), hearing.event(EventKind.SELECTED, selection.order.value))
    return hearing.write(asked, (*passed, line), case.findings, events=events, postings=held)


def _release(hearing: Hearing, case: Case, held: tuple[Posting, ...], passed: tuple[Line, ...]) -> Decision:
    now = hearing.court.now
    released = release(case, now)
    events = (hearing.event(EventKind.ACCEPTED), hearing.event(EventKind.RELEASED))
    postings = held + hold.settle_quota(case, hearing.court.book, case.ref, now)
    lines = (*passed, Line(ReturnStatus.RELEASED, receipts.RELEASED))
    return hearing.write(released, lines, case.findings, events=events, postings=postings)


def release(case: Case, now: datetime) -> Case:
    """The case released (放行); quota is used, guarantee and stock stay held."""
    return replace(
        case,
        status=transitions.walk(case.status, Status.RELEASED),
        released_at=now,
        reserved=hold.without_quota(case.reserved),
    )

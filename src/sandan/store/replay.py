"""What if: journalled cases decided again under another day's law (按另一日法规重演); nothing is written.

Each case is decided twice from the papers it was compared on, at the moment of its last decision: under the law of its own
day and under the other. What differs between the two is what the law changes; an officer's act, or partners that came
later, cannot be mistaken for it. Stock and guarantee stand as they do now, without what the case itself holds; the annual
quota is that of the law asked for, less what the person's other cases use.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from datetime import date
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from sandan.clearance import hold
from sandan.clearance.court import Court
from sandan.clearance.decide import rehearse
from sandan.clearance.facts import Conditions
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Papers
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.inspection.facts import Criterion
from sandan.law import Law
from sandan.law.facts import Severity
from sandan.ledger.decide import Book
from sandan.ledger.decide import movements
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.parties.facts import Registry
from sandan.store.load import load_balances
from sandan.store.views.case import CaseFile
from sandan.store.views.case import case_file
from sandan.store.views.case import papers_compared
from sandan.store.views.scope import EVERYTHING
from sandan.terms.days import legal_day

_DECIDED = """
    SELECT declarant, list_key FROM decisions WHERE effective_at >= %s AND effective_at < %s
     GROUP BY declarant, list_key ORDER BY min(effective_at), declarant, list_key
"""
_SPEAKING = (Severity.REFUSE, Severity.WAIT, Severity.REVIEW)


class Question(Struct, frozen=True, kw_only=True):
    """Which cases are decided again, and by what."""

    #: Half-open interval of moments in which a case was decided
    since: datetime
    until: datetime
    #: Day whose law is asked for
    law_day: date
    law_on: Callable[[date], Law]
    registry: Registry
    conditions: Conditions
    criteria: tuple[Criterion, ...] = ()


class Outcome(Struct, frozen=True, kw_only=True):
    """What one decision comes to."""

    status: str
    #: Tax in fen; None where nothing was assessed
    tax_fen: int | None
    #: Rules that refuse, wait or ask an officer
    rules: tuple[str, ...]


class Changed(Struct, frozen=True, kw_only=True):
    """One case that the other law would decide otherwise."""

    declarant: str
    list_key: str
    #: Legal day of the decision that stands
    day: date
    before: Outcome
    after: Outcome


class Replayed(Struct, frozen=True, kw_only=True):
    """Every case that was decided again."""

    cases: int
    changed: tuple[Changed, ...]

    @property
    def tax_fen(self) -> int:
        """How much more tax the other law would assess on all cases, fen; below zero for less."""
        return sum((each.after.tax_fen or 0) - (each.before.tax_fen or 0) for each in self.changed)


def replay(conn: Connection[Any], question: Question) -> Replayed:
    """Decides again every case of an interval under another day's law; reads only."""
    answers = list(_answers(conn, question))
    return Replayed(cases=len(answers), changed=tuple(one for one in answers if one.before != one.after))


def _answers(conn: Connection[Any], question: Question) -> Iterator[Changed]:
    rows = conn.execute(_DECIDED, [question.since, question.until]).fetchall()
    for declarant, key in rows:
        file = case_file(conn, Ref(kind=Kind.LIST, owner=declarant, key=key), EVERYTHING)
        papers = papers_compared(file) if file else None
        if file and file.latest and papers:
            yield _answer(conn, file, papers, question)


def _answer(conn: Connection[Any], file: CaseFile, papers: Papers, question: Question) -> Changed:
    """One case under the law of its own day and under the other."""
    now = file.latest.effective_at if file.latest else file.updated_at
    own, other = question.law_on(legal_day(now)), question.law_on(question.law_day)
    fresh = Papers(
        declaration=papers.declaration, case=None, order=papers.order, payments=papers.payments, waybill=papers.waybill
    )
    before, after = (_outcome(rehearse(fresh, _court(conn, file, law, question, now))) for law in (own, other))
    ref = file.case.ref
    return Changed(declarant=ref.owner, list_key=ref.key, day=own.day, before=before, after=after)


def _court(conn: Connection[Any], file: CaseFile, law: Law, question: Question, now: datetime) -> Court:
    return Court(
        law_on=lambda _day: law,
        registry=question.registry,
        book=Book(_balances(conn, file, law, now)),
        conditions=question.conditions,
        now=now,
        criteria=question.criteria,
    )


def _balances(conn: Connection[Any], file: CaseFile, law: Law, now: datetime) -> dict[AccountId, Balance]:
    """Balances without what the case holds or has used; a quota granted as the law grants it."""
    declaration = next(p.received.document for p in reversed(file.papers) if p.ref.kind == Kind.LIST)
    assert isinstance(declaration, DeclarationList)  # noqa: S101 - a paper of that kind is one
    own = movements(posting for posting in file.postings if posting.case == file.case.ref)
    stored = load_balances(conn, hold.accounts_of(declaration, legal_day(now).year))
    limit = law.find("import.annual_limit_fen")
    return {
        account: Balance(
            granted=limit if account.kind is AccountKind.QUOTA and isinstance(limit, int) else balance.granted,
            reserved=balance.reserved - (own[account].reserved if account in own else 0),
            settled=balance.settled - (own[account].settled if account in own else 0),
        )
        for account, balance in stored.items()
    }


def _outcome(decision: Decision) -> Outcome:
    assessment = decision.case.assessment
    speaking = (finding.rule for finding in decision.findings if finding.severity in _SPEAKING)
    return Outcome(
        status=decision.case.status.value,
        tax_fen=assessment.tax_fen if assessment else None,
        rules=tuple(dict.fromkeys(speaking)),
    )

"""Decides one claimed batch: loads the facts, asks the judgement rooms, gathers what they say. Writes only states of papers."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from datetime import date
from datetime import datetime
from typing import Any
from typing import cast

import structlog
from msgspec import Struct
from psycopg import Connection

from sandan.clearance import receipts
from sandan.clearance.court import Court
from sandan.clearance.decide import answer
from sandan.clearance.decide import decide
from sandan.clearance.facts import Case
from sandan.clearance.facts import Conditions
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Papers
from sandan.clearance.facts import Status
from sandan.clearance.hold import accounts_of
from sandan.documents.arrival import DocumentState
from sandan.documents.facts import AppStatus
from sandan.documents.facts import AppType
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.inspection.facts import Criterion
from sandan.law import Law
from sandan.law.facts import Finding
from sandan.ledger.decide import Book
from sandan.ledger.facts import AccountId
from sandan.parties.facts import Registry
from sandan.store import load
from sandan.store import states
from sandan.store.claim import Work
from sandan.store.facts import Reason
from sandan.store.load import Claims
from sandan.store.load import Sheet
from sandan.store.load import Version
from sandan.store.load import numbers_of
from sandan.store.outcome import Judged
from sandan.store.outcome import Outcome
from sandan.store.outcome import Verdict

_log = structlog.get_logger(__name__)

_WAKING = frozenset({Reason.PARTNER, Reason.DEADLINE})
_LIST_STATES = {
    Status.DRAFT: DocumentState.DRAFT,
    Status.WAITING: DocumentState.RECEIVED,
    Status.REFUSED: DocumentState.REFUSED,
}
_CHANGING = frozenset({AppType.CHANGE, AppType.DELETE})
_FREE = frozenset({Status.DRAFT, Status.REFUSED})


class Sitting(Struct, frozen=True, kw_only=True):
    """What every case of a batch is decided with."""

    law_on: Callable[[date], Law]
    registry: Registry
    conditions: Conditions
    now: datetime
    criteria: tuple[Criterion, ...] = ()


class _Call(Struct, frozen=True, kw_only=True):
    """One list to be decided, and why."""

    work: Work
    ref: Ref
    #: Version of the list; zero for the one the case speaks of
    version: int = 0
    act: Received | None = None


def hear(conn: Connection[Any], sitting: Sitting, works: list[Work]) -> Outcome:
    """Decides the works within the caller's transaction.

    Args:
        conn: Connection with an open transaction.
        sitting: Law, registry, criteria, settings and now.
        works: What was claimed.
    """
    return _Hearing(conn, sitting).run(works)


class _Hearing:
    """One batch on its way."""

    def __init__(self, conn: Connection[Any], sitting: Sitting) -> None:
        self.conn = conn
        self.sitting = sitting
        self.court = Court(
            law_on=sitting.law_on,
            registry=sitting.registry,
            book=Book({}),
            conditions=sitting.conditions,
            now=sitting.now,
            criteria=sitting.criteria,
        )
        self.outcome = Outcome(sitting.now)
        self.sheets: dict[Version, Sheet] = {}
        self.claims: Claims = {}

    def run(self, works: list[Work]) -> Outcome:
        """Papers first, so that the lists of the same batch find them answered."""
        self.outcome.repeats = [work for work in works if work.reason is Reason.REPEAT]
        arrived = [work for work in works if work.reason in {Reason.ARRIVED, Reason.ACT}]
        self.sheets = load.load_versions(self.conn, {(work.ref, work.version) for work in arrived})
        fresh = [work for work in arrived if self._is_open(work)]
        self.claims = load.lock_numbers(self.conn, (self._document(work) for work in fresh))
        self._refuse_again(arrived)
        papers = [work for work in fresh if work.ref.kind not in {Kind.LIST, Kind.OFFICER_ACT}]
        users = self._users(papers)
        woken = [ref for work in papers for ref in self._answer(work, users)]
        states.write(self.conn, self.outcome.verdicts)
        self.outcome.verdicts = []
        self._decide(self._calls(fresh, works, woken))
        return self.outcome

    def _is_open(self, work: Work) -> bool:
        sheet = self.sheets.get((work.ref, work.version))
        return sheet is not None and sheet.state is not DocumentState.REFUSED

    def _document(self, work: Work) -> Any:  # noqa: ANN401 - a document of any kind
        return self.sheets[work.ref, work.version].received.document

    def _refuse_again(self, arrived: Iterable[Work]) -> None:
        """Answers documents the door had to refuse; the finding stands with them."""
        for work in arrived:
            sheet = self.sheets.get((work.ref, work.version))
            if sheet is not None and sheet.state is DocumentState.REFUSED:
                self._try(work, self._say_refused, sheet)

    def _say_refused(self, sheet: Sheet) -> None:
        lines = receipts.refusals(sheet.received, sheet.findings, self.court.bench().law)
        written = receipts.write(sheet.received, lines, self.sitting.now)
        self.outcome.reply(written, sheet.received.version)

    def _users(self, papers: list[Work]) -> dict[Ref, Case]:
        """The cases that use the papers which change or delete what stood, as they stand now that the numbers are ours."""
        documents = [self._document(work) for work in papers]
        changing = [document for document in documents if document.head.app_type in _CHANGING]
        claimed = {document.ref: self._user(document) for document in changing}
        cases = load.load_cases(self.conn, {user for user in claimed.values() if user is not None})
        return {ref: cases[user] for ref, user in claimed.items() if user in cases}

    def _user(self, document: Document) -> Ref | None:
        return next((user for number in numbers_of(document) if (user := self.claims.get(number)) is not None), None)

    def _answer(self, work: Work, users: dict[Ref, Case]) -> list[Ref]:
        """Judges an order, payment or waybill; answers the lists that were waiting for it."""
        received = self.sheets[work.ref, work.version].received
        said = self._try(work, answer, received, self.court, users.get(work.ref))
        if said is None:
            return []
        self.outcome.answers.append(said)
        self.outcome.reply(said.receipts, received.version)
        state = _paper_state(received, accepted=said.accepted)
        self._verdict(received, state, said.findings)
        if state not in {DocumentState.ACCEPTED, DocumentState.DELETED}:
            return []
        waiting = (self.claims.get(number) for number in numbers_of(received.document))
        return [user for user in waiting if user is not None]

    def _calls(self, fresh: list[Work], works: list[Work], woken: list[Ref]) -> list[_Call]:
        """Every list to be decided: newly arrived, woken, or acted upon, each case only if it is ours to decide."""
        calls = [_Call(work=work, ref=work.ref, version=work.version) for work in fresh if work.ref.kind is Kind.LIST]
        due = {call.ref for call in calls}
        for work in [*(work for work in works if work.reason in _WAKING), *map(self._wake, woken)]:
            if work.ref not in due:
                due.add(work.ref)
                calls.append(_Call(work=work, ref=work.ref))
        for work in fresh:
            if work.reason is Reason.ACT:
                act = self.sheets[work.ref, work.version].received
                calls.append(_Call(work=work, ref=cast("OfficerAct", act.document).subject, act=act))
        ours = load.take_cases(self.conn, {call.ref for call in calls})
        self.outcome.returned += [call.work for call in calls if call.ref not in ours]
        return [call for call in calls if call.ref in ours]

    def _wake(self, ref: Ref) -> Work:
        return Work(id=0, ref=ref, version=0, slot=0, reason=Reason.PARTNER, enqueued_at=self.sitting.now)

    def _decide(self, calls: list[_Call]) -> None:
        cases = load.load_cases(self.conn, {call.ref for call in calls})
        self._load_lists(calls, cases)
        ready = [(call, received) for call in calls if (received := self._declaration(call, cases)) is not None]
        partners = self._load_partners([received for _, received in ready])
        self.outcome.balances = load.load_balances(self.conn, self._accounts([r for _, r in ready], cases))
        self.court.book = Book(self.outcome.balances)
        serials = load.next_serials(self.conn, len(ready))
        for (call, received), papers, serial in zip(ready, partners, serials, strict=True):
            case = cases.get(call.ref)
            bundle = Papers(
                declaration=received,
                case=case,
                order=_newest(papers, Kind.ORDER),
                payments=tuple(one for one in papers if one.ref.kind is Kind.PAYMENT),
                waybill=_newest(papers, Kind.WAYBILL),
                act=cast("OfficerAct", call.act.document) if call.act else None,
                rival=self._rival(received),
                serial=serial,
            )
            decision = self._try(call.work, self._judge, bundle)
            if decision is not None:
                cases[call.ref] = decision.case
                self._take_down(call, bundle, decision)

    def _judge(self, papers: Papers) -> Decision:
        mark = self.court.book.savepoint()
        try:
            return decide(papers, self.court)
        except Exception:
            self.court.book.rollback(mark)
            raise

    def _load_lists(self, calls: list[_Call], cases: dict[Ref, Case]) -> None:
        wanted = {(call.ref, cases[call.ref].list_version) for call in calls if not call.version and call.ref in cases}
        self.sheets |= load.load_versions(self.conn, wanted - self.sheets.keys())

    def _declaration(self, call: _Call, cases: dict[Ref, Case]) -> Received | None:
        """The list a call is about; nothing for a list that is not there, or a version the case has gone past."""
        case = cases.get(call.ref)
        decided = case.list_version if case else 0
        sheet = self.sheets.get((call.ref, call.version or decided))
        if sheet is None:
            self._refuse_act(call)
            return None
        if call.version and call.version < decided:
            self._verdict(sheet.received, DocumentState.REPLACED)
            return None
        return sheet.received

    def _refuse_act(self, call: _Call) -> None:
        """An officer's act on a list that was never decided has no effect."""
        if call.act is not None:
            self._verdict(call.act, DocumentState.REFUSED)

    def _verdict(self, received: Received, state: DocumentState, findings: tuple[Finding, ...] = ()) -> None:
        self.outcome.verdicts.append(
            Verdict(ref=received.ref, version=received.version, state=state, findings=findings)
        )

    def _load_partners(self, declarations: list[Received]) -> list[list[Received]]:
        lists = [cast("DeclarationList", received.document) for received in declarations]
        versions = load.load_partners(self.conn, lists)
        missing = {version for found in versions for version in found} - self.sheets.keys()
        self.sheets |= load.load_versions(self.conn, missing)
        return [[self.sheets[version].received for version in found] for found in versions]

    def _accounts(self, declarations: list[Received], cases: dict[Ref, Case]) -> set[AccountId]:
        year = self.court.today.year
        accounts = {account for case in cases.values() for account, _ in case.reserved}
        for received in declarations:
            accounts.update(accounts_of(cast("DeclarationList", received.document), year))
        return accounts

    def _rival(self, received: Received) -> Ref | None:
        for number in numbers_of(received.document):
            user = self.claims.get(number)
            if user is not None and user != received.ref:
                return user
        return None

    def _take_down(self, call: _Call, papers: Papers, decision: Decision) -> None:
        received, before = papers.declaration, papers.case
        paper = cast("DeclarationList", received.document)
        judged = Judged(
            declaration=received,
            paper=paper,
            before=before,
            decision=decision,
            now=self.sitting.now,
            pay_transaction_id=_payment_number(papers),
        )
        self.outcome.judged.append(judged)
        self.outcome.reply(decision.receipts, received.version)
        self._verdict(received, _list_state(judged), decision.findings)
        if call.act is not None:
            state = DocumentState.ACCEPTED if judged.changed else DocumentState.REFUSED
            findings = () if judged.changed else decision.findings
            self._verdict(call.act, state, findings)
        self._use_numbers(judged)

    def _use_numbers(self, judged: Judged) -> None:
        """A case that lives uses its numbers; one that was refused or only saved frees them for others."""
        ref = judged.declaration.ref
        free = judged.decision.case.status in _FREE
        for number in numbers_of(judged.paper):
            if number not in self.claims:
                if free:
                    self.outcome.freed.append((number, ref))
            elif self.claims[number] in {None, ref}:
                self.claims[number] = self.outcome.used[number] = None if free else ref

    def _try(self, work: Work, judge: Callable[..., Any], *facts: object) -> Any:  # noqa: ANN401 - what the call answers
        """Calls a judgement room; a fault of ours there costs this one work its turn, and no other."""
        try:
            return judge(*facts)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the others
            _log.exception("could not be decided", kind=work.ref.kind, owner=work.ref.owner, key=work.ref.key)
            self.outcome.failed.append((work, f"{type(error).__name__}: {error}"))
            return None


def _newest(papers: list[Received], kind: Kind) -> Received | None:
    return next((one for one in papers if one.ref.kind is kind), None)


def _paper_state(received: Received, *, accepted: bool) -> DocumentState:
    head = cast("Any", received.document).head
    if not accepted:
        return DocumentState.REFUSED
    draft = head.app_status == AppStatus.DRAFT
    if head.app_type == AppType.DELETE:
        return DocumentState.REPLACED if draft else DocumentState.DELETED
    return DocumentState.DRAFT if draft else DocumentState.ACCEPTED


def _list_state(judged: Judged) -> DocumentState:
    """State of the list's version: that of its case, or refused where the case speaks of another version."""
    case = judged.decision.case
    if case.list_version != judged.declaration.version:
        return DocumentState.REFUSED
    if judged.paper.head.app_type == AppType.DELETE and case.status is Status.REFUSED:
        return DocumentState.DELETED
    return _LIST_STATES.get(case.status, DocumentState.ACCEPTED)


def _payment_number(papers: Papers) -> str:
    paper = papers.order or next(iter(papers.payments), None)
    return str(cast("Any", paper.document).pay_transaction_id) if paper else ""

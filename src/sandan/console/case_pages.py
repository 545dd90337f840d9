"""One case with everything that explains it, and one paper in all its versions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.responses import Response

from sandan.console.board import board_of
from sandan.console.findings import Telling
from sandan.console.findings import Told
from sandan.console.findings import told
from sandan.console.meanings import enterprise_names
from sandan.console.next_step import next_step
from sandan.console.statuses import STATUSES
from sandan.console.timeline import happenings
from sandan.console.visit import Visit
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Ref
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.parties.bench import Bench
from sandan.store.masks import Veil
from sandan.store.masks import masked_facts
from sandan.store.masks import personal_values
from sandan.store.permissions import Act
from sandan.store.views import case as views
from sandan.store.views.lists import BEFORE_OFFICER
from sandan.store.views.scope import EVERYTHING
from sandan.terms.days import legal_day

VERDICTS = (OfficerVerdict.RELEASE, OfficerVerdict.REFUSE, OfficerVerdict.HOLD, OfficerVerdict.INSPECT)
"""What an officer may choose, in the order of the form."""


def case(visit: Visit) -> Response:
    """Returns the whole case: state and next step, board, findings, tax, timeline, receipts, postings and papers."""
    with visit.reading() as conn:
        file = views.case_file(conn, ref_of(visit), visit.scope)
    if file is None:
        return _unknown(visit)
    veil = Veil(visit.reader, personal_values(paper.received.document for paper in file.papers))
    decision = file.latest
    entries = _told(visit, decision, veil)
    return visit.show(
        "case.html",
        file=file,
        veil=veil,
        names=enterprise_names(paper.received.document for paper in file.papers),
        look=STATUSES[file.case.status],
        step=next_step(file.case, entries, visit.now, visit.gettext),
        board=board_of(file, veil, _bench(visit, decision)),
        findings=entries,
        decision=decision,
        assessment=decision.assessment if decision else file.case.assessment,
        happenings=happenings(file),
        verdicts=VERDICTS if visit.may(Act.DECIDE) and file.case.status in BEFORE_OFFICER else (),
        may_open=partial(_may_open, visit),
        acted=visit.query("acted"),
    )


def paper(visit: Visit) -> Response:
    """Returns one document: all its versions, the verdict on each, the receipts and the cases that use it."""
    ref = _paper_ref(visit)
    if ref is None:
        return visit.missing()
    with visit.reading() as conn:
        versions = views.paper_versions(conn, ref, EVERYTHING)
        cases = views.cases_of(conn, versions[-1], visit.scope) if versions else ()
        receipts = views.receipts_of(conn, [ref]) if versions else ()
    if not versions or not (cases or _is_own(visit, versions[-1])):
        return visit.missing()
    veil = Veil(visit.reader, personal_values(version.received.document for version in versions))
    return visit.show(
        "paper.html",
        ref=ref,
        veil=veil,
        versions=[_version(visit, version, veil) for version in reversed(versions)],
        names=enterprise_names(version.received.document for version in versions),
        cases=cases,
        receipts=receipts,
    )


def _may_open(visit: Visit, account: AccountId) -> bool:
    """Whether the reader may open the statement of an account a case moved."""
    if account.kind is AccountKind.QUOTA:
        return visit.may(Act.READ_PERSONS)
    return visit.scope == EVERYTHING or account.owner == visit.scope.enterprise


def _is_own(visit: Visit, version: views.Paper) -> bool:
    """Whether a paper is the reader's own, or the reader serves everyone; partners see it through their case."""
    received = version.received
    return visit.scope == EVERYTHING or visit.scope.enterprise in (version.ref.owner, received.sender, received.signer)


def ref_of(visit: Visit) -> Ref:
    """Returns the list an address speaks of."""
    params = visit.request.path_params
    return Ref(kind=Kind.LIST, owner=params["declarant"], key=params["key"])


def _unknown(visit: Visit) -> Response:
    """A list that came but was never decided has a paper and no case yet."""
    ref = ref_of(visit)
    with visit.reading() as conn:
        versions = views.paper_versions(conn, ref, visit.scope)
    if not versions:
        return visit.missing()
    veil = Veil(visit.reader, personal_values(version.received.document for version in versions))
    shown = [_version(visit, version, veil) for version in reversed(versions)]
    return visit.show("paper.html", ref=ref, veil=veil, versions=shown, names={}, cases=(), receipts=())


def _bench(visit: Visit, decision: views.Decided | None) -> Bench | None:
    """Law and register the board is drawn by; None where the console was given no register."""
    if visit.deps.registry is None:
        return None
    day = decision.law_day if decision else legal_day(visit.now)
    return Bench(visit.deps.law_on(day), visit.deps.registry())


def _told(visit: Visit, decision: views.Decided | None, veil: Veil) -> list[Told]:
    if decision is None:
        return []
    return told(decision.findings, Telling(visit.deps.law_on(decision.law_day), visit.language, veil))


def _version(visit: Visit, version: views.Paper, veil: Veil) -> dict[str, Any]:
    """One version with its fields by name; personal ones as the reader may see them."""
    document = version.received.document
    law = visit.deps.law_on(legal_day(version.received.received_at))
    facts, lines = _fields(document, veil)
    return {
        "paper": version,
        "facts": facts,
        "lines": lines,
        "findings": told(version.findings, Telling(law, visit.language, veil, version.ref.kind)),
    }


def _fields(document: Document, veil: Veil) -> tuple[dict[str, Any], Sequence[dict[str, Any]]]:
    facts = masked_facts(document, veil)
    head: Any = facts.pop("head", {})
    lines: Any = facts.pop("lines", ())
    facts.pop("type", None)
    if isinstance(document, OfficerAct):
        facts["subject"] = f"{document.subject.owner} {document.subject.key}"
    filled = [name for name in lines[0] if any(line[name] not in ("", None) for line in lines)] if lines else []
    return {**head, **facts}, [{name: line[name] for name in filled} for line in lines]


def _paper_ref(visit: Visit) -> Ref | None:
    params = visit.request.path_params
    if params["kind"] not in set(Kind):
        return None
    return Ref(kind=Kind(params["kind"]), owner=params["owner"], key=params["key"])

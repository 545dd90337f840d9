"""Facts as the API shows them: findings with their sentences, personal data as the reader may see them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import Struct
from msgspec import structs

from sandan.clearance.explain import explain
from sandan.clearance.mirror import Mirrored
from sandan.clearance.mirror import differs
from sandan.clearance.mirror import fold
from sandan.clearance.mirror import of_ours
from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.duty.facts import Assessment
from sandan.duty.working import working
from sandan.law import Law
from sandan.law import codes
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Posting
from sandan.store.masks import Veil
from sandan.store.masks import masked_facts
from sandan.store.masks import personal_values
from sandan.store.users import User
from sandan.store.views.case import CaseFile
from sandan.store.views.case import Decided
from sandan.store.views.case import Paper
from sandan.terms.days import legal_day

LawOn = Callable[[date], Law]


def fields(fact: Struct) -> dict[str, Any]:
    """The fields of a struct by name."""
    return structs.asdict(fact)


def case_shown(file: CaseFile, user: User, law_on: LawOn) -> dict[str, Any]:
    """One case with its papers, decisions, receipts and postings."""
    documents = [paper.received.document for paper in file.papers]
    veil = Veil(user, personal_values(documents))
    decisions = [_decision(item, veil, law_on) for item in file.decisions]
    case = {
        "ref": file.case.ref,
        "version": file.case.version,
        "status": file.case.status,
        "order": file.case.order,
        "waybill": file.case.waybill,
        "cop_no": file.cop_no,
        "pre_no": file.case.pre_no,
        "invt_no": file.case.invt_no,
        "customs_code": file.customs_code,
        "trade_mode": file.trade_mode,
        "declared_at": file.case.declared_at,
        "accepted_on": file.case.accepted_on,
        "released_at": file.case.released_at,
        "wait_until": file.case.wait_until,
        "waits": file.waits,
        "updated_at": file.updated_at,
        "decisions": decisions,
        "papers": [_paper(paper, veil, law_on(_day(file))) for paper in file.papers],
        "timeline": sorted(_timeline(file), key=itemgetter("at")),
        "receipts": [_receipt(item) for item in file.receipts],
        "customs": _customs(file),
        "postings": [_posting(item, veil) for item in file.postings],
    }
    shown: dict[str, Any] = veiled(msgspec.to_builtins(case), veil)
    return shown


def findings_shown(findings: Iterable[Finding], veil: Veil, law: Law) -> list[dict[str, Any]]:
    """Findings in words: sentence, both values and their senders, article, remedy, and whether to send again."""
    return [_finding(item, veil, law) for item in findings]


def findings_in_law(findings: Iterable[Finding], law: Law) -> list[dict[str, Any]]:
    """Findings in words for the one whose own values they are."""
    return [_finding(item, None, law) for item in findings]


def veiled(data: Any, veil: Veil) -> Any:  # noqa: ANN401 - JSON
    """JSON with personal values hidden in every text, wherever they are told."""
    if veil.is_lifted:
        return data
    if isinstance(data, dict):
        return {key: veiled(value, veil) for key, value in data.items()}
    if isinstance(data, list):
        return [veiled(item, veil) for item in data]
    return veil.text(data) if isinstance(data, str) else data


def _finding(finding: Finding, veil: Veil | None, law: Law) -> dict[str, Any]:
    told = explain(finding, law)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "code": told.code,
        "what": {"zh": told.zh, "en": told.en},
        "found": _said(finding.found, veil),
        "against": _said(finding.against, veil) if finding.against else None,
        "detail": finding.detail,
        "source": told.source,
        "remedy": {"zh": told.remedy_zh, "en": told.remedy_en},
        "retry": told.retry,
    }


def _said(said: Said, veil: Veil | None) -> dict[str, str]:
    return {
        "document": said.document,
        "field": said.field,
        "value": veil.field(said.field, said.value) if veil else said.value,
        "sender": said.sender,
    }


def _day(file: CaseFile) -> date:
    """The day whose law the case stands under, or stood when last changed."""
    return file.case.accepted_on or legal_day(file.updated_at)


def _decision(decided: Decided, veil: Veil, law_on: LawOn) -> dict[str, Any]:
    return {
        "version": decided.version,
        "status": decided.status,
        "at": decided.effective_at,
        "law_day": decided.law_day,
        "compared": decided.compared,
        "findings": findings_shown(decided.findings, veil, law_on(decided.law_day)),
        "events": [fields(event) for event in decided.events],
        "assessment": assessment_shown(decided.assessment) if decided.assessment else None,
    }


def assessment_shown(assessment: Assessment) -> dict[str, Any]:
    """The tax of a list with its working to the fen."""
    return {
        "route": assessment.route,
        "value_fen": assessment.value_fen,
        "tax_fen": assessment.tax_fen,
        "lines": [fields(line) | {"tax_fen": line.tax_fen, "steps": None} for line in assessment.lines],
        "working": working(assessment),
    }


def _paper(paper: Paper, veil: Veil, law: Law) -> dict[str, Any]:
    received = paper.received
    return {
        "kind": paper.ref.kind,
        "owner": paper.ref.owner,
        "key": paper.ref.key,
        "version": received.version,
        "state": paper.state,
        "sender": received.sender,
        "signer": received.signer,
        "received_at": received.received_at,
        "receipt_id": received.inbox_id,
        "document": masked_facts(received.document, veil),
        "findings": findings_shown(paper.findings, veil, law),
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "subject": receipt.subject,
        "status": receipt.status,
        "info": receipt.info,
        "at": receipt.at,
        "rules": receipt.rules,
        "meaning": receipt_meaning(receipt.status, receipt.info),
    }


def receipt_meaning(status: int, info: str) -> dict[str, Any]:
    """A receipt in plain words from the catalogue of codes: what it says, why, what to do, who does it, send again or not.

    Args:
        status: Receipt status (returnStatus).
        info: Its text (returnInfo).
    """
    entry = codes.find("", info, status)
    if entry is None:
        return {}
    return {
        "code": entry.code,
        "known": entry.known,
        "what": {"zh": entry.said("zh"), "en": entry.said("en")},
        "cause": {"zh": entry.cause_zh, "en": entry.cause_en},
        "remedy": {"zh": entry.remedy_zh, "en": entry.remedy_en},
        "owner": entry.owner,
        "retry": entry.retry,
    }


def _customs(file: CaseFile) -> dict[str, Any] | None:
    """What customs has answered about the list, folded into one state, beside ours; None while it has answered nothing."""
    ref = file.case.ref
    mirror = fold(one for one in file.mirrored if one.subject == ref)
    if not mirror.timeline:
        return None
    ours = fold(of_ours(item) for item in file.receipts if item.subject == ref)
    return {
        "standing": _mirrored(mirror.standing),
        "port": _mirrored(mirror.port),
        "customs": _mirrored(mirror.customs),
        "unknown": [_mirrored(one) for one in mirror.unknown],
        "uncertain": mirror.is_uncertain,
        "differs_from_ours": differs(mirror, ours),
    }


def _mirrored(one: Mirrored | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "status": one.status,
        "return_time": one.return_time,
        "stage": one.stage,
        "info": one.info,
        "pre_no": one.pre_no,
        "invt_no": one.invt_no,
        "meaning": receipt_meaning(one.status, one.info),
    }


def _posting(posting: Posting, veil: Veil) -> dict[str, Any]:
    owner = posting.account.owner
    return {
        "kind": posting.account.kind,
        "owner": veil.person(owner) if posting.account.kind is AccountKind.QUOTA else owner,
        "item": posting.account.item,
        "movement": posting.movement,
        "amount": posting.amount,
        "rule": posting.rule,
        "at": posting.at,
    }


def _timeline(file: CaseFile) -> Iterator[dict[str, Any]]:
    for paper in file.papers:
        yield {"at": paper.received.received_at, "what": "arrived", "kind": paper.ref.kind, "by": paper.received.sender}
    for decided in file.decisions:
        for event in decided.events:
            yield {"at": event.at, "what": event.kind, "kind": Kind.LIST, "by": event.actor, "note": event.note}
    for came in file.mirrored:
        yield {
            "at": came.at,
            "what": "mirrored",
            "kind": came.subject.kind,
            "by": came.stage,
            "status": came.status,
            "return_time": came.return_time,
            "note": came.info,
        }
    for receipt in file.receipts:
        yield {
            "at": receipt.at,
            "what": "receipt",
            "kind": receipt.subject.kind,
            "status": receipt.status,
            "note": receipt.info,
        }

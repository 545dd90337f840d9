"""Judges an upload of payment data: everything found, and the one answer customs gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta

from msgspec import Struct

from sandan.law import Law
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.oversight.facts import FAILED
from sandan.oversight.facts import STORED
from sandan.oversight.facts import Answer
from sandan.oversight.facts import Compared
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Hearing
from sandan.oversight.facts import Judgement
from sandan.oversight.facts import Slip
from sandan.oversight.rules import CHECKS
from sandan.oversight.rules import compare
from sandan.terms.ids import RuleId

_DONE = "上传成功"
_FAILURE = "上传失败"
_MISSING = RuleId("P179-MISSING")


class Asked(Struct, frozen=True, kw_only=True):
    """Who asks whom for what."""

    session_id: str
    ebp_code: str
    order_no: str
    officer: str


def demand(asked: Asked, now: datetime, law: Law) -> Demand:
    """The demand with its last moment, parameter ``realtime.answer_seconds`` after now (179/2018).

    Raises:
        NotInForceError: The law of that day knows no such demand.
    """
    return Demand(
        session_id=asked.session_id,
        ebp_code=asked.ebp_code,
        order_no=asked.order_no,
        officer=asked.officer,
        issued_at=now,
        due_at=now + timedelta(seconds=law.number("realtime.answer_seconds")),
    )


def judge(answer: Answer | None, slips: Iterable[Slip], hearing: Hearing) -> Judgement:
    """What customs answers to an upload (realTimeDataUp).

    Args:
        answer: What was read; None where nothing could be.
        slips: What reading found.
        hearing: Session, signature, papers, moment and law.

    Returns:
        Every finding, and the code and text of the first that refuses.
    """
    found = [*slips, *hearing.seal.slips]
    compared: tuple[Compared, ...] = ()
    if answer is not None:
        found += [slip for check in CHECKS for slip in check(answer, hearing)]
        compared = compare(answer, hearing.papers, hearing.demand) if hearing.demand else ()
    findings = [finding_of(slip, hearing.law) for slip in found] + [
        _difference(field, hearing.law) for field in compared if field.agrees is False
    ]
    if not hearing.seal.holds and not _refusing(findings):
        findings.append(finding_of(Slip(rule=RuleId("P179-SIGNATURE"), field="signValue"), hearing.law))
    code, message = _verdict(findings, hearing.law)
    return Judgement(code=code, message=message, findings=tuple(findings), compared=compared)


def finding_of(slip: Slip, law: Law) -> Finding:
    """A slip with the weight the law gives it."""
    rule = law.rule(slip.rule)
    found = Said(document="answer", field=slip.field, value=slip.found)
    against = Said(document="law", field=slip.field, value=slip.expected) if slip.expected else None
    return Finding(rule=slip.rule, severity=rule.severity, found=found, against=against)


def _difference(field: Compared, law: Law) -> Finding:
    return Finding(
        rule=field.rule,
        severity=law.rule(field.rule).severity,
        found=Said(document="answer", field=field.field, value=field.answered),
        against=Said(document=field.document, field=field.field, value=field.declared),
    )


def _refusing(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.REFUSE]


def _verdict(findings: list[Finding], law: Law) -> tuple[str, str]:
    """Code and text of the first finding that refuses; elements that are missing are named together, as customs does."""
    refusing = _refusing(findings)
    if not refusing:
        return STORED, _DONE
    missing = [finding.found.field for finding in refusing if finding.rule == _MISSING]
    if missing:
        return FAILED, "".join(f"{name} : {name}不为空;  " for name in missing)
    rule = law.rule(refusing[0].rule)
    return rule.receipt_code or FAILED, rule.receipt_text or _FAILURE

"""A finding in words: the sentence, both values and who gave them, the article, how to mend, whether to send again."""

from __future__ import annotations

from msgspec import Struct

from sandan.clearance.receipts import code_of
from sandan.clearance.receipts import mask
from sandan.documents.facts import Kind
from sandan.law import Law
from sandan.law.facts import Finding
from sandan.law.facts import Retry
from sandan.law.facts import Rule
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.terms.ids import RuleId

_ZH = {
    "order": "订单",
    "payment": "支付凭证",
    "waybill": "运单",
    "list": "清单",
    "officer_act": "关员处置",
    "case": "案件",
    "registry": "企业登记",
    "law": "法规",
    "ledger": "账户",
}
_EN = {"officer_act": "officer's act", "registry": "the register", "law": "the law", "ledger": "the account"}

_RETRY_ZH = {
    Retry.SAME: "可原样重发",
    Retry.FIX: "修改后重发",
    Retry.QUERY: "先查询再处理",
    Retry.WAIT: "无需重发，等待",
    Retry.NEVER: "不能以此方式通关",
}
_RETRY_EN = {
    Retry.SAME: "send the same again",
    Retry.FIX: "mend and send again",
    Retry.QUERY: "ask for the state first",
    Retry.WAIT: "nothing to send; wait",
    Retry.NEVER: "cannot be cleared this way",
}


class Told(Struct, frozen=True, kw_only=True):
    """A finding as a person reads it."""

    rule: RuleId
    severity: Severity
    #: Receipt code it is answered with
    code: str
    #: The rule as a sentence, with the figures of the case where it has any
    zh: str
    en: str
    #: Both values with the papers they stand in and their senders
    values_zh: str
    values_en: str
    #: Title and article of the source
    source: str
    remedy_zh: str
    remedy_en: str
    retry: Retry
    retry_zh: str
    retry_en: str


def explain(finding: Finding, law: Law, kind: Kind = Kind.LIST, *, veiled: bool = True) -> Told:
    """Tells a finding in Chinese and English.

    Args:
        finding: What was found.
        law: Any law; its catalogue gives sentence, source and remedy.
        kind: Document the finding answers, which chooses the code where the rule has none.
        veiled: Hide the middle of what names a person; only officers see it whole.
    """
    rule = law.rule(finding.rule)
    retry = _retry(finding, rule)
    source = f"{rule.source.title} {rule.source.article}".strip()
    return Told(
        rule=finding.rule,
        severity=finding.severity,
        code=code_of(finding, kind, law),
        zh=_with(rule.zh, finding.detail),
        en=_with(rule.en, finding.detail),
        values_zh="；".join(_value_zh(said, veiled=veiled) for said in _both(finding)),
        values_en="; ".join(_value_en(said, veiled=veiled) for said in _both(finding)),
        source=source,
        remedy_zh=rule.remedy_zh,
        remedy_en=rule.remedy_en,
        retry=retry,
        retry_zh=_RETRY_ZH[retry],
        retry_en=_RETRY_EN[retry],
    )


def _retry(finding: Finding, rule: Rule) -> Retry:
    """While a list waits there is nothing to send; once the wait has ended in refusal there is."""
    if finding.severity is Severity.WAIT:
        return Retry.WAIT
    refused = finding.severity is Severity.REFUSE and rule.retry is Retry.WAIT
    return Retry.FIX if refused else rule.retry


def _with(sentence: str, detail: str) -> str:
    return f"{sentence} ({detail})" if detail else sentence


def _both(finding: Finding) -> tuple[Said, ...]:
    return (finding.found,) if finding.against is None else (finding.found, finding.against)


def _value_zh(said: Said, *, veiled: bool) -> str:
    sender = f"（{said.sender} 发送）" if said.sender else ""
    return f"{_ZH.get(said.document, said.document)}{sender} {said.field}：{_shown(said, veiled=veiled) or '无'}"


def _value_en(said: Said, *, veiled: bool) -> str:
    sender = f" (sent by {said.sender})" if said.sender else ""
    return f"{_EN.get(said.document, said.document)}{sender} {said.field}: {_shown(said, veiled=veiled) or 'none'}"


def _shown(said: Said, *, veiled: bool) -> str:
    return mask(said.field, said.value) if veiled else said.value

"""Findings as readers see them: the sentence, both values, the article, the remedy and whether to send again."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec import structs

from sandan.clearance.explain import Told as Explained
from sandan.clearance.explain import explain
from sandan.documents.facts import Kind
from sandan.law import Law
from sandan.law.errors import UnknownNameError
from sandan.law.facts import Finding
from sandan.law.facts import Retry
from sandan.law.facts import Said
from sandan.store.masks import Veil
from sandan.terms.ids import RuleId

GRAVITY = {"refuse": 0, "wait": 1, "review": 2, "note": 3}
"""Order in which findings are told."""


class RuleWords(Struct, frozen=True):
    """A rule in the reader's language."""

    id: str
    sentence: str
    #: Title and article of the text it stands in
    source: str
    remedy: str


class Told(Struct, frozen=True):
    """A finding in the reader's language."""

    rule: RuleWords
    severity: str
    #: The rule as a sentence, with what was found of this case
    sentence: str
    found: Said
    against: Said | None
    code: str
    #: Whether to send again; None where the catalogue does not know the rule
    retry: Retry | None


def rule_words(law: Law, rule_id: str, language: str) -> RuleWords:
    """Returns a rule in a language; one that the catalogue of the day does not hold is named by its id alone."""
    try:
        rule = law.rule(RuleId(rule_id))
    except UnknownNameError:
        return RuleWords(rule_id, rule_id, "", "")
    zh = language == "zh"
    return RuleWords(
        id=rule_id,
        sentence=rule.zh if zh else rule.en,
        source=f"{rule.source.title} {rule.source.article}".strip(),
        remedy=rule.remedy_zh if zh else rule.remedy_en,
    )


class Telling(Struct, frozen=True):
    """How findings are told: by which law, in which language, to whom, about what kind of paper."""

    law: Law
    language: str
    veil: Veil
    kind: Kind = Kind.LIST


def told(findings: Iterable[Finding], telling: Telling) -> list[Told]:
    """Returns findings in a language, the gravest first, with personal data as the reader may see it."""
    entries = [_told(finding, telling) for finding in findings]
    return sorted(entries, key=lambda entry: GRAVITY[entry.severity])


def retry_of(entries: Iterable[Told]) -> Retry | None:
    """Returns whether to send again: what the most hindering of the grave findings says."""
    order = (Retry.NEVER, Retry.FIX, Retry.QUERY, Retry.WAIT, Retry.SAME)
    said = {entry.retry for entry in entries if entry.severity in ("refuse", "wait", "review")}
    return next((retry for retry in order if retry in said), None)


def _told(finding: Finding, telling: Telling) -> Told:
    law, veil = telling.law, telling.veil
    words = rule_words(law, finding.rule, telling.language)
    known = explain(finding, law, telling.kind, veiled=not veil.is_lifted) if words.source else None
    return Told(
        rule=words,
        severity=finding.severity,
        sentence=veil.text(_sentence(known, telling.language) if known else words.sentence),
        found=_said(finding.found, veil),
        against=_said(finding.against, veil) if finding.against else None,
        code=known.code if known else finding.code,
        retry=known.retry if known else None,
    )


def _sentence(known: Explained, language: str) -> str:
    return known.zh if language == "zh" else known.en


def _said(said: Said, veil: Veil) -> Said:
    return structs.replace(said, value=veil.field(said.field, said.value))

"""A breach of a rule as a finding, with the severity the catalogue gives it."""

from __future__ import annotations

from msgspec.structs import replace

from sandan.law import Law
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.terms.ids import RuleId

Findings = tuple[Finding, ...]
"""Breaches found; empty where all is well."""

CLEAN: Findings = ()


def breach(law: Law, rule: str, found: Said, against: Said | None = None, detail: str = "") -> Findings:
    """One finding, or none where the rule is not applied on the day of the law.

    Args:
        law: The law of the day.
        rule: Id of the rule in the catalogue.
        found: What was found and who said it.
        against: What it was held against.
        detail: Words to fill into the sentence, already formatted.
    """
    rule_id = RuleId(rule)
    if not law.is_on(rule_id):
        return CLEAN
    severity = law.rule(rule_id).severity
    return (Finding(rule=rule_id, severity=severity, found=found, against=against, detail=detail),)


def graded(severity: Severity, findings: Findings) -> Findings:
    """The same findings with another severity than the catalogue gives their rules."""
    return tuple(replace(finding, severity=severity) for finding in findings)


def by_law(field: str, value: object) -> Said:
    """What the law asks for, as the other side of a finding."""
    return Said(document="law", field=field, value=str(value))


def by_registry(field: str, value: object) -> Said:
    """What the registry holds, as the other side of a finding."""
    return Said(document="registry", field=field, value=str(value))

"""A breach of a rule as a finding, with the severity the catalogue gives it."""

from __future__ import annotations

from typing import Any
from typing import Protocol

from sandan.law.facts import Finding
from sandan.law.facts import Rule
from sandan.law.facts import Said
from sandan.law.facts import TariffLine
from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId


class Law(Protocol):
    """What judgement asks of the law of a day."""

    def value(self, name: str, /) -> Any:  # noqa: ANN401 - a parameter is of its own type
        """Value of a parameter on the day."""
        ...

    def rule(self, rule: RuleId, /) -> Rule:
        """One rule of the catalogue."""
        ...

    def is_on(self, rule: RuleId, /) -> bool:
        """Whether a rule is in force and applied on the day."""
        ...

    def tariff(self, gcode: HsCode, /) -> TariffLine | None:
        """Rates and legal units of a commodity code; None where none are at hand."""
        ...

    def listed(self, gcode: HsCode, /) -> Any:  # noqa: ANN401 - entry of the positive list
        """Entry of the positive list; None where the code is not on the list at hand."""
        ...

    def bonded_place(self, city: str, /) -> bool | None:
        """Whether 1210 is open to a city; None where its membership is not known."""
        ...

    def suspended(self, gcode: HsCode, country: str, /) -> str:
        """Why goods of a code and origin are suspended; empty where they are not."""
        ...


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


def by_law(field: str, value: object) -> Said:
    """What the law asks for, as the other side of a finding."""
    return Said(document="law", field=field, value=str(value))


def by_registry(field: str, value: object) -> Said:
    """What the registry holds, as the other side of a finding."""
    return Said(document="registry", field=field, value=str(value))

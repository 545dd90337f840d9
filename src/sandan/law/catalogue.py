"""The rule catalogue: every atomic rule of the law and of the message specification, as data.

A file holds rules that share a source; its ``defaults`` are merged into each. Kinds of ``implemented_by``: ``check`` and the
room that names the rule, ``rule`` and the rule that does its work too, ``parameter`` and its name, ``data`` and the table,
``flow`` and the room that runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sandan.law import data_files
from sandan.law.facts import Evidence
from sandan.law.facts import Fact
from sandan.law.facts import Retry
from sandan.law.facts import Rule
from sandan.law.facts import Severity
from sandan.law.facts import Source
from sandan.terms.ids import RuleId


@cache
def shipped() -> Mapping[RuleId, Rule]:
    """Every rule that ships with the platform, by id, in the order of the files.

    Raises:
        ValueError: Two entries have the same id.
    """
    rules: dict[RuleId, Rule] = {}
    for name, content in data_files.documents("rules"):
        for rule_id, entry in content["rules"].items():
            if rule_id in rules:
                raise ValueError(f"{name}: rule {rule_id} stands in the catalogue twice")
            rules[RuleId(rule_id)] = _rule(rule_id, {**content["defaults"], **entry})
    return rules


def _rule(rule_id: str, entry: Mapping[str, Any]) -> Rule:
    """One entry with its file's defaults merged in."""
    evidence = Evidence(entry["evidence"])
    return Rule(
        id=RuleId(rule_id),
        source=Source(title=entry["source"], article=str(entry.get("article", ""))),
        evidence=evidence,
        since=entry["since"],
        until=entry.get("until"),
        actors=tuple(entry.get("actors", "").split()),
        zh=entry["zh"],
        en=entry["en"],
        remedy_zh=entry.get("fix_zh", ""),
        remedy_en=entry.get("fix_en", ""),
        severity=Severity(entry.get("severity", "refuse")),
        retry=Retry(entry.get("retry", "fix-and-resend")),
        receipt_code=str(entry.get("code", "")),
        receipt_text=entry.get("text", ""),
        enabled=entry.get("enabled", evidence is not Evidence.MEMORY),
        implemented_by=tuple(entry.get("by", ())),
        not_executable=entry.get("not_executable", ""),
        waits_for=entry.get("waits_for", ""),
        passing=_sample(entry.get("passes", {})),
        failing=_sample(entry.get("fails", {})),
        note=entry.get("note", ""),
    )


def _sample(raw: Mapping[str, Any]) -> Mapping[str, Fact]:
    """Facts of a sample; days and rates become text."""
    return {key: _fact(value) for key, value in raw.items()}


def _fact(value: object) -> Fact:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return value if isinstance(value, str | int | bool | None) else str(value)

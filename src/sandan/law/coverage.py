"""What of the law is carried out, by what, and what is not: the coverage table.

Each atomic rule of the law (an id that begins with R) counts once. A rule is executable unless the catalogue says why no
program can carry it out. It is covered when something carries it out and it has a passing and a failing sample; a rule
that waits for a flow of later work is executable and not covered. Rules of the message specification and our own
interpretations are listed beside them and not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from sandan.law import catalogue
from sandan.law.facts import Rule


class State(StrEnum):
    """How far a rule is carried out."""

    COVERED = "covered"
    """Something carries it out, with a passing and a failing sample."""
    WAITS = "waits"
    """Its flow arrives with later work."""
    NOT_EXECUTABLE = "not-executable"
    """No program can carry it out; the reason is stated."""
    INCOMPLETE = "incomplete"
    """Nothing carries it out and nothing says why, or a sample is missing."""


class Line(Struct, frozen=True, kw_only=True):
    """One rule in the table."""

    rule: str
    source: str
    article: str
    state: State
    #: Checks, parameters, data or flows that carry it out
    by: tuple[str, ...]
    #: Reason, or the flow it waits for
    because: str
    passing: bool
    failing: bool
    #: Applied by default; a rule from memory is off
    enabled: bool
    #: Whether the rule counts towards the share
    counted: bool


class Coverage(Struct, frozen=True, kw_only=True):
    """The table and its sum."""

    lines: tuple[Line, ...]
    #: Rules of the law
    rules: int
    executable: int
    covered: int

    @property
    def share(self) -> float:
        """Covered of executable, rounded to four places; for reading, never for reckoning."""
        return round(self.covered / self.executable, 4) if self.executable else 0.0


def coverage(rules: Mapping[str, Rule] | None = None) -> Coverage:
    """The coverage table of a catalogue, by default of the shipped one."""
    lines = tuple(_line(rule) for rule in (rules or catalogue.shipped()).values())
    counted = [line for line in lines if line.counted]
    executable = [line for line in counted if line.state is not State.NOT_EXECUTABLE]
    covered = [line for line in executable if line.state is State.COVERED]
    return Coverage(lines=lines, rules=len(counted), executable=len(executable), covered=len(covered))


def state_of(rule: Rule) -> State:
    """How far one rule is carried out."""
    if rule.not_executable:
        return State.NOT_EXECUTABLE
    if not rule.passing or not rule.failing:
        return State.INCOMPLETE
    if rule.waits_for:
        return State.WAITS
    return State.COVERED if rule.implemented_by else State.INCOMPLETE


def _line(rule: Rule) -> Line:
    return Line(
        rule=rule.id,
        source=rule.source.title,
        article=rule.source.article,
        state=state_of(rule),
        by=rule.implemented_by,
        because=rule.not_executable or rule.waits_for,
        passing=bool(rule.passing),
        failing=bool(rule.failing),
        enabled=rule.enabled,
        counted=rule.id.startswith("R"),
    )

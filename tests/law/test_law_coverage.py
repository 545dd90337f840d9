"""The coverage table, and that it names every rule of the reference."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from sandan.law import catalogue
from sandan.law.coverage import State
from sandan.law.coverage import coverage
from sandan.law.facts import Rule

REFERENCE = Path(__file__).parents[3] / "shared" / "law" / "RULES.md"
RULE_ID = re.compile(r"\*\*(R[A-Z0-9]*-[A-Za-z0-9.]+)\b[^*]*\*\*")


@pytest.fixture
def rule() -> Rule:
    return catalogue.shipped()["R194-9.1"]  # type: ignore[index]


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference folder is absent")
def test_every_rule_of_the_reference_is_in_the_catalogue_and_nothing_else_counts() -> None:
    reference = set(RULE_ID.findall(REFERENCE.read_text("utf-8")))
    counted = {line.rule for line in coverage().lines if line.counted}
    assert reference
    assert counted == reference


def test_each_rule_counts_once() -> None:
    table = coverage()
    assert table.rules == len({line.rule for line in table.lines if line.counted})
    assert table.covered <= table.executable <= table.rules
    assert 0 < table.share <= 1


def test_a_rule_without_a_failing_sample_is_incomplete(rule: Rule) -> None:
    bare = msgspec.structs.replace(rule, failing={})
    assert coverage({"R194-9.1": bare}).lines[0].state is State.INCOMPLETE


def test_a_rule_that_nothing_carries_out_is_incomplete(rule: Rule) -> None:
    bare = msgspec.structs.replace(rule, implemented_by=())
    assert coverage({"R194-9.1": bare}).covered == 0


def test_a_rule_that_waits_for_a_flow_is_executable_and_not_covered(rule: Rule) -> None:
    waiting = msgspec.structs.replace(rule, waits_for="exports")
    table = coverage({"R194-9.1": waiting})
    assert (table.executable, table.covered) == (1, 0)


def test_a_rule_no_program_can_carry_out_does_not_count_against_the_share(rule: Rule) -> None:
    human = msgspec.structs.replace(rule, not_executable="an officer judges it")
    table = coverage({"R194-9.1": rule, "R194-3.1": human})
    assert (table.rules, table.executable, table.covered, table.share) == (2, 1, 1, 1.0)


def test_rules_of_the_message_specification_are_listed_and_not_counted(rule: Rule) -> None:
    wire = msgspec.structs.replace(rule, id="CEB-6.1.1", since=date(2016, 4, 8))
    assert coverage({"CEB-6.1.1": wire}).rules == 0


def test_oversight_is_later_work() -> None:
    waiting = {line.rule for line in coverage().lines if line.because == "oversight"}
    assert {"R194-26.1", "R194-27.2", "R194-28.1", "R194-29.3"} <= waiting

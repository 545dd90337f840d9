"""Every scenario is played through the same door as anyone, and every answer is the expected one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.sandbox.platform import Scratch
from sandan.sandbox.platform import scratch_databases
from sandan.sandbox.player import play
from sandan.sandbox.scenario import Scenario
from sandan.sandbox.scenario import read_all
from sandan.sandbox.seed import office
from sandan.store.provider import Database

SCENARIOS = read_all(Path(__file__).parents[2] / "scenarios")


@pytest.fixture(scope="module")
def scratch(server: Database) -> Iterator[Scratch]:
    with scratch_databases(server) as databases:
        yield databases


@pytest.fixture(scope="module")
def dispatch(test_authority: Authority) -> Office:
    return office(test_authority)


def test_there_are_at_least_fifteen_import_scenarios() -> None:
    assert sum("import" in scenario.tags for scenario in SCENARIOS) >= 15


def test_there_are_scenarios_tagged_law() -> None:
    assert sum("law" in scenario.tags for scenario in SCENARIOS) >= 7


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_answer_is_the_expected_one(scenario: Scenario, scratch: Scratch, dispatch: Office) -> None:
    assert play(scenario, scratch, dispatch).failures == ()

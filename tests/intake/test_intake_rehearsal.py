"""A rehearsal says what the real run would say, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from itertools import permutations

import pytest
from msgspec import structs

from sandan import law
from sandan.clearance.facts import Conditions
from sandan.clearance.facts import Status
from sandan.intake.reading import Desk
from sandan.intake.rehearsal import Stage
from sandan.intake.rehearsal import rehearse
from sandan.law import Law
from sandan.law.overlay import read_overlay
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.sandbox import lawfiles
from sandan.sandbox import world


def balances(accounts: Collection[AccountId]) -> Mapping[AccountId, Balance]:
    opened = world.openings()
    return {account: Balance(granted=opened[account]) for account in accounts if account in opened}


@pytest.fixture(scope="session")
def law_on() -> Callable[[date], Law]:
    overlay = read_overlay(lawfiles.all_files(), production=False)
    return lambda day: law.at(day, overlay)


@pytest.fixture
def stage(desk: Desk, law_on: Callable[[date], Law]) -> Stage:
    return Stage(
        registry=desk.registry,
        law_on=law_on,
        conditions=Conditions(wait_missing=timedelta(hours=1), wait_disagreement=timedelta(0)),
        balances=balances,
        now=desk.now,
    )


def test_a_clean_parcel_clears_in_every_order(stage: Stage, post: Mapping[str, bytes]) -> None:
    for bodies in permutations(post.values()):
        assert rehearse(bodies, stage).clears


def test_the_same_question_twice_gets_the_same_answer(stage: Stage, post: Mapping[str, bytes]) -> None:
    first, again = (rehearse(list(post.values()), stage) for _ in range(2))
    assert first.verdicts == again.verdicts


def test_a_list_alone_would_wait(stage: Stage, post: Mapping[str, bytes]) -> None:
    found = rehearse([post["declaration"]], stage)
    assert found.readable
    assert not found.clears
    assert found.verdicts[0].decision is not None
    assert found.verdicts[0].decision.case.status is Status.WAITING


def test_rubbish_is_not_readable(stage: Stage) -> None:
    found = rehearse([b"rubbish"], stage)
    assert (found.readable, found.clears, found.verdicts) == (False, False, ())


def test_a_message_the_door_refuses_has_no_verdicts(stage: Stage, post: Mapping[str, bytes]) -> None:
    found = rehearse([post["order"].replace(b"<ceb:qty>", b"<ceb:qty>x")], stage)
    assert (found.readable, found.clears, found.verdicts) == (True, False, ())


def test_without_money_the_list_is_refused(stage: Stage, post: Mapping[str, bytes]) -> None:
    poor = structs.replace(stage, balances=lambda _: {})
    found = rehearse(list(post.values()), poor)
    assert not found.clears
    assert {finding.against.document for finding in found.verdicts[-1].findings if finding.against} == {"ledger"}

"""The one table of statuses."""

from __future__ import annotations

import pytest

from sandan.clearance.facts import Status
from sandan.clearance.transitions import ALLOWED
from sandan.clearance.transitions import ForbiddenError
from sandan.clearance.transitions import may
from sandan.clearance.transitions import walk


def test_every_status_has_its_row() -> None:
    assert set(ALLOWED) == set(Status)


def test_a_case_begins_saved_or_declared() -> None:
    assert [status for status in Status if may(None, status)] == [Status.DRAFT, Status.WAITING]


def test_released_is_final() -> None:
    assert not any(may(Status.RELEASED, status) for status in Status)


def test_refused_opens_again_only_by_a_new_list() -> None:
    assert ALLOWED[Status.REFUSED] == {Status.DRAFT, Status.WAITING}


def test_nothing_is_released_that_was_not_accepted() -> None:
    before = {status for status in Status if may(status, Status.RELEASED)}
    assert before == {Status.ACCEPTED, Status.REVIEW, Status.INSPECTION, Status.HELD}


def test_walking_a_path_ends_at_its_last_status() -> None:
    assert walk(None, Status.WAITING, Status.ACCEPTED, Status.RELEASED) is Status.RELEASED


def test_a_step_outside_the_table_is_a_fault_of_ours() -> None:
    with pytest.raises(ForbiddenError, match="from waiting to released"):
        walk(Status.WAITING, Status.RELEASED)


def test_a_path_has_a_step() -> None:
    with pytest.raises(ForbiddenError):
        walk(None)

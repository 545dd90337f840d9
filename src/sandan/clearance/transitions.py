"""The one table of statuses a case may pass through."""

from __future__ import annotations

from collections.abc import Mapping

from sandan.clearance.facts import Status

ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.DRAFT, Status.WAITING}),
    Status.WAITING: frozenset({Status.WAITING, Status.ACCEPTED, Status.REFUSED}),
    Status.ACCEPTED: frozenset({Status.REVIEW, Status.INSPECTION, Status.RELEASED}),
    Status.REVIEW: frozenset({Status.INSPECTION, Status.HELD, Status.RELEASED, Status.REFUSED}),
    Status.INSPECTION: frozenset({Status.REVIEW, Status.HELD, Status.RELEASED, Status.REFUSED}),
    Status.HELD: frozenset({Status.REVIEW, Status.INSPECTION, Status.RELEASED, Status.REFUSED}),
    Status.RELEASED: frozenset(),
    Status.REFUSED: frozenset({Status.DRAFT, Status.WAITING}),
}
"""From a status to those that may follow; a new list version begins again at ``DRAFT`` or ``WAITING``."""

BEGINNINGS = frozenset({Status.DRAFT, Status.WAITING})
"""Where a case may begin: saved, or declared."""

BEFORE_OFFICER = frozenset({Status.REVIEW, Status.INSPECTION, Status.HELD})
"""Where an officer's decision is awaited."""


class ForbiddenError(Exception):
    """The table of statuses does not allow this step."""


def may(before: Status | None, after: Status) -> bool:
    """Whether a case may go from one status to another.

    >>> may(Status.RELEASED, Status.REFUSED)
    False

    Args:
        before: Status now; None for a case that does not exist yet.
        after: Status wanted.
    """
    return after in (BEGINNINGS if before is None else ALLOWED[before])


def walk(before: Status | None, *path: Status) -> Status:
    """Last status of a path, each step of which the table allows.

    Args:
        before: Status now; None for a case that does not exist yet.
        path: Statuses to pass through, in order, at least one.

    Raises:
        ForbiddenError: A step is not in the table; that is a fault of this room, not of the papers.
    """
    status = before
    for after in path:
        if not may(status, after):
            raise ForbiddenError(f"a case may not go from {status} to {after}")
        status = after
    if status is None:
        raise ForbiddenError("a path has at least one step")
    return status

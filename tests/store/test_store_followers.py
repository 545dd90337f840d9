"""A follower reads each chain once, in order, and its place moves only with the work."""

from __future__ import annotations

from typing import Any

import pytest

from sandan.sandbox.parcels import Maker
from sandan.store.followers import follow

NAME = "revenue"


@pytest.fixture
def followed(desk: Any, maker: Maker) -> Any:
    """Two batches that released one list each, and one that refused nothing and released nothing."""
    for _ in range(2):
        desk.send(*maker.ordinary().full)
    desk.send(maker.ordinary().order)
    return desk


def _all(desk: Any, limit: int = 1) -> list[tuple[int, int]]:
    """Links and released lists of each stretch until there is nothing new."""
    found = []
    with desk.pool.connection() as conn:
        while (stretch := follow(conn, NAME, limit)).links:
            found.append((stretch.links, len(stretch.released)))
            conn.commit()
    return found


def test_every_release_is_found_once(followed: Any) -> None:
    assert sum(released for _, released in _all(followed)) == 2
    assert _all(followed) == []


def test_several_links_may_be_taken_together(followed: Any) -> None:
    assert sum(released for _, released in _all(followed, 100)) == 2


def test_work_undone_is_found_again(followed: Any) -> None:
    with followed.pool.connection() as conn:
        first = follow(conn, NAME, 100)
        conn.rollback()
        assert follow(conn, NAME, 100) == first


def test_a_chain_somebody_is_at_is_left_to_him(followed: Any) -> None:
    with followed.pool.connection() as one, followed.pool.connection() as other:
        taken = 0
        while follow(one, NAME, 100).links:
            taken += 1
        assert taken
        assert follow(other, NAME, 100).links == 0


def test_nobody_follows_under_a_name_not_entered(followed: Any) -> None:
    with followed.pool.connection() as conn:
        assert follow(conn, "nobody", 100).links == 0

"""Selection of lists by the operator's criteria."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any

import pytest

from sandan.documents.facts import DeclarationList
from sandan.inspection.decide import drawn
from sandan.inspection.decide import select
from sandan.inspection.facts import Action
from sandan.inspection.facts import Criterion
from sandan.sandbox import world
from sandan.sandbox.parcels import Maker

MAKER = Maker(1, datetime(2026, 11, 21, tzinfo=UTC), "T")


def _list() -> DeclarationList:
    """A bonded list of milk (1901101000, origin 309)."""
    return MAKER.parcel("1210", ((world.GOODS[0], 1),), MAKER.person(3)).declaration


def _one(**conditions: Any) -> Criterion:
    return Criterion(name="one", order=Action.REVIEW, **conditions)


def test_no_criteria_select_nothing() -> None:
    assert select(_list(), 23_800, ()) is None


@pytest.mark.parametrize(
    ("conditions", "selected"),
    [
        ({}, True),
        ({"gcodes": ("1901",)}, True),
        ({"gcodes": ("2204", "1901101000")}, True),
        ({"gcodes": ("2204",)}, False),
        ({"countries": ("309",)}, True),
        ({"countries": ("116",)}, False),
        ({"enterprises": (world.SHOP_JP,)}, True),
        ({"enterprises": (world.WAREHOUSE,)}, True),
        ({"enterprises": (world.SHOP_NL,)}, False),
        ({"value_fen": 23_800}, True),
        ({"value_fen": 23_801}, False),
        ({"gcodes": ("1901",), "countries": ("116",)}, False),
        ({"per_mille": 0}, False),
    ],
)
def test_every_condition_a_criterion_names_must_hold(conditions: Any, selected: bool) -> None:  # noqa: FBT001 - a table
    assert (select(_list(), 23_800, (_one(**conditions),)) is not None) is selected


def test_inspection_outranks_review() -> None:
    review, inspect = _one(), Criterion(name="two", order=Action.INSPECT)
    chosen = select(_list(), 23_800, (review, inspect))
    assert chosen is not None
    assert (chosen.order, chosen.criterion) == (Action.INSPECT, "two")


def test_the_first_review_is_named() -> None:
    second = Criterion(name="two", order=Action.REVIEW)
    chosen = select(_list(), 23_800, (_one(), second))
    assert chosen is not None
    assert chosen.criterion == "one"


def test_the_lot_falls_the_same_way_every_time() -> None:
    declaration = _list()
    criterion = _one(per_mille=500)
    assert len({drawn(declaration, criterion) for _ in range(10)}) == 1


def test_the_lot_falls_on_about_its_share() -> None:
    """One in ten of two thousand lists, give or take; a criterion of another name draws others."""
    lists = [_list() for _ in range(2_000)]
    one = [drawn(declaration, _one(per_mille=100)) for declaration in lists]
    other = Criterion(name="other", order=Action.REVIEW, per_mille=100)
    assert 140 <= sum(one) <= 260
    assert one != [drawn(declaration, other) for declaration in lists]

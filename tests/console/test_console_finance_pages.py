"""The calendar of money: who sees what is owed, on which day it falls due, and what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandan.sandbox import world
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]
PAGE = f"/finance/{world.PLATFORM}"


def test_the_last_day_stands_on_the_calendar(visitor: Visitor, officer: User) -> None:
    text = visitor(officer).get(PAGE).text
    assert "2027-01-05" in text
    assert "2026-12-22" in text
    assert "Days of return" in text


@pytest.mark.parametrize(("days", "stage"), [(31, "Payable"), (45, "Payable"), (46, "Overdue")])
def test_the_officer_sees_at_once_what_is_overdue(
    visitor: Visitor, officer: User, clock: Any, days: int, stage: str
) -> None:
    clock.at += timedelta(days=days)
    text = visitor(officer).get("/finance").text
    assert f"<td>{stage}</td>" in text
    assert ("Overdue today" in text) is (stage == "Overdue")


def test_bills_come_as_a_sheet(visitor: Visitor, officer: User) -> None:
    lines = visitor(officer).get(f"{PAGE}?format=csv").text.splitlines()
    assert lines[0].endswith("stage,document")
    assert any(",created,returnable," in line for line in lines)


def test_a_stage_filters_the_bills(visitor: Visitor, officer: User) -> None:
    assert "No bill like this" in visitor(officer).get(f"{PAGE}?stage=overdue").text


def test_another_enterprise_sees_nothing(visitor: Visitor, bank: User) -> None:
    assert visitor(bank).get(PAGE).status_code == 404
    assert world.PLATFORM not in visitor(bank).get("/finance").text

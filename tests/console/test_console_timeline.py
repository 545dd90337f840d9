"""The timeline tells causes before their effects."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from sandan.console.timeline import Happening
from sandan.console.timeline import happenings
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.store.views.case import CaseFile
from sandan.store.views.case import case_file
from sandan.store.views.case import papers_compared
from sandan.store.views.scope import EVERYTHING


@pytest.fixture
def file(played: ConnectionPool[Any]) -> CaseFile:
    """The file of the parcel that was chosen for inspection."""
    with played.connection() as conn:
        found = case_file(conn, Ref(kind=Kind.LIST, owner="0131960301", key="QDSHOW00000018"), EVERYTHING)
    assert found is not None
    return found


@pytest.fixture
def told(file: CaseFile) -> list[Happening]:
    return happenings(file)


def test_papers_come_before_events_and_events_before_receipts_of_the_same_moment(told: list[Happening]) -> None:
    first = [item.what for item in told if item.at == told[0].at]
    assert first == sorted(first, key=["paper", "act", "event", "receipt"].index)


def test_papers_stand_in_the_order_they_came_in(told: list[Happening]) -> None:
    assert [item.name for item in told if item.what == "paper"] == ["order", "payment", "waybill", "list"]


def test_everything_is_told_once(file: CaseFile, told: list[Happening]) -> None:
    events = sum(len(decision.events) for decision in file.decisions)
    assert len(told) == len(file.papers) + events + len(file.receipts)


def test_the_file_names_the_versions_that_were_compared(file: CaseFile) -> None:
    papers = papers_compared(file)
    assert papers is not None
    assert papers.order is not None
    assert papers.order.version == file.case.compared["order"]
    assert len(papers.payments) == 1

"""Today: cases by status, hour and reason of the legal day, and the pace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg_pool import ConnectionPool

from sandan.store.users import User
from sandan.store.views import today
from sandan.store.views.scope import EVERYTHING
from sandan.store.views.scope import Scope
from sandan.store.views.today import Count
from sandan.store.views.today import Span
from sandan.terms.days import SHANGHAI

Visitor = Callable[..., httpx.Client]


@pytest.fixture
def day(clock: Any) -> Span:
    start = clock.now().astimezone(SHANGHAI).replace(hour=0, minute=0)
    return Span(start, start + timedelta(days=1))


def test_every_case_of_the_day_is_counted_once(played: ConnectionPool[Any], day: Span) -> None:
    with played.connection() as conn:
        counted = today.counts(conn, day, EVERYTHING)
        (cases, tax_fen) = conn.execute("SELECT count(*), sum(tax_fen) FROM cases").fetchone() or (0, 0)
    statuses = today.by_status(counted)
    assert sum(count.cases for count in statuses) == cases
    assert sum(count.tax_fen for count in statuses) == tax_fen


def test_a_closed_case_belongs_to_its_day_and_an_open_one_to_every_day(played: ConnectionPool[Any], day: Span) -> None:
    tomorrow = Span(day.end, day.end + timedelta(days=1))
    with played.connection() as conn:
        counted = today.counts(conn, tomorrow, EVERYTHING)
    assert {count.status for count in today.by_status(counted)} == {"waiting", "inspection"}
    assert today.by_hour(counted) == ()


def test_only_the_readers_own_cases_are_counted(played: ConnectionPool[Any], day: Span, bank: User) -> None:
    with played.connection() as conn:
        assert today.counts(conn, day, Scope(bank.enterprise)) == ()


def test_the_payment_enterprise_of_a_case_counts_it(played: ConnectionPool[Any], day: Span) -> None:
    with played.connection() as conn:
        assert today.counts(conn, day, Scope("0131960501"))


def test_a_case_with_two_reasons_counts_under_both() -> None:
    counted = [
        Count("refused", None, ["CEB-6.2.5", "CEB-6.1.3"], 2, 0, 0),
        Count("refused", None, ["CEB-6.2.5"], 1, 0, 0),
    ]
    assert [(one.reason, one.cases) for one in today.by_reason(counted)] == [("CEB-6.2.5", 3), ("CEB-6.1.3", 2)]


def test_the_page_has_each_number_also_in_a_table(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/").text
    assert '<th scope="row">14:00</th>' in page
    assert 'href="/cases?reason=CEB-6.2.4&amp;status=refused"' in page


def test_only_the_live_part_is_sent_again(visitor: Visitor, officer: User) -> None:
    part = visitor(officer).get("/", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert "count-card" in part


def test_a_day_without_cases_says_so(visitor: Visitor, bank: User) -> None:
    assert "A quiet day so far" in visitor(bank).get("/").text

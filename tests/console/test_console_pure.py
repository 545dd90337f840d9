"""Small pure parts: amounts and ages, files, charts, words of fields and codes, the next step."""

from __future__ import annotations

import doctest
import importlib
import json
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import msgspec
import pytest

from sandan.clearance import compare
from sandan.clearance.facts import Case
from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Status
from sandan.console import charts
from sandan.console import formats
from sandan.console import labels
from sandan.console import meanings
from sandan.console import sheets
from sandan.console import statuses
from sandan.console.findings import retry_of
from sandan.console.next_step import next_step
from sandan.documents.arrival import DocumentState
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Head
from sandan.documents.facts import Kind
from sandan.documents.facts import ListLine
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Ref
from sandan.documents.facts import Waybill
from sandan.duty.facts import Route
from sandan.duty.facts import StepName
from sandan.intake.facts import Outcome
from sandan.law.facts import Retry
from sandan.law.facts import Severity
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Movement
from sandan.store.users import Seat
from sandan.store.views.today import HourCount
from sandan.terms.ids import InvtNo
from sandan.terms.ids import PreNo

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
MODULES = ("formats", "sheets", "session_pages", "meanings", "labels")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_words_hold(name: str) -> None:
    tried = doctest.testmod(importlib.import_module(f"sandan.console.{name}"))
    assert tried.attempted
    assert not tried.failed


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (statuses.STATUSES, Status),
        (statuses.KINDS, Kind),
        (statuses.PAPER_STATES, DocumentState),
        (statuses.OUTCOMES, Outcome),
        (statuses.SEVERITIES, Severity),
        (statuses.RETRIES, Retry),
        (statuses.ACCOUNT_KINDS, AccountKind),
        (statuses.MOVEMENTS, Movement),
        (statuses.VERDICTS, OfficerVerdict),
        (statuses.EVENTS, EventKind),
        (statuses.SEATS, Seat),
        (statuses.ROUTES, Route),
        (statuses.STEPS, StepName),
    ],
)
def test_every_word_of_the_facts_has_a_word_for_readers(words: dict[str, object], known: type) -> None:
    assert set(words) == {member.value for member in known}


@pytest.mark.parametrize("paper", [Head, Order, OrderLine, Payment, Waybill, DeclarationList, ListLine])
def test_every_field_of_a_paper_has_a_name(paper: type) -> None:
    named = {field.name.removesuffix("_e5") for field in msgspec.structs.fields(paper)} - {"head"}
    assert named <= set(labels.FIELDS)


def test_every_field_of_the_board_has_a_name() -> None:
    assert {meanings.last(name) for name in compare._STANDS} <= set(labels.FIELDS)


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(days=3, minutes=5), "3 d 0 h"),
        (timedelta(seconds=-5), "less than a minute"),
    ],
)
def test_ages_are_told_in_their_two_largest_units(passed: timedelta, text: str) -> None:
    assert formats.age(NOW - passed, NOW, str) == text


def test_moments_are_beijings() -> None:
    assert formats.moment(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2027-01-01 00:00:00"
    assert formats.moment_ms(NOW + timedelta(milliseconds=7)).endswith("14:30:00.007")


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_of_a_file_is_a_formula(cell: str) -> None:
    assert sheets.guarded(cell).startswith("'")


@pytest.mark.parametrize("cell", ["QD1", "云汀", "1.00", ""])
def test_ordinary_cells_stay_as_they_are(cell: str) -> None:
    assert sheets.guarded(cell) == cell


def test_a_chart_has_the_numbers_of_its_table() -> None:
    counts = [
        HourCount(NOW.replace(minute=0), "released", 3),
        HourCount(datetime(2026, 11, 20, 16, tzinfo=UTC), "refused", 2),
    ]
    option = charts.by_hour(counts, str)
    released, refused = option["series"]
    assert (released["data"][14], refused["data"][0]) == (3, 2)
    assert sum(released["data"]) == 3
    assert json.dumps(option)


def test_the_longest_bar_lies_on_top() -> None:
    option = charts.by_reason([("R194-6.1", 20, "#000000"), ("RTAX-6", 7, "#000000")])
    assert option["yAxis"]["data"] == ["RTAX-6", "R194-6.1"]


def test_a_second_payment_is_told_apart() -> None:
    assert labels.label("payments[2].amount_paid", "en") == "Payment 2 · Amount paid"
    assert labels.label("lines[3].qty_e5", "zh") == "第3项 · 数量"
    assert labels.label("something_new", "zh") == "something_new"


def test_codes_tell_their_meaning_and_other_fields_none() -> None:
    assert meanings.meaning("lines[1].country", "116", "zh") == "日本"
    assert meanings.meaning("order_no", "116", "zh") == ""
    assert meanings.meaning("country", "999999", "zh") == ""


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_next_step(status: Status) -> None:
    assert next_step(case_in(status), (), NOW, str).endswith(".")


def test_without_a_deadline_waiting_names_no_end() -> None:
    assert "is refused" not in next_step(case_in(Status.WAITING), (), NOW, str)


def test_nothing_found_says_nothing_about_sending_again() -> None:
    assert retry_of(()) is None


def case_in(status: Status) -> Case:
    """A case in a status."""
    return Case(
        ref=Ref(kind=Kind.LIST, owner="D", key="1"),
        version=1,
        status=status,
        list_version=1,
        order=Ref(kind=Kind.ORDER, owner="P", key="1"),
        waybill=Ref(kind=Kind.WAYBILL, owner="L", key="1"),
        pre_no=PreNo(""),
        invt_no=InvtNo(""),
        declared_at=NOW - timedelta(hours=1),
    )

"""Tax after release over HTTP: what is owed, gathered, paid; the calendar; one's own only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from msgspec.structs import replace

from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.work.bills import Biller
from sandan.work.worker import Duty
from sandan.work.worker import Worker

LogIn = Callable[[str], dict[str, str]]
AT = f"/v1/tax/{world.PLATFORM}"
GATHER = {"district": world.DISTRICT}


class MovedClock:
    """Shows one moment until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return replace(deps, clock=MovedClock(deps.clock.now()))


@pytest.fixture
def owed(client: httpx.Client, deps: Deps, post: dict[str, bytes]) -> Any:
    """One released and billed parcel; call it with the days to go on."""
    for data in post.values():
        assert client.post("/v1/messages", content=data).status_code == 202
    Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions)).drain()
    Biller(deps.pool, deps.clock).drain()

    def go(days: int) -> None:
        deps.clock.moment += timedelta(days=days)  # type: ignore[attr-defined]

    return go


def advice(document: dict[str, Any], **changes: object) -> dict[str, object]:
    said = {
        "reference": "B1",
        "document_no": document["document_no"],
        "amount_fen": document["amount_fen"],
        "paid_at": "2026-12-21T10:00:00+08:00",
    }
    return said | changes


@pytest.mark.parametrize(("days", "stage"), [(30, "returnable"), (31, "payable"), (45, "payable"), (46, "overdue")])
def test_the_officer_sees_the_stage_at_once(
    client: httpx.Client, as_seat: LogIn, owed: Any, days: int, stage: str
) -> None:
    owed(days)
    as_seat("officer")
    assert [one["stage"] for one in client.get("/v1/tax").json()["standings"]] == [stage]


def test_the_collector_sees_at_once_that_it_is_overdue(client: httpx.Client, token: Any, owed: Any) -> None:
    owed(46)
    own = client.get("/v1/tax", headers=token(world.PLATFORM)).json()["standings"]
    assert [one["stage"] for one in own] == ["overdue"]
    assert client.get("/v1/tax", headers=token(world.AGENT)).json()["standings"] == []


def test_gathered_paid_and_paid_again(client: httpx.Client, as_seat: LogIn, owed: Any) -> None:
    owed(31)
    header = as_seat("finance")
    document = client.post(f"{AT}/documents", json=GATHER, headers=header).json()
    paid = client.post(f"{AT}/payments", json=advice(document), headers=header).json()
    assert (paid["outcome"], paid["kept_fen"]) == ("paid", document["amount_fen"])
    again = client.post(f"{AT}/payments", json=advice(document, reference="B2"), headers=header).json()
    assert (again["outcome"], again["returned_fen"]) == ("already-paid", document["amount_fen"])
    assert client.get(f"{AT}/documents").json()["documents"][0]["status"] == "paid"
    assert [bill["status"] for bill in client.get(f"{AT}/bills?stage=settled").json()["bills"]] == ["paid"]


def test_too_early_is_told(client: httpx.Client, as_seat: LogIn, owed: Any) -> None:
    owed(30)
    answer = client.post(f"{AT}/documents", json=GATHER, headers=as_seat("finance"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "nothing-payable")


def test_one_reference_for_two_payments_is_a_conflict(client: httpx.Client, as_seat: LogIn, owed: Any) -> None:
    owed(31)
    header = as_seat("finance")
    document = client.post(f"{AT}/documents", json=GATHER, headers=header).json()
    client.post(f"{AT}/payments", json=advice(document, amount_fen=5), headers=header)
    answer = client.post(f"{AT}/payments", json=advice(document, amount_fen=6), headers=header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")


def test_a_void_bill_is_void_once(client: httpx.Client, as_seat: LogIn, owed: Any) -> None:
    owed(1)
    header = as_seat("finance")
    (bill,) = client.get(f"{AT}/bills").json()["bills"]
    path = f"{AT}/bills/{bill['tax_no']}/void"
    assert client.post(path, json={"reason": "退货按期运抵"}, headers=header).json()["status"] == "void"
    assert client.post(path, json={"reason": "退货按期运抵"}, headers=header).status_code == 409


def test_the_feed_names_the_last_day_and_the_amount(client: httpx.Client, token: Any, owed: Any) -> None:
    owed(1)
    answer = client.get(f"/v1/calendar/{world.PLATFORM}.ics", headers=token(world.PLATFORM))
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["dtstart"].dt.isoformat() == "2027-01-04"
    assert len(event.walk("VALARM")) == 3


def test_an_empty_calendar_is_a_calendar(client: httpx.Client, token: Any) -> None:
    answer = client.get(f"/v1/calendar/{world.PLATFORM}.ics", headers=token(world.PLATFORM))
    assert Calendar.from_ical(answer.content).walk("VEVENT") == []


class TestWhoMay:
    @pytest.mark.parametrize(
        "path", [f"{AT}/calendar", f"{AT}/bills", f"{AT}/documents", f"/v1/calendar/{world.PLATFORM}.ics"]
    )
    def test_another_enterprise_sees_nothing(self, client: httpx.Client, token: Any, path: str) -> None:
        assert client.get(path, headers=token(world.AGENT)).status_code == 404

    def test_another_enterprise_gathers_nothing(self, client: httpx.Client, token: Any) -> None:
        assert client.post(f"{AT}/documents", json=GATHER, headers=token(world.AGENT)).status_code == 404

    @pytest.mark.parametrize("seat", ["enterprise", "officer", "warehouse"])
    def test_a_payment_is_taken_by_the_revenue_desk_only(self, client: httpx.Client, as_seat: LogIn, seat: str) -> None:
        body = advice({"document_no": "D", "amount_fen": 1})
        assert client.post(f"{AT}/payments", json=body, headers=as_seat(seat)).status_code == 403

    def test_nobody_is_asked_to_log_in(self, client: httpx.Client) -> None:
        assert client.get("/v1/tax").status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"amount_fen": "5"}, {"amount_fen": 10**17}, {"paid_at": "2026-12-21T10:00:00"}, {"reference": ""}, {"x": 1}],
)
def test_a_body_that_is_none_is_told(client: httpx.Client, as_seat: LogIn, change: dict[str, object]) -> None:
    body = advice({"document_no": "D", "amount_fen": 1}) | change
    answer = client.post(f"{AT}/payments", json=body, headers=as_seat("finance"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request-invalid")

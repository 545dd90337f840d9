"""An officer's act needs a verdict, a reason and a confirmation, and goes through the door like any document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec import structs
from psycopg_pool import ConnectionPool

from sandan.console.port import Acted
from sandan.console.port import Deps
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Parcel
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]
PATH = "/acts/0131960301/QDSHOW00000018"
CASE = "/case/0131960301/QDSHOW00000018"
REASON = "货物与申报相符"


def form_of(client: httpx.Client, **changed: str) -> dict[str, str]:
    """The form of the case as the page gave it, filled in."""
    page = client.get(CASE).text
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("token", "seen_version")}
    return {**hidden, "verdict": "release", "reason": REASON, "confirmed": "yes", **changed}


def test_the_work_list_names_each_list_with_its_age(visitor: Visitor, officer: User, clock: Any) -> None:
    clock.at += timedelta(days=1, hours=2)
    page = visitor(officer).get("/work-list").text
    assert "QDSHOW00000018" in page
    assert "1 d 2 h" in page


def test_a_full_form_hands_over_one_act(visitor: Visitor, officer: User, acts: list[OfficerAct]) -> None:
    client = visitor(officer)
    answer = client.post(PATH, data=form_of(client))
    assert answer.headers["location"] == f"{CASE}?acted=release"
    (act,) = acts
    assert (act.verdict, act.reason, act.officer, act.subject.key) == (
        OfficerVerdict.RELEASE,
        REASON,
        "lin",
        "QDSHOW00000018",
    )
    assert act.seen_version == int(form_of(client)["seen_version"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": "   "}, "Give a reason"),
        ({"reason": "ok"}, "Give a reason"),
        ({"reason": "x" * 501}, "Give a reason"),
        ({"confirmed": ""}, "Confirm the decision"),
        ({"verdict": ""}, "Choose one decision"),
        ({"verdict": "confiscate"}, "Choose one decision"),
        ({"seen_version": "x"}, "which version of the case you saw"),
    ],
)
def test_an_unfinished_form_decides_nothing(
    visitor: Visitor, officer: User, acts: list[OfficerAct], changed: dict[str, str], sentence: str
) -> None:
    client = visitor(officer)
    answer = client.post(PATH, data=form_of(client, **changed))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert not acts


def test_a_form_without_the_sessions_token_decides_nothing(
    visitor: Visitor, officer: User, acts: list[OfficerAct]
) -> None:
    client = visitor(officer)
    answer = client.post(PATH, data=form_of(client, token="forged"))
    assert answer.status_code == 403
    assert not acts


def test_what_the_door_does_not_take_is_told(deps: Deps, visitor_of: Visitor, officer: User) -> None:
    stubborn = structs.replace(
        deps, submit_act=lambda *_: Acted(taken=False, reason_zh="案件已变动", reason_en="The case has moved")
    )
    client = visitor_of(stubborn, officer)
    answer = client.post(PATH, data=form_of(client))
    assert answer.status_code == 400
    assert "The case has moved" in answer.text


@pytest.mark.parametrize(("verdict", "status"), [("release", "Released"), ("refuse", "Refused"), ("hold", "Held")])
def test_an_act_changes_the_case_by_the_real_door(
    playing: Callable[..., Deps], visitor_of: Visitor, officer: User, verdict: str, status: str
) -> None:
    client = visitor_of(playing("watched_goods"), officer)
    client.post(PATH, data=form_of(client, verdict=verdict))
    page = client.get(CASE).text
    assert status in page.split("<h1>")[1].split("</h1>")[0]
    assert REASON in page


def test_an_act_on_an_older_version_changes_nothing(
    playing: Callable[..., Deps], visitor_of: Visitor, officer: User
) -> None:
    client = visitor_of(playing("watched_goods"), officer)
    old = form_of(client, verdict="hold")
    client.post(PATH, data=old)
    client.post(PATH, data={**old, "verdict": "release", "reason": "too late a look"})
    assert "Held" in client.get(CASE).text.split("<h1>")[1].split("</h1>")[0]


@pytest.fixture
def playing(
    seeded: ConnectionPool[Any],
    deps: Deps,
    office: Office,
    parcels: dict[str, Parcel],
    play: Callable[..., Callable[[OfficerAct, User], Acted]],
) -> Callable[..., Deps]:
    """A console over a database of its own, in which one parcel came in and acts are decided at once."""

    def start(fault: str) -> Deps:
        submit = play(seeded, office, parcels[fault])
        return structs.replace(deps, connect=seeded.connection, submit_act=submit)

    return start

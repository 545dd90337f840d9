"""Who may open which address, and what every page carries."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from sandan.api.sessions import Sessions
from sandan.console.port import Sessions as SessionsPort
from sandan.console.routes import ADDRESSES
from sandan.documents.facts import OfficerAct
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]

CASE = "/case/0131960301/QDSHOW00000005"
PAGES = (
    "/",
    "/search",
    "/search?q=YTSHOW00000005&all=1",
    "/search?q=nothing-like-this",
    "/cases",
    "/cases?status=refused&reason=CEB-6.2.4&day=2026-11-21",
    "/cases?status=held",
    "/waiting",
    "/waiting?for=payment",
    CASE,
    "/case/0131960301/QDSHOW00000001",
    "/case/0131960301/QDSHOW00000011",
    "/paper/order/0131960101/YTSHOW00000005",
    "/paper/payment/0131960101/0131960501/QFSHOW00000005",
    "/paper/waybill/0131980601/FYSHOW00000005",
    "/paper/list/0131960301/QDSHOW00000005",
    "/accounts",
    "/accounts?kind=stock",
    "/messages",
    "/messages?outcome=unreadable",
    "/clock",
    "/finance",
    "/inspect",
    "/law",
    "/law?q=VAT&day=2019-03-31",
    "/law?q=no+such+words",
    "/law/rule/R194-9.1",
    "/law/rule/R194-16.3",
    "/law/parameter/vat.standard_rate",
    "/law/parameter/watches.high_end_fen",
    "/law/changes?from=2018-12-31&to=2019-01-01",
    "/law/places",
    "/law/place/南通",
    "/law/calendar",
    "/law/files",
)
"""One address for each shape of each page that any seat may open."""

OFFICER_PAGES = (
    "/finance/0131960101",
    "/finance/0131960101?stage=payable",
    "/work-list",
    "/work-list?status=inspection",
    "/case/0131960301/QDSHOW00000018",
    "/account/guarantee/0131960101/0131",
    "/account/of-case/quota/0131960301/QDSHOW00000011",
    "/messages/1",
    "/messages/80",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages(visitor: Visitor, agent: User, path: str, language: str) -> None:
    answer = visitor(agent, language).get(path)
    assert answer.status_code == 200
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in answer.text


@pytest.mark.parametrize("path", PAGES + OFFICER_PAGES)
def test_an_officer_opens_every_page(visitor: Visitor, officer: User, path: str) -> None:
    assert visitor(officer).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES + OFFICER_PAGES)
def test_nobody_is_led_to_the_sign_in_and_back(visitor: Visitor, path: str) -> None:
    answer = visitor(None).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?back=/")


def test_every_address_of_the_table_is_visited_here() -> None:
    visited = {re.sub(r"[?].*", "", path) for path in PAGES + OFFICER_PAGES}
    for address in ADDRESSES:
        pattern = re.sub(r"\{\w+:path\}", ".+", re.sub(r"\{\w+\}", "[^/]+", address.path))
        if address.method == "GET" and address.act is not None and not address.path.endswith("/bytes"):
            assert any(re.fullmatch(pattern, path) for path in visited), address.path


@pytest.mark.parametrize("path", PAGES + OFFICER_PAGES)
def test_a_page_runs_nothing_inline(visitor: Visitor, officer: User, path: str) -> None:
    answer = visitor(officer).get(path)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", answer.text)


@pytest.mark.parametrize("path", ["/work-list", "/account/of-case/quota/0131960301/QDSHOW00000011"])
def test_an_enterprise_has_no_officers_desk(visitor: Visitor, agent: User, path: str) -> None:
    assert visitor(agent).get(path).status_code in {403, 404}


def test_an_enterprise_cannot_decide(visitor: Visitor, agent: User, acts: list[OfficerAct]) -> None:
    answer = visitor(agent).post("/acts/0131960301/QDSHOW00000018", data={"verdict": "release"})
    assert answer.status_code == 403
    assert not acts


@pytest.mark.parametrize(
    "path",
    [
        CASE,
        "/paper/order/0131960101/YTSHOW00000005",
        "/messages/1",
        "/messages/1/bytes",
        "/account/guarantee/0131960101/0131",
    ],
)
def test_another_enterprise_sees_nothing_of_it(visitor: Visitor, bank: User, path: str) -> None:
    answer = visitor(bank).get(path)
    assert answer.status_code == 404
    assert "云汀海淘" not in answer.text


def test_another_enterprises_lists_are_empty(visitor: Visitor, bank: User) -> None:
    for path in ("/", "/cases", "/waiting", "/messages", "/accounts", "/search?q=YTSHOW00000005"):
        assert "QDSHOW" not in visitor(bank).get(path).text


def test_a_damaged_page_cursor_is_told_kindly(visitor: Visitor, officer: User) -> None:
    for path in ("/cases", "/waiting", "/messages", "/accounts"):
        answer = visitor(officer).get(path, params={"after": "nonsense"})
        assert answer.status_code == 400
        assert "Start again from its first page" in answer.text


def test_what_is_not_there_is_a_page(visitor: Visitor, officer: User) -> None:
    for path in (
        "/case/x/y",
        "/paper/order/x/y",
        "/paper/letter/x/y",
        "/messages/99999",
        "/messages/x",
        "/messages/٣",
        "/account/quota/x/2026",
    ):
        answer = visitor(officer).get(path)
        assert answer.status_code == 404
        assert "Nothing here" in answer.text


def test_the_sessions_of_the_api_serve_the_console() -> None:
    sessions: SessionsPort = Sessions(lambda: None)  # type: ignore[arg-type, return-value]
    assert sessions is not None

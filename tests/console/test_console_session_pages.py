"""The way in and out, and the choice of language."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.console.session_pages import own_path
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]


def test_the_right_password_opens_the_page_asked_for(visitor: Visitor) -> None:
    client = visitor(None)
    answer = client.post("/login", data={"account": "lin", "password": "pw-lin", "back": "/work-list"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/work-list")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert client.get("/work-list").status_code == 200


def test_a_wrong_password_says_so_and_keeps_the_account(visitor: Visitor) -> None:
    answer = visitor(None).post("/login", data={"account": "lin", "password": "wrong", "back": "/"})
    assert answer.status_code == 403
    assert "not right" in answer.text
    assert 'value="lin"' in answer.text
    assert "wrong" not in answer.text


def test_a_sign_in_from_another_site_is_refused(visitor: Visitor) -> None:
    answer = visitor(None).post(
        "/login", data={"account": "lin", "password": "pw-lin"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


def test_signing_out_needs_the_token_of_the_session(visitor: Visitor, officer: User) -> None:
    client = visitor(officer)
    assert client.post("/logout", data={"token": "forged"}).status_code == 403
    token = client.get("/").text.split('name="token" value="')[1].split('"')[0]
    answer = client.post("/logout", data={"token": token})
    assert answer.headers["location"] == "/login"


def test_the_language_is_kept_and_the_page_stays(visitor: Visitor, officer: User) -> None:
    client = visitor(officer, "en")
    answer = client.get("/language/zh", params={"back": "/waiting?for=payment"})
    assert answer.headers["location"] == "/waiting?for=payment"
    assert "sandan_language=zh" in answer.headers["set-cookie"]


def test_without_a_choice_the_browser_says_the_language(visitor: Visitor) -> None:
    client = visitor(None, "")
    assert "Sign in" in client.get("/login", headers={"accept-language": "en-GB,en;q=0.9"}).text
    assert "登录" in client.get("/login", headers={"accept-language": "de"}).text


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/a\r\nset-cookie: x", "\\\\evil"]
)
def test_the_way_back_never_leads_elsewhere(path: str) -> None:
    assert own_path(path) == "/"

"""Logging in, tokens, seats, and the description of the API."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.store.permissions import PERMISSIONS
from sandan.store.permissions import Act
from sandan.store.permissions import may
from sandan.store.permissions import scope_of
from sandan.store.users import Seat
from sandan.store.users import User

NEW = {"account": "new", "name": "新", "seat": "officer", "password": "a-long-password"}


class TestSession:
    def test_in_who_out(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        header = as_seat("officer")
        assert client.get("/v1/session").json()["seat"] == "officer"
        assert client.delete("/v1/session", headers=header).status_code == 204
        assert client.get("/v1/session").status_code == 401

    @pytest.mark.parametrize(("account", "password"), [("officer", "wrong"), ("nobody", "wrong")])
    def test_wrong_account_and_wrong_password_sound_the_same(
        self, client: httpx.Client, account: str, password: str
    ) -> None:
        answer = client.post("/v1/session", json={"account": account, "password": password})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "login-wrong")

    def test_the_cookie_is_kept_from_scripts_and_other_sites(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]
    ) -> None:
        as_seat("officer")
        answer = client.post("/v1/session", json={"account": "officer", "password": "一二三四五六七八九十"})
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie

    def test_a_cookie_we_did_not_sign(self, client: httpx.Client) -> None:
        client.cookies.set("sandan_session", "WyJvZmZpY2VyIiwieCJd.aaaa.bbbb")
        assert client.get("/v1/session").status_code == 401

    def test_a_closed_account_is_out(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]], deps: Deps
    ) -> None:
        as_seat("officer")
        with deps.pool.connection() as conn:
            conn.execute("UPDATE users SET active = false WHERE account = 'officer'")
        deps.sessions._users.clear()
        assert client.get("/v1/session").status_code == 401


class TestOperator:
    def test_an_account_is_made_and_works(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        header = as_seat("operator")
        assert client.put("/v1/users", json=NEW, headers=header).status_code == 200
        client.cookies.clear()
        assert client.post("/v1/session", json={"account": "new", "password": "a-long-password"}).status_code == 200

    def test_no_password_is_ever_listed(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        as_seat("operator")
        answer = client.get("/v1/users")
        assert {item["account"] for item in answer.json()} == set(Seat)
        assert "argon2" not in answer.text

    def test_a_token_works_until_revoked(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]], deps: Deps
    ) -> None:
        header = as_seat("operator")
        made = client.post("/v1/tokens", json={"enterprise": world.AGENT, "label": "erp"}, headers=header).json()
        bearer = {"Authorization": f"Bearer {made['token']}"}
        assert client.get("/v1/receipts", headers=bearer).status_code == 200
        assert client.post("/v1/tokens/revoke", json={"token": made["token"]}, headers=header).status_code == 204
        deps.sessions._tokens.clear()
        assert client.get("/v1/receipts", headers=bearer).status_code == 401

    def test_no_token_for_a_stranger(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        header = as_seat("operator")
        answer = client.post("/v1/tokens", json={"enterprise": "X", "label": ""}, headers=header)
        assert answer.status_code == 422

    def test_only_the_hash_of_a_token_is_kept(self, token: Callable[[str], dict[str, str]], deps: Deps) -> None:
        secret = token(world.AGENT)["Authorization"].split()[1]
        with deps.pool.connection() as conn:
            row = conn.execute("SELECT token_hash FROM api_tokens").fetchone()
        assert row is not None
        assert secret.encode() not in row[0]

    def test_the_books_are_proven(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        header = as_seat("operator")
        assert client.post("/v1/verify", headers=header).json()["ok"] is True

    def test_the_counters(self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
        as_seat("operator")
        assert "sandan_queue_documents 0" in client.get("/metrics").text


class TestPermissions:
    def test_every_act_stands_in_the_table(self) -> None:
        assert set(PERMISSIONS) == set(Act)

    def test_only_officers_decide_and_see_persons(self) -> None:
        assert PERMISSIONS[Act.DECIDE] == PERMISSIONS[Act.READ_PERSONS] == {Seat.OFFICER}

    def test_an_enterprises_seat_without_enterprise_may_nothing(self) -> None:
        user = User(account="a", name="a", seat=Seat.ENTERPRISE)
        assert not any(may(user, act) for act in Act)
        with pytest.raises(ValueError, match="serves no enterprise"):
            scope_of(user)

    def test_an_inactive_account_may_nothing(self) -> None:
        user = User(account="a", name="a", seat=Seat.OFFICER, active=False)
        assert not any(may(user, act) for act in Act)


class TestDescription:
    def test_every_path_is_described_with_the_one_error_shape(self, client: httpx.Client) -> None:
        schema = client.get("/v1/openapi.json").json()
        for path in ("/v1/messages", "/v1/messages/form", "/cebcmsg", "/v1/receipts", "/v1/check", "/v1/quote"):
            assert path in schema["paths"]
        for operations in schema["paths"].values():
            for operation in operations.values():
                shape = operation["responses"]["422"]["content"]["application/json"]["schema"]["$ref"]
                assert shape.endswith("/ErrorShown")

    def test_every_reference_leads_somewhere(self, client: httpx.Client) -> None:
        text = client.get("/v1/openapi.json").text
        schema = client.get("/v1/openapi.json").json()
        for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
            assert name in schema["components"]["schemas"]

    def test_health(self, client: httpx.Client) -> None:
        assert client.get("/v1/health").json()["ok"] is True

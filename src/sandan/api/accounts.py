"""Logging in and out, and the tokens enterprises call with."""

from __future__ import annotations

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response

from sandan.api.deps import check_forgery
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.api.models import LoggedIn
from sandan.api.models import Login
from sandan.api.models import NewToken
from sandan.api.models import NewUser
from sandan.api.models import Token
from sandan.api.models import UserShown
from sandan.store import users
from sandan.store.permissions import Act
from sandan.store.users import User

router = APIRouter(prefix="/v1", tags=["accounts"])

Operator = Annotated[User, Depends(needs(Act.ACCOUNTS))]


@router.post(
    "/session", response_model=LoggedIn, summary="Log in: sets the session cookie, returns the anti-forgery token"
)
async def log_in(request: Request, login: Login) -> Response:
    """A session for an account and its password."""
    sessions = deps_of(request).sessions
    user = await anyio.to_thread.run_sync(sessions.sign_in, login.account, login.password)
    if user is None:
        raise error(401, "login-wrong", where="account")
    session = sessions.begin(user)
    response = json_response(_shown(user) | {"csrf": sessions.token_of(session)})
    sessions.set_cookie(response, session)
    return response


@router.get("/session", response_model=LoggedIn, summary="Who is logged in")
def who(request: Request) -> Response:
    """The account behind the cookie or token."""
    sessions = deps_of(request).sessions
    user = sessions.current_user(request)
    if user is None:
        raise error(401, "not-logged-in", where="Authorization")
    return json_response(_shown(user) | {"csrf": sessions.form_token(request)})


@router.delete("/session", status_code=204, summary="Log out")
def log_out(request: Request) -> Response:
    """Ends the session of this browser."""
    sessions = deps_of(request).sessions
    check_forgery(request, sessions)
    response = Response(status_code=204)
    sessions.forget(response)
    return response


@router.get("/users", response_model=list[UserShown], summary="Local accounts")
def list_accounts(request: Request, user: Operator) -> Response:  # noqa: ARG001 - the guard is the use
    """All accounts, by name."""
    with deps_of(request).pool.connection() as conn:
        return json_response([_shown(item) for item in users.list_users(conn)])


@router.put("/users", response_model=UserShown, summary="Create an account, or replace its facts and password")
def put_account(request: Request, body: NewUser, user: Operator) -> Response:  # noqa: ARG001 - the guard is the use
    """One local account."""
    wanted = User(account=body.account, name=body.name, seat=body.seat, enterprise=body.enterprise, active=body.active)
    with deps_of(request).pool.connection() as conn:
        users.save_user(conn, wanted, body.password)
    return json_response(_shown(wanted))


@router.post("/tokens", response_model=Token, status_code=201, summary="A new API token of an enterprise, shown once")
def new_token(request: Request, body: NewToken, user: Operator) -> Response:  # noqa: ARG001 - the guard is the use
    """A token; only its hash is kept."""
    deps = deps_of(request)
    if body.enterprise not in deps.registry().enterprises:
        raise error(
            422, "request-invalid", where="body.enterprise", found=body.enterprise, expected="a registered code"
        )
    with deps.pool.connection() as conn:
        token = users.issue_token(conn, body.enterprise, body.label, deps.clock.now())
    return json_response({"enterprise": body.enterprise, "label": body.label, "token": token}, 201)


@router.post("/tokens/revoke", status_code=204, summary="Revoke a token")
def revoke(request: Request, body: Token, user: Operator) -> Response:  # noqa: ARG001 - the guard is the use
    """The token stops working within seconds."""
    with deps_of(request).pool.connection() as conn:
        if not users.revoke_token(conn, body.token):
            raise error(404, "not-found", where="body.token")
    return Response(status_code=204)


def _shown(user: User) -> dict[str, object]:
    return {
        "account": user.account,
        "name": user.name,
        "seat": user.seat.value,
        "enterprise": user.enterprise,
        "active": user.active,
    }

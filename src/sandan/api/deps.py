"""What the API is made from, and how a handler gets at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import Response
from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan.api.errors import error
from sandan.api.sessions import CSRF_HEADER
from sandan.api.sessions import Sessions
from sandan.api.sessions import bearer
from sandan.clearance.facts import Conditions
from sandan.intake.gather import Gather
from sandan.intake.gather import Submits
from sandan.law import Law
from sandan.parties.facts import Registry
from sandan.store.clock import Clock
from sandan.store.permissions import Act
from sandan.store.permissions import may
from sandan.store.users import User


class Deps(Struct, frozen=True, kw_only=True):
    """Everything the handlers use; one a process."""

    pool: ConnectionPool[Connection[Any]]
    clock: Clock
    sessions: Sessions
    door: Submits
    gather: Gather
    #: The law of a legal day, with the operator's files
    law_on: Callable[[date], Law]
    #: The parties as registered now
    registry: Callable[[], Registry]
    conditions: Conditions
    #: Largest body taken over HTTP, in bytes
    message_limit: int = 4_000_000
    production: bool = False


def deps_of(request: Request) -> Deps:
    """The dependencies of the app a request came to."""
    found = request.app.state.deps
    assert isinstance(found, Deps)  # noqa: S101 - set by create_app
    return found


def needs(act: Act) -> Callable[[Request], User]:
    """A guard: the user who asks, if the seat may do the act.

    A request that writes by session cookie also has to carry the session's anti-forgery token.
    """

    def guard(request: Request) -> User:
        """The user, or the refusal."""
        deps = deps_of(request)
        user = deps.sessions.current_user(request)
        if user is None:
            raise error(401, "not-logged-in", where="Authorization")
        if not may(user, act):
            raise error(403, "not-permitted", found=user.seat.value, expected=act.value)
        check_forgery(request, deps.sessions)
        return user

    return guard


def check_forgery(request: Request, sessions: Sessions) -> None:
    """Ends a writing request that came by cookie without the session's token."""
    if request.method in {"GET", "HEAD"} or bearer(request):
        return
    if not sessions.is_form_token(request, request.headers.get(CSRF_HEADER, "")):
        raise error(403, "csrf", where=CSRF_HEADER)


def json_response(data: object, status: int = 200) -> Response:
    """A JSON response; structs, dates and enums are understood."""
    return Response(msgspec.json.encode(data), status, media_type="application/json")

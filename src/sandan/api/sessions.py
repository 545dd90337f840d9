"""Who is asking: a bearer token of an enterprise, or the signed cookie of someone who logged in.

The cookie holds the account, a random mark and the time it was made, signed with the deployment's own key; account
and seat are read afresh from the store, so that a closed account is out at once (within the seconds of the cache).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from itsdangerous import BadData
from itsdangerous import URLSafeSerializer
from itsdangerous import URLSafeTimedSerializer
from msgspec import Struct
from psycopg import Connection
from starlette.requests import HTTPConnection
from starlette.responses import Response

from sandan.intake.gather import Full
from sandan.store.users import Seat
from sandan.store.users import User
from sandan.store.users import authenticate
from sandan.store.users import find_user
from sandan.store.users import session_key
from sandan.store.users import token_hash
from sandan.store.users import token_holder

COOKIE = "sandan_session"
CSRF_HEADER = "X-CSRF-Token"

Connect = Callable[[], AbstractContextManager[Connection[Any]]]
_Kept = dict[str | bytes, tuple[float, User | None]]

_LOGIN_WAIT_S = 2.0
_LOGIN_RETRY_S = 5

#: Entries after which a cache begins anew; guessing tokens must not fill the memory
_MOST_KEPT = 10_000


class SessionSettings(Struct, frozen=True, kw_only=True):
    """How long sessions live and how cookies travel."""

    #: Seconds a session lives; a working day
    lifetime_s: int = 12 * 3600
    #: Seconds an account or token once read is trusted
    trust_s: float = 10.0
    #: Send the cookie over HTTPS only
    secure: bool = False
    #: Passwords checked at once; each costs half a second of one core
    logins_at_once: int = 2


class Session(Struct, frozen=True):
    """What a cookie says."""

    account: str
    #: Random; the anti-forgery token is bound to it
    mark: str


class Sessions:
    """Sessions and tokens of one deployment, over its store."""

    def __init__(self, connect: Connect, settings: SessionSettings | None = None) -> None:
        self._connect = connect
        self._settings = settings or SessionSettings()
        self._key = ""
        self._lock = threading.Lock()
        self._logins = threading.BoundedSemaphore(self._settings.logins_at_once)
        self._users: _Kept = {}
        self._tokens: _Kept = {}

    def current_user(self, request: HTTPConnection) -> User | None:
        """The user behind the bearer token or the session cookie of a request."""
        token = bearer(request)
        if token:
            return self.token_user(token)
        session = self.session(request)
        return self._account(session.account) if session else None

    def token_user(self, token: str) -> User | None:
        """The enterprise a token speaks for, as a user without a name of its own."""
        key = token_hash(token)
        return self._cached(self._tokens, key, lambda conn: _token_user(conn, token))

    def session(self, request: HTTPConnection) -> Session | None:
        """What the request's cookie says, if we made it and it has not run out."""
        try:
            account, mark = self._cookies().loads(request.cookies.get(COOKIE, ""), max_age=self._settings.lifetime_s)
        except (BadData, ValueError, TypeError):
            return None
        return Session(str(account), str(mark))

    def sign_in(self, account: str, password: str) -> User | None:
        """The account whose password this is; slow on purpose, call it on a thread.

        Raises:
            Full: Too many passwords are being checked at once.
        """
        if not self._logins.acquire(timeout=_LOGIN_WAIT_S):
            raise Full(_LOGIN_RETRY_S, "too many logins at once")
        try:
            with self._connect() as conn:
                return authenticate(conn, account, password)
        finally:
            self._logins.release()

    def begin(self, user: User) -> Session:
        """A new session of the account."""
        return Session(user.account, secrets.token_urlsafe(16))

    def remember(self, response: Response, user: User) -> None:
        """Lets the response set the cookie of a new session."""
        self.set_cookie(response, self.begin(user))

    def set_cookie(self, response: Response, session: Session) -> None:
        """Lets the response set the cookie of a session."""
        response.set_cookie(
            COOKIE,
            str(self._cookies().dumps([session.account, session.mark])),
            max_age=self._settings.lifetime_s,
            httponly=True,
            samesite="lax",
            secure=self._settings.secure,
        )

    def forget(self, response: Response) -> None:
        """Lets the response end the session."""
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self._settings.secure)

    def form_token(self, request: HTTPConnection) -> str:
        """The anti-forgery token of the request's session; empty without one."""
        session = self.session(request)
        return self.token_of(session) if session else ""

    def token_of(self, session: Session) -> str:
        """The anti-forgery token of a session."""
        return str(URLSafeSerializer(self._secret(), salt="form").dumps(session.mark))

    def is_form_token(self, request: HTTPConnection, token: str) -> bool:
        """Whether the token belongs to the request's session."""
        expected = self.form_token(request)
        return bool(expected) and secrets.compare_digest(expected.encode(), token.encode())

    def _account(self, account: str) -> User | None:
        return self._cached(self._users, account, lambda conn: find_user(conn, account))

    def _cached(self, kept: _Kept, key: str | bytes, read: Callable[[Connection[Any]], User | None]) -> User | None:
        found = kept.get(key)
        if found and found[0] > time.monotonic():
            return found[1]
        with self._connect() as conn:
            user = read(conn)
        _make_room(kept)
        kept[key] = (time.monotonic() + self._settings.trust_s, user)
        return user

    def _cookies(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret(), salt="session")

    def _secret(self) -> str:
        with self._lock:
            if not self._key:
                with self._connect() as conn:
                    self._key = session_key(conn)
            return self._key


def bearer(request: HTTPConnection) -> str:
    """The bearer token of a request, empty without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token_user(conn: Connection[Any], token: str) -> User | None:
    enterprise = token_holder(conn, token)
    if enterprise is None:
        return None
    return User(account=f"token:{enterprise}", name=enterprise, seat=Seat.ENTERPRISE, enterprise=enterprise)


def _make_room(kept: _Kept) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()

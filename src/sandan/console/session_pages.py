"""The way in and out, and the choice of language."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import Response

from sandan.console.visit import FORBIDDEN
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.console.words import LANGUAGE_COOKIE
from sandan.console.words import LANGUAGES

_A_YEAR_S = 365 * 24 * 3600


def login(visit: Visit) -> Response:
    """Returns the form to sign in."""
    return visit.show("login.html", back=own_path(visit.query("back")), account="", failed=False)


def sign_in(visit: Visit) -> Response:
    """Starts a session and goes back to where the reader wanted to be."""
    back = own_path(visit.form.get("back", ""))
    account = visit.form.get("account", "").strip()
    user = visit.deps.sessions.sign_in(account, visit.form.get("password", ""))
    if user is None:
        return visit.show("login.html", FORBIDDEN, back=back, account=account, failed=True)
    response = go(back)
    visit.deps.sessions.remember(response, user)
    return response


def sign_out(visit: Visit) -> Response:
    """Ends the session."""
    response = go("/login")
    visit.deps.sessions.forget(response)
    return response


def choose_language(visit: Visit) -> Response:
    """Keeps the language chosen, and goes back."""
    response = go(own_path(visit.query("back")))
    language = visit.request.path_params["language"]
    if language in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_A_YEAR_S, httponly=True, samesite="lax")
    return response


def own_path(path: str) -> str:
    """Returns a path of this console, or the first page for anything that leads elsewhere.

    >>> own_path("/cases?status=held"), own_path("//elsewhere.example"), own_path("https://elsewhere.example")
    ('/cases?status=held', '/', '/')
    """
    parts = urlsplit(path.replace("\\", "/"))
    is_own = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() else "/"

"""One visit of one reader to one page: who, in which language, with which rows in sight; and how a page is answered."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from typing import Any

from msgspec import Struct
from psycopg import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from sandan.console import pages
from sandan.console.port import Deps
from sandan.console.words import LANGUAGES
from sandan.console.words import language_of
from sandan.console.words import translations
from sandan.law import Law
from sandan.store.masks import Veil
from sandan.store.permissions import Act
from sandan.store.permissions import may
from sandan.store.permissions import scope_of
from sandan.store.users import User
from sandan.store.views.scope import Cut
from sandan.store.views.scope import Scope
from sandan.store.views.today import Span
from sandan.terms.days import SHANGHAI
from sandan.terms.days import legal_day

NOT_FOUND = 404
FORBIDDEN = 403
BAD_REQUEST = 400
SEE_OTHER = 303

ROWS_A_PAGE = 50
ROWS_A_SHEET = 5000
"""Most rows of one CSV file; a longer list is narrowed by its filter first."""


class Upload(Struct, frozen=True):
    """A file that came with a form; empty where none did."""

    name: str = ""
    body: bytes = b""


class Visit:
    """One request of a reader who is signed in, or of nobody on the way in."""

    def __init__(self, request: Request, deps: Deps, user: User | None, form: Mapping[str, str] | None = None) -> None:
        """Opens a visit.

        Args:
            request: The request.
            deps: What pages are made from.
            user: The reader, None on the way in.
            form: Fields of the form that was sent, if any.
        """
        self.request = request
        self.deps = deps
        self.user = user
        self.form = form or {}
        self.upload = Upload()
        self.language = language_of(request)
        self.locale = LANGUAGES[self.language]
        self.gettext: Callable[[str], str] = translations(self.language).gettext

    @cached_property
    def now(self) -> datetime:
        """Moment of the visit, the same for the whole page."""
        return self.deps.clock()

    @cached_property
    def law(self) -> Law:
        """The law in force today."""
        return self.deps.law_on(legal_day(self.now))

    @property
    def reader(self) -> User:
        """The account signed in; pages behind the sign-in always have one."""
        if self.user is None:
            raise PermissionError("this page needs a reader who is signed in")
        return self.user

    @property
    def scope(self) -> Scope:
        """Rows the reader may see: everything for customs and the operator, else the enterprise's own."""
        return scope_of(self.reader)

    @property
    def veil(self) -> Veil:
        """Hides personal data from this reader."""
        return Veil(self.reader)

    @property
    def today(self) -> Span:
        """The legal day of the visit as an interval."""
        start = self.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        return Span(start, start + timedelta(days=1))

    @property
    def back(self) -> str:
        """Address of this page, to come back to after choosing a language; of a form's answer there is none."""
        if self.request.method != "GET" and self.request.url.path == "/inspect":
            return "/inspect"
        if self.request.method != "GET" and self.request.url.path.startswith("/law/"):
            return "/law/files"
        if self.request.method != "GET" or self.request.url.path == "/login":
            return "/"
        return self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else "")

    @property
    def cut(self) -> Cut:
        """The page of a list the reader asked for; a file takes many more rows."""
        return Cut(self.query("after"), ROWS_A_SHEET if self.wants_sheet else ROWS_A_PAGE)

    @property
    def wants_sheet(self) -> bool:
        """Whether a list is wanted as a CSV file."""
        return self.query("format") == "csv"

    @property
    def is_partial(self) -> bool:
        """Whether only the live part of a page is wanted."""
        return "hx-request" in self.request.headers

    def may(self, act: str) -> bool:
        """Returns whether the reader's seat allows an act, by its name in the permission table."""
        return self.user is not None and may(self.user, Act(act))

    def query(self, name: str) -> str:
        """Returns a parameter of the address, empty where it is not given."""
        return self.request.query_params.get(name, "").strip()

    @contextmanager
    def reading(self) -> Iterator[Connection[Any]]:
        """Opens one read-only snapshot, so that all parts of a page agree."""
        with self.deps.connect() as conn, conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield conn

    def show(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - whatever a page shows
        """Returns a page in the reader's language."""
        return Response(pages.render(self, template, values), status_code=status, media_type="text/html; charset=utf-8")

    def refuse(self, status: int, title: str, sentence: str) -> Response:
        """Returns a page that says kindly what went wrong and how to go on."""
        return self.show("error.html", status, title=title, sentence=sentence)

    def missing(self) -> Response:
        """Returns the page for what is not there, or is another's, which reads the same."""
        _ = self.gettext
        return self.refuse(
            NOT_FOUND,
            _("Nothing here"),
            _("There is no such record, or it belongs to another enterprise. Search by any number above."),
        )


def go(path: str) -> Response:
    """Returns a redirect after a form."""
    return RedirectResponse(path, status_code=SEE_OTHER)

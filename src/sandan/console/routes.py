"""The addresses of the console, who may open which, and how a request becomes a visit."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from urllib.parse import quote

from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.routing import Mount
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from sandan.console import account_pages
from sandan.console import case_pages
from sandan.console import clock_pages
from sandan.console import finance_pages
from sandan.console import inspect_pages
from sandan.console import law_file_pages
from sandan.console import law_pages
from sandan.console import law_time_pages
from sandan.console import list_pages
from sandan.console import message_pages
from sandan.console import officer_pages
from sandan.console import session_pages
from sandan.console import today_pages
from sandan.console.port import Deps
from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import FORBIDDEN
from sandan.console.visit import Upload
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.store.permissions import Act
from sandan.store.permissions import may
from sandan.store.views.scope import BadCursorError

Handler = Callable[[Visit], Response]

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
"""Sent with every page: nothing from elsewhere, nothing inline, nothing kept in a cache."""


class Address(Struct, frozen=True):
    """One address, the page behind it and what a reader must be allowed to do."""

    path: str
    handler: Handler
    #: None for the way in, which needs no account
    act: Act | None = Act.READ_CASES
    method: str = "GET"
    #: Files its form may carry
    files: int = 0


ADDRESSES = (
    Address("/", today_pages.today),
    Address("/search", list_pages.search),
    Address("/cases", list_pages.cases),
    Address("/waiting", list_pages.waiting),
    Address("/work-list", officer_pages.work_list, Act.WORK_LIST),
    Address("/acts/{declarant}/{key:path}", officer_pages.act, Act.DECIDE, "POST"),
    Address("/case/{declarant}/{key:path}", case_pages.case),
    Address("/paper/{kind}/{owner}/{key:path}", case_pages.paper),
    Address("/accounts", account_pages.accounts),
    Address("/accounts/person", account_pages.person, Act.READ_PERSONS, "POST"),
    Address("/account/of-case/{kind}/{declarant}/{key:path}", account_pages.account_of_case),
    Address("/account/{kind}/{owner}/{item:path}", account_pages.account),
    Address("/finance", finance_pages.finance, Act.READ_TAX),
    Address("/finance/{collector}", finance_pages.collector, Act.READ_TAX),
    Address("/messages", message_pages.messages),
    Address("/messages/{id}", message_pages.message),
    Address("/messages/{id}/bytes", message_pages.bytes_of),
    Address("/law", law_pages.law),
    Address("/law/rule/{id}", law_pages.rule),
    Address("/law/parameter/{name}", law_pages.parameter),
    Address("/law/places", law_time_pages.places),
    Address("/law/place/{city}", law_time_pages.place),
    Address("/law/changes", law_time_pages.changes),
    Address("/law/calendar", law_time_pages.deadlines),
    Address("/law/files", law_file_pages.files),
    Address("/law/files", law_file_pages.offer, Act.LOAD_LAW, "POST", 1),
    Address("/law/supply", law_file_pages.supply, Act.LOAD_LAW, "POST"),
    Address("/law/force", law_file_pages.force, Act.LOAD_LAW, "POST"),
    Address("/inspect", inspect_pages.inspector, Act.CHECK),
    Address("/inspect", inspect_pages.inspect, Act.CHECK, "POST", 1),
    Address("/clock", clock_pages.clock),
    Address("/clock", clock_pages.put, Act.SET_CLOCK, "POST"),
    Address("/login", session_pages.login, None),
    Address("/login", session_pages.sign_in, None, "POST"),
    Address("/logout", session_pages.sign_out, None, "POST"),
    Address("/language/{language}", session_pages.choose_language, None),
)
"""Every page: reading this is reading who may see what."""


def routes(deps: Deps) -> list[BaseRoute]:
    """Returns the routes of the console, to be mounted under ``/``."""
    static = Mount("/static", StaticFiles(packages=[("sandan.console", "static")]), name="console-static")
    return [static, *(_route(address, deps) for address in ADDRESSES)]


def _route(address: Address, deps: Deps) -> Route:
    async def endpoint(request: Request) -> Response:
        form, upload = await _form(request, address.files) if address.method == "POST" else ({}, Upload())
        response = await run_in_threadpool(_answer, address, deps, request, Sent(form, upload))
        response.headers.update(HEADERS)
        return response

    name = f"console{address.path}{address.method}"
    return Route(address.path, endpoint, methods=[address.method], name=name, include_in_schema=False)


class Sent(Struct, frozen=True):
    """What came with a request."""

    form: Mapping[str, str]
    upload: Upload


async def _form(request: Request, files: int) -> tuple[Mapping[str, str], Upload]:
    """Fields of a form, and the one file it may carry."""
    async with request.form(max_files=files, max_fields=20) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if isinstance(file, UploadFile):
            return fields, Upload(file.filename or "", await file.read())
        return fields, Upload()


def _answer(address: Address, deps: Deps, request: Request, sent: Sent) -> Response:
    user = deps.sessions.current_user(request)
    visit = Visit(request, deps, user, sent.form)
    visit.upload = sent.upload
    refusal = _refusal(address, visit)
    if refusal is not None:
        return refusal
    try:
        return address.handler(visit)
    except BadCursorError:
        return _bad_cursor(visit)


def _refusal(address: Address, visit: Visit) -> Response | None:
    """The answer to a reader who may not open the page, or None."""
    _ = visit.gettext
    if address.act is not None:
        if visit.user is None:
            return go(f"/login?back={quote(visit.back)}")
        if not may(visit.user, address.act):
            title, sentence = _("Not your desk"), _("Your account may not open this page. Ask the operator for a seat.")
            return visit.refuse(FORBIDDEN, title, sentence)
    if address.method == "POST" and _is_forged(visit):
        title, sentence = (
            _("The form has expired"),
            _("Nothing was changed. Go back, reload the page and send it again."),
        )
        return visit.refuse(FORBIDDEN, title, sentence)
    return None


def _is_forged(visit: Visit) -> bool:
    """Whether a form came from elsewhere: without the token of its session, or, on the way in, from another site."""
    if visit.user is None:
        return visit.request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    return not visit.deps.sessions.is_form_token(visit.request, visit.form.get("token", ""))


def _bad_cursor(visit: Visit) -> Response:
    _ = visit.gettext
    sentence = _("The address of this page of the list is damaged. Start again from its first page.")
    return visit.refuse(BAD_REQUEST, _("No such page"), sentence)

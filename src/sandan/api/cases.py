"""Search by any number, lists of cases, and one case with everything that explains it."""

from __future__ import annotations

from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Path
from fastapi import Query
from fastapi import Request
from fastapi.responses import Response

from sandan.api import showing
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.store.masks import Veil
from sandan.store.permissions import Act
from sandan.store.permissions import scope_of
from sandan.store.users import User
from sandan.store.views import case as cases
from sandan.store.views import lists
from sandan.store.views import messages
from sandan.store.views import search
from sandan.store.views.scope import Cut

router = APIRouter(prefix="/v1", tags=["cases"])

Reader = Annotated[User, Depends(needs(Act.READ_CASES))]
Officer = Annotated[User, Depends(needs(Act.WORK_LIST))]
Text = Annotated[
    str, Query(min_length=1, max_length=100, description="Order, payment, waybill, list, pre-entry number or GUID")
]


def page_wanted(
    after: Annotated[str, Query(max_length=400, description="Cursor of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Cut:
    """Which page of a list is wanted."""
    return Cut(after=after, limit=limit)


PageWanted = Annotated[Cut, Depends(page_wanted)]
Declarant = Annotated[str, Path(max_length=18, description="Declaring enterprise (agentCode)")]
Key = Annotated[str, Path(max_length=120, description="Key of the list under it (copNo)")]

#: Statuses that stand before an officer
BEFORE_OFFICER = ("review", "inspection", "held")


@router.get("/search", summary="Whatever a number names")
def find(request: Request, user: Reader, q: Text) -> Response:
    """Cases, papers, messages and accounts, one's own or all."""
    with deps_of(request).pool.connection() as conn:
        return json_response({"hits": search.search(conn, q, scope_of(user))})


@router.get("/cases", summary="Cases, last changed first, or those a number names")
def list_cases(request: Request, user: Reader, cut: PageWanted, q: str = "", status: str = "") -> Response:
    """One page of cases; with `q` only those the number names."""
    scope = scope_of(user)
    with deps_of(request).pool.connection() as conn:
        if q:
            hits = [hit for hit in search.search(conn, q, scope) if hit.what == "case"]
            return json_response({"cases": hits, "after": ""})
        wanted = lists.Filter(statuses=(status,) if status else ())
        page = lists.cases(conn, wanted, scope, cut)
    return json_response({"cases": page.rows, "after": page.after})


@router.get("/work-list", summary="Cases before an officer, oldest first")
def work_list(request: Request, user: Officer, cut: PageWanted) -> Response:
    """What waits for a decision by hand (人工审核、查验、挂起)."""
    with deps_of(request).pool.connection() as conn:
        page = lists.oldest(conn, lists.Filter(statuses=BEFORE_OFFICER), scope_of(user), cut)
    return json_response({"cases": page.rows, "after": page.after})


@router.get("/cases/{declarant}/{key:path}", summary="One case: timeline, papers, findings explained, tax working")
def one_case(request: Request, user: Reader, declarant: Declarant, key: Key) -> Response:
    """Everything that explains the state of one case; personal data as the seat may see them."""
    deps = deps_of(request)
    ref = Ref(kind=Kind.LIST, owner=declarant, key=key)
    with deps.pool.connection() as conn:
        file = cases.case_file(conn, ref, scope_of(user))
    if file is None:
        raise error(404, "not-found", where=f"case {declarant}/{key}")
    return json_response(showing.case_shown(file, user, deps.law_on))


@router.get("/messages/{receipt_id}", summary="What came of a message; the bytes under /raw")
def one_message(request: Request, user: Reader, receipt_id: int) -> Response:
    """The acknowledgement of a message one's enterprise sent."""
    found = _message(request, user, receipt_id)
    return json_response(
        {name: value for name, value in showing.fields(found).items() if name not in {"body", "answer"}}
    )


@router.get("/messages/{receipt_id}/raw", summary="The bytes as received, personal data hidden unless you may see them")
def raw_message(request: Request, user: Reader, receipt_id: int) -> Response:
    """The bytes; the enterprise that sent them, and officers, get them whole."""
    found = _message(request, user, receipt_id)
    raw = found.raw()
    if user.enterprise and user.enterprise in {found.cop_code, found.signer}:
        return Response(raw, media_type="application/octet-stream")
    veil = Veil(user)
    shown = raw if veil.is_lifted else veil.xml(raw.decode("utf-8", "replace")).encode()
    return Response(shown, media_type="application/octet-stream")


def _message(request: Request, user: User, receipt_id: int) -> Any:  # noqa: ANN401 - the view's own row
    with deps_of(request).pool.connection() as conn:
        found = messages.message(conn, receipt_id, scope_of(user))
    if found is None:
        raise error(404, "not-found", where=f"message {receipt_id}")
    return found

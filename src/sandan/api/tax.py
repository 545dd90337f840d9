"""Tax after release: what a collector owes and when, payment documents, and what a bank says was paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated
from typing import Any
from typing import TypeVar

import anyio.to_thread
from fastapi import APIRouter
from fastapi import Depends
from fastapi import Path
from fastapi import Query
from fastapi import Request
from fastapi.responses import Response
from msgspec import structs
from psycopg import Connection
from pydantic import AwareDatetime
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from sandan.api import calendar
from sandan.api.cases import PageWanted
from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.revenue.decide import RefusedError
from sandan.revenue.facts import Advice
from sandan.revenue.facts import Settlement
from sandan.revenue.facts import Stage
from sandan.revenue.rules import WORDS
from sandan.store import tax_documents
from sandan.store.permissions import Act
from sandan.store.permissions import scope_of
from sandan.store.tax_documents import ReferenceUsedError
from sandan.store.users import User
from sandan.store.views import tax
from sandan.terms.days import legal_day
from sandan.terms.ids import EnterpriseCode
from sandan.work.collect import Collecting

router = APIRouter(prefix="/v1", tags=["tax"])

T = TypeVar("T")

Reader = Annotated[User, Depends(needs(Act.READ_TAX))]
Collector = Annotated[str, Path(max_length=18, description="Collector (代收代缴义务人, assureCode)")]
DOCUMENTS_SHOWN = 200


class Gather(BaseModel):
    """Where payable bills are gathered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    district: str = Field(max_length=4, description="Customs district (关区)")


class Paid(BaseModel):
    """What a bank says was paid."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    reference: str = Field(min_length=1, max_length=60, description="The bank's number of the payment")
    document_no: str = Field(max_length=50)
    amount_fen: int = Field(ge=-(2**53), le=2**53)
    currency: str = Field(default="142", max_length=3)
    paid_at: AwareDatetime = Field(strict=False, description="When the money was taken, with its zone")


class Voiding(BaseModel):
    """Why a bill is voided."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(min_length=4, max_length=500)


@router.get("/tax", summary="What is owed, by collector, district and stage of the window")
def standings(request: Request, user: Reader) -> Response:
    """Returnable, payable and overdue, one's own or everyone's; overdue shows on the day after the last."""
    deps = deps_of(request)
    day = legal_day(deps.clock.now())
    with deps.pool.connection() as conn:
        return json_response({"day": day, "standings": tax.standings(conn, day, scope_of(user))})


@router.get("/tax/{collector}/calendar", summary="What falls due on which day")
def falling(request: Request, collector: Collector, user: Reader) -> Response:
    """The unpaid bills of a collector by their last day of payment."""
    day, found = _reading(request, user, collector, tax.calendar)
    return json_response({"day": day, "falling": found})


@router.get("/tax/{collector}/bills", summary="Bills of a collector, by release")
def bills(
    request: Request,
    collector: Collector,
    user: Reader,
    cut: PageWanted,
    stage: Annotated[Stage | None, Query(description="Only bills in this stage")] = None,
) -> Response:
    """One page of bills; a list without tax is stated with status ``zero``."""
    day, page = _reading(request, user, collector, lambda conn, code, on: tax.bills(conn, code, on, stage, cut))
    return json_response({"day": day, "bills": page.rows, "after": page.after})


@router.get("/tax/{collector}/documents", summary="Payment documents of a collector, newest first")
def documents(request: Request, collector: Collector, user: Reader) -> Response:
    """The latest payment documents."""
    _, found = _reading(
        request, user, collector, lambda conn, code, _: tax_documents.latest(conn, code, DOCUMENTS_SHOWN)
    )
    return json_response({"documents": found})


@router.post("/tax/{collector}/documents", status_code=201, summary="Gather what is payable into a payment document")
async def gather(
    request: Request, collector: Collector, body: Gather, user: Annotated[User, Depends(needs(Act.COLLECT))]
) -> Response:
    """The new document over up to 5,000 bills, those due first; asked again for the next; 409 where nothing is payable."""
    deps = deps_of(request)
    _check_own(user, collector)
    made = await anyio.to_thread.run_sync(_desk(deps).aggregate, collector, body.district)
    if made is None:
        raise error(409, "nothing-payable", where=f"{collector}/{body.district}", expected="a bill from its day 31 on")
    return json_response(made, 201)


@router.post("/tax/{collector}/payments", summary="Take what a bank says was paid")
async def pay(
    request: Request, collector: Collector, body: Paid, user: Annotated[User, Depends(needs(Act.TAKE_PAYMENT))]
) -> Response:
    """The outcome with its words; the same reference with the same facts gets the first answer again."""
    del user  # the guard is the use
    advice = Advice(collector=EnterpriseCode(collector), **body.model_dump())
    try:
        settlement = await anyio.to_thread.run_sync(_desk(deps_of(request)).receive, advice)
    except ReferenceUsedError as problem:
        raise error(409, "conflict", where="body.reference", found=body.reference, expected=str(problem)) from problem
    return json_response(_said(settlement))


@router.post("/tax/{collector}/bills/{tax_no}/void", summary="Void a bill that is still owed")
async def void(
    request: Request,
    collector: Collector,
    tax_no: Annotated[str, Path(max_length=50)],
    body: Voiding,
    user: Annotated[User, Depends(needs(Act.TAKE_PAYMENT))],
) -> Response:
    """The bill, void; its guarantee is freed."""
    del user  # the guard is the use
    try:
        bill = await anyio.to_thread.run_sync(_desk(deps_of(request)).void, collector, tax_no, body.reason)
    except RefusedError as problem:
        raise error(409, "conflict", where=f"bill {tax_no}", expected=str(problem)) from problem
    return json_response({"tax_no": bill.tax_no, "status": bill.status})


@router.get("/calendar/{collector}.ics", summary="The calendar of money as iCalendar")
def ical(request: Request, collector: Collector, user: Reader) -> Response:
    """One all-day event for each last day of payment, with reminders ten, three and one day before."""
    _, found = _reading(request, user, collector, tax.calendar)
    body = calendar.feed(collector, found, deps_of(request).clock.now())
    return Response(body, media_type="text/calendar; charset=utf-8")


def _reading(
    request: Request, user: User, collector: str, read: Callable[[Connection[Any], str, date], T]
) -> tuple[date, T]:
    deps = deps_of(request)
    _check_own(user, collector)
    day = legal_day(deps.clock.now())
    with deps.pool.connection() as conn:
        return day, read(conn, collector, day)


def _check_own(user: User, collector: str) -> None:
    """An enterprise asks for itself; another's collector reads as one that is not there."""
    own = scope_of(user).enterprise
    if own and own != collector:
        raise error(404, "not-found", where=f"collector {collector}")


def _desk(deps: Deps) -> Collecting:
    return Collecting(deps.pool, deps.clock, production=deps.production)


def _said(settlement: Settlement) -> dict[str, object]:
    words = WORDS[settlement.outcome]
    return {
        **structs.asdict(settlement),
        "what": {"zh": words.zh, "en": words.en},
        "remedy": {"zh": words.remedy_zh, "en": words.remedy_en},
        "retry": words.retry,
    }

"""Receipts (回执) pulled by a cursor: as JSON, or as the CEB messages clients already read."""

from __future__ import annotations

import base64
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from fastapi.responses import Response
from msgspec import Struct

from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.api.models import ForwardsShown
from sandan.api.models import ReceiptsShown
from sandan.api.showing import receipt_meaning
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.store import forwards
from sandan.store import outbox
from sandan.store.outbox import Delivery
from sandan.store.permissions import Act
from sandan.store.users import User
from sandan.terms.ids import EnterpriseCode
from sandan.wire.write import receipts as write_receipts
from sandan.work.push import Item
from sandan.work.push import of_forward

router = APIRouter(prefix="/v1", tags=["receipts"])

Recipient = Annotated[User, Depends(needs(Act.READ_RECEIPTS))]
After = Annotated[str, Query(max_length=50, description="Cursor the last pull answered; empty begins")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
Part = Annotated[str, Query(max_length=120, description="Part of the subject whose receipts alone are wanted")]

CURSOR_HEADER = "X-Next-Cursor"


def about_wanted(kind: Part = "", owner: Part = "", key: Part = "") -> Ref | None:
    """The document whose receipts alone are wanted; None for those of all."""
    if not (kind or owner or key):
        return None
    if kind not in set(Kind) or not owner or not key:
        expected = f"kind ({', '.join(Kind)}), owner and key together"
        raise error(422, "request-invalid", where="query.kind", found=f"{kind} {owner} {key}", expected=expected)
    return Ref(kind=Kind(kind), owner=owner, key=key)


class Wanted(Struct, frozen=True):
    """Which receipts a pull asks for."""

    after: str
    limit: int
    about: Ref | None


def wanted(about: Annotated[Ref | None, Depends(about_wanted)], after: After = "", limit: Limit = 200) -> Wanted:
    """The pull as asked for."""
    return Wanted(after, limit, about)


Asked = Annotated[Wanted, Depends(wanted)]


@router.get("/receipts", response_model=ReceiptsShown, summary="Receipts after a cursor, oldest first")
def pull(request: Request, user: Recipient, asked: Asked) -> Response:
    """Every receipt addressed to one's enterprise; reading on from the cursor misses none and repeats none."""
    found = _pull(request, user, asked)
    return json_response({"receipts": [_shown(item) for item in found], "cursor": _cursor(found, asked.after)})


@router.get("/receipts.xml", summary="The same receipts as CEB312, 412, 512 and 622 messages")
def pull_xml(request: Request, user: Recipient, asked: Asked) -> Response:
    """Messages one after another in an envelope of their own; the cursor stands in a header."""
    found = _pull(request, user, asked)
    messages = [_without_prolog(body) for body in write_receipts(item.receipt for item in found)]
    body = b'<?xml version="1.0" encoding="UTF-8"?>\n<Receipts>' + b"".join(messages) + b"</Receipts>"
    return Response(body, headers={CURSOR_HEADER: _cursor(found, asked.after)}, media_type="application/xml")


@router.get(
    "/forwards", response_model=ForwardsShown, summary="What others forward to one's enterprise (BaseSubscribe)"
)
def pull_forwards(request: Request, user: Recipient, after: After = "", limit: Limit = 100) -> Response:
    """Messages and receipts that their senders let one have, oldest first; the cursor is not that of receipts."""
    with deps_of(request).pool.connection() as conn:
        found = forwards.pull(conn, EnterpriseCode(user.enterprise), _cursor_in(after), limit)
    told = [of_forward(item) for item in found]
    last = str(found[-1].cursor) if found else after
    return json_response({"forwards": [_forwarded(item) for item in told], "cursor": last})


def _forwarded(item: Item) -> dict[str, Any]:
    return {
        "cursor": str(item.cursor),
        "sender": item.sender,
        "at": item.at,
        "message_type": item.message_type,
        "message": base64.b64encode(item.message).decode(),
    }


def _pull(request: Request, user: User, asked: Wanted) -> list[Delivery]:
    try:
        cursor = outbox.Cursor.parse(asked.after)
    except outbox.CursorError as problem:
        raise error(422, "request-invalid", where="query.after", found=asked.after, expected=str(problem)) from problem
    with deps_of(request).pool.connection() as conn:
        return outbox.pull(conn, EnterpriseCode(user.enterprise), cursor, asked.limit, asked.about)


def _cursor_in(after: str) -> outbox.Cursor:
    try:
        return outbox.Cursor.parse(after)
    except outbox.CursorError as problem:
        raise error(422, "request-invalid", where="query.after", found=after, expected=str(problem)) from problem


def _cursor(found: list[Delivery], after: str) -> str:
    return str(found[-1].cursor) if found else after


def _without_prolog(body: bytes) -> bytes:
    return body[body.index(b"?>") + 2 :].strip()


def _shown(delivery: Delivery) -> dict[str, Any]:
    receipt = delivery.receipt
    return {
        "cursor": str(delivery.cursor),
        "guid": receipt.guid,
        "subject": receipt.subject,
        "subject_version": delivery.subject_version,
        "status": receipt.status,
        "info": receipt.info,
        "at": receipt.at,
        "rules": receipt.rules,
        "order_no": receipt.order_no,
        "logistics_no": receipt.logistics_no,
        "cop_no": receipt.cop_no,
        "pre_no": receipt.pre_no,
        "invt_no": receipt.invt_no,
        "meaning": receipt_meaning(receipt.status, receipt.info),
    }

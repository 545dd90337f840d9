"""The proof that the books agree: chains of the journal, sums of postings, reservations and their cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response
from msgspec import structs

from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.store import audit
from sandan.store.permissions import Act
from sandan.store.users import User

router = APIRouter(prefix="/v1", tags=["platform"])


@router.post("/verify", summary="Prove the journal's chains, the balances and the reservations")
def verify(request: Request, user: Annotated[User, Depends(needs(Act.VERIFY))]) -> Response:  # noqa: ARG001 - the guard is the use
    """The report of the audit; nothing is changed."""
    with deps_of(request).pool.connection() as conn:
        report = audit.verify(conn)
    return json_response({**structs.asdict(report), "ok": report.ok})

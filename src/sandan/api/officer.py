"""What an officer decides about a case (关员处置): it becomes a document and comes through the door like any other."""

from __future__ import annotations

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response

from sandan.api.cases import Declarant
from sandan.api.cases import Key
from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.api.errors import respond
from sandan.api.models import AcknowledgementShown
from sandan.api.models import Deciding
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.intake import acts
from sandan.intake.facts import Outcome
from sandan.store.permissions import Act
from sandan.store.permissions import scope_of
from sandan.store.users import User
from sandan.store.views import case as cases

router = APIRouter(prefix="/v1", tags=["officer"])


@router.post(
    "/cases/{declarant}/{key:path}/acts",
    status_code=202,
    response_model=AcknowledgementShown,
    summary="Release, refuse, hold, review or inspect, with a reason",
)
async def act(
    request: Request, declarant: Declarant, key: Key, body: Deciding, user: Annotated[User, Depends(needs(Act.DECIDE))]
) -> Response:
    """The acknowledgement of the act; the decision follows as an event of the case."""
    deps = deps_of(request)
    subject = Ref(kind=Kind.LIST, owner=declarant, key=key)
    await anyio.to_thread.run_sync(_check_current, deps, subject, user, body.seen_version)
    deciding = acts.Deciding(verdict=body.verdict, reason=body.reason, seen_version=body.seen_version)
    acknowledgement = await deps.gather.submit(acts.arrival_of(acts.act_on(subject, user.account, deciding)))
    if acknowledgement.outcome is not Outcome.REGISTERED:
        return respond(422, acknowledgement.faults[0], acknowledgement=acknowledgement.shown())
    return json_response(acknowledgement.shown(), 202)


def _check_current(deps: Deps, subject: Ref, user: User, seen_version: int) -> None:
    """Says at once what the decision would say later: there is no such case, or it has moved on."""
    with deps.pool.connection() as conn:
        file = cases.case_file(conn, subject, scope_of(user))
    if file is None:
        raise error(404, "not-found", where=f"case {subject.owner}/{subject.key}")
    if file.case.version != seen_version:
        where, found = "body.seen_version", str(seen_version)
        raise error(409, "conflict", where=where, found=found, expected=str(file.case.version))

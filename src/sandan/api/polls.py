"""Receipts polled the way a dialect's clients ask for them."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.errors import ApiError
from sandan.api.errors import error
from sandan.api.sessions import bearer
from sandan.intake.dialects import spoken
from sandan.intake.dialects.facts import Answered
from sandan.intake.dialects.facts import Asked
from sandan.intake.dialects.facts import Poll
from sandan.intake.facts import Fault
from sandan.parties.facts import Enterprise
from sandan.store import outbox
from sandan.terms.ids import EnterpriseCode

_MOST = 1_000
"""Receipts of one answer; whoever gets so many asks again from the time of the last."""


def routes() -> list[Route]:
    """One path for each poll of each dialect."""
    return [
        Route(poll.path, partial(_answer, poll=poll), methods=["GET"], name=f"poll-{poll.path.strip('/')}")
        for dialect in spoken()
        for poll in dialect.polls
    ]


def _answer(request: Request, poll: Poll) -> Response:
    deps = deps_of(request)
    asked = poll.read(request.query_params)
    if isinstance(asked, Fault):
        raise ApiError(422, asked)
    recipient = _recipient(request, deps, asked)
    with deps.pool.connection() as conn:
        found = outbox.since(conn, recipient, poll.kind, asked.since, _MOST)
    reply = poll.write(asked, [Answered(receipt=receipt, document_guid=guid) for receipt, guid in found])
    return Response(reply.body, reply.status or 200, media_type=reply.media_type)


def _recipient(request: Request, deps: Deps, asked: Asked) -> EnterpriseCode:
    """The enterprise that holds the DXP id, if whoever asks may read its receipts.

    In production that is the enterprise itself, by its token; elsewhere nobody has to log in, for clients of ports
    know no token.

    Raises:
        ApiError: 401 without a token in production, 404 for an id of nobody or of somebody else.
    """
    user = deps.sessions.token_user(bearer(request)) if bearer(request) else None
    if user is None and (deps.production or bearer(request)):
        raise error(401, "not-logged-in", where="Authorization")
    holder = _holder(deps, asked.dxp_id)
    if holder is None or (user is not None and user.enterprise != holder.code):
        raise error(404, "not-found", where="query.dxpid", found=asked.dxp_id)
    return holder.code


def _holder(deps: Deps, dxp_id: str) -> Enterprise | None:
    return next((one for one in deps.registry().enterprises.values() if dxp_id in one.dxp_ids), None)

"""Messages in, acknowledgements out: outside the framework's layers, since this is where the load is."""

from __future__ import annotations

import anyio.to_thread
from msgspec import structs
from starlette.requests import ClientDisconnect
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive
from starlette.types import Scope
from starlette.types import Send

from sandan.api import polls
from sandan.api.deps import Deps
from sandan.api.deps import json_response
from sandan.api.errors import ApiError
from sandan.api.errors import answer_to
from sandan.api.errors import error
from sandan.api.errors import respond
from sandan.api.sessions import bearer
from sandan.intake.dialects import dxp
from sandan.intake.dialects import spoken
from sandan.intake.dialects.facts import Dialect
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.wire.dxp import is_envelope

STATUS = {Outcome.REGISTERED: 202, Outcome.REFUSED: 422, Outcome.UNREADABLE: 400}
"""HTTP status of each outcome; the first answer given again is 200."""


class Intake:
    """The paths messages come in by, served before the framework looks at a request."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._dialects = {dialect.path: dialect for dialect in spoken()}

    def takes(self, scope: Scope) -> bool:
        """Whether the request is a message."""
        return scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in self._dialects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one message; whatever goes wrong answers in the one shape."""
        request = Request(scope, receive)
        try:
            response = await self._take(request, self._dialects[scope["path"]])
        except ClientDisconnect:
            return
        except Exception as problem:  # noqa: BLE001 - the table of errors decides
            response = answer_to(request, problem)
        await response(scope, receive, send)

    async def _take(self, request: Request, dialect: Dialect) -> Response:
        actor = await actor_of(request, self._deps)
        body = await body_of(request, self._deps.message_limit)
        arrival = dialect.read(body, request.headers.get("content-type", ""))
        acknowledgement = await self._deps.gather.submit(structs.replace(arrival, actor=actor) if actor else arrival)
        return answer(request, dialect, acknowledgement, arrival)


def routes(intake: Intake) -> list[Route]:
    """The same paths for the framework, so that another method is answered 405; and where receipts are polled."""
    taken = [Route(dialect.path, intake, methods=["POST"], name=f"messages-{dialect.name}") for dialect in spoken()]
    return [*taken, *polls.routes()]


async def body_of(request: Request, limit: int) -> bytes:
    """The body of a request, up to the limit.

    Raises:
        ApiError: 413, before more than the limit is in memory; nothing is kept of such a body.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(declared, limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(f"> {limit}", limit)
        parts.append(part)
    return b"".join(parts)


def answer(request: Request, dialect: Dialect, acknowledgement: Acknowledgement, arrival: Arrival) -> Response:
    """The acknowledgement in the dialect's words; where XML is asked for, as DxpRep or CEB900; else as JSON."""
    status = 200 if acknowledgement.repeat and not acknowledgement.faults else STATUS[acknowledgement.outcome]
    headers = {"X-Receipt-Id": str(acknowledgement.receipt_id)}
    wants_xml = "xml" in request.headers.get("accept", "")
    say = dxp.answer if wants_xml and dialect.answer is None and is_envelope(arrival.body) else dialect.answer
    if say is not None:
        reply = say(acknowledgement, arrival)
        return Response(reply.body, reply.status or status, headers, media_type=reply.media_type)
    if acknowledgement.answer and wants_xml:
        return Response(acknowledgement.answer, status, headers, media_type="application/xml")
    if acknowledgement.faults:
        return respond(status, acknowledgement.faults[0], acknowledgement=acknowledgement.shown())
    return json_response(acknowledgement.shown(), status)


async def actor_of(request: Request, deps: Deps) -> str:
    """Enterprise of the token that came along; none is needed, for the signature proves the sender."""
    token = bearer(request)
    if not token:
        return ""
    user = await anyio.to_thread.run_sync(deps.sessions.token_user, token)
    if user is None:
        raise error(401, "not-logged-in", where="Authorization")
    return user.enterprise


def _too_large(found: str, limit: int) -> ApiError:
    return error(413, "body-too-large", found=found, expected=f"≤ {limit}")

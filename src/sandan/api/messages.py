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

from sandan.api.deps import Deps
from sandan.api.deps import json_response
from sandan.api.errors import ApiError
from sandan.api.errors import answer_to
from sandan.api.errors import error
from sandan.api.errors import respond
from sandan.api.sessions import bearer
from sandan.intake.dialects import DIALECTS
from sandan.intake.dialects.facts import Dialect
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Outcome

STATUS = {Outcome.REGISTERED: 202, Outcome.REFUSED: 422, Outcome.UNREADABLE: 400}
"""HTTP status of each outcome; the first answer given again is 200."""


class Intake:
    """The paths messages come in by, served before the framework looks at a request."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._dialects = {dialect.path: dialect for dialect in DIALECTS}

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
        actor = await _actor(request, self._deps)
        body = await body_of(request, self._deps.message_limit)
        arrival = dialect.read(body, request.headers.get("content-type", ""))
        acknowledgement = await self._deps.gather.submit(structs.replace(arrival, actor=actor) if actor else arrival)
        return answer(request, dialect, acknowledgement)


def routes(intake: Intake) -> list[Route]:
    """The same paths for the framework, so that another method is answered 405."""
    return [Route(dialect.path, intake, methods=["POST"], name=f"messages-{dialect.name}") for dialect in DIALECTS]


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


def answer(request: Request, dialect: Dialect, acknowledgement: Acknowledgement) -> Response:
    """The acknowledgement in the dialect's words, as CEB900 where XML is asked for, else as JSON."""
    status = 200 if acknowledgement.repeat and not acknowledgement.faults else STATUS[acknowledgement.outcome]
    if dialect.answer is not None:
        reply = dialect.answer(acknowledgement)
        return Response(reply.body, status, media_type=reply.media_type)
    if acknowledgement.answer and "xml" in request.headers.get("accept", ""):
        headers = {"X-Receipt-Id": str(acknowledgement.receipt_id)}
        return Response(acknowledgement.answer, status, headers, media_type="application/xml")
    if acknowledgement.faults:
        return respond(status, acknowledgement.faults[0], acknowledgement=acknowledgement.shown())
    return json_response(acknowledgement.shown(), status)


async def _actor(request: Request, deps: Deps) -> str:
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

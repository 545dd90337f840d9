"""Messages somebody wants to understand: laid open, or the signature alone examined; nothing is stored."""

from __future__ import annotations

from typing import Annotated
from typing import Any

import anyio.to_thread
from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response
from msgspec import to_builtins

from sandan.api.check import stage_of
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.messages import body_of
from sandan.api.showing import veiled
from sandan.intake.examination import examine
from sandan.signing.doctor import diagnose
from sandan.store.masks import Veil
from sandan.store.masks import personal_values
from sandan.store.permissions import Act
from sandan.store.users import User

router = APIRouter(prefix="/v1", tags=["check"])

Reader = Annotated[User, Depends(needs(Act.CHECK))]


@router.post("/inspect", summary="What a message is, what is in it, what is wrong with it, what would happen to it")
async def inspect(request: Request, user: Reader) -> Response:
    """The bytes of one message or envelope as the body; JSON as ``sandan inspect --json`` prints it."""
    deps = deps_of(request)
    data = await body_of(request, deps.message_limit)

    def shown() -> Any:  # noqa: ANN401 - JSON
        """The examination as the reader may see it."""
        found = examine(data, stage_of(deps, deps.clock.now()))
        return veiled(found.shown(), Veil(user, personal_values(found.documents)))

    return json_response(await anyio.to_thread.run_sync(shown))


@router.post("/doctor", summary="Why a signature holds or is refused, and which known mistake explains it")
async def doctor(request: Request, user: Reader) -> Response:
    """The bytes of one message or envelope as the body; JSON as ``sandan doctor --json`` prints it."""
    deps = deps_of(request)
    data = await body_of(request, deps.message_limit)

    def shown() -> Any:  # noqa: ANN401 - JSON
        """The diagnosis as the reader may see it."""
        return veiled(to_builtins(diagnose(data, deps.registry(), deps.clock.now())), Veil(user))

    return json_response(await anyio.to_thread.run_sync(shown))

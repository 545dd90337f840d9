"""The HTTP face: routes, errors and description put together over the dependencies of one process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import Message
from starlette.types import Receive
from starlette.types import Scope
from starlette.types import Send

from sandan.api import accounts
from sandan.api import cases
from sandan.api import check
from sandan.api import clock
from sandan.api import errors
from sandan.api import inspect
from sandan.api import messages
from sandan.api import officer
from sandan.api import openapi
from sandan.api import platform
from sandan.api import proof
from sandan.api import quote
from sandan.api import realtime
from sandan.api import receipts
from sandan.api import subscriptions
from sandan.api import tax
from sandan.api.deps import Deps
from sandan.api.messages import Intake

ROUTERS = (
    receipts.router,
    subscriptions.router,
    officer.router,
    cases.router,
    check.router,
    inspect.router,
    quote.router,
    accounts.router,
    platform.router,
    clock.router,
    tax.router,
    proof.router,
    realtime.router,
)


#: A body other than a message, such as messages to be tried, may hold as many largest messages
BODIES = 4


class Platform(FastAPI):
    """FastAPI, with messages taken past its layers."""

    def __init__(self, intake: Intake, body_limit: int, **options: Any) -> None:  # noqa: ANN401 - the framework's own
        super().__init__(**options)
        self._intake = intake
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gives messages to the intake, everything else to the framework."""
        if self._intake.takes(scope):
            await self._intake(scope, receive, send)
        else:
            await super().__call__(scope, limited(receive, self._body_limit), send)


def limited(receive: Receive, limit: int) -> Receive:
    """The same body, ended by 413 before more than the limit is in memory."""
    taken = 0

    async def receive_some() -> Message:
        """The next part of the body."""
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413, f"more than {limit} bytes")
        return message

    return receive_some


def create_app(deps: Deps, extra_routes: Sequence[BaseRoute] = ()) -> FastAPI:
    """The application over its dependencies.

    Args:
        deps: Store, clock, law, sessions and the door.
        extra_routes: Routes of other faces, such as the console, served after the API's own.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        """The lanes of the gatherer are open while the application runs."""
        await deps.gather.start()
        yield
        await deps.gather.stop()

    intake = Intake(deps)
    app = Platform(
        intake,
        BODIES * deps.message_limit,
        title="Sandan 三单",
        version=version("sandan"),
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.deps = deps
    errors.install(app)
    app.router.routes.extend(messages.routes(intake))
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.extend(extra_routes)
    openapi.describe(app)
    return app

"""The HTTP face: routes, errors and description put together over the dependencies of one process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.routing import BaseRoute

from sandan.api import accounts
from sandan.api import cases
from sandan.api import check
from sandan.api import errors
from sandan.api import messages
from sandan.api import officer
from sandan.api import openapi
from sandan.api import platform
from sandan.api import quote
from sandan.api import subscriptions
from sandan.api.deps import Deps

ROUTERS = (
    subscriptions.router,
    officer.router,
    cases.router,
    check.router,
    quote.router,
    accounts.router,
    platform.router,
)


def create_app(deps: Deps, extra_routes: Sequence[BaseRoute] = ()) -> FastAPI:
    """The application over its dependencies.

    Args:
        deps: Store, clock, law, sessions and the door.
        extra_routes: Routes of other faces, such as the console, served after the API's own.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await deps.gather.start()
        yield
        await deps.gather.stop()

    app = FastAPI(
        title="Sandan 三单",
        version=version("sandan"),
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url="/v1/docs",
    )
    app.state.deps = deps
    errors.install(app)
    app.router.routes.extend(messages.routes())
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.extend(extra_routes)
    openapi.describe(app)
    return app

"""``sandan serve``: database, decision workers, API and console, until it is told to stop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from rich.console import Console as Terminal
from starlette.routing import BaseRoute

from sandan.api.check import stage_of
from sandan.api.deps import Deps
from sandan.api.serve import Composition
from sandan.api.serve import run
from sandan.console.port import Acted
from sandan.console.port import Deps as ConsoleDeps
from sandan.console.routes import routes
from sandan.documents.facts import OfficerAct
from sandan.intake import acts
from sandan.intake.broker import BrokerError
from sandan.intake.facts import Outcome
from sandan.law.errors import FileRefusedError
from sandan.store.clock import SettableClock
from sandan.store.provider import DatabaseUnavailableError
from sandan.store.settings import Settings
from sandan.store.users import User

app = typer.Typer()
_DEFAULTS = Settings()
_SHOWN = 4


@app.command()
def serve(
    workers: Annotated[int, typer.Option(help="Decision workers.", min=1, max=100)] = _DEFAULTS.workers,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = _DEFAULTS.host,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = _DEFAULTS.port,
) -> None:
    """Run the platform: database, decision workers, HTTP API and console."""
    terminal = Terminal(stderr=True)
    settings = _DEFAULTS.model_copy(update={"workers": workers, "host": host, "port": port})
    try:
        run(settings, Composition(faces=console, ready=lambda address: terminal.print(f"Sandan answers on {address}")))
    except (OSError, DatabaseUnavailableError, BrokerError, FileRefusedError) as error:
        refuse(error)
        raise typer.Exit(1) from None


def refuse(error: Exception) -> None:
    """Says why nothing could be started; of many faults, as of a law file's, the first few."""
    first, *others = str(error).splitlines()
    shown = [first, *others[:_SHOWN], *([f"… and {len(others) - _SHOWN} more"] if len(others) > _SHOWN else [])]
    Terminal(stderr=True).print("Sandan could not start: " + "\n".join(shown), style="red", markup=False)


def console(deps: Deps) -> Sequence[BaseRoute]:
    """The console's pages over the API's dependencies."""

    def submit_act(act: OfficerAct, user: User) -> Acted:
        del user  # the session has been checked; the act carries the account
        (answer,) = deps.door.submit([acts.arrival_of(act)])
        if answer.outcome is Outcome.REGISTERED:
            return Acted(taken=True)
        words = answer.faults[0].what
        return Acted(taken=False, reason_zh=words.zh, reason_en=words.en)

    return routes(
        ConsoleDeps(
            connect=deps.pool.connection,
            clock=deps.clock.now,
            law_on=deps.law_on,
            sessions=deps.sessions,
            submit_act=submit_act,
            registry=deps.registry,
            stage=partial(stage_of, deps),
            clock_control=deps.clock if isinstance(deps.clock, SettableClock) and not deps.production else None,
            invented=not deps.production,
            production=deps.production,
        )
    )

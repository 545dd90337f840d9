"""``sandan work``: decision workers alone, beside a platform that others serve."""

from __future__ import annotations

from typing import Annotated

import typer

from sandan.api import serve
from sandan.cli.serve import refuse
from sandan.law.errors import FileRefusedError
from sandan.store.provider import DatabaseUnavailableError
from sandan.store.settings import Settings

app = typer.Typer()
_DEFAULTS = Settings()


@app.command()
def work(
    workers: Annotated[int, typer.Option(help="Decision workers.", min=1, max=100)] = _DEFAULTS.workers,
) -> None:
    """Run decision workers until told to stop; any number of machines may do so on one database."""
    try:
        serve.work(_DEFAULTS.model_copy(update={"workers": workers}))
    except (DatabaseUnavailableError, FileRefusedError) as error:
        refuse(error)
        raise typer.Exit(1) from None

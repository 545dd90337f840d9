"""Entry of the ``sandan`` command: every module of this package with an ``app`` is a command of its name."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING
from typing import Annotated

import typer
from typer.core import TyperGroup

import sandan.cli
from sandan import logs

if TYPE_CHECKING:
    from typer._click import Command
    from typer._click import Context


class Commands(TyperGroup):
    """Finds commands by file name and imports one only when it is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Names of all commands, which are the names of the files beside this one."""
        del ctx
        names = (module.name for module in pkgutil.iter_modules(sandan.cli.__path__))
        return sorted(name for name in names if name != "app")

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command in the file of that name, or None where there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return typer.main.get_command(import_module(f"sandan.cli.{cmd_name}").app)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"sandan {version('sandan')}")
        raise typer.Exit


@app.callback()
def _sandan(
    asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Sandan 三单: the open clearance platform for China's cross-border e-commerce."""


def main() -> None:
    """Runs the command line; what is logged goes to standard error, so that output can be piped."""
    logs.configure()
    app()

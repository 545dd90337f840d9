"""Entry of the ``sandan`` command: every module of this package with an ``app`` is a command of its name."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import click
import typer

import sandan.cli


class Commands(click.Group):
    """Finds commands by file name and imports one only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, which are the names of the files beside this one."""
        del ctx
        names = (module.name for module in pkgutil.iter_modules(sandan.cli.__path__))
        return sorted(name for name in names if name != "app")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command in the file of that name, or None where there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return typer.main.get_command(import_module(f"sandan.cli.{cmd_name}").app)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sandan")
def main() -> None:
    """Sandan 三单: the open clearance platform for China's cross-border e-commerce."""

"""``sandan registry``: the parties as a file, out of a store and into one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import psycopg
import typer

from sandan.parties.facts import Registry
from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.registry import load_registry
from sandan.store.registry import save_registry
from sandan.store.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Take enterprises, mandates, certificates and account books in or out.")


@app.command("export")
def give() -> None:
    """Print the whole registry as JSON."""
    with open_database(Settings()) as database, psycopg.connect(database.url) as conn:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(load_registry(conn))).decode() + "\n")


@app.command("import")
def take(
    file: Annotated[Path, typer.Argument(help="JSON as ``export`` prints it.", exists=True, dir_okay=False)],
    write: Annotated[bool, typer.Option("--yes", help="Write; without it only say what would change.")] = False,
) -> None:
    """Take enterprises, mandates, certificates and books from a file, over entries of the same key.

    Exit 2 when the file is not understood; then nothing is changed.
    """
    try:
        coming = msgspec.json.decode(file.read_bytes(), type=Registry)
    except msgspec.DecodeError as error:
        sys.stderr.write(f"{file} is not understood: {error}\n")
        raise typer.Exit(2) from None
    with open_database(Settings()) as database:
        migrate(database.url)
        with psycopg.connect(database.url) as conn:
            _say(load_registry(conn), coming)
            if write:
                save_registry(conn, coming)
    typer.echo("written" if write else "nothing written; --yes writes")


def _say(standing: Registry, coming: Registry) -> None:
    """Prints how many entries are new and how many change."""
    for name in ("enterprises", "certificates", "books"):
        before, after = getattr(standing, name), getattr(coming, name)
        new = sum(key not in before for key in after)
        changed = sum(key in before and before[key] != value for key, value in after.items())
        typer.echo(f"{name}: {new} new, {changed} changed, {len(after) - new - changed} as they are")
    known = set(standing.mandates)
    typer.echo(f"mandates: {sum(mandate not in known for mandate in coming.mandates)} new or changed")

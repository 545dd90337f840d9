"""``sandan verify``: audits the store."""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
import psycopg
import typer
from rich.console import Console

from sandan.store.audit import verify as audit
from sandan.store.provider import open_database
from sandan.store.settings import Settings

app = typer.Typer()


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one line of JSON.")] = False,
) -> None:
    """Verify the store: journal chains, postings against balances, reservations against cases, bytes against digests.

    Exit 0 when all is sound, 1 when something is not.
    """
    with open_database(Settings()) as database, psycopg.connect(database.url) as conn:
        report = audit(conn)
    if as_json:
        sys.stdout.write(msgspec.json.encode({**msgspec.to_builtins(report), "ok": report.ok}).decode() + "\n")
    else:
        _print(report)
    raise typer.Exit(0 if report.ok else 1)


def _print(report: object) -> None:
    terminal = Console()
    facts = msgspec.to_builtins(report)
    for name, value in facts.items():
        if not isinstance(value, list):
            terminal.print(f"{name.replace('_', ' ')}: {value}")
    for fault in facts.get("faults", ()):
        terminal.print(str(fault), style="red", markup=False)
    terminal.print("[green]all is sound" if not facts.get("faults") else "[red]the store is not sound")

"""``sandan inspect``: what is this message, and what would happen to it?"""

from __future__ import annotations

import sys
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sandan.intake.examination import Examination
from sandan.intake.examination import examine
from sandan.sandbox.grounds import invented
from sandan.sandbox.grounds import stored
from sandan.store.settings import Settings

app = typer.Typer()


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="The message, bare or in its envelope.", exists=True, dir_okay=False)],
    own: Annotated[bool, typer.Option("--store", help="Use this deployment's parties, law and balances.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Lay a message open: what it is, what is in it, verdict, diagnosis, signature, what would happen.

    Exit 0: the schema accepts it; 1: it does not; 2: nothing could be read.
    """
    data, now = file.read_bytes(), datetime.now(UTC)
    ground = stored if own else invented
    with ground(Settings(), now) as stage:
        found = examine(data, stage)
    if as_json:
        sys.stdout.write(msgspec.json.encode(found.shown()).decode() + "\n")
    else:
        _print(found)
    raise typer.Exit(2 if not found.inspection.message else 0 if found.inspection.schema_valid else 1)


def _print(found: Examination) -> None:
    terminal, inspection, signature = Console(soft_wrap=True), found.inspection, found.signature
    message = escape(inspection.message or "no message")
    terminal.print(f"[bold]{message}[/bold] {inspection.title_zh} {inspection.title_en}")
    if inspection.envelope:
        terminal.print(f"envelope from {inspection.envelope.sender_id}, {inspection.envelope.cop_msg_id}", markup=False)
    for inside in inspection.documents:
        terminal.print(f"  {inside.node} {inside.keys}, {inside.lines} lines", markup=False)
    terminal.print("[green]the schema accepts it" if inspection.schema_valid else "[red]the schema refuses it")
    if inspection.diagnosis:
        table = Table("line", "path", "found", "allowed", "how to mend")
        for fault in inspection.diagnosis:
            cells = (fault.path, fault.value, fault.allowed_en, fault.remedy_en)
            table.add_row(str(fault.line), *map(escape, cells))
        terminal.print(table)
    terminal.print(f"signature: {signature.verdict}{f' ({signature.trouble.en})' if signature.trouble else ''}")
    terminal.print(f"would be {found.outcome}{', and clear' if found.rehearsal.clears else ''}")

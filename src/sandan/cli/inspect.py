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
from sandan.wire.editions import Edition
from sandan.wire.facts import Fault
from sandan.wire.inspect import EditionVerdict
from sandan.wire.inspect import verdict_of

app = typer.Typer()


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="The message, bare or in its envelope.", exists=True, dir_okay=False)],
    own: Annotated[bool, typer.Option("--store", help="Use this deployment's parties, law and balances.")] = False,
    edition: Annotated[
        Edition | None,
        typer.Option(help="Say also what the schema of this edition says; 2018 is announcement No. 113."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Lay a message open: what it is, what is in it, verdict, diagnosis, signature, what would happen.

    Exit 0: the 202205 schema accepts it; 1: it does not; 2: nothing could be read. Another edition only tells.
    """
    data, now = file.read_bytes(), datetime.now(UTC)
    ground = stored if own else invented
    with ground(Settings(), now) as stage:
        found = examine(data, stage)
    asked = None if edition is None else verdict_of(data, edition)
    if as_json:
        shown = found.shown() if asked is None else {**found.shown(), "edition": asked}
        sys.stdout.write(msgspec.json.encode(shown).decode() + "\n")
    else:
        _print(found, asked)
    raise typer.Exit(2 if not found.inspection.message else 0 if found.inspection.schema_valid else 1)


def _print(found: Examination, asked: EditionVerdict | None) -> None:
    terminal, inspection, signature = Console(soft_wrap=True), found.inspection, found.signature
    message = escape(inspection.message or "no message")
    terminal.print(f"[bold]{message}[/bold] {inspection.title_zh} {inspection.title_en}")
    if inspection.envelope:
        terminal.print(f"envelope from {inspection.envelope.sender_id}, {inspection.envelope.cop_msg_id}", markup=False)
    for inside in inspection.documents:
        terminal.print(f"  {inside.node} {inside.keys}, {inside.lines} lines", markup=False)
    terminal.print("[green]the schema accepts it" if inspection.schema_valid else "[red]the schema refuses it")
    _print_faults(terminal, inspection.diagnosis)
    if asked:
        says = "[green]accepts it" if asked.schema_valid else "[red]refuses it"
        terminal.print(f"by the edition {asked.edition} the schema {says}")
        _print_faults(terminal, asked.schema_errors)
    terminal.print(f"signature: {signature.verdict}{f' ({signature.trouble.en})' if signature.trouble else ''}")
    terminal.print(f"would be {found.outcome}{', and clear' if found.rehearsal.clears else ''}")


def _print_faults(terminal: Console, faults: tuple[Fault, ...]) -> None:
    if not faults:
        return
    table = Table("line", "path", "found", "allowed", "how to mend")
    for fault in faults:
        cells = (fault.path, fault.value, fault.allowed_en, fault.remedy_en)
        table.add_row(str(fault.line), *map(escape, cells))
    terminal.print(table)

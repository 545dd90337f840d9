"""``sandan doctor``: why is this signature refused?"""

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

from sandan.sandbox.grounds import invented
from sandan.sandbox.grounds import stored
from sandan.signing.doctor import Diagnosis
from sandan.signing.doctor import diagnose
from sandan.store.settings import Settings

app = typer.Typer()


@app.command()
def doctor(
    file: Annotated[Path, typer.Argument(help="The message.", exists=True, dir_okay=False)],
    own: Annotated[
        bool, typer.Option("--store", help="Look the certificate up in this deployment's registry.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[str, typer.Option(help="Language, zh or en.")] = "en",
) -> None:
    """Examine a message's signature: what was digested, by which key, which known mistake it is, and how to mend it.

    Exit 0: valid; 1: refused; 2: not readable.
    """
    now = datetime.now(UTC)
    ground = stored if own else invented
    with ground(Settings(), now) as stage:
        diagnosis = diagnose(file.read_bytes(), stage.registry, now)
    if as_json:
        sys.stdout.write(msgspec.json.encode(diagnosis).decode() + "\n")
    else:
        _print(diagnosis, lang)
    raise typer.Exit({"valid": 0, "refused": 1}.get(diagnosis.verdict, 2))


def _print(diagnosis: Diagnosis, lang: str) -> None:
    terminal, zh = Console(soft_wrap=True), lang == "zh"
    colour = "green" if diagnosis.verdict == "valid" else "red"
    terminal.print(f"{escape(diagnosis.message_type or 'no message')}: [{colour}]{diagnosis.verdict}")
    trouble = diagnosis.trouble
    if trouble:
        terminal.print(f"[red]{trouble.code}[/red] {escape(f'{trouble.zh if zh else trouble.en} {trouble.detail}')}")
        terminal.print(f"→ {trouble.remedy_zh if zh else trouble.remedy_en}", markup=False)
        terminal.print(f"receipt {trouble.receipt_code} {trouble.receipt_text}", markup=False)
    for title, part in (("signature", diagnosis.signature), ("certificate", diagnosis.certificate)):
        if part is not None:
            terminal.print(f"[bold]{title}")
            for name, value in msgspec.to_builtins(part).items():
                terminal.print(f"  {name.replace('_', ' ')}: {value}", markup=False)
    if diagnosis.enterprise:
        terminal.print(f"enterprise: {diagnosis.enterprise}")
    for explanation in diagnosis.explanations:
        terminal.print(f"[yellow]known mistake[/yellow] {escape(str(msgspec.to_builtins(explanation)))}")
    for note in diagnosis.notes:
        terminal.print(f"note: {note.zh if zh else note.en}", markup=False)

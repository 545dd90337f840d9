"""``sandan code``: what a code or the text of a receipt means, and what to do about it (回执代码查询)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from sandan.law import codes
from sandan.law.code_reference import LANGUAGES
from sandan.law.code_reference import page
from sandan.law.code_reference import words_of
from sandan.law.code_tables import CodeEntry

app = typer.Typer()


@app.command(context_settings={"ignore_unknown_options": True})
def code(
    asked: Annotated[str, typer.Argument(metavar="[CODE]", help="A code, or a whole receipt text in quotes.")] = "",
    search: Annotated[str, typer.Option(help="List entries in which these words occur.")] = "",
    status: Annotated[int, typer.Option(help="Receipt status the code came with.")] = 0,
    reference: Annotated[str, typer.Option(metavar="FOLDER", help="Write the pages of all codes.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a code such as 1327, -301010, 0002, 12xx or "[Code:1327;Desc:…]"; unknown codes exit 1."""
    if reference:
        _write(Path(reference))
        return
    if search:
        _list(codes.search(search), as_json=as_json)
        return
    entry = codes.find(asked, asked if "[" in asked else "", status)
    if entry is None:
        typer.echo("Give a code, a text or --search WORDS.", err=True)
        raise typer.Exit(2)
    _show(entry, as_json=as_json)
    raise typer.Exit(0 if entry.known else 1)


def _write(folder: Path) -> None:
    for language in LANGUAGES:
        target = folder / language / "codes.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(language), "utf-8")
        typer.echo(str(target))


def _list(found: tuple[CodeEntry, ...], *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for entry in found:
        typer.echo(f"{_name(entry)}  {entry.text}\n    {entry.en} ({entry.retry.value})")


def _show(entry: CodeEntry, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(entry).decode())
        return
    for language in LANGUAGES:
        typer.echo("\n".join(f"{label}: {text}" for label, text in words_of(entry, language) if text))
        typer.echo("")


def _name(entry: CodeEntry) -> str:
    return f"{entry.code} ~ {entry.until}" if entry.until else entry.code

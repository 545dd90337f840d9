"""``sandan law``: the law at hand, read from the command line (法规查询)."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC
from datetime import date
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from typing import Any
from typing import NoReturn

import msgspec
import psycopg
import typer
from psycopg_pool import ConnectionPool
from rich.console import Console
from rich.table import Table

from sandan.law import changes
from sandan.law import reading
from sandan.law.coverage import State
from sandan.law.coverage import coverage as table_of
from sandan.law.errors import FileRefusedError
from sandan.law.errors import LawError
from sandan.law.facts import Evidence
from sandan.law.overlay import EMPTY
from sandan.law.overlay import Change
from sandan.law.overlay import LawFile
from sandan.law.overlay import Overlay
from sandan.law.overlay import diff as overlay_diff
from sandan.law.overlay import fields
from sandan.law.overlay import read_overlay
from sandan.law.reference import LANGUAGES
from sandan.law.reference import pages
from sandan.law.rows import TABLES
from sandan.store import lawfiles
from sandan.store.clock import SettableClock
from sandan.store.clock import SystemClock
from sandan.store.lawfiles import ChangedMeanwhileError
from sandan.store.lawfiles import Loading
from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.terms.days import legal_day

app = typer.Typer(no_args_is_help=True, help="Read the law at hand: rules, parameters, places, deadlines, coverage.")
_out = Console(soft_wrap=True)


class DeadlineKind(StrEnum):
    """Deadlines that can be asked for."""

    SUMMARY = "summary"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AtDay = Annotated[str, typer.Option("--at", metavar="YYYY-MM-DD", help="Legal day; today where not given.")]
LawFiles = Annotated[
    list[str], typer.Option("--file", metavar="KIND=PATH", help="An operator's file of law to read as well.")
]


@app.command()
def show(name: str, at: AtDay = "", file: LawFiles = [], as_json: AsJson = False) -> None:  # noqa: B006
    """Show a rule or a parameter on a day, or search for one."""
    try:
        shown = reading.show(name, _day(at), _overlay(file))
    except LawError as error:
        _fail(str(error))
    _say(shown, as_json=as_json)


@app.command()
def search(words: list[str], as_json: AsJson = False) -> None:
    """List rules and parameters in which all words occur, in Chinese or English."""
    found = reading.search(" ".join(words))
    if as_json:
        _json(found)
    else:
        typer.echo("\n".join(found))


@app.command()
def diff(day1: str, day2: str, file: LawFiles = [], as_json: AsJson = False) -> None:  # noqa: B006
    """List what is not the same on two days."""
    found = changes.difference(_day(day1), _day(day2), _overlay(file))
    if as_json:
        _json(found)
    else:
        _table(found, ("kind", "name", "before", "after", "source"))


@app.command()
def coming(at: AtDay = "", file: LawFiles = [], as_json: AsJson = False) -> None:  # noqa: B006
    """List changes after a day that the data at hand already holds."""
    found = changes.coming(_day(at), _overlay(file))
    if as_json:
        _json([{"day": day, **msgspec.to_builtins(change)} for day, change in found])
        return
    for day, change in found:
        typer.echo(f"{day}  {change.name}: {change.before} → {change.after}")


@app.command()
def place(city: str, at: AtDay = "", file: LawFiles = [], as_json: AsJson = False) -> None:  # noqa: B006
    """Say whether a city is a pilot zone, and whether bonded import 1210 is open there."""
    _say(reading.place(city, _day(at), _overlay(file)), as_json=as_json)


@app.command()
def deadline(kind: DeadlineKind, month: str, as_json: AsJson = False) -> None:
    """Say by when the export lists closed in a month (YYYY-MM) are declared in summary."""
    del kind
    if not re.fullmatch(r"\d{4}-\d{2}", month):
        _fail(f"{month!r} is no month; write it as 2026-01")
    try:
        shown = reading.summary(_day(f"{month}-01"))
    except LawError as error:
        _fail(str(error))
    _say(shown, as_json=as_json)


@app.command()
def coverage(as_json: AsJson = False) -> None:
    """List every rule with what carries it out, or why nothing does, and the share covered."""
    found = table_of()
    if as_json:
        _json({**msgspec.to_builtins(found), "share": found.share})
        return
    _table(found.lines, ("rule", "article", "state", "by", "because"))
    counted = [line for line in found.lines if line.counted]
    for state in State:
        typer.echo(f"{state}: {sum(line.state is state for line in counted)}")
    typer.echo(f"covered {found.covered} of {found.executable} executable, {found.rules} rules: {found.share:.1%}")


@app.command()
def reference(folder: Path) -> None:
    """Write the reference pages of the law, in Chinese and English, into a folder."""
    for language in LANGUAGES:
        target = folder / language
        target.mkdir(parents=True, exist_ok=True)
        for name, text in pages(language).items():
            (target / name).write_text(text, "utf-8")
            typer.echo(str(target / name))


@app.command()
def check(file: LawFiles, production: bool = False, as_json: AsJson = False) -> None:
    """Read an operator's files row by row and show what they would change; nothing is loaded."""
    overlay = _overlay(file, production=production)
    found = overlay_diff(EMPTY, overlay)
    if as_json:
        _json(found)
    else:
        _table(found, ("kind", "key", "before", "after"))


@app.command()
def load(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(TABLES)}.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV in UTF-8 or XLSX.", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option(help="Announcement or other text, for rows that name none.")] = "",
    evidence: Annotated[str, typer.Option(help="operator, stated, found or invented.")] = Evidence.OPERATOR.value,
    yes: Annotated[
        bool, typer.Option("--yes", help="Put it into force; without this the difference is shown.")
    ] = False,
) -> None:
    """Show what an operator's file would change in this deployment's law, and with --yes put it into force.

    Exit 0 when shown or put into force, 2 when the file is refused; what was in force stays in force then.
    """
    file = LawFile(kind=kind, name=path.name, body=path.read_bytes(), source=source, evidence=evidence)
    try:
        with _store() as (pool, settings), pool.connection() as conn:
            seen = lawfiles.preview(conn, [file], production=settings.production)
            _table([_shown(change) for change in seen.changes], ("kind", "key", "fields"))
            if yes:
                lawfiles.save_law_files(conn, [file], _loading(pool, settings, seen.version))
    except (FileRefusedError, ChangedMeanwhileError) as error:
        _fail(str(error))
    said = "in force now" if yes else "nothing is in force yet; --yes puts it into force"
    typer.echo(f"rows that change: {len(seen.changes)}; {said}")


@app.command()
def files(as_json: AsJson = False) -> None:
    """List the operator's files in force in this deployment, with who put each into force and when."""
    with _store() as (pool, _), pool.connection() as conn:
        found = lawfiles.listed(conn)
    if as_json:
        _json(found)
    else:
        _table(found, ("kind", "name", "source", "evidence", "loaded_by", "loaded_at"))


class _Row(msgspec.Struct):
    """One changed row, ready to print."""

    kind: str
    key: str
    fields: str


def _shown(change: Change) -> _Row:
    told = [f"{field.name} {' → '.join(filter(None, (field.before, field.after)))}" for field in fields(change)]
    mark = "new" if not change.before else "gone" if not change.after else "changed"
    return _Row(change.kind, f"{change.key} ({mark})", "; ".join(told))


def _loading(pool: ConnectionPool[psycopg.Connection[Any]], settings: Settings, seen: int) -> Loading:
    """Who loads, and when: the account at this terminal, by the deployment's clock."""
    clock = SystemClock() if settings.production else SettableClock(pool)
    return Loading(by=getpass.getuser(), at=clock.now(), production=settings.production, seen_version=seen)


@contextmanager
def _store() -> Iterator[tuple[ConnectionPool[psycopg.Connection[Any]], Settings]]:
    """This deployment's store, migrated, with its settings."""
    settings = Settings()
    with open_database(settings) as database:
        migrate(database.url)
        with ConnectionPool(database.url, min_size=1, max_size=2) as pool:
            yield pool, settings


def _day(text: str) -> date:
    """A day as written, or today's legal day."""
    if not text:
        return legal_day(datetime.now(UTC))
    try:
        return date.fromisoformat(text)
    except ValueError:
        _fail(f"{text!r} is no day; write it as 2026-01-31")


def _overlay(files: Sequence[str], *, production: bool = False) -> Overlay:
    """Operator's files named on the command line."""
    try:
        return read_overlay([_file(entry) for entry in files], production=production) if files else EMPTY
    except FileRefusedError as error:
        _fail(str(error))


def _file(entry: str) -> LawFile:
    kind, separator, path = entry.partition("=")
    if not separator or not Path(path).is_file():
        _fail(f"{entry!r} names no file; write it as tariff=rates.csv")
    return LawFile(kind=kind, name=path, body=Path(path).read_bytes())


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _say(shown: msgspec.Struct, *, as_json: bool) -> None:
    """One structure: as JSON, or one line a filled field."""
    fields: dict[str, Any] = msgspec.to_builtins(shown)
    if as_json:
        _json(fields)
        return
    for name, value in fields.items():
        if value not in ("", (), [], {}):
            typer.echo(f"{name:14} {_cell(value)}")


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n               ".join(_cell(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(item)}" for key, item in value.items() if item not in ("", None))
    return str(value)


def _json(value: object) -> None:
    typer.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def _table(rows: Sequence[Any], columns: Sequence[str]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(_cell(getattr(row, column)) for column in columns))
    _out.print(table)

"""``sandan replay``: decided cases again under another day's law, and what would change (法规重演)."""

from __future__ import annotations

import sys
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Annotated

import msgspec
import psycopg
import typer
from rich.console import Console
from rich.table import Table

from sandan import law
from sandan.law.overlay import read_overlay
from sandan.store.criteria import load_criteria
from sandan.store.lawfiles import load_law_files
from sandan.store.provider import open_database
from sandan.store.registry import load_registry
from sandan.store.replay import Outcome
from sandan.store.replay import Question
from sandan.store.replay import Replayed
from sandan.store.replay import replay as decide_again
from sandan.store.settings import Settings
from sandan.terms.days import SHANGHAI
from sandan.terms.money import yuan_text

app = typer.Typer()


@app.command()
def replay(
    law_at: Annotated[str, typer.Option("--law-at", metavar="YYYY-MM-DD", help="Day whose law is asked for.")],
    since: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First legal day of decision.")],
    until: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="Last legal day of decision.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decide the cases of some days again under another day's law and tell what would change; nothing is written."""
    days = [_day(text) for text in (law_at, since, until)]
    settings = Settings()
    with open_database(settings) as database, psycopg.connect(database.url) as conn:
        conn.read_only = True
        found = decide_again(conn, _question(conn, settings, days))
    _json(found) if as_json else _table(found)


def _question(conn: psycopg.Connection, settings: Settings, days: list[date]) -> Question:
    overlay = read_overlay(load_law_files(conn), production=settings.production)
    law_day, first, last = days
    return Question(
        since=datetime.combine(first, time(), SHANGHAI),
        until=datetime.combine(last + timedelta(days=1), time(), SHANGHAI),
        law_day=law_day,
        law_on=lambda day: law.at(day, overlay),
        registry=load_registry(conn),
        conditions=settings.conditions,
        criteria=load_criteria(conn),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sys.stderr.write(f"{text!r} is no day; write it as 2026-01-31\n")
        raise typer.Exit(2) from None


def _json(found: Replayed) -> None:
    said = {**msgspec.to_builtins(found), "changes": len(found.changed), "tax_fen": found.tax_fen}
    typer.echo(msgspec.json.encode(said).decode())


def _table(found: Replayed) -> None:
    table = Table("declarant", "list", "day", "as decided by its own law", "under the other law")
    for each in found.changed:
        table.add_row(each.declarant, each.list_key, str(each.day), _told(each.before), _told(each.after))
    Console(soft_wrap=True).print(table)
    typer.echo(
        f"{found.cases} cases decided again, {len(found.changed)} would change; "
        f"tax {yuan_text(found.tax_fen)} yuan more; nothing was written"
    )


def _told(outcome: Outcome) -> str:
    tax = f", tax {yuan_text(outcome.tax_fen)}" if outcome.tax_fen is not None else ""
    return f"{outcome.status}{tax} {' '.join(outcome.rules)}".strip()

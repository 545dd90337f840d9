"""``sandan user``: local accounts and the tokens enterprises pull receipts with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from typing import Annotated
from typing import Any

import psycopg
import typer
from psycopg import Connection
from rich.console import Console
from rich.table import Table

from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.store.users import Seat
from sandan.store.users import User
from sandan.store.users import issue_token
from sandan.store.users import list_users
from sandan.store.users import revoke_token
from sandan.store.users import save_user

app = typer.Typer(no_args_is_help=True, help="Keep local accounts and enterprise tokens.")


@app.command()
def add(
    account: Annotated[str, typer.Argument(help="Name to sign in with.")],
    seat: Annotated[Seat, typer.Option(help="Desk the account works at.")],
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for.")],
    name: Annotated[str, typer.Option(help="Name shown; the account's where not given.")] = "",
    enterprise: Annotated[str, typer.Option(help="Customs code, for the seat of an enterprise.")] = "",
) -> None:
    """Create an account, or replace its password and facts."""
    if seat is Seat.ENTERPRISE and not enterprise:
        raise typer.BadParameter("an account of an enterprise needs --enterprise with its customs code")
    with _store() as conn:
        save_user(conn, User(account=account, name=name or account, seat=seat, enterprise=enterprise), password)
    typer.echo(f"{account} may sign in as {seat.value}")


@app.command("list")
def show() -> None:
    """Show the accounts."""
    table = Table("account", "name", "seat", "enterprise", "active")
    with _store() as conn:
        for user in list_users(conn):
            table.add_row(user.account, user.name, user.seat.value, user.enterprise, "yes" if user.active else "no")
    Console().print(table)


@app.command()
def token(
    enterprise: Annotated[str, typer.Argument(help="Customs code of the enterprise.")],
    label: Annotated[str, typer.Option(help="What the token is for.")] = "",
) -> None:
    """Issue a token an enterprise pulls its receipts with; it is shown once."""
    with _store() as conn:
        typer.echo(issue_token(conn, enterprise, label, datetime.now(UTC)))


@app.command()
def revoke(text: Annotated[str, typer.Argument(metavar="TOKEN", help="The token.")]) -> None:
    """End a token."""
    with _store() as conn:
        found = revoke_token(conn, text)
    typer.echo("the token is ended" if found else "no such token")
    raise typer.Exit(0 if found else 1)


@contextmanager
def _store() -> Iterator[Connection[Any]]:
    """The deployment's store, migrated, in one transaction."""
    with open_database(Settings()) as database:
        migrate(database.url)
        with psycopg.connect(database.url) as conn:
            yield conn

"""``sandan channel``: where an enterprise's receipts are delivered, as the operator sets it up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.registry import load_registry
from sandan.store.settings import Settings
from sandan.terms.ids import EnterpriseCode

app = typer.Typer(no_args_is_help=True, help="Deliver receipts into folders, and show where receipts are delivered.")

_SUBSCRIBE = """
    INSERT INTO subscriptions (recipient, channel, target, address) VALUES (%s, 'folder', %s, %s)
        ON CONFLICT (recipient, channel, target) DO UPDATE SET address = EXCLUDED.address, attempts = 0, next_at = NULL
"""
_ALL = "SELECT recipient, channel, target, address, attempts, last_error FROM subscriptions ORDER BY 1, 2, 3"


@app.command()
def folder(
    enterprise: Annotated[str, typer.Argument(help="Customs code of the enterprise.")],
    path: Annotated[Path, typer.Argument(help="Folder its receipts are written into.", file_okay=False)],
    dxp: Annotated[str, typer.Option(help="DXP id to wrap them for; bare messages where not given.")] = "",
) -> None:
    """Write an enterprise's receipts, and what others forward to it, into a folder."""
    settings = Settings()
    with open_database(settings) as database:
        migrate(database.url)
        with psycopg.connect(database.url) as conn:
            holder = load_registry(conn).enterprises.get(EnterpriseCode(enterprise))
            if holder is None:
                raise typer.BadParameter(f"{enterprise} is not registered here")
            if dxp and dxp not in holder.dxp_ids:
                own = ", ".join(holder.dxp_ids) or "none"
                raise typer.BadParameter(f"{dxp} is no DXP id of {enterprise}; registered: {own}")
            conn.execute(_SUBSCRIBE, [enterprise, str(path.absolute()), dxp])
    typer.echo(f"receipts of {enterprise} go to {path.absolute()}" + (f" in envelopes for {dxp}" if dxp else ""))


@app.command("list")
def show() -> None:
    """Show where receipts are delivered, and what keeps them from it."""
    table = Table("enterprise", "channel", "target", "DXP id", "failures", "last error")
    with open_database(Settings()) as database:
        migrate(database.url)
        with psycopg.connect(database.url) as conn:
            for row in conn.execute(_ALL):
                table.add_row(*map(str, row))
    Console().print(table)

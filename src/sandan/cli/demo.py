"""``sandan demo``: a day of invented parcels through the whole platform, and the console left open."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from multiprocessing.process import BaseProcess
from typing import Annotated
from typing import Any

import httpx
import msgspec
import psycopg
import typer
from psycopg import Connection
from rich.console import Console
from rich.progress import BarColumn
from rich.progress import MofNCompleteColumn
from rich.progress import Progress
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn
from rich.table import Table

from sandan import law
from sandan import logs
from sandan.api.serve import Composition
from sandan.api.serve import run
from sandan.cli.serve import console
from sandan.sandbox import demo as days
from sandan.sandbox.authority import Authority
from sandan.sandbox.demo import Day
from sandan.sandbox.demo import Reason
from sandan.sandbox.demo import Summary
from sandan.sandbox.messages import Office
from sandan.sandbox.seed import office
from sandan.sandbox.seed import seed as sow
from sandan.store.migrate import migrate
from sandan.store.provider import Database
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.store.users import save_user

app = typer.Typer()
_TERMINAL = Console(stderr=True)
_HOST = "127.0.0.1"
_START_S = 60.0
_LANGUAGE = "zh" if os.environ.get("LANG", "").startswith("zh") else "en"


@app.command()
def demo(
    parcels: Annotated[int, typer.Option(help="Parcels of the day.", min=1)] = 2000,
    ends: Annotated[bool, typer.Option("--exit", help="End after the table.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as the last line, as JSON.")] = False,
    port: Annotated[int, typer.Option(help="Port of API and console.")] = 8321,
    workers: Annotated[int, typer.Option(help="Decision workers.", min=1, max=100)] = 2,
    seed: Annotated[int, typer.Option(help="Same seed, same parcels.")] = 2026,
    lang: Annotated[str, typer.Option(help="Language of the reasons, zh or en.")] = _LANGUAGE,
) -> None:
    """Play a day of invented parcels through the whole platform and leave the console open.

    Everything is invented: zone, enterprises, keys, goods, rates. The data of the last demonstration are replaced.
    """
    settings, port = _settings(), _port(port, ends=ends)
    _TERMINAL.print("starting PostgreSQL, inventing a zone, its enterprises and their keys …")
    with _unwinding(), open_database(settings) as database:
        dispatch = _world(settings, database)
        day = days.prepare(dispatch, parcels, seed)
        with _serving(settings, port, workers) as address, psycopg.connect(database.url) as conn:
            seconds = _play(address, day, conn)
            summary = days.summarise(conn, day, seconds)
            _print_table(summary, days.reasons(conn, day), lang)
            if as_json:
                sys.stdout.write(msgspec.json.encode(summary).decode() + "\n")
                sys.stdout.flush()
            if not ends:
                _leave_open(address)
    raise typer.Exit(0 if summary.ledger_ok else 1)


def _settings() -> Settings:
    """The operator's settings in a home of the demonstration's own; a store by URL is used as it is."""
    settings = Settings()
    if settings.production:
        raise typer.BadParameter("a production deployment plays no demonstration; unset SANDAN_PRODUCTION")
    return settings.model_copy(update={"home": settings.home / "demo"})


def _port(wanted: int, *, ends: bool) -> int:
    """The port wanted where nobody listens on it; a demonstration nobody will look at takes any other then."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, wanted))
        except OSError:
            if not ends:
                raise typer.BadParameter(f"port {wanted} is taken; --port chooses another") from None
            probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _world(settings: Settings, database: Database) -> Office:
    """Fills an empty store with the invented world; answers the enterprises' dispatch."""
    dispatch = office(Authority(settings.home / "keys"))
    _clear(database)
    migrate(database.url)
    with psycopg.connect(database.url, autocommit=True) as conn:
        if conn.execute("SELECT count(*) FROM enterprises").fetchone() != (0,):
            raise typer.BadParameter("the database at SANDAN_DATABASE_URL holds data already; give an empty one")
        sow(conn, dispatch, datetime.now(UTC))
        for user in days.USERS:
            save_user(conn, user, days.PASSWORD)
    return dispatch


def _clear(database: Database) -> None:
    """Empties our own demonstration store; a store by URL is never cleared."""
    if database.admin_url:
        with psycopg.connect(database.admin_url, autocommit=True) as conn:
            conn.execute("DROP SCHEMA public CASCADE")
            conn.execute("CREATE SCHEMA public AUTHORIZATION sandan")


@contextmanager
def _serving(settings: Settings, port: int, workers: int) -> Iterator[str]:
    """The platform as its own process, ended at the end; answers its address."""
    served = settings.model_copy(update={"host": _HOST, "port": port, "workers": workers})
    process = multiprocessing.get_context("spawn").Process(target=_platform, args=(served,))
    process.start()
    try:
        address = f"http://{_HOST}:{port}"
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.join()


def _platform(settings: Settings) -> None:
    """Serves until told to end, or until the demonstration is gone, however it went."""
    logs.configure()
    demonstration = multiprocessing.parent_process()
    if demonstration is not None:
        threading.Thread(target=_end_after, args=(demonstration,), daemon=True).start()
    run(settings, Composition(faces=console))


def _end_after(process: BaseProcess) -> None:
    process.join()
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _unwinding() -> Iterator[None]:
    """SIGTERM ends the demonstration as Ctrl-C does: everything it started is ended first."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _await(address: str, process: BaseProcess) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.is_alive():
        try:
            if httpx.get(f"{address}/v1/health", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise typer.BadParameter(f"the platform did not start on {address}; it says why above")


def _play(address: str, day: Day, conn: Connection[Any]) -> float:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_TERMINAL) as progress:
        sent = progress.add_task("messages sent   ", total=len(day.messages))
        decided = progress.add_task("lists decided   ", total=day.parcels)

        def watch(now: days.Progress) -> None:
            progress.update(sent, completed=now.sent)
            progress.update(decided, completed=now.decided)

        return days.play(address, day, conn, watch)


def _print_table(summary: Summary, reasons: list[Reason], lang: str) -> None:
    today = law.at(datetime.now(UTC).date())
    table = Table("outcome", "parcels", "rule", "reason", title="A day of invented parcels")
    table.add_row("[green]released", str(summary.released), "", "")
    for reason in reasons:
        rule = today.rule(reason.rule)
        table.add_row(reason.status, str(reason.count), reason.rule, rule.zh if lang == "zh" else rule.en)
    _TERMINAL.print(table)
    _TERMINAL.print(
        f"{summary.parcels} parcels in {summary.seconds:.1f} s ({summary.parcels / summary.seconds:.0f} a second, over"
        f" HTTP): {summary.released} released, {summary.refused} refused, {summary.waiting} waiting,"
        f" {summary.held} before an officer; tax {summary.tax_fen / 100:,.2f} yuan;"
        f" ledger and journal {'[green]sound' if summary.ledger_ok else '[red]NOT sound'}"
    )


def _leave_open(address: str) -> None:
    accounts = ", ".join(user.account for user in days.USERS)
    _TERMINAL.print(f"The console is open on [link]{address}[/link]; sign in as {accounts}, password {days.PASSWORD}.")
    _TERMINAL.print("Ctrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        _TERMINAL.print("closing …")

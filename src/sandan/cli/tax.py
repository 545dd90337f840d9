"""``sandan tax``: what collectors owe after release, payment documents, and payments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated
from typing import Any

import msgspec
import typer
from msgspec.structs import replace
from psycopg import Connection
from psycopg_pool import ConnectionPool
from rich.console import Console
from rich.table import Table

from sandan.api.serve import clock_of
from sandan.revenue.decide import RefusedError
from sandan.revenue.facts import Advice
from sandan.revenue.facts import Stage
from sandan.revenue.facts import TaxDocument
from sandan.revenue.rules import WORDS
from sandan.sandbox.bank import SandboxBank
from sandan.store import tax_documents
from sandan.store.clock import Clock
from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.store.tax_documents import ReferenceUsedError
from sandan.store.views import tax
from sandan.store.views.scope import Cut
from sandan.store.views.scope import Scope
from sandan.terms.days import legal_day
from sandan.terms.ids import CustomsCode
from sandan.terms.ids import EnterpriseCode
from sandan.terms.money import yuan_text
from sandan.work.collect import Collecting

app = typer.Typer(no_args_is_help=True, help="See what collectors owe, gather what is payable, take payments.")

Collector = Annotated[str, typer.Argument(help="Code of the collector (代收代缴义务人).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")]


class Desk(msgspec.Struct, frozen=True):
    """What a command works with."""

    pool: ConnectionPool[Connection[Any]]
    clock: Clock
    collecting: Collecting
    production: bool

    @property
    def day(self) -> date:
        """Legal day of the deployment's clock."""
        return legal_day(self.clock.now())


@app.command()
def window(
    collector: Annotated[str, typer.Argument(help="Only this collector; all where none is given.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what is returnable, payable and overdue today.

    Exit 1 when something is overdue.
    """
    with _desk() as desk, desk.pool.connection() as conn:
        found = tax.standings(conn, desk.day, Scope(collector))
    table = Table("collector", "district", "stage", "bills", "yuan")
    for one in found:
        table.add_row(one.collector, one.district, one.stage, str(one.bills), yuan_text(one.tax_fen))
    _show(found, table, as_json=as_json)
    raise typer.Exit(1 if any(one.stage == Stage.OVERDUE for one in found) else 0)


@app.command()
def bills(
    collector: Collector,
    stage: Annotated[Stage | None, typer.Option(help="Only bills in this stage.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Bills shown at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Show the bills of a collector, in the order of release."""
    with _desk() as desk, desk.pool.connection() as conn:
        page = tax.bills(conn, collector, desk.day, stage, Cut(limit=limit))
    table = Table("bill", "list", "released", "payable", "yuan", "status", "stage", "document")
    for one in page.rows:
        days = f"{one.payable_from} – {one.payable_to}" if one.payable_from else "–"
        row = (one.tax_no, one.list_key, str(one.released_on), days, yuan_text(one.tax_fen), one.status, one.stage)
        table.add_row(*row, one.document_no)
    _show(page.rows, table, as_json=as_json)


@app.command()
def documents(collector: Collector, as_json: AsJson = False) -> None:
    """Show the payment documents of a collector, newest first."""
    with _desk() as desk, desk.pool.connection() as conn:
        found = tax_documents.latest(conn, collector, 100)
    _show(found, _documents(found), as_json=as_json)


@app.command()
def aggregate(
    collector: Collector,
    district: Annotated[str, typer.Argument(help="Customs district (关区).")],
    as_json: AsJson = False,
) -> None:
    """Gather what is payable today into a payment document, up to 5,000 bills, those due first; again for the next.

    Exit 1 when nothing is payable.
    """
    with _desk() as desk:
        made = desk.collecting.aggregate(collector, district)
    if made is None:
        sys.stderr.write("nothing is payable today; a bill may be paid from day 31 after release\n")
        raise typer.Exit(1)
    _show([made], _documents([made]), as_json=as_json)


@app.command()
def pay(
    collector: Collector,
    document_no: Annotated[str, typer.Argument(help="Payment document.")],
    amount: Annotated[int | None, typer.Option(help="Fen; what is open where not given.")] = None,
    reference: Annotated[str, typer.Option(help="The bank's number; the sandbox's bank gives one itself.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take a payment: in a sandbox its bank pays, in production a bank's advice is recorded by its reference.

    Exit 1 when the money is given back, 2 when the advice contradicts an earlier one.
    """
    with _desk() as desk:
        if desk.production and not reference:
            raise typer.BadParameter("a production deployment has no bank of its own; give the bank's --reference")
        try:
            settlement = desk.collecting.receive(_advice(desk, (collector, document_no), amount, reference))
        except ReferenceUsedError as problem:
            sys.stderr.write(f"{problem}\n")
            raise typer.Exit(2) from None
    words = WORDS[settlement.outcome]
    said = f"{settlement.outcome}: {words.en} {words.remedy_en}".strip()
    typer.echo(msgspec.json.encode(settlement).decode() if as_json else said)
    raise typer.Exit(0 if settlement.kept_fen else 1)


@app.command()
def void(
    collector: Collector,
    tax_no: Annotated[str, typer.Argument(help="The bill.")],
    reason: Annotated[str, typer.Option(help="Why it is void; kept with it.")],
) -> None:
    """Void a bill that is still owed; its guarantee is freed.

    Exit 2 when it cannot be voided.
    """
    with _desk() as desk:
        try:
            desk.collecting.void(collector, tax_no, reason)
        except RefusedError as problem:
            sys.stderr.write(f"{problem}\n")
            raise typer.Exit(2) from None
    typer.echo(f"{tax_no} is void")


def _advice(desk: Desk, key: tuple[str, str], amount: int | None, reference: str) -> Advice:
    """What the bank says: the sandbox's, or the one whose reference is given.

    Its currency is the one tax is paid in, and its moment the clock's: an advice with others comes over HTTP.
    """
    collector, document_no = key
    with desk.pool.connection() as conn:
        found = tax_documents.one(conn, collector, document_no)
    document = found or TaxDocument(
        collector=EnterpriseCode(collector),
        document_no=document_no,
        district=CustomsCode(""),
        amount_fen=0,
        bills=0,
        due_on=desk.day,
    )
    advice = SandboxBank(desk.clock).pay(document, amount if amount is not None else document.open_fen)
    return replace(advice, reference=reference) if reference else advice


def _documents(found: list[TaxDocument]) -> Table:
    table = Table("document", "district", "bills", "yuan", "paid", "due on", "status")
    for one in found:
        amounts = (yuan_text(one.amount_fen), yuan_text(one.paid_fen))
        table.add_row(one.document_no, one.district, str(one.bills), *amounts, str(one.due_on), one.status)
    return table


def _show(found: object, table: Table, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        Console().print(table)


@contextmanager
def _desk() -> Iterator[Desk]:
    """The revenue desk over this deployment's store."""
    settings = Settings()
    with open_database(settings) as database:
        migrate(database.url)
        with ConnectionPool(database.url, min_size=1, max_size=2) as pool:
            clock = clock_of(pool, settings)
            yield Desk(pool, clock, Collecting(pool, clock, production=settings.production), settings.production)

"""``sandan bench``: parcels a second on this machine, beside its floors."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sandan.sandbox.bench_facts import Bench
from sandan.sandbox.bench_facts import Measured
from sandan.sandbox.bench_facts import Plan
from sandan.sandbox.bench_facts import Wire

app = typer.Typer()
_FLOORED = ("parse", "verify")
_TWICE = 2.0


@app.command()
def bench(
    parcels: Annotated[int, typer.Option(min=4, max=1_000_000, help="Parcels of a case.")] = 2_000,
    seconds: Annotated[float, typer.Option(min=0.5, help="Most seconds a case sends.")] = 10.0,
    wire: Annotated[
        bool, typer.Option("--wire", help="Only messages and receipts; no database, some seconds.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Measure parcels a second, from signed bytes to durable decision and receipts, beside the floors of this machine.

    Then messages verified and decoded a second beside xmlsec and signxml, and receipts written.
    Exit 0 when nothing was lost and the audit agrees, 1 otherwise.
    """
    from sandan.sandbox import bench as bench_room  # noqa: PLC0415 - the listing needs no database
    from sandan.sandbox import bench_wire  # noqa: PLC0415
    from sandan.store.settings import Settings  # noqa: PLC0415

    console, errors = Console(), Console(stderr=True)
    if wire:
        with errors.status("preparing") as status:
            found = bench_wire.measure(Settings().home / "sandbox", lambda what: status.update(f"measuring: {what}"))
        _print(found, console, as_json=as_json)
        return
    plan = Plan(parcels=parcels, seconds=seconds, processes=os.cpu_count() or 1)
    with errors.status("preparing") as status:
        result = bench_room.run(Settings(), plan, lambda what: status.update(f"measuring: {what}"))
    _print(result, console, as_json=as_json)
    raise typer.Exit(0 if result.ok else 1)


def _print(result: Bench | Wire, console: Console, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(result.json().decode() + "\n")
    elif isinstance(result, Wire):
        show_wire(result, console)
    else:
        show(result, console)


def show_wire(wire: Wire, console: Console) -> None:
    """Prints messages and receipts a second, and how the verifier stands beside others."""
    console.print(_messages(wire), _receipts(wire))
    console.print(_beside(wire))
    for name in wire.absent:
        console.print(f"{name} is not installed here; it comes with the development dependencies")


def _messages(wire: Wire) -> Table:
    names = dict.fromkeys(name for case in wire.cases for name in case.others_per_s)
    table = Table("messages/s, one core", "bytes", "verified", "and decoded", *names, title_justify="left")
    table.title = "signed bytes → verdict (× how much faster the verifier is)"
    for case in wire.cases:
        others = (
            f"{case.others_per_s[name]:,.0f} ({case.times_faster[name]:.1f}×)"
            if name in case.others_per_s
            else "no SM2"
            for name in names
        )
        ours = (f"{case.verified_per_s:,.0f}", f"{case.decoded_per_s:,.0f}")
        table.add_row(case.name, f"{case.message_bytes:,}", *ours, *others)
    return table


def _receipts(wire: Wire) -> Table:
    table = Table("receipts a message", "receipts/s, one core", title="receipts written", title_justify="left")
    for size, speed in wire.receipts_per_s.items():
        table.add_row(str(size), f"{speed:,.0f}")
    return table


def _beside(wire: Wire) -> str:
    least = wire.least_times_faster
    if least is None:
        return "no other verifier is installed to stand beside ours"
    told = "[green]at least twice as fast" if least >= _TWICE else "[red]less than twice as fast"
    return f"the verifier is {told}[/] as any other on every message: {least:.1f}× the nearest"


def show(result: Bench, console: Console) -> None:
    """Prints speed, floors, stages and what to look at next."""
    console.print(_floors(result), _speed(result), _stages(result))
    for case in result.cases:
        if case.latency:
            console.print(_latency(case))
    if result.wire:
        show_wire(result.wire, console)
    console.print(f"next bottleneck: {result.next_bottleneck}")
    console.print(_proof(result))


def _floors(result: Bench) -> Table:
    floors = result.floors
    table = Table(
        "floor, one core", "figure", title=f"floors of this machine ({result.cores} cores)", title_justify="left"
    )
    for size, cost in floors.parse_us.items():
        table.add_row(f"XML parse, file of {size}", f"{cost:,.0f} µs CPU")
    for size, cost in floors.c14n_us.items():
        table.add_row(f"C14N + SHA-256, file of {size}", f"{cost:,.0f} µs CPU")
    table.add_row("RSA-2048 verify", f"{floors.rsa_verify_us:,.0f} µs CPU")
    table.add_row("SM2 verify", f"{floors.sm2_verify_us:,.0f} µs CPU")
    table.add_row("durable one-row inserts", f"{floors.commits_per_s:,.0f} commits/s")
    cpu = "" if floors.copy_row_us is None else f", {floors.copy_row_us:,.0f} µs CPU a row"
    table.add_row("COPY of 1 kB rows, two indexes", f"{floors.copy_rows_per_s:,.0f} rows/s{cpu}")
    return table


def _speed(result: Bench) -> Table:
    table = Table(
        "case",
        "parcels",
        "seconds",
        "parcels/s",
        "µs CPU a parcel",
        "CPU allows",
        "cores",
        "others",
        title_justify="left",
    )
    table.title = f"signed bytes → durable decision and receipts, {result.processes} processes"
    for case in result.cases:
        table.add_row(
            case.name,
            f"{case.parcels:,}",
            f"{case.seconds:.2f}",
            f"{case.parcels_per_s:,.0f}",
            f"{case.total_us:,.0f}",
            f"{case.allowed(result.cores):,.0f}/s",
            f"{case.cores_busy:.2f}",
            f"{case.others_busy:.2f}",
        )
    return table


def _stages(result: Bench) -> Table:
    cases = [case for case in result.cases if case.way == "door"]
    table = Table(
        "µs CPU a parcel", *(case.name for case in cases), title="by stage (× its floor)", title_justify="left"
    )
    for stage in dict.fromkeys(stage for case in cases for stage in case.stages_us):
        table.add_row(stage, *(_cell(case, stage) for case in cases))
    table.add_row("PostgreSQL", *(_database(result, case) for case in cases))
    return table


def _cell(case: Measured, stage: str) -> str:
    cost, floor = case.stages_us.get(stage, 0.0), case.floor_us.get(stage, 0.0)
    return f"{cost:,.0f} ({cost / floor:.1f}×)" if floor and stage in _FLOORED else f"{cost:,.0f}"


def _database(result: Bench, case: Measured) -> str:
    """The server's CPU beside that of copying as many rows."""
    if case.postgres_us is None:
        return "elsewhere"
    floor = (result.floors.copy_row_us or 0.0) * case.proof.rows / case.parcels
    return f"{case.postgres_us:,.0f} ({case.postgres_us / floor:.1f}×)" if floor else f"{case.postgres_us:,.0f}"


def _latency(case: Measured) -> str:
    latency = case.latency
    assert latency is not None  # noqa: S101 - asked before
    what = "request to acknowledgement" if case.way == "http" else "last paper due to durable receipt of release"
    return f"{case.name}: {what}: p50 {latency.p50_ms:.0f} ms, p99 {latency.p99_ms:.0f} ms ({latency.count})"


def _proof(result: Bench) -> str:
    broken = [
        f"{case.name}: {case.proof.lost} lost, {case.proof.left_over} left over, {case.proof.audit_faults} audit faults"
        for case in result.cases
        if not case.proof.ok
    ]
    return "[red]" + "; ".join(broken) if broken else "[green]nothing was lost, and the audit agrees"

"""Measures what the platform exists for: parcels a second from signed bytes to durable decision and receipts.

Every case has a scratch database of its own on the PostgreSQL that ``sandan`` itself would use, with fsync on. All
messages are signed before the clock starts. Beside the cases stand the floors of the same machine in the same run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from sandan.sandbox import bench_floors
from sandan.sandbox import bench_http
from sandan.sandbox import bench_procs
from sandan.sandbox import bench_proof
from sandan.sandbox import bench_wire
from sandan.sandbox import world
from sandan.sandbox.bench_crew import WARM_UP
from sandan.sandbox.bench_crew import Job
from sandan.sandbox.bench_crew import crew
from sandan.sandbox.bench_crew import office
from sandan.sandbox.bench_crew import signed
from sandan.sandbox.bench_facts import SIZES
from sandan.sandbox.bench_facts import Bench
from sandan.sandbox.bench_facts import Floors
from sandan.sandbox.bench_facts import Load
from sandan.sandbox.bench_facts import Measured
from sandan.sandbox.bench_facts import Plan
from sandan.sandbox.bench_facts import Shift
from sandan.sandbox.bench_watch import NAMES
from sandan.sandbox.platform import Scratch
from sandan.sandbox.platform import scratch_databases
from sandan.sandbox.seed import seed
from sandan.signing.port import Algorithm
from sandan.store.provider import open_database
from sandan.store.settings import Settings

_PLENTY = 10**15
_SM2_SHARE = 4
"""SM2 signs five times slower than RSA: its cases prepare a quarter of the parcels."""
_PACE = 0.5
"""Share of the measured speed at which latency is measured."""
_PACED_SECONDS = 4
_BUSY = 0.75
"""Share of the cores above which a case is bound by CPU, not by waiting."""

Tell = Callable[[str], None]
"""Told what is being measured."""


class Bed(Struct, frozen=True, kw_only=True):
    """What the cases run on."""

    scratch: Scratch
    keys: Path
    plan: Plan
    floors: Floors | None = None


def run(settings: Settings, plan: Plan, tell: Tell) -> Bench:
    """Measures everything.

    Args:
        settings: The operator's; says which PostgreSQL.
        plan: How much.
        tell: Told what is being measured.

    Raises:
        DatabaseUnavailableError: No PostgreSQL could be reached or started.
        RuntimeError: A clean message was refused.
    """
    with open_database(settings) as database, scratch_databases(database) as scratch:
        bed = Bed(scratch=scratch, keys=settings.home / "sandbox", plan=plan)
        tell("floors of this machine")
        bed = replace(bed, floors=_floors(bed))
        cases = []
        for load in loads(plan):
            tell(load.name)
            cases.append(_measure(bed, load))
        tell("latency at half speed")
        cases.append(_measure(bed, paced(cases[0], plan)))
        wire = bench_wire.measure(bed.keys, tell)
    return replace(summary(plan, bed.floors, cases), wire=wire)


def loads(plan: Plan) -> list[Load]:
    """The cases, each size by RSA and SM2 through the door, and by RSA over HTTP."""
    by_door = [
        Load(way="door", algorithm=algorithm, size=size, parcels=_parcels(plan, algorithm, size))
        for algorithm in (Algorithm.RSA_SHA256, Algorithm.SM2_SM3)
        for size in SIZES
    ]
    by_http = [
        Load(way="http", algorithm=Algorithm.RSA_SHA256, size=size, parcels=max(size, plan.parcels // 2))
        for size in SIZES
    ]
    return [*by_door, *by_http]


def paced(fastest: Measured, plan: Plan) -> Load:
    """Files of one document at half the speed just measured, for as long as the parcels last."""
    pace = max(1.0, fastest.parcels_per_s * _PACE)
    parcels = max(plan.processes, min(plan.parcels, int(pace * _PACED_SECONDS)))
    return Load(way="paced", algorithm=Algorithm.RSA_SHA256, size=1, parcels=parcels, pace=pace)


def summary(plan: Plan, floors: Floors | None, cases: Sequence[Measured]) -> Bench:
    """The result, with what to look at next."""
    assert floors is not None  # noqa: S101 - measured before any case
    return Bench(
        cores=os.cpu_count() or 1,
        processes=plan.processes,
        floors=floors,
        cases=list(cases),
        next_bottleneck=next_bottleneck(cases, os.cpu_count() or 1),
        ok=all(case.proof.ok for case in cases),
    )


def next_bottleneck(cases: Sequence[Measured], cores: int) -> str:
    """Where the next gain lies, of files of one and of a hundred by RSA."""
    wanted = [case for case in cases if case.way == "door" and case.algorithm == Algorithm.RSA_SHA256]
    return "; ".join(_bottleneck(case, cores) for case in (wanted[0], wanted[-1])) if wanted else ""


def _bottleneck(case: Measured, cores: int) -> str:
    costs = {**case.stages_us, "PostgreSQL": case.postgres_us or 0.0}
    stage, cost = max(costs.items(), key=lambda item: item[1])
    share = cost / case.total_us if case.total_us else 0.0
    if case.cores_busy + case.others_busy < _BUSY * cores:
        wait = max(case.waits_us, key=lambda name: case.waits_us[name] - case.stages_us.get(name, 0.0), default="")
        return f"{case.name}: waiting in {wait}, only {case.cores_busy:.1f} of {cores} cores are busy"
    return f"{case.name}: {stage}, {cost:.0f} of {case.total_us:.0f} µs a parcel ({share:.0%})"


def _parcels(plan: Plan, algorithm: Algorithm, size: int) -> int:
    share = _SM2_SHARE if algorithm is Algorithm.SM2_SM3 and size == 1 else 1
    return max(size, plan.parcels // share)


def _floors(bed: Bed) -> Floors:
    samples = {
        (algorithm, size): signed(
            office(bed.keys, algorithm), Load(way="floor", algorithm=algorithm, size=size, parcels=size), size, "F"
        ).messages
        for algorithm in (Algorithm.RSA_SHA256, Algorithm.SM2_SM3)
        for size in (SIZES if algorithm is Algorithm.RSA_SHA256 else SIZES[:1])
    }
    return bench_floors.measure(bed.scratch.new(), samples)


def _measure(bed: Bed, load: Load) -> Measured:
    url = bed.scratch.new()
    with psycopg.connect(url, autocommit=True) as conn:
        dispatch = office(bed.keys, load.algorithm)
        seed(conn, dispatch, datetime.now(UTC), dict.fromkeys(world.openings(), _PLENTY))
        conn.execute("VACUUM ANALYZE")
        return _over_http(bed, load, url, conn) if load.way == "http" else _by_door(bed, load, url, conn)


def _by_door(bed: Bed, load: Load, url: str, conn: psycopg.Connection[Any]) -> Measured:
    jobs = [Job(url=url, keys=bed.keys, load=load, plan=bed.plan, index=n) for n in range(bed.plan.processes)]
    server = bench_procs.postmaster(conn)
    with crew(jobs) as hands:
        hands.prepared()
        machine, before = bench_procs.cpu_of_machine(), bench_procs.cpu_of_tree(server)
        shifts = hands.shifts()
        postgres = bench_procs.cpu_of_tree(server) - before
        machine = bench_procs.cpu_of_machine() - machine
    parcels = sum(shift.parcels for shift in shifts)
    measured = _figures(
        load,
        Spent(
            parcels=parcels,
            messages=sum(shift.messages for shift in shifts),
            seconds=max(shift.ended for shift in shifts) - min(shift.begun for shift in shifts),
            stages=_by_stage(shifts),
            waits=_added([shift.times.wall for shift in shifts]),
            postgres=postgres if server else None,
            machine=machine,
        ),
        bed,
    )
    proof = bench_proof.prove(conn, parcels + WARM_UP * len(jobs))
    measured = replace(measured, proof=proof)
    if not load.pace:
        return measured
    due = {key: moment for shift in shifts for key, moment in shift.due.items()}
    batches = [batch for shift in shifts for batch in shift.batches]
    return replace(measured, latency=bench_proof.release_latency(conn, due, batches))


def _over_http(bed: Bed, load: Load, url: str, conn: psycopg.Connection[Any]) -> Measured:
    sent = signed(office(bed.keys, load.algorithm), load, load.parcels, "H")
    ahead = signed(office(bed.keys, load.algorithm), load, WARM_UP, "W")
    database = bench_procs.postmaster(conn)
    with bench_http.serving(url, bed.plan.processes) as server:
        bench_http.send(server.address, ahead.messages)
        bench_http.await_decided(conn)
        before, client, postgres = server.cpu(), _own_cpu(), bench_procs.cpu_of_tree(database)
        machine = bench_procs.cpu_of_machine()
        sending = bench_http.send(server.address, sent.messages)
        client = _own_cpu() - client
        ended = bench_http.await_decided(conn)
        spent = Spent(
            parcels=load.parcels,
            messages=len(sent.messages),
            seconds=ended - sending.begun,
            stages={"server and workers": server.cpu() - before, "client": client},
            waits={},
            postgres=bench_procs.cpu_of_tree(database) - postgres if database else None,
            machine=bench_procs.cpu_of_machine() - machine,
        )
    measured = _figures(load, spent, bed)
    proof = bench_proof.prove(conn, load.parcels + WARM_UP)
    return replace(measured, proof=proof, latency=bench_proof.latency(sending.waits_ms))


class Spent(Struct, frozen=True, kw_only=True):
    """What a case took; CPU and waits in seconds."""

    parcels: int
    messages: int
    seconds: float
    stages: Mapping[str, float]
    waits: Mapping[str, float]
    postgres: float | None
    #: All programs of the machine
    machine: float


def _figures(load: Load, spent: Spent, bed: Bed) -> Measured:
    each = 1e6 / spent.parcels
    busy = sum(spent.stages.values()) + (spent.postgres or 0.0)
    return Measured(
        name=load.name,
        way=load.way,
        algorithm=load.algorithm.value,
        size=load.size,
        parcels=spent.parcels,
        messages=spent.messages,
        seconds=spent.seconds,
        parcels_per_s=spent.parcels / spent.seconds,
        stages_us={stage: seconds * each for stage, seconds in spent.stages.items()},
        waits_us={stage: seconds * each for stage, seconds in spent.waits.items()},
        postgres_us=None if spent.postgres is None else spent.postgres * each,
        cores_busy=busy / spent.seconds,
        others_busy=max(0.0, spent.machine - busy) / spent.seconds,
        floor_us=bed.floors.of(load) if bed.floors else {},
        proof=bench_proof.UNPROVEN,
    )


def _by_stage(shifts: Sequence[Shift]) -> dict[str, float]:
    """CPU seconds by stage in the order of the flow; what no stage holds is ``rest``."""
    added = _added([shift.times.cpu for shift in shifts])
    whole = sum(shift.cpu for shift in shifts)
    stages = {stage: added[stage] for stage in NAMES if stage in added}
    return {**stages, "rest": max(0.0, whole - sum(stages.values()))}


def _added(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: sum(part.get(name, 0.0) for part in parts) for name in names}


def _own_cpu() -> float:
    used = os.times()
    return used.user + used.system

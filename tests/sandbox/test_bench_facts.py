"""The parts of the bench: stopwatch, floors, processes, percentiles and what it says; no time is asserted."""

from __future__ import annotations

import json
import os
from importlib import import_module

import msgspec
import pytest
from rich.console import Console

from sandan.cli.bench import show
from sandan.sandbox import bench
from sandan.sandbox import bench_procs
from sandan.sandbox import bench_proof
from sandan.sandbox.bench_facts import Bench
from sandan.sandbox.bench_facts import Floors
from sandan.sandbox.bench_facts import Latency
from sandan.sandbox.bench_facts import Load
from sandan.sandbox.bench_facts import Measured
from sandan.sandbox.bench_facts import Plan
from sandan.sandbox.bench_facts import Proof
from sandan.sandbox.bench_watch import STAGES
from sandan.sandbox.bench_watch import Stopwatch
from sandan.sandbox.bench_watch import watching
from sandan.signing.port import Algorithm

PLAN = Plan(parcels=1_000, seconds=5, processes=2)
FLOORS = Floors(
    parse_us={1: 20.0, 10: 120.0, 100: 1_000.0},
    c14n_us={1: 30.0, 10: 200.0, 100: 1_300.0},
    rsa_verify_us=25.0,
    sm2_verify_us=600.0,
    commits_per_s=1_000.0,
    copy_rows_per_s=70_000.0,
    copy_row_us=5.0,
)
CLEAN = Proof(lost=0, left_over=0, audit_faults=0, rows=2_400)


def measured(**changes: object) -> Measured:
    """A case of a hundred parcels in a tenth of a second."""
    case = Measured(
        name="door rsa ×1",
        way="door",
        algorithm=Algorithm.RSA_SHA256.value,
        size=1,
        parcels=100,
        messages=400,
        seconds=0.1,
        parcels_per_s=1_000.0,
        stages_us={"parse": 200.0, "verify": 300.0, "decide": 400.0},
        waits_us={"parse": 200.0, "verify": 300.0, "decide": 900.0},
        postgres_us=100.0,
        cores_busy=2.0,
        others_busy=0.0,
        floor_us={"parse": 80.0, "verify": 220.0},
        proof=CLEAN,
    )
    return msgspec.structs.replace(case, **changes)


def test_a_stage_within_a_stage_counts_once() -> None:
    watch = Stopwatch()
    inner = watch.timed("inner", lambda: sum(range(20_000)))
    whole = watch.timed("outer", inner)
    whole()
    assert set(watch.cpu) == {"inner", "outer"}
    assert watch.cpu["outer"] < watch.cpu["inner"]


def test_what_a_timed_function_raises_goes_through_and_its_time_counts() -> None:
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError):
        watch.timed("broken", lambda: 1 / 0)()
    assert watch.times.wall["broken"] > 0


def test_the_stopwatch_is_taken_off_again() -> None:
    before = [getattr(import_module(module), name) for module, name, _ in STAGES]
    with watching():
        during = [getattr(import_module(module), name) for module, name, _ in STAGES]
    after = [getattr(import_module(module), name) for module, name, _ in STAGES]
    assert before == after
    assert not set(before) & set(during)


def test_the_machine_was_busy_at_least_as_long_as_this_process() -> None:
    assert bench_procs.cpu_of_machine() > bench_procs.cpu_of_tree(os.getpid())


def test_a_thousand_microseconds_a_parcel_allow_two_thousand_a_second_on_two_cores() -> None:
    assert measured().allowed(2) == 2_000.0


def test_the_cpu_of_this_process_is_known_and_that_of_none_is_zero() -> None:
    assert bench_procs.cpu_of_tree(os.getpid()) > 0
    assert bench_procs.cpu_of_tree(0) == 0
    assert bench_procs.cpu_of_tree(2**31 - 1) == 0


def test_this_process_is_a_child_of_its_parent() -> None:
    assert os.getpid() in bench_procs.children(os.getppid())


def test_median_and_99th_percentile_of_a_hundred_and_one_waits() -> None:
    assert bench_proof.latency(range(101)) == Latency(p50_ms=50, p99_ms=99, count=101)


def test_no_waits_are_no_error() -> None:
    assert bench_proof.latency([]).count == 0


@pytest.mark.parametrize(("size", "verify"), [(1, 220.0), (10, 90.0), (100, 53.0)])
def test_the_floor_of_verifying_is_four_messages_shared_by_their_documents(size: int, verify: float) -> None:
    load = Load(way="door", algorithm=Algorithm.RSA_SHA256, size=size, parcels=100)
    assert FLOORS.of(load)["verify"] == pytest.approx(verify)


def test_every_size_is_measured_by_rsa_and_sm2_and_over_http() -> None:
    names = [load.name for load in bench.loads(PLAN)]
    assert names == [
        *(f"door {kind} ×{size}" for kind in ("rsa", "sm2") for size in (1, 10, 100)),
        *(f"http rsa ×{size}" for size in (1, 10, 100)),
    ]


def test_latency_is_measured_at_half_the_speed() -> None:
    assert bench.paced(measured(), PLAN).pace == 500.0


def test_the_bottleneck_of_busy_cores_is_the_dearest_stage() -> None:
    assert bench.next_bottleneck([measured()], 2).startswith("door rsa ×1: decide, 400 of 1000 µs a parcel (40%)")


def test_the_bottleneck_of_idle_cores_is_what_waits_longest() -> None:
    assert "waiting in decide, only 0.9 of 2 cores are busy" in bench.next_bottleneck([measured(cores_busy=0.9)], 2)


def test_cores_that_others_keep_busy_are_not_idle() -> None:
    assert "decide, 400 of" in bench.next_bottleneck([measured(cores_busy=0.9, others_busy=1.0)], 2)


@pytest.mark.parametrize("proof", [{"lost": 1}, {"left_over": 1}, {"audit_faults": 1}])
def test_a_lost_parcel_a_row_left_over_or_an_audit_fault_is_not_ok(proof: dict[str, int]) -> None:
    case = measured(proof=msgspec.structs.replace(CLEAN, **proof))
    assert not bench.summary(PLAN, FLOORS, [measured(), case]).ok


def test_the_result_is_one_line_of_json() -> None:
    line = bench.summary(PLAN, FLOORS, [measured()]).json()
    assert b"\n" not in line
    shown = json.loads(line)
    assert shown["ok"] is True
    assert shown["cases"][0]["stages_us"]["decide"] == 400.0
    assert shown["floors"]["rsa_verify_us"] == 25.0


def printed(result: Bench) -> str:
    console = Console(record=True, width=160, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - the console's own
    with console.file:
        show(result, console)
    return console.export_text()


def test_the_table_shows_each_stage_beside_its_floor() -> None:
    text = printed(bench.summary(PLAN, FLOORS, [measured()]))
    assert "200 (2.5×)" in text
    assert "300 (1.4×)" in text
    assert "nothing was lost, and the audit agrees" in text


def test_the_table_names_what_was_lost() -> None:
    case = measured(proof=msgspec.structs.replace(CLEAN, lost=3))
    assert "door rsa ×1: 3 lost" in printed(bench.summary(PLAN, FLOORS, [case]))


def test_a_database_elsewhere_is_said_to_be_elsewhere() -> None:
    assert "elsewhere" in printed(bench.summary(PLAN, FLOORS, [measured(postgres_us=None)]))

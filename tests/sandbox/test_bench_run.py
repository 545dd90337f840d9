"""A few parcels through the bench itself: real processes, real signatures, real PostgreSQL; no time is asserted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandan.sandbox import bench
from sandan.sandbox.bench import Bed
from sandan.sandbox.bench_facts import Load
from sandan.sandbox.bench_facts import Plan
from sandan.sandbox.bench_watch import NAMES
from sandan.sandbox.platform import scratch_databases
from sandan.signing.port import Algorithm
from sandan.store.provider import Database


@pytest.fixture(scope="module")
def bed(server: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with scratch_databases(server) as scratch:
        plan = Plan(parcels=20, seconds=20, processes=2)
        yield Bed(scratch=scratch, keys=Path(tmp_path_factory.mktemp("keys")), plan=plan)


def test_parcels_in_files_of_ten_are_all_released_and_every_stage_is_timed(bed: Bed) -> None:
    load = Load(way="door", algorithm=Algorithm.RSA_SHA256, size=10, parcels=20)
    case = bench._measure(bed, load)
    assert (case.parcels, case.messages) == (20, 8)
    assert case.proof.ok
    assert list(case.stages_us) == [*NAMES, "rest"]
    assert case.postgres_us is not None


def test_the_wait_for_the_receipt_is_known_of_every_parcel_that_kept_its_pace(bed: Bed) -> None:
    load = Load(way="paced", algorithm=Algorithm.RSA_SHA256, size=1, parcels=20, pace=200.0)
    case = bench._measure(bed, load)
    assert case.latency is not None
    assert case.latency.count == 20
    assert case.proof.ok


def test_parcels_over_http_are_all_released(bed: Bed) -> None:
    load = Load(way="http", algorithm=Algorithm.RSA_SHA256, size=1, parcels=8)
    case = bench._measure(bed, load)
    assert case.proof.ok
    assert case.latency is not None
    assert case.latency.count == 32


def test_floors_are_measured_for_every_size(bed: Bed) -> None:
    floors = bench._floors(bed)
    assert set(floors.parse_us) == set(floors.c14n_us) == set(bench.SIZES)
    assert min(floors.rsa_verify_us, floors.sm2_verify_us, floors.commits_per_s, floors.copy_rows_per_s) > 0

"""Messages a second beside other libraries: everyone verifies the same messages; no time is asserted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console
from typer.testing import CliRunner

from sandan.cli.bench import app
from sandan.cli.bench import show_wire
from sandan.sandbox import bench_wire
from sandan.sandbox.bench_crew import office
from sandan.sandbox.bench_facts import SIZES
from sandan.sandbox.bench_facts import Wire
from sandan.sandbox.bench_facts import WireCase
from sandan.sandbox.messages import papers_of
from sandan.sandbox.messages import tampered
from sandan.sandbox.parcels import Maker
from sandan.signing.port import Algorithm
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.write import receipts

CASE = WireCase(
    name="wire rsa ×1",
    algorithm=Algorithm.RSA_SHA256.value,
    size=1,
    message_bytes=4_000,
    verified_per_s=9_000.0,
    decoded_per_s=8_000.0,
    others_per_s={"xmlsec": 4_000.0, "signxml": 3_000.0},
)
SM2 = replace(CASE, name="wire sm2 ×1", algorithm=Algorithm.SM2_SM3.value, others_per_s={})
WIRE = Wire(cases=[CASE, SM2], receipts_per_s={1: 80_000.0}, absent=[])


@pytest.fixture(name="brief")
def fixture_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each contender has one turn."""
    monkeypatch.setattr(bench_wire, "_ROUND_S", 1e-9)


@pytest.fixture(name="measured")
def fixture_measured(brief: None, tmp_path: Path) -> Wire:
    assert brief is None
    return bench_wire.measure(tmp_path, lambda _: None)


def test_every_size_is_measured_by_rsa_and_sm2(measured: Wire) -> None:
    assert [(case.algorithm, case.size) for case in measured.cases] == [
        (algorithm.value, size) for algorithm in bench_wire.ALGORITHMS for size in SIZES
    ]
    assert all(case.verified_per_s > 0 and case.decoded_per_s > 0 for case in measured.cases)
    assert set(measured.receipts_per_s) == set(SIZES)


def test_others_are_measured_on_rsa_alone(measured: Wire) -> None:
    assert measured.absent == []
    for case in measured.cases:
        known = {"xmlsec", "signxml"} if case.algorithm == Algorithm.RSA_SHA256.value else set()
        assert set(case.others_per_s) == set(case.times_faster) == known


@pytest.mark.parametrize("library", bench_wire.libraries(), ids=lambda library: library.name)
def test_another_library_takes_what_is_genuine_and_refuses_what_was_changed(
    library: bench_wire.Library, tmp_path: Path
) -> None:
    sample = bench_wire.samples(office(tmp_path, Algorithm.RSA_SHA256), 1)[0]
    check = library.checking(sample.certificate)
    check(sample.data)
    with pytest.raises(Exception, match=r"(?i)verif|invalid|digest"):
        check(tampered(sample.data))


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, brief: None, tmp_path: Path) -> None:
    assert brief is None
    monkeypatch.setattr(bench_wire, "LIBRARIES", ("no_such_verifier",))
    wire = bench_wire.measure(tmp_path, lambda _: None)
    assert (wire.absent, wire.least_times_faster) == (["no_such_verifier"], None)
    text = printed(wire)
    assert "no_such_verifier is not installed here" in text
    assert "no other verifier is installed" in text


def test_a_receipt_of_each_paper_is_a_valid_message() -> None:
    now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    papers = papers_of(Maker(7, now, "WIRE").ordinary())
    written = receipts([bench_wire.answer(paper, now) for paper in papers])
    assert len(written) == 4
    assert all(decode(parse(data)).valid for data in written)


def test_calls_are_counted_by_contender(brief: None) -> None:
    assert brief is None
    told: list[str] = []
    calls: list[Callable[[], object]] = [lambda: told.append("a"), lambda: told.append("b")]
    assert bench_wire.per_second({"one": calls})["one"] > 0
    assert told[:2] == ["a", "b"]
    assert len(told) % 2 == 0


def printed(wire: Wire) -> str:
    console = Console(record=True, width=160, file=io.StringIO())
    show_wire(wire, console)
    return console.export_text()


def test_the_table_says_how_many_times_faster() -> None:
    text = printed(WIRE)
    assert "4,000 (2.2×)" in text
    assert "no SM2" in text
    assert "at least twice as fast as any other on every message: 2.2× the nearest" in text


def test_one_message_on_which_it_is_slower_is_enough_to_say_so() -> None:
    slower = replace(CASE, others_per_s={"xmlsec": 6_000.0})
    assert "less than twice as fast as any other on every message: 1.5×" in printed(replace(WIRE, cases=[CASE, slower]))


def test_the_command_prints_one_line_of_json(brief: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert brief is None
    monkeypatch.setenv("SANDAN_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["--wire", "--json"])
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert {case["size"] for case in shown["cases"]} == set(SIZES)
    assert set(shown["receipts_per_s"]) == {str(size) for size in SIZES}

"""``sandan inspect`` and ``sandan doctor`` on files: what they print, and how they end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner
from typer.testing import Result

from sandan.cli import doctor
from sandan.cli import inspect
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import tampered
from sandan.sandbox.parcels import Maker
from sandan.sandbox.seed import office as invent
from sandan.wire import specimen


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A signed order of the invented world of this home."""
    monkeypatch.setenv("SANDAN_HOME", str(tmp_path))
    dispatch = invent(Authority(tmp_path / "keys"))
    return dispatch.message([Maker(1, datetime.now(UTC), "INS").ordinary().full[0]]).data


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    def runs(program: object, data: bytes, *options: str) -> Result:
        file = tmp_path / "message.xml"
        file.write_bytes(data)
        return CliRunner().invoke(program.app, [str(file), *options])

    return runs


def test_a_sound_message_is_laid_open(run: Callable[..., Result], order: bytes) -> None:
    ended = run(inspect, order, "--json")
    shown = json.loads(ended.stdout)
    assert (ended.exit_code, shown["message"], shown["schema_valid"]) == (0, "CEB311Message", True)
    assert (shown["signature"]["verdict"], shown["would"]["outcome"]) == ("valid", "registered")


def test_for_people_too(run: Callable[..., Result], order: bytes) -> None:
    ended = run(inspect, order)
    assert "would be registered, and clear" in ended.stdout


def test_a_fault_of_form_ends_with_one(run: Callable[..., Result], order: bytes) -> None:
    ended = run(inspect, order.replace(b"<ceb:currency>142", b"<ceb:currency>1422", 1))
    assert ended.exit_code == 1
    assert "1422" in ended.stdout


def test_no_message_ends_with_two(run: Callable[..., Result], order: bytes) -> None:
    assert order
    assert run(inspect, b"nothing").exit_code == 2
    assert run(doctor, b"nothing").exit_code == 2


def test_the_doctor_names_the_fault(run: Callable[..., Result], order: bytes) -> None:
    ended = run(doctor, tampered(order), "--json")
    assert (ended.exit_code, json.loads(ended.stdout)["trouble"]["code"]) == (1, "sig-digest")
    assert run(doctor, order, "--lang", "zh").exit_code == 0


def test_a_list_only_2018_accepts_has_both_verdicts(run: Callable[..., Result]) -> None:
    """An item number of 21 characters: 30 were allowed by 2018 No. 113, 20 are by 202205."""
    data = re.sub(rb"(?<=<ceb:itemNo>)[^<]+", b"1" * 21, specimen.fullest("CEB621Message"))
    ended = run(inspect, data, "--edition", "2018", "--json")
    shown = json.loads(ended.stdout)
    assert (ended.exit_code, shown["schema_valid"]) == (1, False)
    assert shown["edition"] == {"edition": "2018", "schema_valid": True, "schema_errors": []}
    assert "by the edition 2018 the schema accepts it" in run(inspect, data, "--edition", "2018").stdout


def test_a_message_2018_did_not_have_is_refused_by_it_alone(run: Callable[..., Result]) -> None:
    ended = run(inspect, specimen.smallest("CEB213Message"), "--edition", "2018")
    assert ended.exit_code == 0
    assert "by the edition 2018 the schema refuses it" in ended.stdout
    assert "W-EDITION" in run(inspect, specimen.smallest("CEB213Message"), "--edition", "2018", "--json").stdout

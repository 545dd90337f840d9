"""Offline: would it clear, why is the signature refused, what is this message."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from sandan.cli import check
from sandan.cli import doctor
from sandan.cli import inspect
from sandan.sandbox import faults
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import papers_of
from sandan.sandbox.messages import tampered
from sandan.sandbox.messages import truncated
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.seed import office as open_office


@pytest.fixture
def maker() -> Maker:
    return Maker(7, datetime.now(UTC), "CHECK")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDAN_HOME", str(home))


@pytest.fixture(scope="module")
def dispatch(home: Path) -> Office:
    return open_office(Authority(home / "keys"))


def files(parcel: Parcel, dispatch: Office, folder: Path) -> list[str]:
    paths = [folder / f"{paper.ref.kind}.xml" for paper in papers_of(parcel)]
    for path, paper in zip(paths, papers_of(parcel), strict=True):
        path.write_bytes(dispatch.message([paper]).data)
    return [str(path) for path in paths]


def test_four_papers_that_agree_would_clear(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    result = CliRunner().invoke(check.app, files(maker.ordinary(), dispatch, tmp_path))
    assert result.exit_code == 0, result.output
    assert "would clear" in result.output


def test_the_working_of_the_tax_is_printed_a_step_a_line(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    result = CliRunner().invoke(check.app, [*files(maker.ordinary(), dispatch, tmp_path), "--lang", "zh"])
    steps = [line for line in result.output.splitlines() if "应征增值税" in line]
    assert steps, result.output
    assert all(" = " in line and "(RTAX-3)" in line for line in steps)


def test_another_payer_would_be_refused_with_both_values(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    messages = files(faults.another_payer(maker), dispatch, tmp_path)
    result = CliRunner().invoke(check.app, [*messages, "--json"])
    assert result.exit_code == 1
    shown = json.loads(result.output)
    (case,) = (document for document in shown["documents"] if document["status"])
    finding = next(finding for finding in case["findings"] if finding["rule"] == "R194-9.1")
    assert (case["status"], finding["code"]) == ("refused", "1327")
    assert "payment" in finding["values_en"]
    assert "order" in finding["values_en"]


def test_values_that_look_like_markup_are_shown_as_they_stand(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    parcel = maker.ordinary()
    first, *others = parcel.declaration.lines
    lines = (replace(first, item_name="[/red]云[b]", gname="[/red]云[b]"), *others)
    changed = replace(parcel, declaration=replace(parcel.declaration, lines=lines))
    result = CliRunner().invoke(check.app, files(changed, dispatch, tmp_path))
    assert result.exit_code == 1, result.exception
    assert "[/red]云[b]" in result.output


def test_a_parcel_of_4000_yuan_is_refused_as_at_2018(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    messages = files(faults.busy_buyer(maker), dispatch, tmp_path)
    assert CliRunner().invoke(check.app, messages).exit_code == 0
    result = CliRunner().invoke(check.app, [*messages, "--at", "2018-12-31"])
    assert result.exit_code == 1, result.output
    assert "RTAX-1" in result.output


def test_half_a_message_is_not_readable(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    path = Path(files(maker.ordinary(), dispatch, tmp_path)[0])
    path.write_bytes(truncated(path.read_bytes()))
    assert CliRunner().invoke(check.app, [str(path)]).exit_code == 2


def test_a_folder_is_no_message(tmp_path: Path) -> None:
    result = CliRunner().invoke(check.app, [str(tmp_path)])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


def test_a_day_that_is_none_is_refused_in_words(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    result = CliRunner().invoke(check.app, [*files(maker.ordinary(), dispatch, tmp_path), "--at", "2026-02-30"])
    assert result.exit_code == 2
    assert "2026-02-30" in result.output


def test_the_doctor_finds_a_sound_signature_and_its_enterprise(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    path = files(maker.ordinary(), dispatch, tmp_path)[0]
    result = CliRunner().invoke(doctor.app, [path, "--json"])
    assert result.exit_code == 0, result.output
    diagnosis = json.loads(result.output)
    assert (diagnosis["verdict"], diagnosis["enterprise"]) == ("valid", "0131960101")


def test_the_doctor_shows_both_digests_of_a_changed_message(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    path = Path(files(maker.ordinary(), dispatch, tmp_path)[0])
    path.write_bytes(tampered(path.read_bytes()))
    result = CliRunner().invoke(doctor.app, [str(path), "--json"])
    assert result.exit_code == 1
    signature = json.loads(result.output)["signature"]
    assert signature["digest_expected"] != signature["digest_found"]


def test_inspect_and_doctor_show_values_that_look_like_markup(tmp_path: Path) -> None:
    path = tmp_path / "order.xml"
    path.write_text('<CEB311Message xmlns="http://www.chinaport.gov.cn/ceb" guid="[/b]" version="1.0"/>', "utf-8")
    assert "[/b]" in CliRunner().invoke(inspect.app, [str(path)]).output
    assert CliRunner().invoke(doctor.app, [str(path)]).exit_code == 1


def test_inspect_tells_what_a_message_is(maker: Maker, dispatch: Office, tmp_path: Path) -> None:
    path = files(maker.ordinary(), dispatch, tmp_path)[3]
    result = CliRunner().invoke(inspect.app, [path, "--json"])
    assert result.exit_code == 0, result.output
    shown = json.loads(result.output)
    assert (shown["message"], shown["schema_valid"], shown["schema_errors"]) == ("CEB621Message", True, [])
    assert shown["signature"]["verdict"] == "valid"
    assert shown["would"]["clears"] is False

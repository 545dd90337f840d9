"""``sandan sign`` with each kind of key."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from sandan.cli.app import app
from sandan.sandbox.authority import Authority
from sandan.sandbox.remote_signer import Desk
from sandan.sandbox.remote_signer import serving
from sandan.sandbox.ukey import SoftwareCard
from sandan.sandbox.ukey import control
from sandan.signing.facts import Policy
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner
from sandan.signing.verify import verify

PIN = "97531246"
CEB = 'xmlns:ceb="http://www.chinaport.gov.cn/ceb" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DAYS = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "order.xml"
    path.write_text(f"<ceb:CEB311Message {CEB}><ceb:Order>测试</ceb:Order></ceb:CEB311Message>", "utf-8")
    return path


@pytest.fixture
def signer(tmp_path: Path) -> SoftwareSigner:
    return Authority(tmp_path / "keys").issue("丁", "4401960A04", Algorithm.SM2_SM3, *DAYS)


def test_a_key_file_signs(message: Path, signer: SoftwareSigner, tmp_path: Path) -> None:
    out, key = tmp_path / "signed.xml", next((tmp_path / "keys").glob("4401960A04-*"))
    result = CliRunner().invoke(app, ["sign", str(message), "--key", str(key), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert _verifies(out.read_bytes())
    assert signer.key_name.encode() in out.read_bytes()


def test_a_card_signs_with_a_pin_from_the_environment(message: Path, signer: SoftwareSigner) -> None:
    with control(SoftwareCard(signer, PIN)) as url:
        arguments = ["sign", str(message), "--ukey", "--card", url]
        result = CliRunner().invoke(app, arguments, env={"SANDAN_PIN": PIN})
    assert result.exit_code == 0, result.output
    assert _verifies(result.stdout_bytes)


def test_a_card_signs_with_a_pin_from_the_prompt(message: Path, signer: SoftwareSigner, tmp_path: Path) -> None:
    out = tmp_path / "signed.xml"
    with control(SoftwareCard(signer, PIN)) as url:
        arguments = ["sign", str(message), "--ukey", "--card", url, "--out", str(out)]
        result = CliRunner().invoke(app, arguments, input=PIN + "\n")
    assert result.exit_code == 0, result.output
    assert _verifies(out.read_bytes())
    assert PIN not in result.output


def test_a_wrong_pin_ends_without_a_second_try(message: Path, signer: SoftwareSigner) -> None:
    card = SoftwareCard(signer, PIN)
    with control(card) as url:
        result = CliRunner().invoke(app, ["sign", str(message), "--ukey", "--card", url], env={"SANDAN_PIN": "1"})
    assert result.exit_code == 1
    assert "card-pin" in result.stderr
    assert card.pins_seen == 1


def test_a_remote_signer_signs(message: Path, signer: SoftwareSigner) -> None:
    with serving(Desk(signer, "t")) as url:
        result = CliRunner().invoke(app, ["sign", str(message), "--remote", url], env={"SANDAN_SIGNER_TOKEN": "t"})
    assert result.exit_code == 0, result.output
    assert _verifies(result.stdout_bytes)


@pytest.mark.parametrize("ways", [[], ["--ukey", "--remote", "http://127.0.0.1:9"]])
def test_exactly_one_way_is_chosen(ways: list[str], message: Path) -> None:
    assert CliRunner().invoke(app, ["sign", str(message), *ways]).exit_code == 2


@pytest.mark.usefixtures("signer")
def test_a_message_that_cannot_be_signed(message: Path, tmp_path: Path) -> None:
    message.write_text("no xml")
    key = next((tmp_path / "keys").glob("4401960A04-*"))
    result = CliRunner().invoke(app, ["sign", str(message), "--key", str(key)])
    assert result.exit_code == 1
    assert "no XML" in result.stderr


def _verifies(data: bytes) -> bool:
    return verify(etree.fromstring(data), Policy(at=datetime(2026, 6, 1, tzinfo=UTC))).ok

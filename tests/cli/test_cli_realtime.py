"""``sandan realtime rehearse`` against an invented platform on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sandan.cli.app import app
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.realtime import UPLOAD_PATH
from sandan.sandbox.realtime import Platform
from sandan.sandbox.realtime import data_of
from sandan.sandbox.realtime import listening
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner

MADE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ORDER, PAYMENT, _, _ = Maker(7, MADE, "RTC").ordinary().full


@pytest.fixture(scope="session")
def card(test_authority: Authority) -> SoftwareSigner:
    return test_authority.issue("测试平台", world.PLATFORM, Algorithm.SM2_SM3, date(2017, 1, 1), date(2049, 12, 31))


@pytest.fixture
def platform(card: SoftwareSigner) -> Platform:
    return Platform(card, {ORDER.order_no: data_of(ORDER, PAYMENT)}, lambda: datetime.now(UTC))


@pytest.fixture
def arguments(platform: Platform, card: SoftwareSigner, office: Office, tmp_path: Path) -> Iterator[list[str]]:
    """A command line whose platform, certificate and papers are there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    platform.customs = f"http://{listen}{UPLOAD_PATH}"
    papers = [tmp_path / "order.xml", tmp_path / "payment.xml"]
    for path, paper in zip(papers, (ORDER, PAYMENT), strict=True):
        path.write_bytes(office.message([paper]).data)
    certificate = tmp_path / "card.cer"
    certificate.write_bytes(card.certificate_der)
    with listening(platform.take) as url:
        yield [
            *("realtime", "rehearse", url, "--order", ORDER.order_no, "--ebp", world.PLATFORM),
            *("--certificate", str(certificate), "--listen", listen, "--wait", "5"),
            *(option for path in papers for option in ("--paper", str(path))),
        ]
        platform.finish()


@pytest.fixture
def rehearse(arguments: list[str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    def run(*more: str) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(app, [*arguments, "--json", *more])
        return result.exit_code, json.loads(result.stdout)

    return run


def test_a_platform_that_answers_well(rehearse: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    code, told = rehearse()
    assert (code, told["ok"], told["code"]) == (0, True, "10000")
    assert [field["agrees"] for field in told["compared"]] == [True] * 6
    assert 0 <= told["uploaded_ms"] < 5000
    assert [one["rule"] for one in told["findings"]] == ["P179-CALLBACK"]


def test_a_platform_that_changes_what_it_signed(
    platform: Platform, rehearse: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    platform.spoil = lambda form: form.replace(b"PAYEE", b"OTHER")
    code, told = rehearse("--lang", "en")
    assert (code, told["ok"], told["code"]) == (1, False, "20004")
    assert "signature over the string to sign" in told["findings"][-1]["what"]


def test_a_platform_that_never_uploads(rehearse: Callable[..., tuple[int, dict[str, Any]]]) -> None:
    code, told = rehearse("--order", "NO-SUCH-ORDER", "--wait", "0.1")
    assert (code, told["ok"], told["code"], told["uploaded_ms"]) == (1, False, None, None)


def test_a_platform_that_does_not_acknowledge(
    platform: Platform, rehearse: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    platform.greeting = b"OK"
    code, told = rehearse()
    assert (code, told["ok"], told["code"]) == (1, False, "10000")


def test_the_report_for_people(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "上传成功" in result.output
    assert "totalAmount" in result.output


@pytest.mark.parametrize("listen", ["nowhere", "127.0.0.1:99999", "127.0.0.1:x"])
def test_an_address_to_listen_on_that_is_none(listen: str, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, [*arguments, "--listen", listen]).exit_code == 2


def test_a_certificate_that_is_none(arguments: list[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.cer"
    wrong.write_bytes(b"no certificate")
    assert CliRunner().invoke(app, [*arguments, "--certificate", str(wrong)]).exit_code == 2

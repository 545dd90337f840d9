"""Nothing personal and no local variable reaches a log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from sandan import logs


@pytest.fixture(autouse=True)
def _configured() -> Iterator[None]:
    before = structlog.get_config()
    logs.configure()
    yield
    structlog.configure(**before)


def test_identity_and_mobile_numbers_are_veiled(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().warning("seen", buyer="110101190204220003", telephone="19900000777", amount_fen=11010119)
    said = capsys.readouterr().err
    assert "110101****0003" in said
    assert "199****0777" in said
    assert "amount_fen=11010119" in said


def test_an_exception_shows_its_place_and_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        address = "9号路虚构"[::-1]
        raise ValueError(len(address))

    logs.configure()
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed")
    said = capsys.readouterr().err
    assert "test_logs.py" in said
    assert "构虚路号9" not in said

"""The operator sets up out-folders, only for who is registered and for DXP ids of its own."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg_pool import ConnectionPool
from typer.testing import CliRunner

from sandan.cli.channel import app
from sandan.sandbox import world

AGENT_ID = "DXPENT0000900301"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, seeded: ConnectionPool, database_url: str) -> object:
    monkeypatch.setenv("SANDAN_DATABASE_URL", database_url)
    assert seeded
    return lambda *words: CliRunner().invoke(app, list(words))


def test_receipts_go_into_a_folder_in_envelopes(run: object, conn: psycopg.Connection, tmp_path: Path) -> None:
    answer = run("folder", world.AGENT, str(tmp_path), "--dxp", AGENT_ID)
    assert answer.exit_code == 0, answer.output
    rows = conn.execute("SELECT recipient, channel, target, address FROM subscriptions").fetchall()
    assert rows == [(world.AGENT, "folder", str(tmp_path), AGENT_ID)]


def test_set_up_again_it_changes_the_envelope_only(run: object, conn: psycopg.Connection, tmp_path: Path) -> None:
    run("folder", world.AGENT, str(tmp_path), "--dxp", AGENT_ID)
    run("folder", world.AGENT, str(tmp_path))
    assert conn.execute("SELECT address FROM subscriptions").fetchall() == [("",)]


@pytest.mark.parametrize(
    ("words", "told"),
    [(("9999999999",), "not registered"), ((world.AGENT, "--dxp", "DXPENT0000900101"), AGENT_ID)],
)
def test_nobody_is_given_what_is_anothers(run: object, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    who, *options = words
    answer = run("folder", who, str(tmp_path), *options)
    assert answer.exit_code == 2
    assert told in answer.output


def test_they_are_shown(run: object, tmp_path: Path) -> None:
    run("folder", world.AGENT, str(tmp_path))
    assert world.AGENT in run("list").output

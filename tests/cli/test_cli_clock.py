"""``sandan clock``: moments and steps as people type them, and the refusal in production."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandan.cli.clock import app
from sandan.cli.clock import moment_of
from sandan.cli.clock import step_of
from sandan.store.clock import ClockRangeError

RUN = CliRunner()


def test_a_moment_without_zone_is_beijing_time() -> None:
    assert moment_of("2026-12-31T09:00").utcoffset() == timedelta(hours=8)
    assert moment_of("2026-12-31T01:00+00:00") == moment_of("2026-12-31T09:00")


def test_a_step_adds_up() -> None:
    assert step_of("1d12h") == timedelta(hours=36)
    assert step_of("-31d") == timedelta(days=-31)


@pytest.mark.parametrize("text", ["", "31", "d", "1w", "1d x", "99999999999999d"])
def test_what_is_no_step_is_told(text: str) -> None:
    with pytest.raises(ClockRangeError):
        step_of(text)


@pytest.mark.parametrize("arguments", [["set", "2026-12-31T09:00"], ["advance", "31d"]])
def test_production_refuses(tmp_path: Path, arguments: list[str]) -> None:
    done = RUN.invoke(app, arguments, env={"SANDAN_PRODUCTION": "true", "SANDAN_HOME": str(tmp_path)})
    assert done.exit_code == 2
    assert "production" in done.output


def test_it_is_set_shown_and_advanced(database_url: str) -> None:
    env = {"SANDAN_DATABASE_URL": database_url}
    done = RUN.invoke(app, ["set", "2026-12-31T09:00", "--speed", "1"], env=env)
    assert "2026-12-31T09:00:00+08:00" in done.output
    assert "set backwards" not in RUN.invoke(app, ["advance", "31d"], env=env).output
    assert RUN.invoke(app, ["show"], env=env).output.startswith("2027-01-31T09:00")
    assert "set backwards" in RUN.invoke(app, ["advance", "-1d"], env=env).output


def test_what_is_no_moment_exits_with_two(database_url: str) -> None:
    done = RUN.invoke(app, ["set", "tomorrow"], env={"SANDAN_DATABASE_URL": database_url})
    assert done.exit_code == 2
    assert "no moment" in done.output

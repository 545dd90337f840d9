"""``sandan replay``: what another day's law would decide."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sandan.cli.replay import app

RUN = CliRunner()
WORDS = ["--law-at", "2019-03-31", "--from", "2026-01-01", "--to", "2026-12-31"]


def test_an_empty_store_has_nothing_to_decide_again(database_url: str) -> None:
    done = RUN.invoke(app, [*WORDS, "--json"], env={"SANDAN_DATABASE_URL": database_url})
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"cases": 0, "changed": [], "changes": 0, "tax_fen": 0}


def test_it_says_that_nothing_was_written(database_url: str) -> None:
    done = RUN.invoke(app, WORDS, env={"SANDAN_DATABASE_URL": database_url})
    assert "0 cases decided again, 0 would change; tax 0.00 yuan more; nothing was written" in done.output


@pytest.mark.parametrize("place", [1, 3, 5])
def test_what_is_no_day_exits_with_two(place: int) -> None:
    words = [*WORDS[:place], "yesterday", *WORDS[place + 1 :]]
    assert RUN.invoke(app, words).exit_code == 2

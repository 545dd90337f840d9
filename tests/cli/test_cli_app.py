"""The command line: every file is a command, every command explains itself."""

from __future__ import annotations

import importlib

import pytest
import typer.main
from typer.testing import CliRunner

from sandan.cli.app import app

COMMANDS = typer.main.get_command(app).list_commands(None)  # type: ignore[attr-defined, arg-type]


def test_the_commands_of_the_readme_are_there() -> None:
    named = {"serve", "work", "demo", "check", "quote", "doctor", "inspect", "verify", "play", "law", "bench"}
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0, result.output
    assert importlib.import_module(f"sandan.cli.{command}").__doc__


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(app, ["nosuch"])
    assert result.exit_code == 2
    assert "nosuch" in result.output

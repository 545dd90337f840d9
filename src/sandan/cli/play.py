"""``sandan play``: plays scenarios through the same door as anyone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from sandan.sandbox.player import Played
from sandan.sandbox.player import play as play_one
from sandan.sandbox.scenario import Scenario
from sandan.sandbox.scenario import read_all

app = typer.Typer()
_HERE = Path("scenarios")


@app.command()
def play(
    numbers: Annotated[list[str] | None, typer.Argument(help="Numbers of scenarios, such as 03.")] = None,
    tag: Annotated[str, typer.Option(help="Play those with this tag.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Play every scenario.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show the scenarios and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the scenarios are.", show_default=True)] = _HERE,
) -> None:
    """Play scenarios: stories of parcels with every receipt they must get.

    Exit 0 when all passed, 1 when one failed, 2 when there is no such scenario.
    """
    scenarios = read_all(folder)
    if listing:
        _list(scenarios)
        return
    chosen = tuple(s for s in scenarios if everything or tag in s.tags or s.number in _two_digits(numbers))
    if not chosen:
        sys.stderr.write(f"no such scenario in {folder}; sandan play --list shows them, --all plays them\n")
        raise typer.Exit(2)
    played = _play(chosen, quiet=as_json)
    _print_json(played) if as_json else _print_table(played)
    raise typer.Exit(0 if all(one.passed for one in played) else 1)


def _two_digits(numbers: list[str] | None) -> set[str]:
    return {number.partition("-")[0].zfill(2) for number in numbers or ()}


def _play(chosen: tuple[Scenario, ...], *, quiet: bool) -> list[Played]:
    from sandan.sandbox.authority import Authority  # noqa: PLC0415 - the listing needs no keys and no database
    from sandan.sandbox.platform import scratch_databases  # noqa: PLC0415
    from sandan.sandbox.seed import office  # noqa: PLC0415
    from sandan.store.provider import open_database  # noqa: PLC0415
    from sandan.store.settings import Settings  # noqa: PLC0415

    settings = Settings()
    dispatch = office(Authority(settings.home / "keys"))
    with open_database(settings) as database, scratch_databases(database) as scratch:
        work = chosen if quiet else track(chosen, description="playing", console=Console(stderr=True))
        return [play_one(scenario, scratch, dispatch) for scenario in work]


def _list(scenarios: tuple[Scenario, ...]) -> None:
    table = Table("number", "story", "故事", "tags")
    for scenario in scenarios:
        table.add_row(scenario.number, scenario.title["en"], scenario.title["zh"], ", ".join(scenario.tags))
    Console().print(table)


def _print_json(played: list[Played]) -> None:
    failed = [one for one in played if not one.passed]
    summary = {
        "played": len(played),
        "passed": len(played) - len(failed),
        "failed": len(failed),
        "failures": {one.name: list(one.failures) for one in failed},
    }
    sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")


def _print_table(played: list[Played]) -> None:
    table = Table("scenario", "result", "what was not as expected")
    for one in played:
        result = "[green]passed" if one.passed else "[red]failed"
        table.add_row(one.name, result, "\n".join(one.failures))
    Console().print(table)

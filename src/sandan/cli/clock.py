"""``sandan clock``: what time the sandbox thinks it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from typing import Annotated

import typer
from psycopg_pool import ConnectionPool

from sandan.store.clock import ClockRangeError
from sandan.store.clock import ClockRefusedError
from sandan.store.clock import SettableClock
from sandan.store.clock import Setting
from sandan.store.clock import SystemClock
from sandan.store.migrate import migrate
from sandan.store.provider import open_database
from sandan.store.settings import Settings
from sandan.terms.days import SHANGHAI

app = typer.Typer(no_args_is_help=True, help="Show, set, advance or speed up the clock of a sandbox.")

_STEP = re.compile(r"(-?\d+)([dhm])")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


@app.command()
def show() -> None:
    """Print the moment the platform decides by, in Beijing time, and how fast it passes."""
    settings = Settings()
    if settings.production:
        typer.echo(f"{SystemClock().now().astimezone(SHANGHAI).isoformat(timespec='seconds')} speed 1 (the machine's)")
        return
    with _clock(settings) as clock:
        typer.echo(f"{clock.now().astimezone(SHANGHAI).isoformat(timespec='seconds')} speed {clock.speed}")


@app.command("set")
def put(
    moment: Annotated[str, typer.Argument(help="Such as 2026-12-31T09:00; without a zone it is Beijing time.")],
    speed: Annotated[int | None, typer.Option(help="Seconds that pass in one second; 1 is ordinary.")] = None,
) -> None:
    """Set the present moment; every deadline before it falls due.

    Exit 2 in production, or when the moment is none.
    """
    with _clock(Settings()) as clock, _told():
        _say(clock.set(moment_of(moment), speed=speed))


@app.command(context_settings={"ignore_unknown_options": True})
def advance(step: Annotated[str, typer.Argument(help="Such as 31d, 12h or 90m; parts add up: 1d12h.")]) -> None:
    """Move the present moment by a step.

    Exit 2 in production, or when the step is none.
    """
    with _clock(Settings()) as clock, _told():
        _say(clock.advance(step_of(step)))


def moment_of(text: str) -> datetime:
    """A moment as people type it, Beijing time where no zone is given.

    Raises:
        ClockRangeError: It is no moment.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ClockRangeError(f"{text!r} is no moment; write for example 2026-12-31T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def step_of(text: str) -> timedelta:
    """A step as people type it: days, hours and minutes.

    >>> step_of("1d12h")
    datetime.timedelta(days=1, seconds=43200)

    Raises:
        ClockRangeError: It is no step, or longer than a clock goes.
    """
    parts = _STEP.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ClockRangeError(f"{text!r} is no step; write for example 31d, 12h, 90m or 1d12h")
    try:
        return sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())
    except OverflowError:
        raise ClockRangeError(f"{text!r} is longer than a clock goes") from None


@contextmanager
def _clock(settings: Settings) -> Iterator[SettableClock]:
    """The clock of this deployment's store; ends the command where there is none that can be set."""
    with _told():
        if settings.production:
            raise ClockRefusedError("the clock of a production deployment cannot be set; unset SANDAN_PRODUCTION")
    with open_database(settings) as database:
        migrate(database.url)
        with ConnectionPool(database.url, min_size=1, max_size=2) as pool:
            yield SettableClock(pool)


@contextmanager
def _told() -> Iterator[None]:
    """Says kindly why a clock was not set."""
    try:
        yield
    except (ClockRefusedError, ClockRangeError, OverflowError) as error:
        sys.stderr.write(f"the clock was not set: {error}\n")
        raise typer.Exit(2) from None


def _say(setting: Setting) -> None:
    before, after = (at.astimezone(SHANGHAI).isoformat(timespec="seconds") for at in (setting.before, setting.after))
    typer.echo(f"{before} → {after} speed {setting.speed}")
    if setting.backwards:
        typer.echo("set backwards: decisions keep their times, and what had fallen due stays done")

"""The invented world's law files: a positive list, rates and places, all of evidence ``invented``; production refuses them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from psycopg import Connection

from sandan.law.facts import Evidence
from sandan.law.overlay import LawFile
from sandan.store.lawfiles import Loading
from sandan.store.lawfiles import save_law_files

KINDS = ("positive_list", "tariff", "places")


def all_files() -> list[LawFile]:
    """The files as an operator would load them."""
    folder = files(__package__)
    return [
        LawFile(
            kind=kind,
            name=f"sandbox {kind}",
            body=folder.joinpath(f"{kind}.csv").read_bytes(),
            evidence=Evidence.INVENTED,
        )
        for kind in KINDS
    ]


def save(conn: Connection[Any], now: datetime) -> None:
    """Puts the invented law into force, within the caller's transaction."""
    enact(conn, all_files(), now)


def enact(conn: Connection[Any], texts: Sequence[LawFile], now: datetime) -> None:
    """Puts files of law into force as the sandbox, within the caller's transaction; without a file nothing is done."""
    if texts:
        save_law_files(conn, texts, Loading(by="sandbox", at=now))

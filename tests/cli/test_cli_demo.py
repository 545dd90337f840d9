"""The demonstration plays its day through the real platform and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest


def _demo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandan", "demo", *arguments]
    environment = {**os.environ, "SANDAN_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)


def test_a_small_day_ends_with_sound_books(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = _demo(tmp_path, "--parcels", "60", "--exit", "--json", "--port", str(port))
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    outcomes = sum(summary[name] for name in ("released", "refused", "waiting", "held"))
    assert (summary["parcels"], outcomes, summary["ledger_ok"]) == (60, 60, True)
    assert summary["released"] > 30
    assert {"R194-9.1", "R194-6.1", "RTAX-6", "RPL-2"} <= set(summary["by_reason"])


def test_a_taken_port_ends_it_before_anything_starts(tmp_path: Path) -> None:
    """Else the day would be sent to whoever listens there."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = _demo(tmp_path, "--port", str(port))
    assert done.returncode == 2
    assert f"port {port} is taken" in done.stderr
    assert not (tmp_path / "demo").exists()


def test_a_day_nobody_looks_at_takes_another_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = _demo(tmp_path, "--parcels", "3", "--exit", "--json", "--port", str(other.getsockname()[1]))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["ledger_ok"] is True


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_ended_or_killed_it_leaves_no_process_behind(tmp_path: Path, sign: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sandan", "demo", "--parcels", "3", "--port", str(port)]
    said = tmp_path / "said"
    environment = {**os.environ, "SANDAN_HOME": str(tmp_path)}
    with said.open("wb") as log, subprocess.Popen(command, env=environment, stderr=log) as demo:
        _until(lambda: "The console is open" in said.read_text("utf-8"))
        started = _descendants(demo.pid)
        assert len(started) > 3
        demo.send_signal(sign)
    _until(lambda: not any(_runs(process) for process in started))


def _descendants(process: int) -> set[int]:
    tasks = Path(f"/proc/{process}/task")
    found = {int(pid) for task in tasks.glob("*/children") for pid in task.read_text().split()}
    return found | {grandchild for child in found for grandchild in _descendants(child)}


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    tick = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if holds():
            return
        tick.wait(0.1)
    raise AssertionError("it never came to hold")

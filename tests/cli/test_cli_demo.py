"""The demonstration plays its day through the real platform and leaves nothing behind."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path


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

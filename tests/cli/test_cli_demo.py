"""The demonstration plays its day through the real platform and leaves nothing behind."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path


def test_a_small_day_ends_with_sound_books(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sandan", "demo", "--parcels", "60", "--exit", "--json", "--port", str(port)]
    environment = {**os.environ, "SANDAN_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    outcomes = sum(summary[name] for name in ("released", "refused", "waiting", "held"))
    assert (summary["parcels"], outcomes, summary["ledger_ok"]) == (60, 60, True)
    assert summary["released"] > 30
    assert {"R194-9.1", "R194-6.1", "RTAX-6", "RPL-2"} <= set(summary["by_reason"])

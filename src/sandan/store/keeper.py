"""Keeps one PostgreSQL server alive for as long as the process that asked for it lives.

Run as its own process: ``python keeper.py PLAN`` with the plan as JSON. Its standard input is a pipe held by the
owner; the pipe ends when the owner ends, however it ends (SIGKILL included), and then the server is stopped.
A server that dies unasked is started again. Only the standard library is used: the keeper must start where nothing
else can be imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

_STOP_S = 60.0
_TICK_S = 0.2
_TRIES = 40


def main(plan: dict[str, str | int]) -> int:
    """Starts the server, waits for the owner's end, stops it; 1 if it cannot be started."""
    signal.signal(signal.SIGTERM, lambda *_: os.close(0))
    data = Path(str(plan["data"]))
    failures = 0
    while failures < _TRIES:
        clear_leftovers(data)
        started = time.monotonic()
        server = _start(plan)
        if _owner_ended_before(server):
            _stop(server)
            return 0
        lived_s = time.monotonic() - started
        failures = failures + 1 if lived_s < _STOP_S else 1
    return 1


def clear_leftovers(data: Path) -> None:
    """Ends a server nobody keeps any more and removes a pid file that names no living server."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if is_server(pid, data):
        _end(pid, data)
    elif Path("/proc/self").exists():
        pid_file.unlink(missing_ok=True)


def is_server(pid: int, data: Path) -> bool:
    """Whether a living process (no zombie) of this number is the server of this data folder."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in words


def _start(plan: dict[str, str | int]) -> subprocess.Popen[bytes]:
    as_root = os.geteuid() == 0
    with Path(str(plan["log"])).open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own server's program
            [str(plan["postgres"]), "-D", str(plan["data"])],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
            user=plan["uid"] if as_root else None,
            group=plan["gid"] if as_root else None,
            extra_groups=[] if as_root else None,
        )


def _owner_ended_before(server: subprocess.Popen[bytes]) -> bool:
    """Waits; true when the owner's pipe ended, false when the server died first."""
    while server.poll() is None:
        if _owner_ended(_TICK_S):
            return True
    return _owner_ended(_TICK_S)


def _owner_ended(wait_s: float) -> bool:
    try:
        readable, _, _ = select.select([0], [], [], wait_s)
        return bool(readable) and not os.read(0, 1)
    except OSError:
        return True


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast stop, and an immediate one if that takes too long (a stuck session)."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_S)
            return


def _end(pid: int, data: Path) -> None:
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        until = time.monotonic() + _STOP_S
        while time.monotonic() < until:
            if not is_server(pid, data):
                return
            time.sleep(_TICK_S)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))

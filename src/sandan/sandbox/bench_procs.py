"""CPU time of processes, as the kernel tells it; and which of them are PostgreSQL's."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from psycopg import Connection

_PROC = Path("/proc")
_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
_PARENT, _USER, _SYSTEM, _USER_ENDED, _SYSTEM_ENDED = 1, 11, 12, 13, 14
"""Fields of ``/proc/PID/stat`` after the name of the program."""
_BUSY = (0, 1, 2, 5, 6, 7)
"""Columns of ``/proc/stat``: user, nice, system, irq, softirq, and what the host took."""


def postmaster(conn: Connection[Any]) -> int:
    """Process id of the server a connection leads to; zero where it is not of this machine."""
    row = conn.execute("SELECT pg_backend_pid()").fetchone()
    fields = _fields(int(row[0])) if row else []
    is_here = conn.info.host.startswith("/") or conn.info.host in _HERE
    return int(fields[_PARENT]) if is_here and fields and _name(int(fields[_PARENT])) == "postgres" else 0


def cpu_of_tree(root: int) -> float:
    """CPU seconds of a process and its children, also those that have ended and were waited for."""
    if not root:
        return 0.0
    return sum(_seconds(_fields(process)) for process in (root, *children(root)))


def cpu_of_machine() -> float:
    """CPU seconds all programs of this machine have had, on all cores; zero where the system does not say."""
    with suppress(OSError):
        first = (_PROC / "stat").read_text().partition("\n")[0].split()[1:]
        return sum(int(first[at]) for at in _BUSY) / os.sysconf("SC_CLK_TCK")
    return 0.0


def children(parent: int) -> list[int]:
    """Ids of the processes a process has started and that still run."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _fields(int(entry.name))
            if fields and int(fields[_PARENT]) == parent:
                found.append(int(entry.name))
    return found


def _seconds(fields: list[str]) -> float:
    if not fields:
        return 0.0
    return sum(int(fields[at]) for at in (_USER, _SYSTEM, _USER_ENDED, _SYSTEM_ENDED)) / os.sysconf("SC_CLK_TCK")


def _fields(process: int) -> list[str]:
    """What stands after the name; empty where the process has gone, or the system has no such folder."""
    with suppress(OSError):
        return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    return []


def _name(process: int) -> str:
    with suppress(OSError):
        return (_PROC / str(process) / "comm").read_text().strip()
    return ""

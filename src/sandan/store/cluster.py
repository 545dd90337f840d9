"""Makes the data folder of our own server and writes its configuration."""

from __future__ import annotations

import os
import shutil
import subprocess

from sandan.store.place import Place

APP = "sandan"
"""The plain role the application connects as, and its database."""

ADMIN = "postgres"
"""The superuser, used only to create role and database."""

_LAST_WORDS_CHARACTERS = 1_500

_CONFIGURATION = """\
listen_addresses = ''
port = 5432
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
hba_file = '{hba}'
ident_file = '{ident}'
max_connections = 320
max_locks_per_transaction = 256
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
wal_buffers = 16MB
min_wal_size = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
fsync = on
full_page_writes = on
synchronous_commit = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
log_min_messages = warning
autovacuum_naptime = 15s
"""


def prepare(place: Place) -> None:
    """Creates the cluster on first use and writes its configuration anew."""
    if not (place.data / "PG_VERSION").exists():
        _create(place)
    _write(place, "sandan.conf", _configuration(place))
    _write(place, "sandan_hba.conf", "local all all peer map=sandan\n")
    _write(place, "sandan_ident.conf", _mapping(place))
    _write(place, "postgresql.conf", "include 'sandan.conf'\n")


def last_words(place: Place) -> str:
    """The end of the server's log."""
    try:
        return place.log.read_text(errors="replace")[-_LAST_WORDS_CHARACTERS:].strip()
    except OSError as error:
        return f"it left no log ({error.strerror})"


def _create(place: Place) -> None:
    """Runs ``initdb`` beside the data folder and renames, so that a crash leaves no half cluster."""
    draft = place.root / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    command = [
        str(place.programs / "initdb"),
        f"--pgdata={draft}",
        f"--username={ADMIN}",
        "--auth-local=peer",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    as_root = os.geteuid() == 0
    done = subprocess.run(  # noqa: S603 - our own server's program
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=place.account.uid if as_root else None,
        group=place.account.gid if as_root else None,
        extra_groups=[] if as_root else None,
    )
    if done.returncode:
        raise OSError(f"initdb failed in {place.root}: {done.stderr.strip()}")
    draft.rename(place.data)


def _configuration(place: Place) -> str:
    return _CONFIGURATION.format(
        run=place.run, hba=place.data / "sandan_hba.conf", ident=place.data / "sandan_ident.conf"
    )


def _mapping(place: Place) -> str:
    """Lets the account, and root where we are root, act as the application role and as the superuser."""
    people = {place.account.name, *(["root"] if os.geteuid() == 0 else [])}
    return "".join(f"sandan {person} {role}\n" for person in sorted(people) for role in (APP, ADMIN))


def _write(place: Place, name: str, text: str) -> None:
    path = place.data / name
    path.write_text(text)
    path.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(path, place.account.uid, place.account.gid)

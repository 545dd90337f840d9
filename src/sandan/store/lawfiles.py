"""Keeps the operator's law files, and gives them back as one overlay that is read only when it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import zstandard
from msgspec import Struct
from psycopg import Connection

from sandan.law.overlay import EMPTY
from sandan.law.overlay import Change
from sandan.law.overlay import LawFile
from sandan.law.overlay import Overlay
from sandan.law.overlay import diff
from sandan.law.overlay import read_overlay
from sandan.store import journal

_SAVE = """
    INSERT INTO law_files (kind, name, evidence, source, body, loaded_by, loaded_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, name) DO UPDATE SET evidence = EXCLUDED.evidence, source = EXCLUDED.source,
       body = EXCLUDED.body, loaded_by = EXCLUDED.loaded_by, loaded_at = EXCLUDED.loaded_at
"""
_VERSION = "SELECT value::bigint FROM settings WHERE key = 'law_version'"
_LISTED = """
    SELECT kind, name, evidence, source, loaded_by, loaded_at FROM law_files ORDER BY kind, name
"""
_HISTORY = """
    SELECT effective_at, body FROM journal WHERE kind = 'law-files' ORDER BY effective_at DESC, chain, seq DESC LIMIT %s
"""
_RAISE_VERSION = "UPDATE settings SET value = to_jsonb(value::bigint + 1) WHERE key = 'law_version'"


class Loading(Struct, frozen=True, kw_only=True):
    """Who puts law into force, and when."""

    #: Account of the operator
    by: str
    at: datetime
    production: bool = False
    #: Version of the law the operator saw the difference against; None where no difference was shown
    seen_version: int | None = None


class ChangedMeanwhileError(ValueError):
    """The law was changed after the difference was shown; what was in force stays in force."""

    def __init__(self, seen: int, now: int) -> None:
        self.seen, self.now = seen, now
        super().__init__(f"the difference was shown against version {seen} of the law, now it is version {now}")


class Preview(Struct, frozen=True, kw_only=True):
    """What a file would change, before it does."""

    changes: tuple[Change, ...]
    #: Version of the law it was held against
    version: int


class Listed(Struct, frozen=True, kw_only=True):
    """A file that stands, without its body."""

    kind: str
    name: str
    evidence: str
    source: str
    loaded_by: str
    loaded_at: datetime


class Entry(Struct, frozen=True, kw_only=True):
    """One file of one change of law, as the journal has it."""

    at: datetime
    by: str
    kind: str
    name: str
    #: Announcement or other text it was supplied with; empty where each row names its own
    source: str
    #: SHA-256 of the file, hexadecimal
    digest: str


def save_law_files(conn: Connection[Any], files: Sequence[LawFile], loading: Loading) -> Overlay:
    """Puts files into force, over files of the same kind and name; all of them or none.

    The files are read together with those that stand, so that a clash between them is found before anything changes.
    The change is a link of the journal.

    Returns:
        The overlay now in force.

    Raises:
        FileRefusedError: with every fault of every file; what was in force stays in force.
        ChangedMeanwhileError: the law is not the one the difference was shown against.
    """
    with conn.transaction():
        version = _version(conn, " FOR UPDATE")
        if loading.seen_version not in {None, version}:
            raise ChangedMeanwhileError(loading.seen_version or 0, version)
        overlay = read_overlay(_together(load_law_files(conn), files), production=loading.production)
        compress = zstandard.ZstdCompressor().compress
        with conn.cursor() as cur:
            cur.executemany(_SAVE, [_values(file, compress(file.body), loading) for file in files])
        conn.execute(_RAISE_VERSION)
        journal.append(conn, "law", "law-files", loading.at, _account(files, loading))
    return overlay


def preview(conn: Connection[Any], files: Sequence[LawFile], *, production: bool) -> Preview:
    """What files would change if they were put into force now; nothing is written.

    Raises:
        FileRefusedError: with every fault of every file.
    """
    version, standing = _version(conn), load_law_files(conn)
    after = read_overlay(_together(standing, files), production=production)
    return Preview(changes=diff(read_overlay(standing, production=production), after), version=version)


def listed(conn: Connection[Any]) -> list[Listed]:
    """The files that stand, with who put them into force and when."""
    rows = conn.execute(_LISTED).fetchall()
    return [
        Listed(kind=kind, name=name, evidence=evidence, source=source, loaded_by=by, loaded_at=at)
        for kind, name, evidence, source, by, at in rows
    ]


def history(conn: Connection[Any], limit: int) -> list[Entry]:
    """Changes of law as the journal has them, the last first."""
    rows = conn.execute(_HISTORY, [limit]).fetchall()
    return [entry for at, body in rows for entry in _entries(at, body)]


def load_law_files(conn: Connection[Any]) -> list[LawFile]:
    """The files that stand, in the order of kind and name."""
    rows = conn.execute("SELECT kind, name, evidence, source, body FROM law_files ORDER BY kind, name")
    unpack = zstandard.ZstdDecompressor().decompress
    return [
        LawFile(kind=kind, name=name, evidence=evidence, source=source, body=unpack(body))
        for kind, name, evidence, source, body in rows
    ]


class OverlayCache:
    """The operator's law, read anew only when its version has changed; one a process."""

    def __init__(self, *, production: bool) -> None:
        self._production = production
        self._version = 0
        self._overlay = EMPTY

    def get(self, conn: Connection[Any]) -> Overlay:
        """The overlay as of now, by one small query if nothing has changed."""
        version = _version(conn)
        if version != self._version:
            self._overlay = read_overlay(load_law_files(conn), production=self._production)
            self._version = version
        return self._overlay


def _values(file: LawFile, packed: bytes, loading: Loading) -> tuple[object, ...]:
    return (file.kind, file.name, str(file.evidence), file.source, packed, loading.by, loading.at)


def _version(conn: Connection[Any], lock: str = "") -> int:
    row = conn.execute((_VERSION + lock).encode()).fetchone()
    return int(row[0]) if row else 0


def _together(standing: Sequence[LawFile], files: Sequence[LawFile]) -> list[LawFile]:
    """Files that stand, those of the same kind and name replaced."""
    named = {(file.kind, file.name): file for file in (*standing, *files)}
    return list(named.values())


def _account(files: Sequence[LawFile], loading: Loading) -> bytes:
    """What the journal says of a change of law."""
    said = [(file.kind, file.name, hashlib.sha256(file.body).hexdigest(), file.source) for file in files]
    return msgspec.json.encode({"by": loading.by, "files": said})


def _entries(at: datetime, body: bytes) -> list[Entry]:
    said = msgspec.json.decode(bytes(body))
    return [
        Entry(at=at, by=said["by"], kind=kind, name=name, digest=digest, source=source)
        for kind, name, digest, source in said["files"]
    ]

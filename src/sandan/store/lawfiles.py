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
from sandan.law.overlay import LawFile
from sandan.law.overlay import Overlay
from sandan.law.overlay import read_overlay
from sandan.store import journal

_SAVE = """
    INSERT INTO law_files (kind, name, evidence, source, body, loaded_by, loaded_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, name) DO UPDATE SET evidence = EXCLUDED.evidence, source = EXCLUDED.source,
       body = EXCLUDED.body, loaded_by = EXCLUDED.loaded_by, loaded_at = EXCLUDED.loaded_at
"""
_VERSION = "SELECT value::bigint FROM settings WHERE key = 'law_version'"
_RAISE_VERSION = "UPDATE settings SET value = to_jsonb(value::bigint + 1) WHERE key = 'law_version'"


class Loading(Struct, frozen=True, kw_only=True):
    """Who puts law into force, and when."""

    #: Account of the operator
    by: str
    at: datetime
    production: bool = False


def save_law_files(conn: Connection[Any], files: Sequence[LawFile], loading: Loading) -> Overlay:
    """Puts files into force, over files of the same kind and name; all of them or none.

    The files are read together with those that stand, so that a clash between them is found before anything changes.
    The change is a link of the journal.

    Returns:
        The overlay now in force.

    Raises:
        FileRefusedError: with every fault of every file; what was in force stays in force.
    """
    with conn.transaction():
        conn.execute("SELECT value FROM settings WHERE key = 'law_version' FOR UPDATE")
        standing = {(file.kind, file.name): file for file in load_law_files(conn)}
        together = standing | {(file.kind, file.name): file for file in files}
        overlay = read_overlay(list(together.values()), production=loading.production)
        compress = zstandard.ZstdCompressor().compress
        with conn.cursor() as cur:
            cur.executemany(_SAVE, [_values(file, compress(file.body), loading) for file in files])
        conn.execute(_RAISE_VERSION)
        journal.append(conn, "law", "law-files", loading.at, _account(files, loading))
    return overlay


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
        row = conn.execute(_VERSION).fetchone()
        version = int(row[0]) if row else 0
        if version != self._version:
            self._overlay = read_overlay(load_law_files(conn), production=self._production)
            self._version = version
        return self._overlay


def _values(file: LawFile, packed: bytes, loading: Loading) -> tuple[object, ...]:
    return (file.kind, file.name, str(file.evidence), file.source, packed, loading.by, loading.at)


def _account(files: Sequence[LawFile], loading: Loading) -> bytes:
    """What the journal says of a change of law."""
    said = [(file.kind, file.name, hashlib.sha256(file.body).hexdigest()) for file in files]
    return msgspec.json.encode({"by": loading.by, "files": said})

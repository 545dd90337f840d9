"""Keeps the operator's selection criteria (布控条件), which stay secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from psycopg import Connection

from sandan.inspection.facts import Criterion

_DECODER = msgspec.json.Decoder(Criterion)
_RAISE_VERSION = (
    "INSERT INTO settings (key, value) VALUES ('criteria_version', '1')"
    " ON CONFLICT (key) DO UPDATE SET value = to_jsonb(settings.value::bigint + 1)"
)


def save_criteria(conn: Connection[Any], criteria: Iterable[Criterion]) -> None:
    """Replaces all criteria; part of the caller's transaction."""
    conn.execute("DELETE FROM criteria")
    with conn.cursor() as cur:
        cur.executemany(
            "INSERT INTO criteria (name, facts) VALUES (%s, %s)",
            [(one.name, msgspec.json.encode(one).decode()) for one in criteria],
        )
    conn.execute(_RAISE_VERSION)


def load_criteria(conn: Connection[Any]) -> tuple[Criterion, ...]:
    """The criteria in the order of their names, which is the order they are tried in."""
    return tuple(_DECODER.decode(text) for (text,) in conn.execute("SELECT facts::text FROM criteria ORDER BY name"))


class CriteriaCache:
    """The criteria, read anew only when they have changed; one a process."""

    def __init__(self) -> None:
        self._version = -1
        self._criteria: tuple[Criterion, ...] = ()

    def get(self, conn: Connection[Any]) -> tuple[Criterion, ...]:
        """The criteria as of now, by one small query if nothing has changed."""
        row = conn.execute("SELECT value::bigint FROM settings WHERE key = 'criteria_version'").fetchone()
        version = int(row[0]) if row else 0
        if version != self._version:
            self._criteria, self._version = load_criteria(conn), version
        return self._criteria

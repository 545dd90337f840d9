"""Keeps the registry of enterprises, and gives it back as one snapshot that is read only when it has changed."""

from __future__ import annotations

from typing import Any
from typing import LiteralString
from typing import TypeVar

import msgspec
from msgspec import Struct
from psycopg import Connection

from sandan.parties.facts import AccountBook
from sandan.parties.facts import Certificate
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Mandate
from sandan.parties.facts import Registry

T = TypeVar("T")

_ENCODE = msgspec.json.Encoder().encode


def save_registry(conn: Connection[Any], registry: Registry) -> None:
    """Stores every entry of the registry, over entries of the same key; entries it does not name stay.

    Part of the caller's transaction; raises the version every reader looks at.
    """
    with conn.cursor() as cur:
        cur.executemany(_ENTERPRISE, [(one.code, _json(one)) for one in registry.enterprises.values()])
        cur.executemany(_MANDATE, [(m.kind, m.principal, m.agent, m.since, _json(m)) for m in registry.mandates])
        cur.executemany(_CERTIFICATE, [(c.fingerprint, c.enterprise, _json(c)) for c in registry.certificates.values()])
        cur.executemany(_BOOK, [(book.book_no, book.owner, _json(book)) for book in registry.books.values()])
        cur.execute(_RAISE_VERSION)


def load_registry(conn: Connection[Any]) -> Registry:
    """The registry as it stands."""
    enterprises = _all(conn, "SELECT facts::text FROM enterprises ORDER BY code", Enterprise)
    mandates = _all(conn, "SELECT facts::text FROM mandates ORDER BY principal, kind, agent, since", Mandate)
    certificates = _all(conn, "SELECT facts::text FROM certificates ORDER BY fingerprint", Certificate)
    books = _all(conn, "SELECT facts::text FROM books ORDER BY book_no", AccountBook)
    return Registry(
        enterprises={one.code: one for one in enterprises},
        mandates=tuple(mandates),
        certificates={one.fingerprint: one for one in certificates},
        books={one.book_no: one for one in books},
    )


def registry_version(conn: Connection[Any]) -> int:
    """Number that grows with every change of the registry."""
    row = conn.execute("SELECT value::bigint FROM settings WHERE key = 'registry_version'").fetchone()
    return int(row[0]) if row else 0


class RegistryCache:
    """The registry, read anew only when its version has changed; one a process."""

    def __init__(self) -> None:
        self._version = -1
        self._registry = Registry()

    def get(self, conn: Connection[Any]) -> Registry:
        """The registry as of now, by one small query if nothing has changed."""
        version = registry_version(conn)
        if version != self._version:
            self._registry, self._version = load_registry(conn), version
        return self._registry


_ENTERPRISE = (
    "INSERT INTO enterprises (code, facts) VALUES (%s, %s) ON CONFLICT (code) DO UPDATE SET facts = EXCLUDED.facts"
)
_MANDATE = (
    "INSERT INTO mandates (kind, principal, agent, since, facts) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (principal, kind, agent, since) DO UPDATE SET facts = EXCLUDED.facts"
)
_CERTIFICATE = (
    "INSERT INTO certificates (fingerprint, enterprise, facts) VALUES (%s, %s, %s)"
    " ON CONFLICT (fingerprint) DO UPDATE SET enterprise = EXCLUDED.enterprise, facts = EXCLUDED.facts"
)
_BOOK = (
    "INSERT INTO books (book_no, owner, facts) VALUES (%s, %s, %s)"
    " ON CONFLICT (book_no) DO UPDATE SET owner = EXCLUDED.owner, facts = EXCLUDED.facts"
)
_RAISE_VERSION = "UPDATE settings SET value = to_jsonb(value::bigint + 1) WHERE key = 'registry_version'"


def _json(fact: Struct) -> str:
    return _ENCODE(fact).decode()


def _all(conn: Connection[Any], query: LiteralString, kind: type[T]) -> list[T]:
    decode = msgspec.json.Decoder(kind).decode
    return [decode(text) for (text,) in conn.execute(query)]

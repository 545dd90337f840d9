from __future__ import annotations

import psycopg

from sandan.sandbox import world
from sandan.store.registry import RegistryCache
from sandan.store.registry import load_registry
from sandan.store.registry import save_registry


def test_the_cache_reads_again_only_when_something_was_saved(conn: psycopg.Connection) -> None:
    cache = RegistryCache()
    assert cache.get(conn).enterprises == {}
    save_registry(conn, world.registry())
    first = cache.get(conn)
    assert len(first.enterprises) > 1
    assert cache.get(conn) is first


def test_what_is_saved_comes_back(conn: psycopg.Connection) -> None:
    registry = world.registry()
    save_registry(conn, registry)
    loaded = load_registry(conn)
    assert loaded.enterprises == registry.enterprises
    assert set(loaded.mandates) == set(registry.mandates)
    assert loaded.books == registry.books

"""The floors of this machine: what parsing, digesting, verifying and writing cost at best, on the bench's own messages."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import psycopg
from lxml import etree
from psycopg import Connection

from sandan.sandbox import bench_procs
from sandan.sandbox.bench_facts import Floors
from sandan.signing import profile
from sandan.signing.canonical import covered
from sandan.signing.port import Algorithm
from sandan.store.rows import Table
from sandan.store.rows import copy

_TIMES = 40
_COMMIT_SECONDS = 0.7
_ROWS = 8_000
_ROW_BYTES = 1_000
_MESSAGE_BYTES = 1_500

_TABLE = "CREATE TABLE bench_floor (id bigint PRIMARY KEY, name text NOT NULL, body bytea NOT NULL)"
_NAMED = "CREATE INDEX ON bench_floor (name)"
_ONE = "INSERT INTO bench_floor VALUES (%s, %s, %s)"
_ROW = Table("bench_floor", {"id": "int8", "name": "text", "body": "bytea"})

Samples = Mapping[tuple[Algorithm, int], Sequence[bytes]]
"""Signed messages by algorithm and documents a message, as many of each kind."""


def measure(url: str, samples: Samples) -> Floors:
    """Measures every floor once; takes a few seconds.

    Args:
        url: A scratch database.
        samples: Messages of RSA and SM2 for each size.
    """
    rsa = {size: messages for (algorithm, size), messages in samples.items() if algorithm is Algorithm.RSA_SHA256}
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(_TABLE)
        conn.execute(_NAMED)
        copied, cpu = _copied(conn)
        return Floors(
            parse_us={size: _each_us(etree.fromstring, messages) for size, messages in rsa.items()},
            c14n_us={size: _each_us(_digested, list(map(etree.fromstring, found))) for size, found in rsa.items()},
            rsa_verify_us=_verify_us(Algorithm.RSA_SHA256, next(iter(rsa.values()))[0]),
            sm2_verify_us=_verify_us(Algorithm.SM2_SM3, _of(samples, Algorithm.SM2_SM3)),
            commits_per_s=_commits(conn),
            copy_rows_per_s=copied,
            copy_row_us=cpu,
        )


def _of(samples: Samples, algorithm: Algorithm) -> bytes:
    return next(messages[0] for (kind, _), messages in samples.items() if kind is algorithm)


def _each_us(call: Callable[[Any], object], items: Sequence[Any]) -> float:
    """CPU microseconds of one call, over enough of them."""
    rounds = max(1, _TIMES // len(items))
    begun = time.thread_time()
    for _ in range(rounds):
        for item in items:
            call(item)
    return (time.thread_time() - begun) / (rounds * len(items)) * 1e6


def _digested(root: etree._Element) -> bytes:
    return hashlib.sha256(etree.tostring(root, method="c14n")).digest()


def _verify_us(algorithm: Algorithm, message: bytes) -> float:
    """One verification of what is signed, by the library alone."""
    root = etree.fromstring(message)
    signature = profile.find(root)
    claim, signed = profile.read(signature), covered(root, signature).signed_info
    return _each_us(lambda _: claim.certificate.key.verifies(claim.value, signed, algorithm), range(_TIMES))


def _commits(conn: Connection[Any]) -> float:
    body, count, begun = b"m" * _MESSAGE_BYTES, 0, time.perf_counter()
    while time.perf_counter() - begun < _COMMIT_SECONDS:
        conn.execute(_ONE, [_ROWS + count, f"one {count}", body])
        count += 1
    return count / (time.perf_counter() - begun)


def _copied(conn: Connection[Any]) -> tuple[float, float | None]:
    """Rows a second, and CPU microseconds of the server for one."""
    server = bench_procs.postmaster(conn)
    body = b"r" * _ROW_BYTES
    cpu, begun = bench_procs.cpu_of_tree(server), time.perf_counter()
    copy(conn, _ROW, ((number, f"row {number}", body) for number in range(_ROWS)))
    seconds = time.perf_counter() - begun
    spent = bench_procs.cpu_of_tree(server) - cpu
    return _ROWS / seconds, spent / _ROWS * 1e6 if server else None

"""Evidence at rest: the bytes of messages and facts, compressed, and their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import zstandard

_LEVEL = 3


def pack(bodies: Iterable[bytes]) -> list[bytes]:
    """Each of the bytes compressed with zstd; one compressor serves the batch."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    return [compressor.compress(body) for body in bodies]


def unpack(packed: bytes) -> bytes:
    """The bytes as they were received.

    Raises:
        zstandard.ZstdError: they are not what `pack` wrote.
    """
    return zstandard.ZstdDecompressor().decompress(packed)


def digest(body: bytes) -> bytes:
    """SHA-256 the inbox knows a message by."""
    return hashlib.sha256(body).digest()

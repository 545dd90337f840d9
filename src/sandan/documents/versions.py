"""What makes two receptions of a document the same content.

A sender may transmit the same document again under a new guid and a newer ``appTime``; that is a repeat, not a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sandan.documents.facts import Document
from sandan.documents.facts import OfficerAct
from sandan.terms.ids import Guid

_ENCODER = msgspec.msgpack.Encoder()
_HASH_BYTES = 16
_NO_GUID = Guid("")
_HANDLING = frozenset({"guid", "app_time"})


def content_hash(document: Document) -> bytes:
    """Sixteen bytes that two documents share exactly when their content is the same.

    Content is everything but the guid and ``appTime`` (报文唯一序号、报送时间); transport and signature are no part of
    the facts. The kind, ``appType`` and ``appStatus`` are content.
    """
    return blake2b(_ENCODER.encode(_headless(document)), digest_size=_HASH_BYTES).digest()


def differing_fields(a: Document, b: Document) -> tuple[str, ...]:
    """Paths of the fields in which two documents of one kind differ, guid and ``appTime`` aside.

    Paths are our own names in the order of the facts, lines counted from 1: ``head.app_type``, ``lines[2].gcode``.
    A line only one side has is named whole: ``lines[3]``. Documents of different kinds differ in ``kind``.
    """
    if type(a) is not type(b):
        return ("kind",)
    return tuple(_differences(a, b, ""))


def _headless(document: Document) -> Document:
    if isinstance(document, OfficerAct):
        return replace(document, guid=_NO_GUID)
    return replace(document, head=replace(document.head, guid=_NO_GUID, app_time=""))


def _differences(a: Struct, b: Struct, prefix: str) -> Iterator[str]:
    for name in a.__struct_fields__:
        if name not in _HANDLING:
            yield from _of_values(getattr(a, name), getattr(b, name), prefix + name)


def _of_values(a: object, b: object, path: str) -> Iterator[str]:
    if isinstance(a, Struct) and isinstance(b, Struct):
        yield from _differences(a, b, f"{path}.")
    elif isinstance(a, tuple) and isinstance(b, tuple):
        yield from _of_lines(a, b, path)
    elif a != b:
        yield path


def _of_lines(a: tuple[object, ...], b: tuple[object, ...], path: str) -> Iterator[str]:
    shared = min(len(a), len(b))
    for place in range(shared):
        yield from _of_values(a[place], b[place], f"{path}[{place + 1}]")
    for place in range(shared, max(len(a), len(b))):
        yield f"{path}[{place + 1}]"

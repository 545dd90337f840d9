"""A stored message as readers see it: unwrapped, laid out line by line, personal data hidden."""

from __future__ import annotations

from msgspec import Struct

from sandan.documents.facts import Ref
from sandan.store.masks import Veil
from sandan.wire.dxp import unwrap
from sandan.wire.facts import Record
from sandan.wire.read import decode
from sandan.wire.read import parse

LONGEST_SHOWN = 200_000
"""Characters of a message shown on a page; the file has all of them."""


class Shown(Struct, frozen=True):
    """The text of a message as one reader may see it."""

    text: str
    #: The text had to be shortened for the page
    is_cut: bool = False
    #: The message was taken out of its DXP envelope
    is_unwrapped: bool = False
    #: Nothing is shown, because personal data cannot be found in bytes that cannot be read
    is_withheld: bool = False


def shown(raw: bytes, veil: Veil) -> Shown:
    """Returns the text of a message; what cannot be read as XML is shown to customs only."""
    inner = inside(raw)
    is_unwrapped = inner is not raw
    if not veil.is_lifted and parse(inner).root is None:
        return Shown("", is_unwrapped=is_unwrapped, is_withheld=True)
    text = veil.xml(inner.decode("utf-8", errors="backslashreplace"))
    return Shown(text[:LONGEST_SHOWN], len(text) > LONGEST_SHOWN, is_unwrapped)


def inside(raw: bytes) -> bytes:
    """Returns the message inside a DXP envelope, or the bytes themselves where there is none."""
    envelope = unwrap(raw)
    return envelope.data if envelope else raw


def documents_of(raw: bytes) -> tuple[Ref, ...]:
    """Returns the business keys of the documents a message holds, as far as they can be read."""
    documents = decode(parse(inside(raw))).documents
    return tuple(document.ref for document in documents if not isinstance(document, Record))

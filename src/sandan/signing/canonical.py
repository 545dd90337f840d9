"""What a signature covers: the canonical message without its signature, and the canonical SignedInfo.

One canonicalization of the whole message gives both. Removing the signature removes its text from the canonical form
and changes nothing else, because a namespace is written where it is declared. SignedInfo as the top of its own
canonical form differs from its place in the message only by the namespaces in scope, which its start tag then carries.
"""

from __future__ import annotations

from functools import lru_cache

from lxml import etree
from msgspec import Struct

from sandan.signing.facts import FaultClass
from sandan.signing.profile import SignatureFaultError

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


class Covered(Struct, frozen=True, kw_only=True):
    """The bytes a signature speaks of."""

    #: Canonical message without the signature: what is digested
    message: bytes
    #: Canonical SignedInfo: what is signed
    signed_info: bytes


def covered(root: etree._Element, signature: etree._Element) -> Covered:
    """What ``signature``, the only one in the message and a child of ``root``, covers.

    Raises:
        SignatureFaultError: The message has no canonical form, or elements that look like the signature.
    """
    whole = canonical(root)
    start, end = _span(whole, _name(signature))
    return Covered(message=whole[:start] + whole[end:], signed_info=_signed_info(whole[start:end], signature[0]))


def canonical(root: etree._Element) -> bytes:
    """The document in canonical XML 1.0 without comments.

    Raises:
        SignatureFaultError: It has none, as with a relative namespace name.
    """
    try:
        return etree.tostring(root, method="c14n", with_comments=False)
    except etree.C14NError as error:
        raise SignatureFaultError(FaultClass.STRUCTURE, f"C14N: {error}") from error


def start_tag(name: str, namespaces: tuple[tuple[str | None, str], ...]) -> bytes:
    """Canonical start tag of an element without attributes that stands at the top of a canonical form."""
    return _start_tag(name, namespaces)


def _span(whole: bytes, name: str) -> tuple[int, int]:
    """Where the element called ``name`` stands; in canonical XML ``<`` is always markup."""
    starts = whole.count(f"<{name}>".encode()) + whole.count(f"<{name} ".encode())
    if starts != 1:
        raise SignatureFaultError(FaultClass.DUPLICATE, f"{starts} <{name}>")
    start = max(whole.find(f"<{name}>".encode()), whole.find(f"<{name} ".encode()))
    closing = f"</{name}>".encode()
    return start, whole.index(closing, start) + len(closing)


def _signed_info(signature: bytes, info: etree._Element) -> bytes:
    name = _name(info)
    start, end = _span(signature, name)
    inner = signature.index(b">", start) + 1
    return _start_tag(name, tuple(info.nsmap.items())) + signature[inner:end]


@lru_cache(maxsize=1024)
def _start_tag(name: str, namespaces: tuple[tuple[str | None, str], ...]) -> bytes:
    declared = sorted((prefix or "", uri) for prefix, uri in namespaces if uri)
    parts = "".join(f' xmlns{":" * bool(prefix)}{prefix}="{uri.translate(_ESCAPES)}"' for prefix, uri in declared)
    return f"<{name}{parts}>".encode()


def _name(element: etree._Element) -> str:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local

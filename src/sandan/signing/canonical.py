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

_SCOPE_LIMIT = 4_096
"""Most characters the namespaces in scope may take."""


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

    Each ``<`` in it is markup: text and attributes are escaped, and namespace names, which the canonicalizer writes
    as they are, must be valid URIs.

    Raises:
        SignatureFaultError: It has none, as with a namespace name that is relative or no URI.
    """
    try:
        return etree.tostring(root, method="c14n", with_comments=False)
    except etree.C14NError as error:
        raise SignatureFaultError(FaultClass.STRUCTURE, f"C14N: {error}") from error


@lru_cache(maxsize=1024)
def start_tag(name: str, namespaces: tuple[tuple[str | None, str], ...]) -> bytes:
    """Canonical start tag of an element without attributes that stands at the top of a canonical form.

    Raises:
        SignatureFaultError: A namespace name contains ``&``, which canonicalizers write differently, or they are
            longer than any message has them.
    """
    declared = sorted((prefix or "", uri) for prefix, uri in namespaces if uri)
    if any("&" in uri for _, uri in declared):
        raise SignatureFaultError(FaultClass.STRUCTURE, "a namespace name with &")
    parts = "".join(f' xmlns{":" * bool(prefix)}{prefix}="{uri}"' for prefix, uri in declared)
    if len(parts) > _SCOPE_LIMIT:
        raise SignatureFaultError(FaultClass.STRUCTURE, f"{len(parts)} characters of namespaces")
    return f"<{name}{parts}>".encode()


def _span(whole: bytes, name: str) -> tuple[int, int]:
    """Where the one element called ``name`` stands; the caller knows that each ``<`` is markup."""
    closing, opening = f"</{name}>".encode(), f"<{name}".encode()
    if whole.count(closing) != 1:
        raise SignatureFaultError(FaultClass.DUPLICATE, f"{whole.count(closing)} <{name}>")
    end = start = whole.index(closing)
    while True:
        start = whole.rindex(opening, 0, start)
        if whole[start + len(opening)] in b" >":
            return start, end + len(closing)


def _signed_info(signature: bytes, info: etree._Element) -> bytes:
    name = _name(info)
    start, end = _span(signature, name)
    inner = signature.index(b">", start) + 1
    return start_tag(name, tuple(info.nsmap.items())) + signature[inner:end]


def _name(element: etree._Element) -> str:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local

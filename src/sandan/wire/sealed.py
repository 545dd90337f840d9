"""The opening of a message, its signature, and the canonical text both cover, told from text without a tree.

The canonical form is inclusive C14N 1.0 (http://www.w3.org/TR/2001/REC-xml-c14n-20010315). In an ordinary message only
the opening tag and empty elements of the signature can differ from it; both are written anew here.
"""

from __future__ import annotations

import re

from msgspec import Struct

from sandan.wire.definitions import DS
from sandan.wire.definitions import XSI
from sandan.wire.signature import is_base64

_PROLOG = re.compile(
    r'(?:<\?xml[ \t\n]+version="1\.0"(?:[ \t\n]+encoding="[uU][tT][fF]-8")?'
    r'(?:[ \t\n]+standalone="(?:yes|no)")?[ \t\n]*\?>)?[ \t\n]*'
)
_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_ATTRIBUTE_TEXT = rf'[ \t\n]+(xmlns(?::{_NAME})?|guid|version)="([^"<&\t\n]*)"'
_ATTRIBUTE = re.compile(_ATTRIBUTE_TEXT)
_TAG = re.compile(rf"<(?:({_NAME}):)?([A-Za-z0-9]+)((?:{_ATTRIBUTE_TEXT})*)[ \t\n]*>[ \t\n]*")
_GUID_LENGTH = 36
_VERSION_MOST = 10
_EMPTY_TAG = re.compile(r"<(ds:[A-Za-z]+)( [^<>]*)?/>")


class Opening(Struct, frozen=True):
    """The opening tag of a root."""

    prefix: str
    name: str
    guid: str
    version: str
    #: Prefix to namespace, the default under the empty prefix
    namespaces: dict[str, str]
    #: Where the content begins, blanks skipped
    end: int
    #: Where the tag itself ends
    tag_end: int

    @property
    def canonical(self) -> str:
        """The tag as canonical XML writes it."""
        name = f"{self.prefix}:{self.name}" if self.prefix else self.name
        return f'<{name}{declared(self.namespaces)} guid="{self.guid}" version="{self.version}">'


class Seal(Struct, frozen=True):
    """A signature of the usual form, as text."""

    canonicalization: str
    signature_method: str
    transform: str
    digest_method: str
    digest_value: str
    signature_value: str
    key_name: str
    #: base64 of the certificate (X509Certificate), white space removed
    certificate: str
    #: ``ds:SignedInfo`` as written
    signed_info: str
    #: Where the tag ``</ds:Signature>`` ends
    tag_end: int
    #: The same, blanks skipped
    end: int


class Sealed(Struct, frozen=True):
    """The text of an ordinary message and what its signature covers."""

    text: str
    opening: Opening
    #: Where the signature begins, or the closing tag of the root
    body_end: int
    #: None where the message is not signed
    seal: Seal | None

    def content(self) -> bytes:
        """Canonical bytes of the root without its signature: what DigestValue covers."""
        after = self.body_end if self.seal is None else self.seal.tag_end
        body = self.text[self.opening.tag_end : self.body_end]
        return f"{self.opening.canonical}{body}{self.text[after:].rstrip()}".encode()

    def signed_info(self) -> bytes:
        """Canonical bytes of ``ds:SignedInfo``: what SignatureValue covers; empty where there is no signature."""
        if self.seal is None:
            return b""
        inner = self.seal.signed_info.removeprefix("<ds:SignedInfo>")
        expanded = _EMPTY_TAG.sub(lambda tag: f"<{tag[1]}{tag[2] or ''}></{tag[1]}>", inner)
        return f"<ds:SignedInfo{declared({**self.opening.namespaces, 'ds': DS})}>{expanded}".encode()


def declared(namespaces: dict[str, str]) -> str:
    """Namespace declarations in canonical order, each with a blank before it."""
    return "".join(f' xmlns:{key}="{uri}"' if key else f' xmlns="{uri}"' for key, uri in sorted(namespaces.items()))


def opening(text: str) -> Opening | None:
    """Read prolog and opening tag.

    Args:
        text: The whole message.

    Returns:
        None where there is anything but namespace declarations, ``guid`` and ``version``.
    """
    prolog = _PROLOG.match(text)
    tag = _TAG.match(text, prolog.end() if prolog else 0)
    if tag is None:
        return None
    found = _ATTRIBUTE.findall(tag[3])
    values = dict(found)
    guid, version = values.pop("guid", ""), values.pop("version", "")
    namespaces = {name[6:]: uri for name, uri in values.items()}
    twice = len(found) != len(namespaces) + len(("guid", "version"))
    if twice or not _namespaces_plain(namespaces):
        return None
    if len(guid) != _GUID_LENGTH or not 1 <= len(version) <= _VERSION_MOST:
        return None
    tag_end = text.index(">", tag.end(3)) + 1
    return Opening(tag[1] or "", tag[2], guid, version, namespaces, tag.end(), tag_end)


def _namespaces_plain(namespaces: dict[str, str]) -> bool:
    """Only declarations that mean what they seem to: absolute, and none of reserved prefixes."""
    reserved = namespaces.keys() & {"xml", "xmlns"}
    right = namespaces.get("ds", DS) == DS and namespaces.get("xsi", XSI) == XSI
    return right and not reserved and all(uri.startswith("http://") for uri in namespaces.values())


_B = r"[ \t\n]*+"


def _empty(name: str, attribute: str) -> str:
    """An element without content and with one attribute, in either spelling."""
    return rf'<ds:{name} {attribute}="([^"<&\s]*)"(?:/>|></ds:{name}>){_B}'


_SIGNATURE = re.compile(
    rf'<ds:Signature( xmlns:ds="{re.escape(DS)}")?>{_B}'
    rf"(<ds:SignedInfo>{_B}"
    + _empty("CanonicalizationMethod", "Algorithm")
    + _empty("SignatureMethod", "Algorithm")
    + rf'<ds:Reference URI="">{_B}<ds:Transforms>{_B}'
    + _empty("Transform", "Algorithm")
    + rf"</ds:Transforms>{_B}"
    + _empty("DigestMethod", "Algorithm")
    + rf"<ds:DigestValue>([^<]*)</ds:DigestValue>{_B}</ds:Reference>{_B}</ds:SignedInfo>){_B}"
    + rf"<ds:SignatureValue>([^<]*)</ds:SignatureValue>{_B}"
    + rf"<ds:KeyInfo>{_B}<ds:KeyName>([^<&]*)</ds:KeyName>{_B}"
    + rf"<ds:X509Data>{_B}<ds:X509Certificate>([^<]*)</ds:X509Certificate>{_B}</ds:X509Data>{_B}</ds:KeyInfo>{_B}"
    + rf"(</ds:Signature>){_B}"
)


def signature_at(text: str, at: int, namespaces: dict[str, str]) -> Seal | None:
    """Read the signature that begins at a place.

    Args:
        text: The whole message.
        at: Where ``<ds:Signature`` should stand.
        namespaces: What the root declares.

    Returns:
        None where there is none of the usual form, or its base64 is none.
    """
    found = _SIGNATURE.match(text, at)
    if found is None or not ("ds" in namespaces or found[1]):
        return None
    packed = found.group(7, 8, 10)
    if not all(map(is_base64, packed)):
        return None
    return Seal(
        canonicalization=found[3],
        signature_method=found[4],
        transform=found[5],
        digest_method=found[6],
        digest_value=packed[0],
        signature_value=packed[1],
        key_name=found[9],
        certificate=packed[2],
        signed_info=found[2],
        tag_end=found.end(11),
        end=found.end(),
    )

"""Which known mistake makes a digest or a signature come true, and where the bytes then differ."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from collections.abc import Iterator

from gmssl_pyx import sm3_hash
from lxml import etree
from msgspec import Struct

from sandan.signing import certificates
from sandan.signing import sm2
from sandan.signing.forms import Form
from sandan.signing.forms import Mistake
from sandan.signing.forms import info_forms
from sandan.signing.forms import message_forms
from sandan.signing.port import BY_DIGEST_URI
from sandan.signing.port import BY_SIGNATURE_URI
from sandan.signing.port import Algorithm
from sandan.signing.profile import SIGNATURE
from sandan.signing.profile import SignatureFaultError
from sandan.signing.profile import binary
from sandan.signing.remarks import MISTAKES

_HASHES: dict[str, Callable[[bytes], bytes]] = {
    "sm3": lambda data: bytes(sm3_hash(data)),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
}
_HASH_OF = {Algorithm.SM2_SM3: "sm3", Algorithm.RSA_SHA256: "sha256", Algorithm.RSA_SHA1: "sha1"}


class Loose(Struct, frozen=True, kw_only=True):
    """A signature read leniently: whatever could be made out, empty where nothing could."""

    element: etree._Element
    method: str
    digest_method: str
    #: What the method means, also under an identifier that is not the specification's
    algorithm: Algorithm | None
    #: Name of the hash the digest method means
    hash_name: str
    digest: bytes
    value: bytes
    key_name: str
    certificate_der: bytes
    certificate: certificates.Certificate | None


class Explanation(Struct, frozen=True, kw_only=True):
    """A mistake that explains a failure."""

    #: ``digest`` or ``signature``: what comes true
    of: str
    #: Codes of the mistakes, together
    mistakes: tuple[str, ...]
    zh: str
    en: str
    #: Hash under which it comes true, where it is another than named
    hash: str = ""
    #: First byte that differs between the canonical form received and the one that was signed; -1 where none does
    offset: int = -1
    #: The same place in the file, -1 where it cannot be told
    file_offset: int = -1
    #: Tag before that place
    after: str = ""


def loosely(root: etree._Element) -> Loose | None:
    """The first signature anywhere in the message, or None."""
    element = next(root.iter(SIGNATURE), None)
    if element is None:
        return None
    method = _uri(element, "SignatureMethod")
    digest_method = _uri(element, "DigestMethod")
    content = _bytes(element, "X509Certificate")
    return Loose(
        element=element,
        method=method,
        digest_method=digest_method,
        algorithm=_meaning(method),
        hash_name=_hash_name(digest_method),
        digest=_bytes(element, "DigestValue"),
        value=_bytes(element, "SignatureValue"),
        key_name=(element.findtext(".//{*}KeyName") or "").strip(),
        certificate_der=content,
        certificate=_certificate(content),
    )


def digest_explanation(data: bytes, root: etree._Element, loose: Loose) -> Explanation | None:
    """The form of the message that has the digest claimed, if it is not the strict one under the hash named."""
    strict = b""
    for form in message_forms(data, root):
        strict = strict or form.content
        for name in _hashes_of(loose):
            if _HASHES[name](form.content) == loose.digest:
                other = name if name != loose.hash_name else ""
                mistakes = (*form.mistakes, Mistake.HASH) if other else form.mistakes
                return _explanation("digest", mistakes, other, _Place(data, strict, form.content)) if mistakes else None
    return None


def signature_explanation(data: bytes, info: bytes, message: bytes, loose: Loose) -> Explanation | None:
    """The form of SignedInfo that the signature value belongs to, if it is not the strict one.

    Args:
        data: The message as received.
        info: Canonical SignedInfo.
        message: Canonical message without its signature.
        loose: The signature.
    """
    if loose.certificate is None or not info or not loose.value:
        return None
    with sm2.quietly():
        for form in _signed_forms(info, message, loose):
            for matches, mistakes, name in _attempts(loose, loose.certificate):
                if matches(form.content):
                    found = (*form.mistakes, *mistakes)
                    return _explanation("signature", found, name, _Place(data, info, form.content)) if found else None
    return None


class _Place(Struct, frozen=True):
    """Where two canonical forms differ."""

    data: bytes
    received: bytes
    signed: bytes


def _explanation(of: str, mistakes: tuple[Mistake, ...], hash_name: str, place: _Place) -> Explanation:
    offset = _difference(place.received, place.signed)
    return Explanation(
        of=of,
        mistakes=tuple(mistake.value for mistake in mistakes),
        zh="".join(MISTAKES[mistake].zh for mistake in mistakes),
        en=" ".join(MISTAKES[mistake].en for mistake in mistakes),
        hash=hash_name,
        offset=offset,
        file_offset=_in_file(place, offset),
        after=_tag_before(place.received, offset),
    )


def _difference(received: bytes, signed: bytes) -> int:
    for at, (one, other) in enumerate(zip(received, signed, strict=False)):
        if one != other:
            return at
    return -1 if len(received) == len(signed) else min(len(received), len(signed))


def _in_file(place: _Place, offset: int) -> int:
    """Offset in the file, where the file has the canonical bytes up to that place."""
    start = place.data.find(place.received[: place.received.find(b">") + 1])
    if offset < 0 or start < 0 or not place.data[start:].startswith(place.received[:offset]):
        return -1
    return start + offset


def _tag_before(content: bytes, offset: int) -> str:
    """Name of the last tag before the place, without the data around it."""
    tags = re.findall(rb"</?[\w:]+", content[: max(offset, 0)])
    return f"{tags[-1].decode()}>" if tags else ""


def _signed_forms(info: bytes, message: bytes, loose: Loose) -> Iterator[Form]:
    element = loose.element.find("{*}SignedInfo")
    holder = loose.element if element is None else element
    yield from info_forms(info, holder.prefix, dict(holder.nsmap))
    yield Form((Mistake.DIGEST_SIGNED,), base64.b64encode(loose.digest))
    yield Form((Mistake.DIGEST_SIGNED,), loose.digest)
    yield Form((Mistake.MESSAGE_SIGNED,), message)


Attempt = tuple[Callable[[bytes], bool], tuple[Mistake, ...], str]
"""A way to verify, with the mistake it stands for and the hash it uses where that is another than named."""


def _attempts(loose: Loose, certificate: certificates.Certificate) -> Iterator[Attempt]:
    key = certificate.key
    if isinstance(key, certificates.Sm2Key):
        yield (lambda data: key.verifies(loose.value, data, Algorithm.SM2_SM3)), (), ""
        yield (lambda data: sm2.verifies_without_identity(key.point, loose.value, data)), (Mistake.NO_IDENTITY,), ""
        return
    for algorithm in (Algorithm.RSA_SHA256, Algorithm.RSA_SHA1):
        named = algorithm is loose.algorithm
        mistakes = () if named else (Mistake.HASH,)
        yield _rsa(loose.value, certificate, algorithm), mistakes, "" if named else _HASH_OF[algorithm]


def _rsa(value: bytes, certificate: certificates.Certificate, algorithm: Algorithm) -> Callable[[bytes], bool]:
    return lambda data: certificate.key.verifies(value, data, algorithm)


def _hashes_of(loose: Loose) -> tuple[str, ...]:
    """Hashes whose length the digest has, the one named first."""
    fitting = tuple(name for name, hashing in _HASHES.items() if len(hashing(b"")) == len(loose.digest))
    return tuple(sorted(fitting, key=lambda name: name != loose.hash_name))


def _uri(signature: etree._Element, name: str) -> str:
    element = signature.find(f".//{{*}}{name}")
    return "" if element is None else str(element.get("Algorithm") or "")


def _meaning(uri: str) -> Algorithm | None:
    """Algorithm an identifier means; unofficial ones end as the official ones do."""
    endings = {algorithm.value: algorithm for algorithm in Algorithm}
    return BY_SIGNATURE_URI.get(uri) or endings.get(uri.rpartition("#")[2])


def _hash_name(uri: str) -> str:
    algorithm = BY_DIGEST_URI.get(uri)
    return _HASH_OF[algorithm] if algorithm else uri.rpartition("#")[2]


def _bytes(signature: etree._Element, name: str) -> bytes:
    try:
        return binary(signature.findtext(f".//{{*}}{name}") or "", name)
    except SignatureFaultError:
        return b""


def _certificate(content: bytes) -> certificates.Certificate | None:
    try:
        return certificates.read(content)
    except certificates.UnreadableError:
        return None

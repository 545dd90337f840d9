"""The one form of signature the specification allows, read strictly (规范 202205, section 6).

Exactly one ``ds:Signature``, child of the root, enveloped, inclusive C14N 1.0, one reference to the whole message,
one certificate. Whatever else a signature may be by XML-DSig is refused by its own class.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from lxml import etree
from msgspec import Struct

from sandan.signing import certificates
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Written
from sandan.signing.port import BY_DIGEST_URI
from sandan.signing.port import BY_SIGNATURE_URI
from sandan.signing.port import Algorithm

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = DS + "enveloped-signature"
SIGNATURE = f"{{{DS}}}Signature"
_REFERENCE = f"{{{DS}}}Reference"
_KEY_NAME = f"{{{DS}}}KeyName"
_CERTIFICATE = f"{{{DS}}}X509Certificate"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_FOREIGN: dict[object, FaultClass] = {etree.Comment: FaultClass.COMMENT, etree.PI: FaultClass.INSTRUCTION}
_SPACE = " \t\r\n"
_CERTIFICATE_LIMIT = 16_384
"""Longest certificate taken, in characters of base64; real ones have about two thousand."""


class SignatureFaultError(ValueError):
    """The signature cannot be judged; carries the class and the value at fault."""

    def __init__(self, fault: FaultClass, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail


class Claim(Struct, frozen=True, kw_only=True):
    """What a signature says, not yet judged."""

    algorithm: Algorithm
    digest: bytes
    value: bytes
    certificate: certificates.Certificate
    key_name: str


def find(root: etree._Element) -> etree._Element:
    """The one signature of the message.

    Raises:
        SignatureFaultError: There is none, more than one, one in the wrong place, or the message contains
            a document type, a comment or a processing instruction.
    """
    if root.getparent() is not None:
        raise SignatureFaultError(FaultClass.MISPLACED, "the element judged is not the root of its document")
    if root.getroottree().docinfo.internalDTD is not None:
        raise SignatureFaultError(FaultClass.DTD)
    _refuse_outside(root)
    signatures = [_signature(mark) for mark in root.iter(SIGNATURE, etree.Comment, etree.PI)]
    if len(signatures) != 1:
        raise SignatureFaultError(FaultClass.DUPLICATE if signatures else FaultClass.MISSING, f"{len(signatures)}")
    if signatures[0].getparent() is not root:
        raise SignatureFaultError(FaultClass.MISPLACED, _path(signatures[0]))
    return signatures[0]


def read(signature: etree._Element) -> Claim:
    """What the signature says.

    Raises:
        SignatureFaultError: It has another form than the specification's, or a value that cannot be read.
    """
    info, value, key_info = _children(signature, "SignedInfo", "SignatureValue", "KeyInfo")
    algorithm, digest = _signed_info(info)
    key_name, certificate = _key_info(key_info)
    return Claim(
        algorithm=algorithm,
        digest=digest,
        value=binary(_text(value), "SignatureValue"),
        certificate=certificate,
        key_name=key_name,
    )


def read_written(written: Written) -> Claim:
    """What a signature says that was told as text, held to the same profile.

    Raises:
        SignatureFaultError: It names other methods than the specification's, or a value cannot be read.
    """
    if written.canonicalization != C14N:
        raise SignatureFaultError(FaultClass.CANONICALIZATION, written.canonicalization)
    if written.transform != ENVELOPED:
        raise SignatureFaultError(FaultClass.TRANSFORM, written.transform)
    algorithm = BY_SIGNATURE_URI.get(written.signature_method)
    if algorithm is None:
        raise SignatureFaultError(FaultClass.ALGORITHM, written.signature_method)
    if BY_DIGEST_URI.get(written.digest_method) is not algorithm:
        raise SignatureFaultError(FaultClass.DIGEST_METHOD, f"{written.digest_method} ≠ {algorithm.digest_uri}")
    return Claim(
        algorithm=algorithm,
        digest=binary(written.digest_value, "DigestValue"),
        value=binary(written.signature_value, "SignatureValue"),
        certificate=_certificate(written.certificate),
        key_name=written.key_name.strip(),
    )


def binary(text: str, name: str) -> bytes:
    """Bytes of base64 text, white space apart.

    Raises:
        SignatureFaultError: It is no base64, or not the one way to write these bytes.
    """
    try:
        compact = b"".join(text.encode("ascii").split())
        content = base64.b64decode(compact, validate=True)
    except ValueError as error:
        raise SignatureFaultError(FaultClass.BASE64, f"{name}: {error}") from error
    if not content or base64.b64encode(content) != compact:
        raise SignatureFaultError(FaultClass.BASE64, f"{name}: …{text[-8:]!r}")
    return content


def _signature(mark: etree._Element) -> etree._Element:
    foreign = _FOREIGN.get(mark.tag)
    if foreign is not None:
        raise SignatureFaultError(foreign, _path(mark))
    return mark


def _refuse_outside(root: etree._Element) -> None:
    """A processing instruction outside the root is part of what ``URI=""`` names, a comment is not."""
    for preceding in (True, False):
        for mark in root.itersiblings(etree.PI, preceding=preceding):
            raise SignatureFaultError(FaultClass.INSTRUCTION, str(mark))


def _signed_info(info: etree._Element) -> tuple[Algorithm, bytes]:
    inherited = [name for parent in info.iterancestors() for name in parent.attrib if str(name).startswith(_XML)]
    if inherited or info.keys():
        raise SignatureFaultError(FaultClass.STRUCTURE, f"attributes that reach SignedInfo: {inherited or info.keys()}")
    count = sum(child.tag == _REFERENCE for child in info)
    if count != 1:
        raise SignatureFaultError(FaultClass.REFERENCE, f"{count} Reference")
    canonicalization, method, reference = _children(info, "CanonicalizationMethod", "SignatureMethod", "Reference")
    _expect(canonicalization, C14N, FaultClass.CANONICALIZATION)
    algorithm = BY_SIGNATURE_URI.get(_algorithm(method))
    if algorithm is None:
        raise SignatureFaultError(FaultClass.ALGORITHM, _algorithm(method))
    return algorithm, _reference(reference, algorithm)


def _reference(reference: etree._Element, algorithm: Algorithm) -> bytes:
    if reference.items() != [("URI", "")]:
        raise SignatureFaultError(FaultClass.REFERENCE, str(reference.items()))
    transforms, method, value = _children(reference, "Transforms", "DigestMethod", "DigestValue")
    listed = [_algorithm(transform) for transform in transforms]
    if listed != [ENVELOPED]:
        raise SignatureFaultError(FaultClass.TRANSFORM, ", ".join(listed))
    _children(transforms, "Transform")
    if BY_DIGEST_URI.get(_algorithm(method)) is not algorithm:
        raise SignatureFaultError(FaultClass.DIGEST_METHOD, f"{_algorithm(method)} ≠ {algorithm.digest_uri}")
    return binary(_text(value), "DigestValue")


def _key_info(key_info: etree._Element) -> tuple[str, certificates.Certificate]:
    names = [child for child in key_info if child.tag == _KEY_NAME]
    *_, data = _children(key_info, *["KeyName"][: len(names)], "X509Data")
    held = [child for child in data if child.tag == _CERTIFICATE]
    if len(held) != 1:
        raise SignatureFaultError(FaultClass.CERTIFICATE, f"{len(held)} X509Certificate")
    return (_text(names[0]).strip() if names else ""), _certificate(_text(held[0]))


@lru_cache(maxsize=1024)
def _certificate(text: str) -> certificates.Certificate:
    if len(text) > _CERTIFICATE_LIMIT:
        raise SignatureFaultError(FaultClass.CERTIFICATE, f"{len(text)} > {_CERTIFICATE_LIMIT}")
    try:
        return certificates.read(binary(text, "X509Certificate"))
    except certificates.UnreadableError as error:
        raise SignatureFaultError(FaultClass.CERTIFICATE, str(error)) from error


def _children(parent: etree._Element, *names: str) -> list[etree._Element]:
    """Children of ``parent``, which must be exactly those named, in that order, with white space between."""
    children = list(parent)
    if [child.tag for child in children] != [f"{{{DS}}}{name}" for name in names]:
        found = ", ".join(etree.QName(child).localname for child in children)
        raise SignatureFaultError(FaultClass.STRUCTURE, f"{etree.QName(parent).localname}: {found or '-'}")
    if any(text and text.strip(_SPACE) for text in (parent.text, *(child.tail for child in children))):
        raise SignatureFaultError(FaultClass.STRUCTURE, f"{etree.QName(parent).localname}: text")
    return children


def _text(leaf: etree._Element) -> str:
    if len(leaf):
        raise SignatureFaultError(FaultClass.STRUCTURE, f"{etree.QName(leaf).localname}: {len(leaf)} children")
    return leaf.text or ""


def _algorithm(method: etree._Element) -> str:
    attributes = method.items()
    if len(attributes) != 1 or attributes[0][0] != "Algorithm" or len(method):
        raise SignatureFaultError(FaultClass.STRUCTURE, f"{etree.QName(method).localname}: {attributes}")
    return str(attributes[0][1])


def _expect(method: etree._Element, uri: str, fault: FaultClass) -> None:
    if _algorithm(method) != uri:
        raise SignatureFaultError(fault, _algorithm(method))


def _path(element: etree._Element) -> str:
    return str(element.getroottree().getpath(element))

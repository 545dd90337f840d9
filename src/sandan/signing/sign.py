"""Signing of a message (加签): the signature goes immediately before the closing root tag, nothing else changes.

So the standard's reading and the reading of verifiers that cut the text at ``<ds:Signature`` agree.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from lxml import etree

from sandan.signing.canonical import canonical
from sandan.signing.canonical import start_tag
from sandan.signing.port import Algorithm
from sandan.signing.port import Signer
from sandan.signing.profile import C14N
from sandan.signing.profile import DS
from sandan.signing.profile import ENVELOPED
from sandan.signing.profile import SIGNATURE
from sandan.signing.profile import SignatureFaultError

CEB = "http://www.chinaport.gov.cn/ceb"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_CEB_SCOPE = {"ceb": CEB, "xsi": XSI}
_ENCODINGS = (None, "UTF-8", "utf-8", "US-ASCII", "ASCII")


class NotSignableError(ValueError):
    """The message cannot be signed so that every verifier agrees; the text says why and how to mend it."""


def sign(data: bytes, signer: Signer) -> bytes:
    """The message with its signature.

    Args:
        data: An unsigned message, UTF-8. A CEB root declares ``xmlns:ceb`` and ``xmlns:xsi`` and nothing else,
            because signing devices write exactly these into what they sign.
        signer: Holder of the key.

    Returns:
        ``data`` with ``ds:Signature`` before the closing root tag.

    Raises:
        NotSignableError: It is no XML, signed already, in another encoding, contains comments, instructions or a
            document type, or its root declares other namespaces.
    """
    root = _root(data)
    digest = base64.b64encode(signer.algorithm.digest(_canonical(root))).decode()
    opening, inner = _signed_info(signer.algorithm, digest)
    scope = tuple({**root.nsmap, "ds": DS}.items())
    value = base64.b64encode(signer.sign(start_tag("ds:SignedInfo", scope) + inner)).decode()
    at = data.rindex(b"</")
    key_info = _key_info(signer.key_name, signer.certificate_der)
    return b"".join((data[:at], opening, inner, f"<ds:SignatureValue>{value}".encode(), key_info, data[at:]))


def _root(data: bytes) -> etree._Element:
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise NotSignableError(f"the message is no XML: {error}") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise NotSignableError("the message has a document type declaration; remove it")
    if document.encoding not in _ENCODINGS:
        raise NotSignableError(f"the message is in {document.encoding}; write it in UTF-8")
    _refuse_content(root)
    _refuse_scope(root)
    return root


def _refuse_content(root: etree._Element) -> None:
    if next(root.iter(SIGNATURE), None) is not None:
        raise NotSignableError("the message is signed already; sign the unsigned message")
    outside = (*root.itersiblings(preceding=True), *root.itersiblings())
    for mark in (*outside, *root.iter(etree.Comment, etree.PI)):
        raise NotSignableError(f"the message contains {mark!s}; remove comments and processing instructions")
    if len(root) == 0:
        raise NotSignableError("the message is empty; put documents into it, then sign")


def _refuse_scope(root: etree._Element) -> None:
    scope = {prefix: uri for prefix, uri in root.nsmap.items() if prefix != "ds"}
    if etree.QName(root).namespace == CEB and scope != _CEB_SCOPE:
        declared = ", ".join(f"{prefix or 'xmlns'}={uri}" for prefix, uri in scope.items())
        raise NotSignableError(f"the root declares {declared}; it must declare ceb={CEB} and xsi={XSI}, nothing else")
    if root.nsmap.get("ds", DS) != DS:
        raise NotSignableError("the root binds the prefix ds to another namespace; rename that prefix")


def _canonical(root: etree._Element) -> bytes:
    try:
        return canonical(root)
    except SignatureFaultError as error:
        raise NotSignableError(f"the message has no canonical form: {error.detail}") from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _signed_info(algorithm: Algorithm, digest: str) -> tuple[bytes, bytes]:
    """Opening of the signature up to SignedInfo's start tag, and what follows that tag, both as sent."""
    opening = f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
    inner = (
        f'<ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{algorithm.signature_uri}"></ds:SignatureMethod>'
        f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{algorithm.digest_uri}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    return opening.encode(), inner.encode()


@lru_cache(maxsize=256)
def _key_info(key_name: str, certificate: bytes) -> bytes:
    content = base64.b64encode(certificate).decode()
    return (
        f"</ds:SignatureValue><ds:KeyInfo><ds:KeyName>{key_name}</ds:KeyName><ds:X509Data>"
        f"<ds:X509Certificate>{content}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    ).encode()

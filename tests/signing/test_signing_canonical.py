"""What a signature covers, against the plain way and against other implementations."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from datetime import datetime

import pytest
import signxml
import xmlsec
from cryptography import x509
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree
from lxml.builder import ElementMaker

from sandan.signing.canonical import covered
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.signing.profile import SIGNATURE
from sandan.signing.sign import sign
from sandan.signing.software import SoftwareSigner
from sandan.signing.verify import verify

Signers = Callable[[Algorithm], SoftwareSigner]
Check = Callable[[bytes], Report]
FORGIVING = etree.XMLParser(recover=True)
POLICY = Policy(at=datetime(2026, 6, 1, tzinfo=UTC), algorithms=frozenset(Algorithm))
NAMESPACES = st.sampled_from(["urn:a", "urn:b", "http://example.org/x#y", "urn:c"])
PREFIXES = st.sampled_from([None, "a", "b", "dsx", "xs", "Z"])
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n\t\r<>&\"'"))
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 2) -> etree._Element:
    """An element with namespaces, attributes, text and children of every kind a message may have."""
    scope = draw(st.dictionaries(PREFIXES, NAMESPACES, max_size=3))
    name = draw(st.sampled_from(["Order", "note", "Bill"]))
    space = draw(st.sampled_from([None, *scope.values()])) if None not in scope else scope[None]
    element = etree.Element(etree.QName(space, name), nsmap=scope)
    element.set(draw(st.sampled_from(["guid", "version"])), draw(TEXTS))
    element.text = draw(TEXTS)
    for child in draw(st.lists(trees(depth - 1), max_size=2)) if depth else ():
        child.tail = draw(TEXTS)
        element.append(child)
    return element


@SLOW
@given(tree=trees())
def test_others_verify_what_we_sign(tree: etree._Element, signer_of: Signers) -> None:
    etree.SubElement(tree, "end")
    signer = signer_of(Algorithm.RSA_SHA256)
    signed = sign(etree.tostring(tree, encoding="utf-8"), signer)
    _xmlsec_verify(signed, signer.certificate_der)
    assert verify(etree.fromstring(signed), POLICY).ok


@SLOW
@given(tree=trees(), prefix=st.sampled_from(["ds", "dsig", None]))
def test_we_verify_what_others_sign(tree: etree._Element, prefix: str | None, signer_of: Signers) -> None:
    signed = _xmlsec_sign(tree, prefix, signer_of(Algorithm.RSA_SHA256))
    assert verify(etree.fromstring(signed), POLICY).ok


@SLOW
@given(tree=trees(), tail=st.sampled_from(["", "\n", "  x "]))
def test_the_message_without_its_signature_is_the_one_detached(
    tree: etree._Element, tail: str, signer_of: Signers
) -> None:
    signed = _xmlsec_sign(tree, "ds", signer_of(Algorithm.RSA_SHA256), tail)
    root = etree.fromstring(signed)
    signature = root.find(SIGNATURE)
    assert signature is not None
    found = covered(root, signature).message
    assert found == _detached(signed)


@pytest.mark.parametrize("name", ["relative", "urn:a&quot; guid=&quot;1", "urn:a&gt;&lt;b", "http://a/?b&amp;c"])
def test_a_namespace_name_that_could_hide_markup(name: str, message: bytes, signer_of: Signers) -> None:
    """The canonicalizer writes namespace names unescaped, so other elements could stand behind the same bytes."""
    signed = sign(message, signer_of(Algorithm.RSA_SHA256))
    root = etree.fromstring(signed.replace(b" xmlns:xsi=", f' xmlns:q="{name}" xmlns:xsi='.encode()), FORGIVING)
    assert verify(root, POLICY).fault is FaultClass.STRUCTURE


def test_a_namespace_name_that_imitates_a_signed_info(message: bytes, signer_of: Signers, check: Check) -> None:
    """An honest SignedInfo inside a name, beside a forged one in the tree."""
    signed = sign(message, signer_of(Algorithm.RSA_SHA256)).decode()
    info = "<ds:SignedInfo>" + signed.partition("<ds:SignedInfo>")[2].partition("</ds:Signature>")[0]
    forged = signed.replace(">100.5<", ">10.5<")
    report = check(forged.encode())
    forged = forged.replace(report.digest_expected, report.digest_found)
    name = '">' + info.partition("<ds:SignatureValue>")[0]
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    forged = forged.replace("<ds:Signature ", f'<ds:Signature xmlns:q="{escaped}" ')
    assert verify(etree.fromstring(forged.encode(), FORGIVING), POLICY).fault is FaultClass.STRUCTURE


def test_signxml_agrees(message: bytes, signer_of: Signers) -> None:
    signer = signer_of(Algorithm.RSA_SHA256)
    certificate = x509.load_der_x509_certificate(signer.certificate_der)
    result = signxml.XMLVerifier().verify(sign(message, signer), x509_cert=certificate)
    assert isinstance(result, signxml.VerifyResult)
    assert result.signed_xml is not None
    assert etree.tostring(result.signed_xml, method="c14n") == etree.tostring(etree.fromstring(message), method="c14n")


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_can_be_changed_unnoticed(data: st.DataObject, message: bytes, signer_of: Signers) -> None:
    """Either the signature fails, or what it covers is the same and the certificate is too."""
    signed = sign(message, signer_of(Algorithm.RSA_SHA256))
    at = data.draw(st.integers(0, len(signed) - 1))
    changed = signed[:at] + data.draw(st.binary(max_size=2)) + signed[at + 1 :]
    try:
        root = etree.fromstring(changed)
    except etree.XMLSyntaxError:
        return
    report = verify(root, POLICY)
    if report.ok and report.fingerprint == signer_of(Algorithm.RSA_SHA256).fingerprint:
        assert _detached(changed) == _detached(signed)


def _detached(data: bytes) -> bytes:
    """Canonical message after the signature was taken out of the tree, its tail kept."""
    root = etree.fromstring(data)
    signature = root.find(SIGNATURE)
    assert signature is not None
    before, tail = signature.getprevious(), signature.tail or ""
    if before is None:
        root.text = (root.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    signature.tail = None
    root.remove(signature)
    return etree.tostring(root, method="c14n", with_comments=False)


def _xmlsec_sign(tree: etree._Element, prefix: str | None, signer: SoftwareSigner, tail: str = "") -> bytes:
    root = etree.fromstring(etree.tostring(tree))
    template = xmlsec.template.create(
        root, xmlsec.constants.TransformInclC14N, xmlsec.constants.TransformRsaSha256, ns=prefix
    )
    root.append(template)
    template.tail = tail
    reference = xmlsec.template.add_reference(template, xmlsec.constants.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(_pem(signer), xmlsec.constants.KeyDataFormatPem)
    context.sign(template)
    make = ElementMaker(namespace=xmlsec.constants.DSigNs)
    certificate = base64.b64encode(signer.certificate_der).decode()
    template.append(make.KeyInfo(make.X509Data(make.X509Certificate(certificate))))
    return etree.tostring(root, encoding="utf-8")


def _xmlsec_verify(signed: bytes, certificate: bytes) -> None:
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)
    node = etree.fromstring(signed).find(SIGNATURE)
    context.verify(node)


def _pem(signer: SoftwareSigner) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    return signer._key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

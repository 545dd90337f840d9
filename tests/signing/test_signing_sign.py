"""Signing: where the signature goes, what it says, and what is not signed at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest
from lxml import etree

from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.signing.sign import NotSignableError
from sandan.signing.sign import sign
from sandan.signing.software import SoftwareSigner

Signers = Callable[[Algorithm], SoftwareSigner]
Check = Callable[[bytes], Report]


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA256])
def test_what_we_sign_we_verify(algorithm: Algorithm, message: bytes, signer_of: Signers, check: Check) -> None:
    report = check(sign(message, signer_of(algorithm)))
    assert report.ok
    assert report.algorithm is algorithm
    assert report.fingerprint == signer_of(algorithm).fingerprint


def test_deleting_the_signature_gives_back_the_message(message: bytes, signed: bytes) -> None:
    start, end = signed.index(b"<ds:Signature"), signed.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert signed[:start] + signed[end:] == message


def test_the_signature_stands_before_the_closing_root_tag(signed: bytes) -> None:
    assert signed.endswith(b"</ds:Signature></ceb:CEB311Message>")


def test_text_after_the_root_stays_where_it_is(message: bytes, signer_of: Signers, check: Check) -> None:
    signed = sign(message + b"\n\n", signer_of(Algorithm.SM2_SM3))
    assert signed.endswith(b"</ceb:CEB311Message>\n\n")
    assert check(signed).ok


def test_a_verifier_that_cuts_the_text_finds_the_same_digest(message: bytes, signer_of: Signers) -> None:
    """Vendors digest everything before ``<ds:Signature`` plus the closing tag."""
    signed = sign(message, signer_of(Algorithm.RSA_SHA256))
    cut = signed[: signed.index(b"<ds:Signature")] + b"</ceb:CEB311Message>"
    digest = hashlib.sha256(etree.tostring(etree.fromstring(cut), method="c14n")).digest()
    assert f"<ds:DigestValue>{base64.b64encode(digest).decode()}</ds:DigestValue>".encode() in signed


def test_what_is_signed_is_the_text_every_device_writes(message: bytes, signer_of: Signers) -> None:
    """Devices write SignedInfo with exactly the namespaces ceb, ds and xsi; so does its place in our message."""
    signer = signer_of(Algorithm.RSA_SHA256)
    signed = sign(message, signer).decode()
    inner = signed.partition("<ds:SignedInfo>")[2].partition("</ds:SignedInfo>")[0]
    opening = (
        '<ds:SignedInfo xmlns:ceb="http://www.chinaport.gov.cn/ceb" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    )
    value = base64.b64decode(signed.partition("<ds:SignatureValue>")[2].partition("<")[0])
    device = f"{opening}{inner}</ds:SignedInfo>".encode()
    assert signer.certificate.key.verifies(value, device, Algorithm.RSA_SHA256)


def test_key_name_is_the_serial_in_hex(signed: bytes, signer_of: Signers) -> None:
    serial = signer_of(Algorithm.SM2_SM3).certificate.facts.serial
    name = signed.partition(b"<ds:KeyName>")[2].partition(b"<")[0].decode()
    assert int(name, 16) == serial
    assert len(name) % 2 == 0


def test_sm2_values_are_raw(signed: bytes) -> None:
    value = signed.partition(b"<ds:SignatureValue>")[2].partition(b"<")[0]
    assert len(base64.b64decode(value)) == 64


def test_cdata_that_looks_like_a_signature_is_only_text(message: bytes, signer_of: Signers, check: Check) -> None:
    tricky = message.replace(b"DD-0001", b"<![CDATA[<ds:Signature></ceb:CEB311Message>]]>")
    assert check(sign(tricky, signer_of(Algorithm.SM2_SM3))).ok


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<ceb:note/>", b"<ceb:note>", "no XML"),
        (b"<ceb:note/>", b"<!-- x -->", "comments"),
        (b"<ceb:note/>", b"<?x y?>", "processing instructions"),
        (b"</ceb:CEB311Message>", b"</ceb:CEB311Message><!-- </x> -->", "comments"),
        (b"<ceb:CEB311Message", b"<!DOCTYPE a><ceb:CEB311Message", "document type"),
        (b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', b"", "the root declares"),
        (b" xmlns:xsi=", b' xmlns:x="urn:x" xmlns:xsi=', "the root declares"),
        (b"ceb:CEB311Message xmlns:ceb=", b'ceb:CEB311Message xmlns="urn:a" xmlns:ceb=', "the root declares"),
        (b" xmlns:xsi=", b' xmlns:ds="urn:x" xmlns:xsi=', "prefix ds"),
        (b"<ceb:note/>", b'<x xmlns="relative"/>', "canonical form"),
        (b"<ceb:note/>", b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>', "signed already"),
    ],
)
def test_what_cannot_be_signed_is_refused_with_a_reason(
    old: bytes, new: bytes, reason: str, message: bytes, signer_of: Signers
) -> None:
    with pytest.raises(NotSignableError, match=reason):
        sign(message.replace(old, new), signer_of(Algorithm.SM2_SM3))


def test_another_encoding_is_refused(message: bytes, signer_of: Signers) -> None:
    text = message.decode().replace("UTF-8", "GBK").encode("gbk")
    with pytest.raises(NotSignableError, match="UTF-8"):
        sign(text, signer_of(Algorithm.SM2_SM3))


def test_an_empty_root_is_refused(signer_of: Signers) -> None:
    with pytest.raises(NotSignableError, match="empty"):
        sign(b"<a/>", signer_of(Algorithm.SM2_SM3))


def test_a_signed_message_is_not_signed_twice(signed: bytes, signer_of: Signers) -> None:
    with pytest.raises(NotSignableError, match="already"):
        sign(signed, signer_of(Algorithm.SM2_SM3))

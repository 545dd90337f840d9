"""The reference vectors, signed by an implementation of its own, and the official sample of 2018."""

from __future__ import annotations

import base64
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from sandan.signing.canonical import covered
from sandan.signing.doctor import diagnose
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Policy
from sandan.signing.port import Algorithm
from sandan.signing.profile import find
from sandan.signing.profile import read
from sandan.signing.verify import verify

pytestmark = pytest.mark.shared
XSI = b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
ANY = Policy(at=datetime(2027, 1, 1, tzinfo=UTC), algorithms=frozenset(Algorithm))


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("ceb621_1x2_rsa_sha1.xml", Algorithm.RSA_SHA1),
        ("ceb621_1x2_rsa_sha256.xml", Algorithm.RSA_SHA256),
        ("ceb621_1x2_sm2_sm3.xml", Algorithm.SM2_SM3),
        ("ceb621_1x2_sm2_sm3_der.xml", Algorithm.SM2_SM3),
    ],
)
def test_signed_vectors(name: str, algorithm: Algorithm, shared: Path) -> None:
    report = verify(etree.fromstring((shared / name).read_bytes()), ANY)
    assert report.ok
    assert report.algorithm is algorithm


def test_the_official_signed_info(shared: Path) -> None:
    """Its signature belongs to its certificate once xmlns:xsi is in scope; its digest is of another message."""
    root = etree.fromstring((shared / "official_2018_113_ceb311_sample.xml").read_bytes())
    signature = find(root)
    claim = read(signature)
    info = covered(root, signature).signed_info.replace(b'xmldsig#">', b'xmldsig#" ' + XSI + b">")
    assert claim.certificate.key.verifies(claim.value, info, Algorithm.RSA_SHA1)
    assert verify(root, ANY).fault is FaultClass.DIGEST


def test_the_doctor_on_the_official_sample(shared: Path) -> None:
    diagnosis = diagnose((shared / "official_2018_113_ceb311_sample.xml").read_bytes(), now=ANY.at)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-digest"
    assert [(found.of, found.mistakes) for found in diagnosis.explanations] == [("signature", ("xsi-missing",))]
    assert "key-name-differs" in {note.code for note in diagnosis.notes}


def test_the_doctor_on_a_der_vector(shared: Path) -> None:
    diagnosis = diagnose((shared / "ceb621_1x2_sm2_sm3_der.xml").read_bytes(), now=ANY.at)
    assert diagnosis.verdict == "valid"
    assert "der-for-raw" in {note.code for note in diagnosis.notes}


def test_vector_certificates_are_what_the_messages_carry(shared: Path) -> None:
    root = etree.fromstring((shared / "ceb621_1x2_sm2_sm3.xml").read_bytes())
    body = "".join((shared / "sm2.pem").read_text().split("-----")[2].split())
    assert "".join((root.findtext(".//{*}X509Certificate") or "").split()) == body
    assert base64.b64decode(body)

"""Certificates: what is read out of them, odd texts included, and what of it may be shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from sandan.signing import certificates
from sandan.signing import der
from sandan.signing.facts import key_name
from sandan.signing.holder import holder
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner

Signers = Callable[[Algorithm], SoftwareSigner]


def _tlv(tag: int, content: bytes) -> asn1.TLV:
    return asn1.decode_der(asn1.TLV, bytes([tag, len(content)]) + content)


def _changed(signer: SoftwareSigner, subject: str, extensions: list[tuple[str, bytes]]) -> bytes:
    """The signer's certificate with another name and other extensions; its signature no longer fits, nobody asks."""
    certificate = asn1.decode_der(der.Certificate, signer.certificate_der)
    body = certificate.body
    name = der.Attribute(type=x509.ObjectIdentifier("2.5.4.3"), value=_tlv(0x0C, subject.encode()))
    fields = {field: getattr(body, field) for field in der.Body.__annotations__}
    fields["subject"] = [asn1.SetOf([name])]
    fields["extensions"] = [
        der.Extension(oid=x509.ObjectIdentifier(oid), critical=False, value=value) for oid, value in extensions
    ]
    changed = der.Certificate(body=der.Body(**fields), algorithm=certificate.algorithm, signature=certificate.signature)
    return asn1.encode_der(changed)


def test_facts_of_an_sm2_certificate(signer_of: Signers) -> None:
    facts = signer_of(Algorithm.SM2_SM3).certificate.facts
    assert facts.key_kind == "sm2"
    assert facts.not_before == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert facts.not_after == datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert f"{facts.serial:016x}".startswith("03")


def test_facts_agree_with_the_library_on_rsa(signer_of: Signers) -> None:
    signer = signer_of(Algorithm.RSA_SHA256)
    theirs = x509.load_der_x509_certificate(signer.certificate_der)
    facts = signer.certificate.facts
    assert facts.fingerprint == theirs.fingerprint(SHA256()).hex()
    assert facts.serial == theirs.serial_number
    assert (facts.not_before, facts.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
    assert facts.key_bits == 2048


def test_serial_spellings() -> None:
    assert key_name(0x03000000000CDE6F) == "03000000000cde6f"
    assert key_name(0x1691F7F) == "01691f7f"
    assert key_name(0) == "00"


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (0x0C, "测试".encode()),
        (0x16, "测试".encode()),
        (0x16, "测试".encode("gbk")),
        (0x0C, "测试".encode("gbk")),
        (0x1E, "测试".encode("utf-16-be")),
    ],
)
def test_texts_are_read_whatever_their_type_claims(tag: int, content: bytes) -> None:
    assert certificates.text_of(_tlv(tag, content)) == "测试"


def test_bytes_that_are_no_text_do_not_stop_the_reading() -> None:
    assert certificates.text_of(_tlv(0x16, b"\xff\xfe\xff")) == "ÿþÿ"


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"\x30\x80", b"certificate"])
def test_bytes_that_are_no_certificate(content: bytes) -> None:
    with pytest.raises(certificates.UnreadableError, match=r"no X\.509"):
        certificates.read(content)


def test_a_key_that_is_neither_rsa_nor_sm2() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, at, at)
    content = builder.sign(key, SHA256()).public_bytes(Encoding.DER)
    with pytest.raises(certificates.UnreadableError, match="neither RSA nor SM2"):
        certificates.read(content)


def test_personal_fields_are_masked(signer_of: Signers) -> None:
    arc = "1.3.6.1.4.1.5315.100.5."
    number = b"\x16\x12" + b"11010119900307001X"
    content = _changed(
        signer_of(Algorithm.SM2_SM3),
        "王小明",
        [
            (arc + "1", b"\x0c\x0c" + "测试公司".encode()),
            (arc + "8", number),
            (arc + "11", b"\x16\x09MA27XXXX0"),
        ],
    )
    shown = holder(certificates.read(content).facts, content)
    assert shown.subject == "CN=王**"
    assert shown.extensions["holder_id_number"] == "11****************"
    assert shown.extensions["enterprise"] == "测试公司"
    assert shown.extensions["organisation_code"] == "MA27XXXX0"


def test_numbers_in_a_name_are_masked_and_enterprises_are_not(signer_of: Signers) -> None:
    content = _changed(signer_of(Algorithm.SM2_SM3), "杭州测试电商 11010119900307001X", [])
    assert holder(certificates.read(content).facts, content).subject == "CN=杭州测试电商 11****************"

"""The doctor: each known mistake is named, with the place where the bytes differ."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import UTC
from datetime import date
from datetime import datetime

import msgspec
import pytest
from gmssl_pyx import sm2_sign_sm3_digest
from gmssl_pyx import sm3_hash
from lxml import etree

from sandan.parties.facts import Certificate
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Registry
from sandan.signing import sm2
from sandan.signing.doctor import Diagnosis
from sandan.signing.doctor import diagnose
from sandan.signing.explain import Explanation
from sandan.signing.port import Algorithm
from sandan.signing.profile import binary
from sandan.signing.sign import sign
from sandan.signing.software import SoftwareSigner
from sandan.terms.ids import EnterpriseCode

Signers = Callable[[Algorithm], SoftwareSigner]
Resign = Callable[[bytes], bytes]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
XSI = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def explained(diagnosis: Diagnosis, of: str) -> Explanation:
    return next(explanation for explanation in diagnosis.explanations if explanation.of == of)


def notes(diagnosis: Diagnosis) -> set[str]:
    return {note.code for note in diagnosis.notes}


def digest_replaced(signed: bytes, digest: bytes) -> bytes:
    """The message with another digest value."""
    value = base64.b64encode(digest)
    return re.sub(rb"<ds:DigestValue>[^<]*", b"<ds:DigestValue>" + value, signed)


def test_a_valid_message_has_no_trouble(signed: bytes) -> None:
    diagnosis = diagnose(signed, now=NOW)
    assert diagnosis.verdict == "valid"
    assert diagnosis.trouble is None
    assert diagnosis.message_type == "CEB311Message"
    assert diagnosis.explanations == ()
    assert notes(diagnosis) == set()


def test_what_was_digested_and_signed_is_shown(signed: bytes) -> None:
    seen = diagnose(signed, now=NOW).signature
    assert seen is not None
    assert seen.algorithm == "sm2-sm3"
    assert seen.digest_expected == seen.digest_found
    assert seen.digested_start.startswith("<ceb:CEB311Message xmlns:ceb=")
    assert seen.signed_info.startswith("<ds:SignedInfo xmlns:ceb=")
    assert seen.value_bytes == 64


def test_reformatted_after_signing(signed: bytes) -> None:
    root = etree.fromstring(signed)
    etree.indent(root, "  ")
    sent = etree.tostring(root, encoding="utf-8")
    diagnosis = diagnose(sent, now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-digest"
    found = explained(diagnosis, "digest")
    assert found.mistakes == ("reformatted",)
    assert sent[found.file_offset : found.file_offset + 15] == b"\n  <ceb:Order>\n"
    assert found.after == "<ceb:CEB311Message>"
    assert explained(diagnosis, "signature").mistakes == ("signed-info-reformatted",)


def test_compacted_after_signing(message: bytes, signer_of: Signers) -> None:
    root = etree.fromstring(message)
    etree.indent(root, "    ")
    signed = sign(etree.tostring(root, encoding="utf-8"), signer_of(Algorithm.SM2_SM3))
    compact = re.sub(rb">\s+<", b"><", signed)
    assert explained(diagnose(compact, now=NOW), "digest").mistakes == ("reformatted",)


@pytest.mark.parametrize("space", [b"\n", b"\r\n", b"  "])
def test_white_space_behind_the_signature(space: bytes, signed: bytes) -> None:
    spaced = signed.replace(b"</ds:Signature>", b"</ds:Signature>" + space)
    diagnosis = diagnose(spaced, now=NOW)
    assert explained(diagnosis, "digest").mistakes == ("space-around-signature",)
    assert "space-around-signature" in notes(diagnosis)
    assert explained(diagnosis, "digest").after == "</ceb:BaseTransfer>"


def test_white_space_before_the_signature(signed: bytes) -> None:
    spaced = signed.replace(b"<ds:Signature ", b"\n<ds:Signature ")
    assert explained(diagnose(spaced, now=NOW), "digest").mistakes == ("space-around-signature",)


def test_xsi_missing_on_the_root(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(XSI, b"", 1), now=NOW)
    assert explained(diagnosis, "digest").mistakes == ("xsi-missing",)
    assert explained(diagnosis, "signature").mistakes == ("xsi-missing",)
    assert "xsi-missing" in notes(diagnosis)


def test_xsi_only_in_what_the_device_signed(signed: bytes, signer_of: Signers) -> None:
    """The digest fits a message without xsi, but the device wrote its fixed namespaces into SignedInfo."""
    without = signed.replace(XSI, b"", 1)
    seen = diagnose(without, now=NOW).signature
    assert seen is not None
    sent = without.replace(seen.digest_expected.encode(), seen.digest_found.encode())
    info = sent[sent.index(b"<ds:SignedInfo>") : sent.index(b"<ds:SignatureValue>")]
    device = b'<ds:SignedInfo xmlns:ceb="http://www.chinaport.gov.cn/ceb" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    value = base64.b64encode(signer_of(Algorithm.SM2_SM3).sign(info.replace(b"<ds:SignedInfo", device + XSI)))
    sent = re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>" + value, sent)
    diagnosis = diagnose(sent, now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-value"
    assert [explanation.of for explanation in diagnosis.explanations] == ["signature"]
    assert explained(diagnosis, "signature").mistakes == ("xsi-missing",)


def test_a_der_value_is_taken_and_remarked_on(signed: bytes) -> None:
    value = signed.partition(b"<ds:SignatureValue>")[2].partition(b"<")[0]
    der = base64.b64encode(sm2.der_of(binary(value.decode(), "SignatureValue")))
    diagnosis = diagnose(signed.replace(value, der), now=NOW)
    assert diagnosis.verdict == "valid"
    assert "der-for-raw" in notes(diagnosis)


def test_the_prefix_of_the_signature_changed(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(b"ds:", b"dsig:").replace(b":ds=", b":dsig="), now=NOW)
    assert explained(diagnosis, "signature").mistakes == ("signature-prefix-changed",)
    assert "prefix-not-ds" in notes(diagnosis)


def test_the_signature_moved_to_the_default_namespace(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(b"ds:", b"").replace(b":ds=", b"="), now=NOW)
    assert explained(diagnosis, "signature").mistakes == ("signature-prefix-changed",)


def test_the_prefix_of_the_message_changed(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(b"ceb:", b"").replace(b":ceb=", b"="), now=NOW)
    assert explained(diagnosis, "digest").mistakes == ("prefix-changed",)


def test_a_sha1_digest_under_an_sm2_identifier(signed: bytes, message: bytes, resign: Resign) -> None:
    canonical = etree.tostring(etree.fromstring(message), method="c14n")
    sha1 = hashlib.sha1(canonical, usedforsecurity=False).digest()
    diagnosis = diagnose(resign(digest_replaced(signed, sha1)), now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-digest"
    assert "digest-of-other-length" in notes(diagnosis)
    found = explained(diagnosis, "digest")
    assert found.mistakes == ("other-hash",)
    assert found.hash == "sha1"
    assert found.offset == -1


def test_a_sha256_digest_under_an_sm3_identifier(signed: bytes, message: bytes, resign: Resign) -> None:
    canonical = etree.tostring(etree.fromstring(message), method="c14n")
    diagnosis = diagnose(resign(digest_replaced(signed, hashlib.sha256(canonical).digest())), now=NOW)
    assert explained(diagnosis, "digest").hash == "sha256"


def test_the_text_of_the_file_digested(message: bytes, signer_of: Signers, resign: Resign) -> None:
    """Empty elements stand as ``<ceb:note/>`` in the file and as a pair of tags in the canonical form."""
    signed = sign(message, signer_of(Algorithm.SM2_SM3))
    digest = Algorithm.SM2_SM3.digest(message)
    root = etree.fromstring(resign(digest_replaced(signed, digest)))
    value = etree.tostring(root.find(".//{*}Signature"), with_tail=False)
    sent = message.replace(b"</ceb:CEB311Message>", value + b"</ceb:CEB311Message>")
    assert explained(diagnose(sent, now=NOW), "digest").mistakes == ("not-canonicalised",)


def test_gbk_bytes_digested(message: bytes, signed: bytes, resign: Resign) -> None:
    canonical = etree.tostring(etree.fromstring(message), method="c14n")
    digest = Algorithm.SM2_SM3.digest(canonical.decode().encode("gbk"))
    diagnosis = diagnose(resign(digest_replaced(signed, digest)), now=NOW)
    assert explained(diagnosis, "digest").mistakes == ("digested-as-gbk",)


def test_comments_left_in(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(b"<ceb:Order>", b"<!-- x --><ceb:Order>"), now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-comment"


def test_comments_digested(message: bytes, signed: bytes, resign: Resign) -> None:
    commented = message.replace(b"<ceb:Order>", b"<!-- x --><ceb:Order>")
    digest = Algorithm.SM2_SM3.digest(etree.tostring(etree.fromstring(commented), method="c14n"))
    sent = resign(digest_replaced(signed, digest)).replace(b"<ceb:Order>", b"<!-- x --><ceb:Order>")
    assert explained(diagnose(sent, now=NOW), "digest").mistakes == ("comments-digested",)


def test_line_ends_digested_as_crlf(message: bytes, signer_of: Signers, resign: Resign) -> None:
    lines = message.replace(b"<ceb:Order>", b"\n<ceb:Order>")
    canonical = etree.tostring(etree.fromstring(lines), method="c14n")
    digest = Algorithm.SM2_SM3.digest(canonical.replace(b"\n", b"\r\n"))
    sent = resign(digest_replaced(sign(lines, signer_of(Algorithm.SM2_SM3)), digest))
    assert explained(diagnose(sent, now=NOW), "digest").mistakes == ("digested-with-crlf",)


def test_xsi_added_after_signing(message: bytes, signed: bytes, resign: Resign) -> None:
    canonical = etree.tostring(etree.fromstring(message.replace(XSI, b"")), method="c14n")
    sent = resign(digest_replaced(signed, Algorithm.SM2_SM3.digest(canonical)))
    assert explained(diagnose(sent, now=NOW), "digest").mistakes == ("xsi-added",)


def test_the_message_signed_instead_of_signed_info(message: bytes, signed: bytes, signer_of: Signers) -> None:
    canonical = etree.tostring(etree.fromstring(message), method="c14n")
    value = base64.b64encode(signer_of(Algorithm.SM2_SM3).sign(canonical))
    sent = re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>" + value, signed)
    assert explained(diagnose(sent, now=NOW), "signature").mistakes == ("message-signed",)


def test_sm2_without_the_identity_of_the_signer(signed: bytes, signer_of: Signers) -> None:
    seen = diagnose(signed, now=NOW).signature
    assert seen is not None
    der = sm2_sign_sm3_digest(signer_of(Algorithm.SM2_SM3)._key, sm3_hash(seen.signed_info.encode()))
    value = base64.b64encode(sm2.raw_of_der(der))
    sent = re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>" + value, signed)
    assert explained(diagnose(sent, now=NOW), "signature").mistakes == ("sm2-without-identity",)


def test_text_behind_the_signature_is_not_white_space(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(b"</ds:Signature>", b"</ds:Signature>x"), now=NOW)
    assert diagnosis.explanations == ()


def test_a_signature_that_is_the_first_child(message: bytes, signed: bytes) -> None:
    signature = signed[signed.index(b"<ds:Signature ") : signed.index(b"</ceb:CEB311Message>")]
    moved = message.replace(b"<ceb:Order>", b"\n" + signature + b"<ceb:Order>", 1)
    assert explained(diagnose(moved, now=NOW), "digest").mistakes == ("space-around-signature",)


def test_the_digest_signed_instead_of_signed_info(signed: bytes, signer_of: Signers) -> None:
    digest = signed.partition(b"<ds:DigestValue>")[2].partition(b"<")[0]
    value = base64.b64encode(signer_of(Algorithm.SM2_SM3).sign(digest))
    sent = re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>" + value, signed)
    assert explained(diagnose(sent, now=NOW), "signature").mistakes == ("digest-signed",)


def test_signed_info_without_its_namespaces(signed: bytes, signer_of: Signers) -> None:
    info = signed[signed.index(b"<ds:SignedInfo>") : signed.index(b"<ds:SignatureValue>")]
    bare = info.replace(b"<ds:SignedInfo>", b'<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">')
    value = base64.b64encode(signer_of(Algorithm.SM2_SM3).sign(bare))
    sent = re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>" + value, signed)
    assert explained(diagnose(sent, now=NOW), "signature").mistakes == ("signed-info-namespaces",)


def test_rsa_with_another_hash(message: bytes, signer_of: Signers) -> None:
    """SHA-256 is named, SHA-1 was used for the value."""
    signed = sign(message, signer_of(Algorithm.RSA_SHA256))
    seen = diagnose(signed, now=NOW).signature
    assert seen is not None
    legacy = SoftwareSigner.__new__(SoftwareSigner)
    legacy.__dict__.update(signer_of(Algorithm.RSA_SHA256).__dict__, algorithm=Algorithm.RSA_SHA1)
    value = base64.b64encode(legacy.sign(seen.signed_info.encode()))
    sent = re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>" + value, signed)
    found = explained(diagnose(sent, now=NOW), "signature")
    assert found.mistakes == ("other-hash",)
    assert found.hash == "sha1"


def test_the_unofficial_identifier_is_read_by_its_meaning(signed: bytes, resign: Resign) -> None:
    unofficial = signed.replace(
        b"http://www.chinaport.gov.cn/2022/04/xmldsig#sm", b"http://www.w3.org/2000/09/xmldsig#sm"
    )
    diagnosis = diagnose(resign(unofficial), now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-algorithm"
    assert diagnosis.signature is not None
    assert diagnosis.signature.algorithm == "sm2-sm3"
    assert "unofficial-identifier" in notes(diagnosis)
    assert diagnosis.explanations == ()


def test_a_change_nobody_can_explain(signed: bytes) -> None:
    diagnosis = diagnose(signed.replace(b">100.5<", b">10.5<"), now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-digest"
    assert diagnosis.explanations == ()


def test_an_expired_certificate(signed: bytes) -> None:
    diagnosis = diagnose(signed, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-expired"
    assert diagnosis.trouble.detail == "2027-01-01 > 2026-12-31"


def test_without_a_moment_dates_are_not_judged(signed: bytes) -> None:
    diagnosis = diagnose(signed)
    assert diagnosis.verdict == "valid"
    assert "moment-not-given" in notes(diagnosis)


def test_the_certificate_of_another_enterprise(signed: bytes, signer_of: Signers) -> None:
    diagnosis = diagnose(signed, _registry(signer_of, "3301960B02"), NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-other-enterprise"
    assert diagnosis.enterprise == "3301960B02"
    assert diagnosis.trouble.detail.endswith("→ 3301960B02 ≠ 3301960A01")


def test_the_right_enterprise(signed: bytes, signer_of: Signers) -> None:
    diagnosis = diagnose(signed, _registry(signer_of, "3301960A01"), NOW)
    assert diagnosis.verdict == "valid"
    assert diagnosis.enterprise == "3301960A01"


def test_a_certificate_nobody_registered(signed: bytes) -> None:
    diagnosis = diagnose(signed, Registry(), NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-unregistered"


def test_a_key_name_that_is_no_serial(signed: bytes) -> None:
    sent = re.sub(rb"<ds:KeyName>[^<]*", b"<ds:KeyName>0001", signed)
    assert "key-name-differs" in notes(diagnose(sent, now=NOW))


def test_no_signature_at_all(message: bytes) -> None:
    diagnosis = diagnose(message, now=NOW)
    assert diagnosis.trouble is not None
    assert diagnosis.trouble.code == "sig-missing"
    assert diagnosis.signature is None


@pytest.mark.parametrize("data", [b"", b"not xml", b"\xff\xfe", b"<a>", b"\x00", "报文".encode("gbk")])
def test_bytes_that_are_no_xml(data: bytes) -> None:
    assert diagnose(data).verdict == "unreadable"


def test_a_message_inside_an_envelope(signed: bytes) -> None:
    data = base64.b64encode(signed).decode()
    envelope = f'<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"><Data>{data}</Data></DxpMsg>'
    assert diagnose(envelope.encode(), now=NOW).message_type == "CEB311Message"


def test_a_diagnosis_is_json(signed: bytes) -> None:
    content = msgspec.json.decode(msgspec.json.encode(diagnose(signed.replace(b">100.5<", b">1<"), now=NOW)))
    assert content["verdict"] == "refused"
    assert content["trouble"]["receipt_code"] == -301008
    assert content["certificate"]["key"] == "sm2 256"


def test_a_failed_diagnosis_writes_nothing_to_the_error_output(
    signed: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    diagnose(signed.replace(b"ds:", b"x:").replace(b":ds=", b":x="), now=datetime(2020, 1, 1, tzinfo=UTC))
    assert capfd.readouterr().err.count("sm2_do_verify") <= 1


def _registry(signer_of: Signers, code: str) -> Registry:
    enterprise = EnterpriseCode(code)
    certificate = Certificate(
        fingerprint=signer_of(Algorithm.SM2_SM3).fingerprint,
        enterprise=enterprise,
        since=date(2026, 1, 1),
        until=date(2026, 12, 31),
    )
    return Registry(
        enterprises={enterprise: Enterprise(code=enterprise, name="某某测试平台")},
        certificates={certificate.fingerprint: certificate},
    )

"""Verification: what holds, and each way a signature can fail, by its own class."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from sandan.sandbox import authority as authority_room
from sandan.sandbox.authority import Authority
from sandan.signing import sm2
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.signing.profile import binary
from sandan.signing.sign import sign
from sandan.signing.software import SoftwareSigner
from sandan.signing.verify import verify

Signers = Callable[[Algorithm], SoftwareSigner]
Check = Callable[[bytes], Report]
Resign = Callable[[bytes], bytes]
DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'


def _element(data: bytes, name: str) -> bytes:
    start = data.index(f"<ds:{name}".encode())
    return data[start : data.index(f"</ds:{name}>".encode()) + len(f"</ds:{name}>")]


def _text(data: bytes, name: str) -> bytes:
    return _element(data, name).partition(b">")[2].partition(b"<")[0]


def test_a_report_says_who_signed_what_and_how(signed: bytes, check: Check) -> None:
    report = check(signed)
    assert report.ok
    assert report.certificate is not None
    assert report.certificate.subject == "O=三单测试（虚构）, OU=3301960A01, CN=云集测试平台（测试）"
    assert report.certificate.key_kind == "sm2"
    assert report.digest_expected == report.digest_found
    assert report.key_name in report.certificate.serial_spellings


def test_verification_leaves_the_tree_as_it_was(signed: bytes, policy: Policy) -> None:
    root = etree.fromstring(signed)
    before = etree.tostring(root)
    verify(root, policy)
    assert etree.tostring(root) == before


def test_sm2_values_may_be_der(signed: bytes, check: Check) -> None:
    raw = binary(_text(signed, "SignatureValue").decode(), "SignatureValue")
    der = etree.fromstring(signed)
    value = der.find(".//{*}SignatureValue")
    assert value is not None
    value.text = _base64(sm2.der_of(raw))
    assert check(etree.tostring(der)).ok


def test_base64_may_be_broken_into_lines(signed: bytes, check: Check) -> None:
    value = _text(signed, "SignatureValue")
    assert check(signed.replace(value, b"\n" + value[:40] + b"\r\n\t" + value[40:] + b" \n")).ok


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_declaration_added_in_front_changes_nothing(newline: bytes, signed: bytes, check: Check) -> None:
    bare = signed.partition(b"?>\n")[2]
    assert check(bare).ok
    assert check(b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>' + newline + bare).ok


def test_the_order_of_attributes_does_not_matter(signed: bytes, check: Check) -> None:
    guid = b'guid="6B0C7C1E-9F3A-4C55-8E21-000000000001" '
    assert check(signed.replace(guid, b"").replace(b'version="1.0">', b'version="1.0" ' + guid.strip() + b">")).ok


def test_no_signature(message: bytes, check: Check) -> None:
    assert check(message).fault is FaultClass.MISSING


def test_a_changed_amount(signed: bytes, check: Check) -> None:
    report = check(signed.replace(b">100.5<", b">10.5<"))
    assert report.fault is FaultClass.DIGEST
    assert report.digest_expected != report.digest_found


def test_a_digest_changed_to_fit(signed: bytes, check: Check) -> None:
    """Who changes the message and its digest still lacks the key."""
    changed = signed.replace(b">100.5<", b">10.5<")
    report = check(changed)
    forged = changed.replace(report.digest_expected.encode(), report.digest_found.encode())
    assert check(forged).fault is FaultClass.SIGNATURE


def test_a_document_type_declaration(signed: bytes, check: Check) -> None:
    assert check(signed.replace(b"?>\n", b"?>\n<!DOCTYPE a>")).fault is FaultClass.DTD


def test_a_comment_that_splits_a_value(signed: bytes, check: Check) -> None:
    """C14N drops comments, so the digest would still agree while readers see ``DD``."""
    assert check(signed.replace(b"DD-0001", b"DD<!-- -->-0001")).fault is FaultClass.COMMENT


@pytest.mark.parametrize("place", [b"<ceb:Order>", b"<ceb:CEB311Message "])
def test_a_processing_instruction(place: bytes, signed: bytes, check: Check) -> None:
    assert check(signed.replace(place, b"<?x y?>" + place)).fault is FaultClass.INSTRUCTION


def test_a_processing_instruction_after_the_root(signed: bytes, check: Check) -> None:
    assert check(signed + b"<?x y?>").fault is FaultClass.INSTRUCTION


def test_two_signatures(signed: bytes, check: Check) -> None:
    signature = _element(signed, "Signature")
    assert check(signed.replace(signature, signature * 2)).fault is FaultClass.DUPLICATE


def test_a_signature_moved_into_a_document(signed: bytes, check: Check) -> None:
    signature = _element(signed, "Signature")
    moved = signed.replace(signature, b"").replace(b"</ceb:BaseTransfer>", signature + b"</ceb:BaseTransfer>")
    assert check(moved).fault is FaultClass.MISPLACED


def test_a_signed_message_wrapped_in_another(signed: bytes, check: Check) -> None:
    """The signed message rides inside; the documents read stand outside it."""
    inner = signed.partition(b"?>\n")[2]
    outer = b'<ceb:CEB311Message xmlns:ceb="http://www.chinaport.gov.cn/ceb"><ceb:Order/>' + inner
    assert check(outer + b"</ceb:CEB311Message>").fault is FaultClass.MISPLACED


def test_a_second_document_beside_the_signed_one(signed: bytes, check: Check) -> None:
    order = signed[signed.index(b"<ceb:Order>") : signed.index(b"</ceb:Order>") + len(b"</ceb:Order>")]
    assert check(signed.replace(order, order * 2)).fault is FaultClass.DIGEST


def test_only_a_root_is_verified(signed: bytes, policy: Policy) -> None:
    wrapped = etree.fromstring(b"<box>" + signed.partition(b"?>\n")[2] + b"</box>")
    assert verify(wrapped[0], policy).fault is FaultClass.MISPLACED


def test_another_element_that_looks_like_the_signature(signed: bytes, check: Check) -> None:
    """Verifiers that cut the text would cut here."""
    decoy = b'<ceb:note xmlns:ds="urn:decoy"><ds:Signature></ds:Signature></ceb:note>'
    assert check(signed.replace(b"<ceb:note/>", decoy)).fault is FaultClass.DUPLICATE


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"REC-xml-c14n-20010315", b"REC-xml-c14n-20010315#WithComments", FaultClass.CANONICALIZATION),
        (b"TR/2001/REC-xml-c14n-20010315", b"2001/10/xml-exc-c14n#", FaultClass.CANONICALIZATION),
        (b"2022/04/xmldsig#sm2-sm3", b"2022/04/xmldsig#sm9", FaultClass.ALGORITHM),
        (b"http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3", b"http://www.w3.org/2000/09/xmldsig#sm2-sm3", FaultClass.ALGORITHM),
        (b"http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3", b"http://www.w3.org/2000/09/xmldsig#hmac-sha1", FaultClass.ALGORITHM),
        (b'Reference URI=""', b'Reference URI="#a"', FaultClass.REFERENCE),
        (b'Reference URI=""', b"Reference", FaultClass.REFERENCE),
        (b'Reference URI=""', b'Reference URI="" Type="x"', FaultClass.REFERENCE),
        (b"#enveloped-signature", b"#base64", FaultClass.TRANSFORM),
        (b'<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>', b"", FaultClass.TRANSFORM),
        (b"http://www.chinaport.gov.cn/2022/04/xmldsig#sm3", b"http://www.w3.org/2000/09/xmldsig#sha1", FaultClass.DIGEST_METHOD),
        (b"<ds:SignedInfo>", b'<ds:SignedInfo Id="a">', FaultClass.STRUCTURE),
        (b"<ceb:CEB311Message ", b'<ceb:CEB311Message xml:lang="zh" ', FaultClass.STRUCTURE),
        (b"</ds:KeyInfo>", b"</ds:KeyInfo><ds:Object/>", FaultClass.STRUCTURE),
        (b"</ds:KeyInfo>", b"</ds:KeyInfo>text", FaultClass.STRUCTURE),
        (b"<ds:KeyName>", b"<ds:KeyName>1</ds:KeyName><ds:KeyName>", FaultClass.STRUCTURE),
        (b"</ds:DigestValue>", b"<a/></ds:DigestValue>", FaultClass.STRUCTURE),
        (b'#enveloped-signature">', b'#enveloped-signature"><a/>', FaultClass.STRUCTURE),
        (b"<ceb:note/>", b'<x xmlns="relative"/>', FaultClass.STRUCTURE),
        (b"<ds:DigestValue>", b"<ds:DigestValue>*", FaultClass.BASE64),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>A", FaultClass.BASE64),
        (b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA", FaultClass.CERTIFICATE),
        (b"X509Certificate", b"X509SubjectName", FaultClass.CERTIFICATE),
    ],
)  # fmt: skip
def test_a_signature_of_another_form(old: bytes, new: bytes, fault: FaultClass, signed: bytes, check: Check) -> None:
    assert check(signed.replace(old, new)).fault is fault


def test_two_references(signed: bytes, check: Check) -> None:
    reference = _element(signed, "Reference")
    assert check(signed.replace(reference, reference * 2)).fault is FaultClass.REFERENCE


def test_two_transforms(signed: bytes, check: Check) -> None:
    transform = b'<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'
    assert check(signed.replace(transform, transform * 2)).fault is FaultClass.TRANSFORM


ENVELOPED = b'<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'


def test_a_signature_alone(signed: bytes, check: Check) -> None:
    """Detached: the message it speaks of came by another way, and nothing here is signed."""
    assert check(_element(signed, "Signature")).fault is FaultClass.MISPLACED


def test_a_signature_beside_the_message(signed: bytes, check: Check) -> None:
    signature = _element(signed, "Signature")
    message = signed.partition(b"?>\n")[2].replace(signature, b"")
    assert check(b"<box>" + message + signature + b"</box>").fault is FaultClass.DIGEST


def test_a_signature_around_the_message(signed: bytes, check: Check) -> None:
    """Enveloping: the message rides in an Object of the signature."""
    signature = _element(signed, "Signature")
    message = signed.partition(b"?>\n")[2].replace(signature, b"")
    around = signature.replace(b"</ds:Signature>", b"<ds:Object>" + message + b"</ds:Object></ds:Signature>")
    assert check(around).fault is FaultClass.MISPLACED


def test_a_signature_moved_to_the_front_covers_the_same_message(signed: bytes, check: Check) -> None:
    """The digest is that of all but the signature; its place is for the schema to judge."""
    signature = _element(signed, "Signature")
    assert check(signed.replace(signature, b"").replace(b"<ceb:Order>", signature + b"<ceb:Order>")).ok


def test_a_second_signature_inside_the_first(signed: bytes, check: Check) -> None:
    signature = _element(signed, "Signature")
    nested = signature.replace(b"</ds:Signature>", b"<ds:Object>" + signature + b"</ds:Object></ds:Signature>")
    assert check(signed.replace(signature, nested)).fault is FaultClass.DUPLICATE


@pytest.mark.parametrize(
    "uri", [b"#xpointer(/)", b"#6B0C7C1E-9F3A-4C55-8E21-000000000001", b"file:///etc/hostname", b"http://127.0.0.1:9/a"]
)
def test_an_honest_key_under_a_reference_elsewhere(uri: bytes, signed: bytes, check: Check, resign: Resign) -> None:
    """Only ``URI=""`` names the message that is read; nothing is fetched to find out."""
    assert check(resign(signed.replace(b'URI=""', b'URI="' + uri + b'"'))).fault is FaultClass.REFERENCE


@pytest.mark.parametrize(
    "more",
    [
        b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
        b'<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
        b'<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"/>',
    ],
)
def test_an_honest_key_under_a_transform_that_could_leave_something_out(
    more: bytes, signed: bytes, check: Check, resign: Resign
) -> None:
    assert check(resign(signed.replace(ENVELOPED, ENVELOPED + more))).fault is FaultClass.TRANSFORM
    assert check(resign(signed.replace(ENVELOPED, more))).fault is FaultClass.TRANSFORM


def test_an_honest_key_under_an_xpath_that_leaves_the_price_out(signed: bytes, check: Check, resign: Resign) -> None:
    xpath = ENVELOPED.replace(b"2000/09/xmldsig#enveloped-signature", b"TR/1999/REC-xpath-19991116")
    filtered = xpath.replace(b"></", b"><ds:XPath>not(self::ceb:goodsValue)</ds:XPath></")
    assert check(resign(signed.replace(ENVELOPED, ENVELOPED + filtered))).fault is FaultClass.STRUCTURE


@pytest.mark.parametrize("name", ["ds:SignedInfo", "ds:DigestValue", "ds:SignatureValue", "ds:X509Certificate"])
def test_a_comment_in_the_signature(name: str, signed: bytes, check: Check) -> None:
    assert check(signed.replace(f"<{name}>".encode(), f"<{name}><!-- -->".encode())).fault is FaultClass.COMMENT


def test_a_comment_outside_the_root_is_no_part_of_what_is_signed(signed: bytes, check: Check) -> None:
    assert check(signed.replace(b"?>\n", b"?>\n<!-- x -->") + b"<!-- y -->").ok


def test_two_certificates(signed: bytes, check: Check) -> None:
    certificate = _element(signed, "X509Certificate")
    assert check(signed.replace(certificate, certificate * 2)).fault is FaultClass.CERTIFICATE


def test_a_certificate_longer_than_any_real_one(signed: bytes, check: Check) -> None:
    """What is remembered by its text must not be as long as a sender likes."""
    assert check(signed.replace(b"<ds:X509Certificate>", b"<ds:X509Certificate>" + b" " * 20_000)).fault is (
        FaultClass.CERTIFICATE
    )


def test_more_namespaces_than_any_message_has(signed: bytes, check: Check) -> None:
    scope = b" ".join(b'xmlns:n%d="urn:%d"' % (number, number) for number in range(400))
    assert check(signed.replace(b" xmlns:xsi=", b" " + scope + b" xmlns:xsi=", 1)).fault is FaultClass.STRUCTURE


def test_base64_that_another_text_would_also_give(signed: bytes, check: Check) -> None:
    """The last digit of padded base64 has bits to spare; only one spelling is taken."""
    value = _text(signed, "SignatureValue")
    assert value.endswith(b"==")
    sloppy = value[:-3] + bytes([value[-3] + 1]) + b"=="
    assert check(signed.replace(value, sloppy)).fault is FaultClass.BASE64


def test_a_key_name_is_only_a_hint(signed: bytes, check: Check) -> None:
    assert check(signed.replace(_element(signed, "KeyName"), b"<ds:KeyName>0001</ds:KeyName>")).ok
    assert check(signed.replace(_element(signed, "KeyName"), b"")).ok


def test_white_space_between_elements_of_the_signature_counts_where_it_is_signed(
    signed: bytes, check: Check, resign: Resign
) -> None:
    spaced = signed.replace(b"<ds:SignedInfo>", b"<ds:SignedInfo>\n  ").replace(b"<ds:KeyInfo>", b"\n<ds:KeyInfo>\n")
    assert check(spaced).fault is FaultClass.SIGNATURE
    assert check(resign(spaced)).ok


def test_the_signature_may_use_another_prefix(signed: bytes, check: Check, resign: Resign) -> None:
    assert check(resign(signed.replace(b"ds:", b"d:").replace(b":ds=", b":d="))).ok


def test_the_signature_may_use_the_default_namespace(signed: bytes, check: Check, resign: Resign) -> None:
    assert check(resign(signed.replace(b"ds:", b"").replace(b":ds=", b"="))).ok


def test_sha1_is_refused_unless_the_policy_allows_it(message: bytes, signer_of: Signers, policy: Policy) -> None:
    root = etree.fromstring(sign(message, signer_of(Algorithm.RSA_SHA1)))
    assert verify(root, policy).fault is FaultClass.LEGACY
    assert verify(root, Policy(at=policy.at, algorithms=frozenset({Algorithm.RSA_SHA1}))).ok


def test_sm2_is_refused_where_the_policy_leaves_it_out(signed: bytes, policy: Policy) -> None:
    only_rsa = Policy(at=policy.at, algorithms=frozenset({Algorithm.RSA_SHA256}))
    assert verify(etree.fromstring(signed), only_rsa).fault is FaultClass.ALGORITHM


def test_an_rsa_certificate_under_an_sm2_method(
    signed: bytes, message: bytes, signer_of: Signers, check: Check
) -> None:
    rsa = sign(message, signer_of(Algorithm.RSA_SHA256))
    mixed = signed.replace(_element(signed, "KeyInfo"), _element(rsa, "KeyInfo"))
    assert check(mixed).fault is FaultClass.KEY


def test_an_rsa_key_of_1024_bits_under_sha256(
    message: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: Policy
) -> None:
    """The specification pairs SHA-256 with 2048 bits; 1024 go with SHA-1 only."""
    monkeypatch.setattr(authority_room, "_RSA_BITS", 1024)
    days = (date(2026, 1, 1), date(2026, 12, 31))
    weak = Authority(tmp_path).issue("甲", "3301960A03", Algorithm.RSA_SHA256, *days)
    assert verify(etree.fromstring(sign(message, weak)), policy).fault is FaultClass.KEY


def test_another_certificate_than_the_key_that_signed(signed: bytes, authority: Authority, check: Check) -> None:
    other = authority.issue("别家", "3301960A99", Algorithm.SM2_SM3, date(2026, 1, 1), date(2026, 12, 31))
    swapped = signed.replace(_text(signed, "X509Certificate"), _base64(other.certificate_der).encode())
    assert check(swapped).fault is FaultClass.SIGNATURE


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), FaultClass.NOT_YET_VALID),
        (datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC), None),
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC) + timedelta(seconds=1), FaultClass.EXPIRED),
    ],
)
def test_a_certificate_is_valid_from_its_first_to_its_last_second(
    at: datetime, fault: FaultClass | None, signed: bytes
) -> None:
    assert verify(etree.fromstring(signed), Policy(at=at)).fault is fault


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()

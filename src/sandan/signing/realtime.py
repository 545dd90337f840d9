"""Verifies the signature of real-time payment data (179 号公告验签) with the certificate registered for the platform.

Unlike a CEB message an upload carries no certificate, only its serial (certNo), so the certificate must be registered.
RSA cards sign with SHA-1 and SM2 cards with SM3, as the interface description knows no other (V1.0, section 3.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from sandan.oversight.facts import Seal
from sandan.oversight.facts import Slip
from sandan.signing import certificates
from sandan.signing import sm2
from sandan.signing.facts import key_name
from sandan.signing.port import Algorithm
from sandan.terms.ids import RuleId

_AROUND = 12


class Signed(Struct, frozen=True, kw_only=True):
    """What an upload says of its signature."""

    #: Serial as sent
    cert_no: str
    #: Text that should have been signed
    text: bytes
    signature: bytes
    #: Rule and text of known mistakes, in the order to try
    mistaken: Iterable[tuple[RuleId, bytes]] = ()


def serial_of(certificate: bytes) -> str:
    """``certNo`` of a certificate (DER): its serial in lower-case hex.

    Raises:
        UnreadableError: It is no certificate with an RSA or SM2 key.
    """
    return key_name(certificates.read(certificate).facts.serial)


def seal(signed: Signed, registered: Mapping[str, bytes], now: datetime) -> Seal:
    """Whether the signature is the registered certificate's, and if not, the mistake that explains it.

    Args:
        signed: Serial, text and signature.
        registered: Certificates (DER) of the platform, by certNo.
        now: Moment the certificate must be valid at.
    """
    spelling = _registered_as(signed.cert_no, registered)
    if spelling is None:
        known = ", ".join(registered) or "-"
        slip = Slip(rule=RuleId("P179-CERT-UNREGISTERED"), field="certNo", found=signed.cert_no, expected=known)
        return Seal(holds=False, slips=(slip,))
    certificate = certificates.read(registered[spelling])
    slips = [*_spelling(signed.cert_no, spelling), *_validity(certificate, now), *_value(signed, certificate)]
    return Seal(holds=not slips and bool(signed.signature), slips=tuple(slips))


def _registered_as(cert_no: str, registered: Mapping[str, bytes]) -> str | None:
    """The registered serial that is meant, however it is spelt: other case, leading zeros, decimal."""
    if cert_no in registered:
        return cert_no
    numbers = {int(spelling, 16): spelling for spelling in registered}
    for base in (16, 10):
        try:
            return numbers[int(cert_no, base)]
        except (ValueError, KeyError):
            continue
    return None


def _spelling(found: str, expected: str) -> Iterator[Slip]:
    if found != expected:
        yield Slip(rule=RuleId("P179-CERT-CASE"), field="certNo", found=found, expected=expected)


def _validity(certificate: certificates.Certificate, now: datetime) -> Iterator[Slip]:
    facts = certificate.facts
    if not facts.not_before <= now <= facts.not_after:
        days = f"{facts.not_before:%Y-%m-%d} – {facts.not_after:%Y-%m-%d}"
        yield Slip(rule=RuleId("P179-CERT-LAPSED"), field="certNo", found=f"{now:%Y-%m-%d}", expected=days)


def _value(signed: Signed, certificate: certificates.Certificate) -> Iterator[Slip]:
    """The slips of a value that does not verify: that it does not, and why if a known mistake explains it."""
    if not signed.signature:
        return
    if _fits(certificate, signed.text, signed.signature):
        return
    with sm2.quietly():
        cause = _cause(signed, certificate)
    yield Slip(rule=RuleId("P179-SIGNATURE"), field="signValue", found=cause.rule if cause else "")
    if cause:
        yield cause


def _cause(signed: Signed, certificate: certificates.Certificate) -> Slip | None:
    if certificate.key.verifies(signed.signature, signed.text, Algorithm.RSA_SHA256):
        return Slip(rule=RuleId("P179-SIGNED-SHA256"), field="signValue", found="SHA-256", expected="SHA-1")
    for rule, text in signed.mistaken:
        if _fits(certificate, text, signed.signature):
            found, expected = _difference(text.decode(), signed.text.decode())
            return Slip(rule=rule, field="signValue", found=found, expected=expected)
    return None


def _difference(found: str, expected: str) -> tuple[str, str]:
    """Both texts around the first character that differs: enough to see it, too little to show what is private."""
    pairs = zip(found, expected, strict=False)
    at = next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(found), len(expected)))
    begin = max(at - _AROUND, 0)
    return f"[{at}] …{found[begin : at + _AROUND]}…", f"[{at}] …{expected[begin : at + _AROUND]}…"


def _fits(certificate: certificates.Certificate, text: bytes, signature: bytes) -> bool:
    algorithm = Algorithm.SM2_SM3 if certificate.facts.key_kind == "sm2" else Algorithm.RSA_SHA1
    return certificate.key.verifies(signature, text, algorithm)

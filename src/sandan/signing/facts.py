"""What a verification is asked for and what it answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from sandan.signing.port import Algorithm


class FaultClass(StrEnum):
    """Why a signature is refused; the value is stable and shown to users."""

    MISSING = "sig-missing"
    """The message carries no signature."""
    DTD = "sig-dtd"
    """The message has a document type declaration."""
    COMMENT = "sig-comment"
    """The message contains a comment, which the digest does not cover."""
    INSTRUCTION = "sig-instruction"
    """The message contains a processing instruction."""
    DUPLICATE = "sig-duplicate"
    """More than one signature."""
    MISPLACED = "sig-misplaced"
    """The signature is no child of the root: wrapped or moved."""
    STRUCTURE = "sig-structure"
    """The signature has other parts than the specification lists."""
    CANONICALIZATION = "sig-c14n"
    """Another canonicalization than inclusive C14N 1.0."""
    ALGORITHM = "sig-algorithm"
    """A signature method outside the specification."""
    LEGACY = "sig-legacy"
    """RSA with SHA-1 from a sender it is not allowed to."""
    REFERENCE = "sig-reference"
    """Not exactly one reference to the whole message."""
    TRANSFORM = "sig-transform"
    """Not exactly the enveloped transform."""
    DIGEST_METHOD = "sig-digest-method"
    """A digest method that does not belong to the signature method."""
    BASE64 = "sig-base64"
    """A value that is no base64 or of the wrong length."""
    CERTIFICATE = "sig-certificate"
    """No certificate, or one that cannot be read."""
    KEY = "sig-key"
    """The certificate's key does not fit the signature method, or is too short."""
    DIGEST = "sig-digest"
    """The message is not the one that was signed."""
    SIGNATURE = "sig-value"
    """The signature does not belong to the key in the certificate."""
    NOT_YET_VALID = "sig-not-yet-valid"
    """The certificate begins later."""
    EXPIRED = "sig-expired"
    """The certificate has ended."""
    UNREGISTERED = "sig-unregistered"
    """Nobody registered the certificate."""
    REVOKED = "sig-revoked"
    """The certificate was revoked."""
    LAPSED = "sig-lapsed"
    """The registration of the certificate does not cover the day."""
    OTHER_ENTERPRISE = "sig-other-enterprise"
    """The certificate belongs to another enterprise than the one the message names."""


class Policy(Struct, frozen=True, kw_only=True):
    """What a verification accepts, and the moment it judges certificates at."""

    #: Moment the certificate must be valid at, aware
    at: datetime
    #: Methods accepted; RSA with SHA-1 only where a sender's registration allows it
    algorithms: frozenset[Algorithm] = frozenset({Algorithm.SM2_SM3, Algorithm.RSA_SHA256})


class CertificateFacts(Struct, frozen=True, kw_only=True):
    """What a certificate says of itself (证书); names may be personal data and are masked where they are shown."""

    #: SHA-256 of the DER, lower-case hex; the registry knows certificates by it
    fingerprint: str
    #: Subject as ``CN=…, O=…``, in the certificate's order
    subject: str
    issuer: str
    serial: int
    not_before: datetime
    not_after: datetime
    #: ``rsa`` or ``sm2``
    key_kind: str
    key_bits: int

    @property
    def serial_spellings(self) -> tuple[str, ...]:
        """The serial as ``KeyName`` spells it in practice: hex with leading zero, without, decimal."""
        return (key_name(self.serial), f"{self.serial:x}", str(self.serial))


class Written(Struct, frozen=True, kw_only=True):
    """A signature of the usual form as text, with the canonical bytes it covers; who tells these read no tree."""

    #: ``Algorithm`` of CanonicalizationMethod
    canonicalization: str
    #: ``Algorithm`` of SignatureMethod
    signature_method: str
    #: ``Algorithm`` of the only Transform
    transform: str
    #: ``Algorithm`` of DigestMethod
    digest_method: str
    digest_value: str
    signature_value: str
    key_name: str
    #: Base64 of the only certificate
    certificate: str
    #: Canonical message without the signature: what is digested
    message: bytes
    #: Canonical SignedInfo: what is signed
    signed_info: bytes


class Report(Struct, frozen=True, kw_only=True):
    """What a verification found; ``ok`` is the verdict, the rest explains it."""

    #: None where everything holds
    fault: FaultClass | None = None
    #: The value the fault is about, already words
    detail: str = ""
    algorithm: Algorithm | None = None
    certificate: CertificateFacts | None = None
    #: ``KeyName`` as sent, a hint only
    key_name: str = ""
    #: Digest the message claims, base64
    digest_expected: str = ""
    #: Digest of the message as received, base64
    digest_found: str = ""

    @property
    def ok(self) -> bool:
        """Whether the signature holds."""
        return self.fault is None

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the certificate, empty where there is none."""
        return self.certificate.fingerprint if self.certificate else ""


def key_name(serial: int) -> str:
    """Serial number as lower-case hex of whole bytes, as cards of the port spell ``KeyName``."""
    text = f"{serial:x}"
    return text.zfill(len(text) + len(text) % 2)

"""Certificates: what they say, and the key in them, read once each and remembered by content.

Texts in certificates of the port are GBK or UTF-8 whatever their ASN.1 type says, so they are decoded leniently.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from msgspec import Struct

from sandan.signing import der
from sandan.signing import sm2
from sandan.signing.facts import CertificateFacts
from sandan.signing.port import Algorithm
from sandan.signing.port import Verifier

_UNCOMPRESSED = 0x04
_BMP_STRING = b"\x1e"
_SHORT_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.5": "serialNumber",
    "1.2.840.113549.1.9.1": "emailAddress",
}


class UnreadableError(ValueError):
    """The bytes are no certificate we can use; the message says why."""


class Certificate(Struct, frozen=True, kw_only=True):
    """A certificate with its key ready for use."""

    facts: CertificateFacts
    key: Verifier


class RsaKey(Struct, frozen=True):
    """An RSA public key."""

    key: rsa.RSAPublicKey

    @property
    def bits(self) -> int:
        """Length of the modulus."""
        return self.key.key_size

    def verifies(self, signature: bytes, data: bytes, algorithm: Algorithm) -> bool:
        """Whether the PKCS#1 v1.5 signature is this key's."""
        hashing = _RSA_HASHES.get(algorithm)
        if hashing is None:
            return False
        try:
            self.key.verify(signature, data, padding.PKCS1v15(), hashing)
        except InvalidSignature:
            return False
        return True


class Sm2Key(Struct, frozen=True):
    """An SM2 public key: the point without its leading 04, 64 bytes."""

    point: bytes

    @property
    def bits(self) -> int:
        """Length of the curve."""
        return sm2.KEY_BITS

    def verifies(self, signature: bytes, data: bytes, algorithm: Algorithm) -> bool:
        """Whether the SM2 signature, raw or DER, is this key's."""
        return algorithm is Algorithm.SM2_SM3 and sm2.verifies(self.point, signature, data)


_RSA_HASHES: dict[Algorithm, hashes.HashAlgorithm] = {
    Algorithm.RSA_SHA256: hashes.SHA256(),
    Algorithm.RSA_SHA1: hashes.SHA1(),  # noqa: S303  # the legacy method; the policy decides whether it is accepted
}


@lru_cache(maxsize=1024)
def read(content: bytes) -> Certificate:
    """The certificate in ``content`` (DER).

    Raises:
        UnreadableError: It is no certificate, or its key is neither RSA nor SM2.
    """
    try:
        shape = asn1.decode_der(der.Certificate, content)
    except ValueError as error:
        raise UnreadableError(f"no X.509 certificate: {error}") from error
    key = _key(shape.body.public_key)
    return Certificate(facts=_facts(content, shape.body, key), key=key)


def text_of(value: asn1.TLV) -> str:
    """Text of a name or extension, whatever it is really encoded in."""
    content = bytes(value.data)
    if value.tag_bytes == _BMP_STRING:
        return content.decode("utf-16-be", "replace")
    for encoding in ("utf-8", "gbk"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def attributes(name: list[asn1.SetOf[der.Attribute]]) -> list[tuple[str, str]]:
    """Attributes of a name as pairs such as ``("CN", "…")``, in their order."""
    return [
        (_SHORT_NAMES.get(attribute.type.dotted_string, attribute.type.dotted_string), text_of(attribute.value))
        for part in name
        for attribute in part.as_list()
    ]


def _facts(content: bytes, body: der.Body, key: RsaKey | Sm2Key) -> CertificateFacts:
    return CertificateFacts(
        fingerprint=hashlib.sha256(content).hexdigest(),
        subject=_line(body.subject),
        issuer=_line(body.issuer),
        serial=body.serial,
        not_before=body.validity.not_before.as_datetime(),
        not_after=body.validity.not_after.as_datetime(),
        key_kind="sm2" if isinstance(key, Sm2Key) else "rsa",
        key_bits=key.bits,
    )


def _line(name: list[asn1.SetOf[der.Attribute]]) -> str:
    return ", ".join(f"{kind}={text}" for kind, text in attributes(name))


def _key(info: der.PublicKeyInfo) -> RsaKey | Sm2Key:
    if info.algorithm.algorithm == der.EC_PUBLIC_KEY and info.algorithm.parameters == der.SM2_CURVE:
        return _sm2_key(info.key.as_bytes())
    try:
        key = load_der_public_key(asn1.encode_der(info))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnreadableError(f"the certificate's key cannot be read: {error}") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise UnreadableError("the certificate's key is neither RSA nor SM2")
    return RsaKey(key)


def _sm2_key(point: bytes) -> Sm2Key:
    if len(point) != 1 + sm2.RAW_LENGTH or point[0] != _UNCOMPRESSED:
        raise UnreadableError("the SM2 key is no uncompressed point of 65 bytes")
    return Sm2Key(point[1:])

"""What the room asks of keys: a signer that may be software, a card or a machine, and a key that verifies.

The three algorithms are those of the specification for enterprises (海关跨境统一版系统企业对接报文规范, 202205, section 6)
and of its 2018 edition, which named SHA-256 with RSA without a URI.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Protocol

from gmssl_pyx import sm3_hash


class Algorithm(StrEnum):
    """How a message may be signed (签名算法)."""

    SM2_SM3 = "sm2-sm3"
    """SM2 over SM3 (国密), preferred since 2022-07-01."""
    RSA_SHA256 = "rsa-sha256"
    """RSA PKCS#1 v1.5 over SHA-256."""
    RSA_SHA1 = "rsa-sha1"
    """RSA PKCS#1 v1.5 over SHA-1, for certificates older than the 202205 edition."""

    @property
    def signature_uri(self) -> str:
        """Identifier that stands in ``SignatureMethod``."""
        return _SIGNATURE_URIS[self]

    @property
    def digest_uri(self) -> str:
        """Identifier that stands in ``DigestMethod``; each signature method has exactly one."""
        return _DIGEST_URIS[self]

    def digest(self, data: bytes) -> bytes:
        """Digest of ``data`` by the hash that belongs to the algorithm."""
        if self is Algorithm.SM2_SM3:
            return bytes(sm3_hash(data))
        if self is Algorithm.RSA_SHA256:
            return hashlib.sha256(data).digest()
        return hashlib.sha1(data, usedforsecurity=False).digest()


_SIGNATURE_URIS = {
    Algorithm.SM2_SM3: "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3",
    Algorithm.RSA_SHA256: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    Algorithm.RSA_SHA1: "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
}

_DIGEST_URIS = {
    Algorithm.SM2_SM3: "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3",
    Algorithm.RSA_SHA256: "http://www.w3.org/2001/04/xmlenc#sha256",
    Algorithm.RSA_SHA1: "http://www.w3.org/2000/09/xmldsig#sha1",
}

BY_SIGNATURE_URI = {uri: algorithm for algorithm, uri in _SIGNATURE_URIS.items()}
"""Algorithm by the identifier in ``SignatureMethod``."""

BY_DIGEST_URI = {uri: algorithm for algorithm, uri in _DIGEST_URIS.items()}
"""Algorithm by the identifier in ``DigestMethod``."""


class Signer(Protocol):
    """Something that holds one private key and its certificate (签名密钥)."""

    @property
    def algorithm(self) -> Algorithm:
        """Algorithm the key signs with."""

    @property
    def certificate_der(self) -> bytes:
        """Certificate of the key, DER."""

    @property
    def key_name(self) -> str:
        """Serial number of the certificate in hex, as ``KeyName`` wants it."""

    def sign(self, data: bytes) -> bytes:
        """Signature over ``data``; SM2 as 64 bytes r‖s."""


class Verifier(Protocol):
    """A public key (验签公钥)."""

    @property
    def bits(self) -> int:
        """Length of the key in bits."""

    def verifies(self, signature: bytes, data: bytes, algorithm: Algorithm) -> bool:
        """Whether ``signature`` over ``data`` is this key's; False also where the algorithm does not fit the key."""

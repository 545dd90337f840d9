"""SM2 signatures over SM3 (GB/T 32918.2) by GmSSL, which does the arithmetic.

The library digests slowly when it composes Z itself, so Z (GB/T 32918.2 section 5.5) is composed here once a key.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from gmssl_pyx import GmsslInnerError
from gmssl_pyx import sm2_sign_sm3_digest
from gmssl_pyx import sm2_verify_sm3_digest
from gmssl_pyx import sm3_hash

SIGNER_ID = b"1234567812345678"
"""Identity every signer of the platform uses (GM/T 0009)."""

KEY_BITS = 256
_ERROR_OUTPUT = 2
_quiet = Lock()
_HALF = 32
RAW_LENGTH = 2 * _HALF
"""Length of r‖s in bytes."""

_CURVE = bytes.fromhex(
    "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"
)
"""Parameters a, b and the base point of the recommended curve (GB/T 32918.5), 32 bytes each."""


def sign(private: bytes, public: bytes, data: bytes) -> bytes:
    """Signature r‖s of 64 bytes over ``data``.

    Args:
        private: Private key, 32 bytes.
        public: Public point without its leading 04, 64 bytes.
        data: What is signed.
    """
    return raw_of_der(bytes(sm2_sign_sm3_digest(private, message_digest(public, data))))


def verifies(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether ``signature``, raw r‖s or DER, over ``data`` belongs to ``public``."""
    try:
        der = der_of(signature)
        return bool(sm2_verify_sm3_digest(public, message_digest(public, data), der))
    except (ValueError, GmsslInnerError):
        return False


def verifies_without_identity(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` is over SM3(M), without the signer's identity; only diagnosis asks."""
    try:
        return bool(sm2_verify_sm3_digest(public, bytes(sm3_hash(data)), der_of(signature)))
    except (ValueError, GmsslInnerError):
        return False


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the library from writing a line to the error output for each signature that does not fit.

    The error output of the whole process is silent meanwhile, so this is for diagnosis, which tries many forms.
    """
    with _quiet, Path(os.devnull).open("wb") as nowhere:
        kept = os.dup(_ERROR_OUTPUT)
        try:
            os.dup2(nowhere.fileno(), _ERROR_OUTPUT)
            yield
        finally:
            os.dup2(kept, _ERROR_OUTPUT)
            os.close(kept)


def message_digest(public: bytes, data: bytes) -> bytes:
    """The number e = SM3(Z‖M) that is signed."""
    return bytes(sm3_hash(_identity_digest(public) + data))


def der_of(signature: bytes) -> bytes:
    """Signature as canonical DER.

    Raises:
        ValueError: It is neither 64 bytes of r‖s nor canonical DER of two numbers.
    """
    if len(signature) == RAW_LENGTH:
        return encode_dss_signature(int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big"))
    if encode_dss_signature(*decode_dss_signature(signature)) != signature:
        raise ValueError("the signature is no canonical DER")
    return signature


def raw_of_der(signature: bytes) -> bytes:
    """Signature as 64 bytes r‖s.

    Raises:
        ValueError: It is no DER of two numbers.
    """
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


@lru_cache(maxsize=4096)
def _identity_digest(public: bytes) -> bytes:
    """Z: digest of signer id, curve and public key."""
    return bytes(sm3_hash((8 * len(SIGNER_ID)).to_bytes(2, "big") + SIGNER_ID + _CURVE + public))

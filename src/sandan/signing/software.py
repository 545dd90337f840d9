"""Signers whose key lies in a file (软证书): for tests, the sandbox and firms without a card.

The port asks for cards or machines, so a key in a file is warned about unless its use is declared.
"""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from gmssl_pyx import GmsslInnerError
from gmssl_pyx import sm2_sign_sm3_digest

from sandan.signing import certificates
from sandan.signing import der
from sandan.signing import sm2
from sandan.signing.facts import key_name
from sandan.signing.port import Algorithm

_log = structlog.get_logger(__name__)
_RSA_HASHES: dict[Algorithm, hashes.HashAlgorithm] = {
    Algorithm.RSA_SHA256: hashes.SHA256(),
    Algorithm.RSA_SHA1: hashes.SHA1(),  # noqa: S303  # only signs where an old certificate asks for it
}


class Use(StrEnum):
    """What a key in a file is used for."""

    SANDBOX = "sandbox"
    """Tests and the sandbox."""
    ACCEPTED = "accepted"
    """Real messages; the operator knows that the key lies in a file."""
    UNDECLARED = "undeclared"
    """Nobody said: a warning is logged."""


class KeyFileError(ValueError):
    """The key or certificate file cannot be used; the text says why, never what is in it."""


class SoftwareSigner:
    """A signer whose private key is in memory.

    Args:
        algorithm: Algorithm to sign with; it must fit the key.
        key: RSA private key, or the 32 bytes of an SM2 private key.
        certificate_der: Certificate of the key.
        use: What the signer is for.

    Raises:
        KeyFileError: Key, certificate and algorithm do not belong together.
    """

    def __init__(self, algorithm: Algorithm, key: rsa.RSAPrivateKey | bytes, certificate_der: bytes, use: Use) -> None:
        self.algorithm = algorithm
        self.certificate_der = certificate_der
        self.certificate = _certificate(certificate_der)
        self.key_name = key_name(self.certificate.facts.serial)
        self._key = key
        self._prove()
        if use is Use.UNDECLARED:
            _log.warning("software_key_in_use", fingerprint=self.certificate.facts.fingerprint, key_name=self.key_name)

    def __repr__(self) -> str:
        return f"SoftwareSigner({self.algorithm}, {self.key_name})"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, by which the registry knows it."""
        return self.certificate.facts.fingerprint

    def sign(self, data: bytes) -> bytes:
        """Signature over ``data``; SM2 as 64 bytes r‖s."""
        if isinstance(self._key, bytes):
            public = self.certificate.key
            return sm2.sign(self._key, public.point, data) if isinstance(public, certificates.Sm2Key) else b""
        return self._key.sign(data, padding.PKCS1v15(), _RSA_HASHES[self.algorithm])

    def _prove(self) -> None:
        """Sign once, so that a wrong pair is found here and not by customs."""
        if isinstance(self._key, bytes) is not (self.algorithm is Algorithm.SM2_SM3):
            raise KeyFileError(f"the key does not sign {self.algorithm}; choose the algorithm of the key")
        if not self.certificate.key.verifies(self.sign(b"proof"), b"proof", self.algorithm):
            raise KeyFileError("the certificate belongs to another key; give the two files of one key")


def from_pem(key: bytes, certificate: bytes, algorithm: Algorithm, use: Use = Use.UNDECLARED) -> SoftwareSigner:
    """Signer from an unencrypted PEM key (PKCS#8 or SEC 1 for SM2, any for RSA) and a PEM or DER certificate.

    Raises:
        KeyFileError: A file cannot be read, or the two do not belong together.
    """
    return SoftwareSigner(algorithm, private_key(key, algorithm), certificate_der(certificate), use)


def from_pkcs12(content: bytes, pin: bytes, algorithm: Algorithm, use: Use = Use.UNDECLARED) -> SoftwareSigner:
    """Signer from a PKCS#12 file with an RSA key; the PIN is used once and neither kept nor logged.

    Raises:
        KeyFileError: The PIN is wrong, or the file holds no RSA key with its certificate.
    """
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, pin)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError("the PKCS#12 file cannot be opened: the PIN is wrong or the file is damaged") from None
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise KeyFileError("the PKCS#12 file holds no RSA key with its certificate")
    return SoftwareSigner(algorithm, key, certificate.public_bytes(Encoding.DER), use)


def private_key(content: bytes, algorithm: Algorithm) -> rsa.RSAPrivateKey | bytes:
    """Private key for ``algorithm`` in an unencrypted PEM file; of SM2 its 32 bytes.

    Raises:
        KeyFileError: There is none.
    """
    return _sm2_key(content) if algorithm is Algorithm.SM2_SM3 else _rsa_key(content)


def certificate_der(content: bytes) -> bytes:
    """DER of the certificate in a PEM or DER file.

    Raises:
        KeyFileError: A PEM file holds no certificate.
    """
    return _block(content, b"CERTIFICATE") if b"-----BEGIN " in content else content


def _certificate(content: bytes) -> certificates.Certificate:
    try:
        return certificates.read(content)
    except certificates.UnreadableError as error:
        raise KeyFileError(str(error)) from error


def _rsa_key(content: bytes) -> rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError("the file holds no unencrypted PEM private key") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFileError("the private key is no RSA key")
    return key


def _sm2_key(content: bytes) -> bytes:
    body = _block(content, b"PRIVATE KEY")
    try:
        if b"BEGIN EC PRIVATE KEY" in content:
            return asn1.decode_der(der.EcPrivateKey, body).key
        info = asn1.decode_der(der.PrivateKeyInfo, body)
        return _of_sm2_curve(info)
    except (ValueError, GmsslInnerError):
        raise KeyFileError("the file holds no unencrypted SM2 private key (PKCS#8 or SEC 1)") from None


def _of_sm2_curve(info: der.PrivateKeyInfo) -> bytes:
    if info.algorithm.parameters not in (der.SM2_CURVE, None):
        raise ValueError("another curve")
    key = asn1.decode_der(der.EcPrivateKey, info.key).key
    sm2_sign_sm3_digest(key, bytes(32))
    return key


def _block(content: bytes, ending: bytes) -> bytes:
    """DER of the last PEM block whose label ends so; one file may hold parameters, key and certificate."""
    for part in reversed(content.split(b"-----BEGIN ")):
        label, _, rest = part.partition(b"-----")
        if label.endswith(ending):
            return _decoded(rest.partition(b"-----")[0])
    raise KeyFileError(f"the file holds no PEM block {ending.decode()}")


def _decoded(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise KeyFileError("the PEM file is damaged") from None

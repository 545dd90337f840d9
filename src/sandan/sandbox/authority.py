"""The sandbox's certificate authority (测试证书机构): keys and certificates for invented enterprises.

Every name it writes says that it is a test. Roots and leaves are kept in a folder, so that a world played twice
signs with the same keys; nothing outside a sandbox should register them.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import re
from pathlib import Path

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization import PublicFormat
from gmssl_pyx import sm2_key_generate
from msgspec import Struct

from sandan.signing import der
from sandan.signing import sm2
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner
from sandan.signing.software import Use
from sandan.signing.software import certificate_der
from sandan.signing.software import from_pem
from sandan.signing.software import private_key
from sandan.terms.days import SHANGHAI

_RSA_BITS = 2048
_EXPONENT = 65537
_ROOT_DAYS = (dt.date(2016, 1, 1), dt.date(2049, 12, 31))
_RSA_WITH_SHA256 = x509.ObjectIdentifier("1.2.840.113549.1.1.11")
_CODE = re.compile(r"[0-9A-Za-z-]{1,40}")
_ORGANISATION = "三单测试（虚构）"
_VERSION_3 = 2
_TAIL_OF_DAY = dt.time(23, 59, 59)


class _Pair(Struct, frozen=True, kw_only=True):
    """A private key with its public half as it stands in a certificate."""

    private: rsa.RSAPrivateKey | bytes
    public: der.PublicKeyInfo


class _Subject(Struct, frozen=True, kw_only=True):
    """Whom a certificate is for and when it holds."""

    name: str
    unit: str
    days: tuple[dt.date, dt.date]
    extensions: tuple[tuple[str, bytes], ...]


class _Root(Struct, frozen=True, kw_only=True):
    """The key that signs certificates, and the name it signs under."""

    pair: _Pair
    name: list[asn1.SetOf[der.Attribute]]


class Authority:
    """Issues test certificates, RSA and SM2, and keeps them in ``folder``.

    Args:
        folder: Where roots and leaves are kept; made if absent.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def issue(
        self, name: str, code: str, algorithm: Algorithm, valid_from: dt.date, valid_to: dt.date
    ) -> SoftwareSigner:
        """Signer of an invented enterprise; the same code, algorithm and days give the same key again.

        Args:
            name: Name of the enterprise; marked as a test in the certificate.
            code: Its customs code, letters, digits and hyphens.
            algorithm: Algorithm the key is for.
            valid_from: First day of validity, Shanghai.
            valid_to: Last day of validity, Shanghai, inclusive, not after 2049.

        Raises:
            ValueError: The code has other characters, or the days lie outside the root's or in the wrong order.
        """
        if not _CODE.fullmatch(code) or not _ROOT_DAYS[0] <= valid_from <= valid_to <= _ROOT_DAYS[1]:
            raise ValueError(f"no test certificate for {code!r} from {valid_from} to {valid_to}")
        path = self._folder / f"{code}-{algorithm}-{valid_from:%Y%m%d}-{valid_to:%Y%m%d}.pem"
        if not path.exists():
            subject = _Subject(
                name=f"{name}（测试）", unit=code, days=(valid_from, valid_to), extensions=_LEAF_EXTENSIONS
            )
            pair = _generate(algorithm)
            _keep(path, pair, _certificate(subject, pair, self._root(algorithm)))
        content = path.read_bytes()
        return from_pem(content, content, algorithm, Use.SANDBOX)

    def root_certificate(self, algorithm: Algorithm) -> bytes:
        """Certificate of the root that issues for ``algorithm``, DER."""
        return certificate_der(self._root_file(_family(algorithm)).read_bytes())

    def _root(self, algorithm: Algorithm) -> _Root:
        content = self._root_file(_family(algorithm)).read_bytes()
        body = asn1.decode_der(der.Certificate, certificate_der(content)).body
        pair = _Pair(private=private_key(content, _family(algorithm)), public=body.public_key)
        return _Root(pair=pair, name=body.subject)

    def _root_file(self, family: Algorithm) -> Path:
        path = self._folder / f"root-{family}.pem"
        if not path.exists():
            subject = _Subject(
                name=f"三单测试根证书 {family}", unit="TEST ROOT", days=_ROOT_DAYS, extensions=_ROOT_EXTENSIONS
            )
            pair = _generate(family)
            _keep(path, pair, _certificate(subject, pair, _Root(pair=pair, name=_name(subject))))
        return path


_BASIC_CONSTRAINTS = "2.5.29.19"
_KEY_USAGE = "2.5.29.15"
_LEAF_EXTENSIONS = (
    (_BASIC_CONSTRAINTS, b"\x30\x00"),
    (_KEY_USAGE, b"\x03\x02\x06\xc0"),
)
"""No authority; signs and cannot deny it."""
_ROOT_EXTENSIONS = (
    (_BASIC_CONSTRAINTS, b"\x30\x03\x01\x01\xff"),
    (_KEY_USAGE, b"\x03\x02\x01\x06"),
)
"""An authority; signs certificates and revocation lists."""


def _family(algorithm: Algorithm) -> Algorithm:
    """Both RSA methods share one root, which signs with SHA-256."""
    return Algorithm.SM2_SM3 if algorithm is Algorithm.SM2_SM3 else Algorithm.RSA_SHA256


def _certificate(subject: _Subject, pair: _Pair, root: _Root) -> bytes:
    """Certificate of ``pair``, signed by ``root``."""
    method = _method(root.pair)
    body = der.Body(
        version=_VERSION_3,
        serial=_serial(subject, pair),
        signature=method,
        issuer=root.name,
        validity=_validity(*subject.days),
        subject=_name(subject),
        public_key=pair.public,
        issuer_id=None,
        subject_id=None,
        extensions=[
            der.Extension(oid=x509.ObjectIdentifier(oid), critical=True, value=value)
            for oid, value in subject.extensions
        ],
    )
    signature = asn1.BitString(_signature(root.pair, asn1.encode_der(body)), padding_bits=0)
    return asn1.encode_der(der.Certificate(body=body, algorithm=method, signature=signature))


def _validity(first: dt.date, last: dt.date) -> der.Validity:
    begin = dt.datetime.combine(first, dt.time.min, SHANGHAI)
    end = dt.datetime.combine(last, _TAIL_OF_DAY, SHANGHAI)
    return der.Validity(not_before=asn1.UTCTime(begin), not_after=asn1.UTCTime(end))


def _name(subject: _Subject) -> list[asn1.SetOf[der.Attribute]]:
    parts = (("2.5.4.10", _ORGANISATION), ("2.5.4.11", subject.unit), ("2.5.4.3", subject.name))
    return [
        asn1.SetOf(
            [der.Attribute(type=x509.ObjectIdentifier(oid), value=asn1.decode_der(asn1.TLV, asn1.encode_der(text)))]
        )
        for oid, text in parts
    ]


def _serial(subject: _Subject, pair: _Pair) -> int:
    """Eight bytes that begin as real serials do: 03 with SM2, 02 with RSA."""
    digest = hashlib.sha256(subject.unit.encode() + pair.public.key.as_bytes()).digest()
    return int.from_bytes((b"\x03" if isinstance(pair.private, bytes) else b"\x02") + digest[:7], "big")


def _method(pair: _Pair) -> der.AlgorithmIdentifier:
    if isinstance(pair.private, bytes):
        return der.AlgorithmIdentifier(algorithm=der.SM2_WITH_SM3, parameters=None)
    return der.AlgorithmIdentifier(algorithm=_RSA_WITH_SHA256, parameters=asn1.Null())


def _signature(pair: _Pair, data: bytes) -> bytes:
    if isinstance(pair.private, bytes):
        return sm2.der_of(sm2.sign(pair.private, pair.public.key.as_bytes()[1:], data))
    return pair.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _generate(algorithm: Algorithm) -> _Pair:
    if algorithm is Algorithm.SM2_SM3:
        return _generate_sm2()
    key = rsa.generate_private_key(_EXPONENT, _RSA_BITS)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _Pair(private=key, public=asn1.decode_der(der.PublicKeyInfo, public))


def _generate_sm2() -> _Pair:
    point, key = sm2_key_generate()
    curve = der.AlgorithmIdentifier(algorithm=der.EC_PUBLIC_KEY, parameters=der.SM2_CURVE)
    return _Pair(
        private=bytes(key),
        public=der.PublicKeyInfo(algorithm=curve, key=asn1.BitString(b"\x04" + bytes(point), padding_bits=0)),
    )


def _keep(path: Path, pair: _Pair, certificate: bytes) -> None:
    """Write key and certificate as one file that appears whole; of two writers the last one wins."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(_pem("PRIVATE KEY", _private_der(pair)) + _pem("CERTIFICATE", certificate))
    draft.replace(path)


def _private_der(pair: _Pair) -> bytes:
    if not isinstance(pair.private, bytes):
        return pair.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    inner = der.EcPrivateKey(version=1, key=pair.private, curve=None, public=pair.public.key)
    return asn1.encode_der(der.PrivateKeyInfo(version=0, algorithm=pair.public.algorithm, key=asn1.encode_der(inner)))


def _pem(label: str, content: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(content) + f"-----END {label}-----\n".encode()

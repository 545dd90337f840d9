"""Keys in files: which are taken, which are refused, and that nothing secret is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from structlog.testing import capture_logs

from sandan.sandbox.authority import Authority
from sandan.signing.port import Algorithm
from sandan.signing.port import Signer
from sandan.signing.software import KeyFileError
from sandan.signing.software import SoftwareSigner
from sandan.signing.software import Use
from sandan.signing.software import from_pem
from sandan.signing.software import from_pkcs12

DAYS = (date(2026, 1, 1), date(2026, 12, 31))
PIN = b"47110815"


@pytest.fixture
def rsa_file(tmp_path: Path) -> bytes:
    """Key and certificate of an RSA signer in one PEM file."""
    Authority(tmp_path).issue("甲", "4401960A01", Algorithm.RSA_SHA256, *DAYS)
    return next(tmp_path.glob("4401960A01-*")).read_bytes()


@pytest.fixture
def sm2_file(tmp_path: Path) -> bytes:
    Authority(tmp_path).issue("乙", "4401960A02", Algorithm.SM2_SM3, *DAYS)
    return next(tmp_path.glob("4401960A02-*")).read_bytes()


def test_a_software_signer_is_a_signer(signer_of: Callable[[Algorithm], SoftwareSigner]) -> None:
    signer: Signer = signer_of(Algorithm.SM2_SM3)
    assert len(signer.sign(b"data")) == 64
    assert int(signer.key_name, 16)


def test_use_that_nobody_declared_is_warned_about(sm2_file: bytes) -> None:
    with capture_logs() as logs:
        signer = from_pem(sm2_file, sm2_file, Algorithm.SM2_SM3)
    assert [entry["event"] for entry in logs] == ["software_key_in_use"]
    assert logs[0]["log_level"] == "warning"
    assert logs[0]["fingerprint"] == signer.fingerprint


@pytest.mark.parametrize("use", [Use.SANDBOX, Use.ACCEPTED])
def test_declared_use_is_silent(use: Use, sm2_file: bytes) -> None:
    with capture_logs() as logs:
        from_pem(sm2_file, sm2_file, Algorithm.SM2_SM3, use)
    assert logs == []


def test_pkcs12_with_its_pin(rsa_file: bytes) -> None:
    with capture_logs() as logs:
        signer = from_pkcs12(_pkcs12(rsa_file), PIN, Algorithm.RSA_SHA256)
    assert len(signer.sign(b"data")) == 256
    assert PIN.decode() not in str(logs) + repr(signer)


def test_pkcs12_with_another_pin(rsa_file: bytes) -> None:
    with pytest.raises(KeyFileError, match="PIN") as refusal:
        from_pkcs12(_pkcs12(rsa_file), b"12345678", Algorithm.RSA_SHA256)
    assert "12345678" not in str(refusal.value)


def test_pkcs12_of_another_kind_of_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    content = pkcs12.serialize_key_and_certificates(b"k", key, None, None, NoEncryption())
    with pytest.raises(KeyFileError, match="no RSA key"):
        from_pkcs12(content, b"", Algorithm.RSA_SHA256)


def test_sm2_key_in_sec1_form_behind_parameters(sm2_file: bytes) -> None:
    """As OpenSSL writes it: a block of parameters, then the key."""
    from cryptography.hazmat import asn1  # noqa: PLC0415

    from sandan.signing import der  # noqa: PLC0415
    from sandan.signing.software import private_key  # noqa: PLC0415

    key = private_key(sm2_file, Algorithm.SM2_SM3)
    assert isinstance(key, bytes)
    inner = asn1.encode_der(der.EcPrivateKey(version=1, key=key, curve=der.SM2_CURVE, public=None))
    pem = _pem("EC PARAMETERS", b"\x06\x08") + _pem("EC PRIVATE KEY", inner)
    assert from_pem(pem, sm2_file, Algorithm.SM2_SM3, Use.SANDBOX).fingerprint


def test_a_certificate_of_another_key(sm2_file: bytes, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other").issue("丙", "4401960A03", Algorithm.SM2_SM3, *DAYS)
    with pytest.raises(KeyFileError, match="another key"):
        from_pem(sm2_file, other.certificate_der, Algorithm.SM2_SM3, Use.SANDBOX)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_of_the_other_kind(algorithm: Algorithm, sm2_file: bytes, rsa_file: bytes) -> None:
    wrong = rsa_file if algorithm is Algorithm.SM2_SM3 else sm2_file
    with pytest.raises(KeyFileError):
        from_pem(wrong, wrong, algorithm, Use.SANDBOX)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"no pem",
        b"-----BEGIN PRIVATE KEY-----\n****\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\n",
    ],
)
@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA256])
def test_files_that_hold_no_key(key: bytes, algorithm: Algorithm, sm2_file: bytes) -> None:
    with pytest.raises(KeyFileError):
        from_pem(key, sm2_file, algorithm, Use.SANDBOX)


def test_an_encrypted_pem_key_is_refused(rsa_file: bytes) -> None:
    key = load_pem_private_key(rsa_file, None)
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PIN))
    with pytest.raises(KeyFileError, match="unencrypted"):
        from_pem(encrypted, rsa_file, Algorithm.RSA_SHA256, Use.SANDBOX)


@pytest.mark.parametrize(
    "certificate", [b"", b"\x30\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_files_that_hold_no_certificate(certificate: bytes, sm2_file: bytes) -> None:
    with pytest.raises(KeyFileError):
        from_pem(sm2_file, certificate, Algorithm.SM2_SM3, Use.SANDBOX)


def _pkcs12(content: bytes) -> bytes:
    key = load_pem_private_key(content, None)
    certificate = x509.load_pem_x509_certificate(content)
    return pkcs12.serialize_key_and_certificates(b"k", key, certificate, None, BestAvailableEncryption(PIN))  # type: ignore[arg-type]


def _pem(label: str, content: bytes) -> bytes:
    import base64  # noqa: PLC0415

    return f"-----BEGIN {label}-----\n{base64.b64encode(content).decode()}\n-----END {label}-----\n".encode()

"""SM2 against the library's own composition of Z, and against OpenSSL where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from gmssl_pyx import sm2_key_generate
from gmssl_pyx import sm2_sign
from gmssl_pyx import sm2_verify
from hypothesis import given
from hypothesis import strategies as st

from sandan.sandbox.authority import Authority
from sandan.signing import sm2
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="OpenSSL's command is not installed")


@given(data=st.binary(max_size=300))
def test_the_library_verifies_what_we_sign(data: bytes) -> None:
    public, private = sm2_key_generate()
    assert sm2_verify(public, data, sm2.der_of(sm2.sign(private, public, data)))


def test_we_verify_what_the_library_signs() -> None:
    public, private = sm2_key_generate()
    der = sm2_sign(private, public, b"message")
    assert sm2.verifies(public, der, b"message")
    assert sm2.verifies(public, sm2.raw_of_der(der), b"message")
    assert not sm2.verifies(public, der, b"massage")


def test_a_signature_without_identity_is_not_one_with() -> None:
    public, private = sm2_key_generate()
    der = sm2_sign(private, public, b"message", None)
    assert not sm2.verifies(public, der, b"message")
    assert sm2.verifies_without_identity(public, der, b"message")


@pytest.mark.parametrize("signature", [b"", b"0", bytes(63), bytes(64), bytes(65), b"\xff" * 64, b"\x30\x03\x02\x01"])
def test_what_is_no_signature_is_false(signature: bytes) -> None:
    public, _ = sm2_key_generate()
    assert not sm2.verifies(public, signature, b"message")
    assert not sm2.verifies_without_identity(public, signature, b"message")


@given(r=st.integers(0, 2**256 - 1), s=st.integers(0, 2**256 - 1))
def test_raw_and_der_are_two_spellings_of_one_value(r: int, s: int) -> None:
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert sm2.raw_of_der(sm2.der_of(raw)) == raw


def test_der_with_a_superfluous_zero_is_refused() -> None:
    with pytest.raises(ValueError, match=r"DssSignature|canonical"):
        sm2.der_of(b"\x30\x08\x02\x02\x00\x01\x02\x02\x00\x01")


@needs_openssl
def test_openssl_verifies_what_we_sign(tmp_path: Path, signer_of: Callable[[Algorithm], SoftwareSigner]) -> None:
    signer = signer_of(Algorithm.SM2_SM3)
    (tmp_path / "data").write_bytes(b"message")
    (tmp_path / "value").write_bytes(sm2.der_of(signer.sign(b"message")))
    (tmp_path / "certificate").write_bytes(signer.certificate_der)
    key = _openssl("x509", "-inform", "DER", "-in", str(tmp_path / "certificate"), "-pubkey", "-noout")
    (tmp_path / "key").write_bytes(key)
    arguments = ["-verify", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-pubin"]
    files = ["-in", str(tmp_path / "data"), "-sigfile", str(tmp_path / "value"), "-inkey", str(tmp_path / "key")]
    assert b"Verified Successfully" in _openssl("pkeyutl", *arguments, *files)


@needs_openssl
@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA256])
def test_openssl_follows_the_test_authority(
    algorithm: Algorithm, tmp_path: Path, authority: Authority, signer_of: Callable[[Algorithm], SoftwareSigner]
) -> None:
    for name, content in (
        ("leaf", signer_of(algorithm).certificate_der),
        ("root", authority.root_certificate(algorithm)),
    ):
        (tmp_path / f"{name}.der").write_bytes(content)
        pem = _openssl("x509", "-inform", "DER", "-in", str(tmp_path / f"{name}.der"))
        (tmp_path / f"{name}.pem").write_bytes(pem)
    identity = ["-vfyopt", "distid:1234567812345678"] if algorithm is Algorithm.SM2_SM3 else []
    at = ["-attime", "1780000000"]
    answer = _openssl("verify", *at, *identity, "-CAfile", str(tmp_path / "root.pem"), str(tmp_path / "leaf.pem"))
    assert answer.strip().endswith(b"OK")


def _openssl(*arguments: str) -> bytes:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *arguments], check=True, capture_output=True).stdout  # a referee

"""Signatures of payment data: registered, spelt right, over the right text; and if not, why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime

import pytest

from sandan.oversight.facts import Seal
from sandan.signing.port import Algorithm
from sandan.signing.realtime import Signed
from sandan.signing.realtime import seal
from sandan.signing.realtime import serial_of
from sandan.signing.software import SoftwareSigner

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = b'"sessionID":"S"||"payExchangeInfoHead":"{}"'
WRONG = b"another text"

Of = Callable[[Algorithm], SoftwareSigner]


@pytest.fixture
def signer(signer_of: Of) -> SoftwareSigner:
    return signer_of(Algorithm.SM2_SM3)


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA1])
def test_the_registered_certificates_signature_holds(algorithm: Algorithm, signer_of: Of) -> None:
    signer = signer_of(algorithm)
    assert _seal(signer, signer.sign(TEXT)) == Seal(holds=True)


def test_a_certificate_nobody_registered(signer: SoftwareSigner, signer_of: Of) -> None:
    found = _seal(signer, signer.sign(TEXT), cert_no=signer_of(Algorithm.RSA_SHA1).key_name)
    assert _rules(found) == ["P179-CERT-UNREGISTERED"]


@pytest.mark.parametrize("spelt", [str.upper, lambda number: number.lstrip("0"), lambda number: str(int(number, 16))])
def test_a_serial_in_another_spelling(spelt: Callable[[str], str], signer: SoftwareSigner) -> None:
    """Only the case of letters, leading zeros or the base differ; the signature itself holds."""
    cert_no = spelt(signer.key_name)
    found = _seal(signer, signer.sign(TEXT), cert_no=cert_no)
    assert cert_no != signer.key_name
    assert [(slip.rule, slip.expected) for slip in found.slips] == [("P179-CERT-CASE", signer.key_name)]


@pytest.mark.parametrize("cert_no", ["", "zz", "03 ab", "-1"])
def test_a_serial_that_is_none(cert_no: str, signer: SoftwareSigner) -> None:
    assert _rules(_seal(signer, signer.sign(TEXT), cert_no=cert_no)) == ["P179-CERT-UNREGISTERED"]


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_certificate_holds_on_its_days(now: datetime, holds: bool, signer: SoftwareSigner) -> None:  # noqa: FBT001
    signed = Signed(cert_no=signer.key_name, text=TEXT, signature=signer.sign(TEXT))
    found = seal(signed, {signer.key_name: signer.certificate_der}, now)
    assert found.holds is holds
    assert _rules(found) == ([] if holds else ["P179-CERT-LAPSED"])


def test_a_signature_over_another_text(signer: SoftwareSigner) -> None:
    assert _rules(_seal(signer, signer.sign(WRONG))) == ["P179-SIGNATURE"]


def test_a_signature_over_a_text_of_a_known_mistake(signer: SoftwareSigner) -> None:
    mistaken = (("P179-SIGNED-JOINT", WRONG),)
    found = _seal(signer, signer.sign(WRONG), mistaken=mistaken)
    assert _rules(found) == ["P179-SIGNATURE", "P179-SIGNED-JOINT"]
    assert (found.slips[1].found, found.slips[1].expected) == ("[0] …another text…", '[0] …"sessionID":…')


def test_rsa_over_sha_256(signer_of: Of) -> None:
    signer = signer_of(Algorithm.RSA_SHA256)
    assert _rules(_seal(signer, signer.sign(TEXT))) == ["P179-SIGNATURE", "P179-SIGNED-SHA256"]


def test_nothing_to_verify_is_told_where_it_was_read(signer: SoftwareSigner) -> None:
    assert _seal(signer, b"") == Seal(holds=False)


def test_the_serial_of_a_certificate_is_lower_case_hex(signer: SoftwareSigner) -> None:
    assert serial_of(signer.certificate_der) == signer.key_name == signer.key_name.lower()


def _seal(
    signer: SoftwareSigner, signature: bytes, cert_no: str | None = None, mistaken: tuple[tuple[str, bytes], ...] = ()
) -> Seal:
    signed = Signed(
        cert_no=signer.key_name if cert_no is None else cert_no,
        text=TEXT,
        signature=signature,
        mistaken=mistaken,  # type: ignore[arg-type]
    )
    return seal(signed, {signer.key_name: signer.certificate_der}, NOW)


def _rules(found: Seal) -> list[str]:
    return [slip.rule for slip in found.slips]

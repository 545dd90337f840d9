"""From certificate to enterprise, and whether that enterprise is the one the message names."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime

import pytest

from sandan.parties.facts import Certificate
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Registry
from sandan.signing.facts import CertificateFacts
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.signing.trust import identify
from sandan.signing.trust import speaks_for
from sandan.terms.ids import EnterpriseCode

US = EnterpriseCode("3301960A01")
THEM = EnterpriseCode("3301960B02")
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def _report(algorithm: Algorithm = Algorithm.SM2_SM3, fault: FaultClass | None = None) -> Report:
    certificate = CertificateFacts(
        fingerprint="ab" * 32,
        subject="CN=云集测试平台",
        issuer="CN=测试",
        serial=0x0300,
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2026, 12, 31, tzinfo=UTC),
        key_kind="sm2",
        key_bits=256,
    )
    return Report(algorithm=algorithm, certificate=certificate, fault=fault)


def _registry(revoked_on: date | None = None, *, allows_sha1: bool = False) -> Registry:
    certificate = Certificate(fingerprint="ab" * 32, enterprise=US, since=FIRST, until=LAST, revoked_on=revoked_on)
    return Registry(
        enterprises={US: Enterprise(code=US, name="云集测试平台", allows_sha1=allows_sha1)},
        certificates={certificate.fingerprint: certificate},
    )


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (date(2025, 12, 31), FaultClass.LAPSED),
        (FIRST, None),
        (LAST, None),
        (date(2027, 1, 1), FaultClass.LAPSED),
    ],
)
def test_a_registration_covers_its_first_and_last_day(day: date, fault: FaultClass | None) -> None:
    assert identify(_report(), _registry(), day) == (US, fault)


@pytest.mark.parametrize(
    ("day", "fault"), [(date(2026, 3, 14), None), (date(2026, 3, 15), FaultClass.REVOKED), (LAST, FaultClass.REVOKED)]
)
def test_a_revocation_counts_from_its_day(day: date, fault: FaultClass | None) -> None:
    assert identify(_report(), _registry(date(2026, 3, 15)), day) == (US, fault)


def test_a_certificate_nobody_registered() -> None:
    assert identify(_report(), Registry(), FIRST) == ("", FaultClass.UNREGISTERED)


def test_a_certificate_of_an_enterprise_that_is_gone() -> None:
    registry = Registry(certificates=_registry().certificates)
    assert identify(_report(), registry, FIRST) == (US, FaultClass.UNREGISTERED)


def test_a_signature_that_fails_identifies_nobody() -> None:
    assert identify(_report(fault=FaultClass.DIGEST), _registry(), FIRST) == ("", FaultClass.DIGEST)


def test_sha1_only_where_the_registration_allows_it() -> None:
    report = _report(Algorithm.RSA_SHA1)
    assert identify(report, _registry(), FIRST) == (US, FaultClass.LEGACY)
    assert identify(report, _registry(allows_sha1=True), FIRST) == (US, None)


@pytest.mark.parametrize(
    ("named", "fault"),
    [((), None), ((US,), None), ((US, US), None), ((US, THEM), FaultClass.OTHER_ENTERPRISE)],
)
def test_the_signer_is_every_enterprise_named(named: tuple[EnterpriseCode, ...], fault: FaultClass | None) -> None:
    assert speaks_for(US, named) is fault

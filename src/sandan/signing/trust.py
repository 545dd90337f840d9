"""Whose signature it is: from certificate to registered enterprise, and whether that enterprise may speak here.

Trust rests on registration: the registry holds the fingerprint of every certificate an enterprise declared, with the
days it holds for (art. 8 of 194/2018 speaks of the enterprise that declares). No authority's chain is followed,
since no root certificate of the port is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sandan.parties.facts import Certificate
from sandan.parties.facts import Registry
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.terms.ids import EnterpriseCode

NOBODY = EnterpriseCode("")


def identify(report: Report, registry: Registry, day: date) -> tuple[EnterpriseCode, FaultClass | None]:
    """The enterprise that signed, or why nobody is believed.

    Args:
        report: Verification of the message.
        registry: Certificates and enterprises as registered.
        day: Legal day of receipt.

    Returns:
        The enterprise and None; or, with a fault, the enterprise the certificate is registered to, if any.
    """
    if not report.ok:
        return NOBODY, report.fault
    certificate = registry.certificates.get(report.fingerprint)
    if certificate is None:
        return NOBODY, FaultClass.UNREGISTERED
    return certificate.enterprise, _registration_fault(certificate, day) or _legacy_fault(report, certificate, registry)


def speaks_for(signer: EnterpriseCode, named: Iterable[EnterpriseCode]) -> FaultClass | None:
    """Whether the signer is every enterprise the message names as sender (copCode) and declarant (agentCode)."""
    return None if all(code == signer for code in named) else FaultClass.OTHER_ENTERPRISE


def _registration_fault(certificate: Certificate, day: date) -> FaultClass | None:
    if certificate.revoked_on is not None and day >= certificate.revoked_on:
        return FaultClass.REVOKED
    return None if certificate.since <= day <= certificate.until else FaultClass.LAPSED


def _legacy_fault(report: Report, certificate: Certificate, registry: Registry) -> FaultClass | None:
    """RSA with SHA-1 only where the enterprise's registration allows it."""
    enterprise = registry.enterprises.get(certificate.enterprise)
    if enterprise is None:
        return FaultClass.UNREGISTERED
    if report.algorithm is Algorithm.RSA_SHA1 and not enterprise.allows_sha1:
        return FaultClass.LEGACY
    return None

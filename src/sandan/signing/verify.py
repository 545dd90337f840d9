"""Verification of a signed message (验签): thin, strict, and only of the one profile in use.

What holds afterwards is said of ``root`` and of nothing else: take documents from the element that was verified.
"""

from __future__ import annotations

import base64

from lxml import etree

from sandan.signing.canonical import Covered
from sandan.signing.canonical import covered
from sandan.signing.facts import CertificateFacts
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.facts import Written
from sandan.signing.port import Algorithm
from sandan.signing.profile import Claim
from sandan.signing.profile import SignatureFaultError
from sandan.signing.profile import find
from sandan.signing.profile import read
from sandan.signing.profile import read_written

MINIMUM_RSA_BITS = {Algorithm.RSA_SHA256: 2048, Algorithm.RSA_SHA1: 1024}
"""Shortest key of each method (规范 2018, section 6: SHA-1 with RSA 1024, SHA-256 with RSA 2048)."""


def verify(root: etree._Element, policy: Policy) -> Report:
    """Judge the signature of the message under ``root``.

    Args:
        root: Root of the parsed message; it is only read.
        policy: Methods accepted and the moment certificates are judged at.

    Returns:
        The report; never raises for what stands in the message.
    """
    try:
        signature = find(root)
        claim = read(signature)
        return _judge(claim, covered(root, signature), policy)
    except SignatureFaultError as error:
        return Report(fault=error.fault, detail=error.detail)


def verify_written(written: Written, policy: Policy) -> Report:
    """Judge a signature that was told as text, as `verify` judges it in a tree.

    Args:
        written: Signature and covered bytes, told by a reader that recognised the whole message.
        policy: Methods accepted and the moment certificates are judged at.

    Returns:
        The report; never raises for what stands in the message.
    """
    try:
        covers = Covered(message=written.message, signed_info=written.signed_info)
        return _judge(read_written(written), covers, policy)
    except SignatureFaultError as error:
        return Report(fault=error.fault, detail=error.detail)


def _judge(claim: Claim, bytes_covered: Covered, policy: Policy) -> Report:
    found = claim.algorithm.digest(bytes_covered.message)
    fault, detail = (
        _method_fault(claim, policy)
        or _digest_fault(claim.digest, found)
        or _value_fault(claim, bytes_covered.signed_info)
        or validity_fault(claim.certificate.facts, policy)
        or (None, "")
    )
    return Report(
        fault=fault,
        detail=detail,
        algorithm=claim.algorithm,
        certificate=claim.certificate.facts,
        key_name=claim.key_name,
        digest_expected=_base64(claim.digest),
        digest_found=_base64(found),
    )


Fault = tuple[FaultClass, str] | None
"""A fault with the value it is about."""


def validity_fault(certificate: CertificateFacts, policy: Policy) -> Fault:
    """Whether the certificate, by its own dates, is valid at the policy's moment, both ends included."""
    if policy.at < certificate.not_before:
        return FaultClass.NOT_YET_VALID, f"{policy.at:%Y-%m-%d} < {certificate.not_before:%Y-%m-%d}"
    if policy.at > certificate.not_after:
        return FaultClass.EXPIRED, f"{policy.at:%Y-%m-%d} > {certificate.not_after:%Y-%m-%d}"
    return None


def _method_fault(claim: Claim, policy: Policy) -> Fault:
    facts = claim.certificate.facts
    if claim.algorithm not in policy.algorithms:
        legacy = claim.algorithm is Algorithm.RSA_SHA1
        return (FaultClass.LEGACY if legacy else FaultClass.ALGORITHM), claim.algorithm.signature_uri
    wanted = "sm2" if claim.algorithm is Algorithm.SM2_SM3 else "rsa"
    if facts.key_kind != wanted or facts.key_bits < MINIMUM_RSA_BITS.get(claim.algorithm, 0):
        return FaultClass.KEY, f"{claim.algorithm}: {facts.key_kind} {facts.key_bits}"
    return None


def _digest_fault(expected: bytes, found: bytes) -> Fault:
    if expected == found:
        return None
    return FaultClass.DIGEST, f"{_base64(expected)} ≠ {_base64(found)}"


def _value_fault(claim: Claim, signed_info: bytes) -> Fault:
    if claim.certificate.key.verifies(claim.value, signed_info, claim.algorithm):
        return None
    return FaultClass.SIGNATURE, f"{claim.algorithm}, {len(claim.value)} bytes"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()

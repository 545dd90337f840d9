"""The signature doctor (签名诊断): for any bytes, what was digested and signed, what is wrong, and which mistake explains it.

The verdict is the strict verifier's; the diagnosis is lenient and never changes it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

from lxml import etree
from msgspec import Struct

from sandan.law.facts import Retry
from sandan.parties.facts import Registry
from sandan.signing import canonical
from sandan.signing import explain
from sandan.signing.canonical import Covered
from sandan.signing.catalogue import CATALOGUE
from sandan.signing.catalogue import receipt
from sandan.signing.explain import Explanation
from sandan.signing.explain import Loose
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.forms import CEB
from sandan.signing.forms import XSI
from sandan.signing.holder import Holder
from sandan.signing.holder import holder
from sandan.signing.port import BY_SIGNATURE_URI
from sandan.signing.port import Algorithm
from sandan.signing.profile import DS
from sandan.signing.profile import SIGNATURE
from sandan.signing.profile import SignatureFaultError
from sandan.signing.remarks import REMARKS
from sandan.signing.remarks import Remark
from sandan.signing.sm2 import RAW_LENGTH
from sandan.signing.trust import identify
from sandan.signing.trust import speaks_for
from sandan.signing.verify import verify
from sandan.terms.days import legal_day
from sandan.terms.ids import EnterpriseCode

_DXP_DATA = "{http://www.chinaport.gov.cn/dxp}Data"
_ANY_MOMENT = datetime.min.replace(tzinfo=UTC)
_SPACE = " \t\r\n"


class Note(Struct, frozen=True, kw_only=True):
    """Something worth knowing that refuses nothing by itself."""

    code: str
    zh: str
    en: str


class Trouble(Struct, frozen=True, kw_only=True):
    """Why the message is refused, in words, with what customs answers."""

    #: Stable code of the fault
    code: str
    zh: str
    en: str
    #: The value at fault, both values where there are two
    detail: str
    remedy_zh: str
    remedy_en: str
    retry: str
    #: Code and text of the receipt; 0 where the specification has no code for this kind of message
    receipt_code: int
    receipt_text: str


class Seen(Struct, frozen=True, kw_only=True):
    """The signature as it stands in the message."""

    algorithm: str
    #: Identifiers as sent
    signature_method: str
    digest_method: str
    digest_expected: str
    digest_found: str
    #: Length in bytes and first tag of what is digested: the canonical message without its signature
    digested_bytes: int
    digested_start: str
    #: Canonical SignedInfo, which is what is signed
    signed_info: str
    #: Length in bytes of the signature value
    value_bytes: int
    key_name: str


class Diagnosis(Struct, frozen=True, kw_only=True):
    """What the doctor says; serialises to JSON as it is."""

    #: ``valid``, ``refused`` or ``unreadable``
    verdict: str
    trouble: Trouble | None = None
    #: Name of the root, such as ``CEB621Message``
    message_type: str = ""
    signature: Seen | None = None
    certificate: Holder | None = None
    #: Enterprise the certificate is registered to, where a registry was given
    enterprise: str = ""
    #: Known mistakes that make digest or signature come true
    explanations: tuple[Explanation, ...] = ()
    notes: tuple[Note, ...] = ()


class _Patient(Struct, frozen=True, kw_only=True):
    """A parsed message with everything found on the way."""

    data: bytes
    root: etree._Element
    loose: Loose | None
    report: Report
    enterprise: str = ""
    fault: FaultClass | None = None


def diagnose(data: bytes, registry: Registry | None = None, now: datetime | None = None) -> Diagnosis:
    """Diagnose the signature of a message.

    Args:
        data: Any bytes: a message, or a DXP envelope with one inside.
        registry: Certificates as registered; without it nobody is identified.
        now: Moment certificates are judged at; without it their dates are not judged.
    """
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return Diagnosis(verdict="unreadable", trouble=_unreadable(str(error)))
    enclosed = _enclosed(root)
    if enclosed:
        return diagnose(enclosed, registry, now)
    return _diagnosis(_examined(data, root, registry, now), now)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _enclosed(root: etree._Element) -> bytes:
    """The message inside a DXP envelope, empty where there is none."""
    try:
        return base64.b64decode("".join((root.findtext(_DXP_DATA) or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _examined(data: bytes, root: etree._Element, registry: Registry | None, now: datetime | None) -> _Patient:
    loose = explain.loosely(root)
    at = now or (loose.certificate.facts.not_before if loose and loose.certificate else _ANY_MOMENT)
    report = verify(root, Policy(at=at, algorithms=frozenset(Algorithm)))
    if registry is None or not report.ok or now is None:
        return _Patient(data=data, root=root, loose=loose, report=report, fault=report.fault)
    enterprise, fault = identify(report, registry, legal_day(now))
    fault = fault or speaks_for(enterprise, _named(root))
    return _Patient(data=data, root=root, loose=loose, report=report, enterprise=enterprise, fault=fault)


def _named(root: etree._Element) -> Iterator[EnterpriseCode]:
    """Enterprises that must be the signer: who transmits and who declares."""
    for name in ("copCode", "agentCode"):
        for element in root.iter(f"{{{CEB}}}{name}"):
            yield EnterpriseCode((element.text or "").strip())


def _diagnosis(patient: _Patient, now: datetime | None) -> Diagnosis:
    loose, message_type = patient.loose, etree.QName(patient.root).localname
    covered = _covered(patient.root)
    return Diagnosis(
        verdict="refused" if patient.fault else "valid",
        trouble=_trouble(patient.fault, patient, message_type) if patient.fault else None,
        message_type=message_type,
        signature=_seen(loose, covered) if loose else None,
        certificate=holder(loose.certificate.facts, loose.certificate_der) if loose and loose.certificate else None,
        enterprise=patient.enterprise,
        explanations=tuple(_explanations(patient, covered)),
        notes=tuple(_note(remark) for remark in _remarks(patient, now)),
    )


def _unreadable(error: str) -> Trouble:
    return Trouble(
        code="sig-unreadable",
        zh="收到的内容不是 XML，无法验签。",
        en="The bytes are no XML, so there is no signature to verify.",
        detail=error,
        remedy_zh="请检查传输中是否截断或转换了编码。",
        remedy_en="See whether the message was cut off or its encoding changed on the way.",
        retry=Retry.FIX.value,
        receipt_code=0,
        receipt_text="",
    )


def _trouble(fault: FaultClass, patient: _Patient, message_type: str) -> Trouble:
    entry = CATALOGUE[fault]
    code, text = receipt(fault, message_type)
    return Trouble(
        code=fault.value,
        zh=entry.zh,
        en=entry.en,
        detail=patient.report.detail or _parties(patient),
        remedy_zh=entry.remedy_zh,
        remedy_en=entry.remedy_en,
        retry=entry.retry.value,
        receipt_code=code,
        receipt_text=text,
    )


def _parties(patient: _Patient) -> str:
    named = ", ".join(sorted(set(_named(patient.root))))
    return f"{patient.report.fingerprint} → {patient.enterprise or '?'} ≠ {named}"


def _covered(root: etree._Element) -> Covered:
    """What the signature covers, empty where that cannot be told."""
    signature = root.find(SIGNATURE)
    if signature is None or not len(signature):
        return Covered(message=b"", signed_info=b"")
    try:
        return canonical.covered(root, signature)
    except (SignatureFaultError, ValueError):
        return Covered(message=b"", signed_info=b"")


def _seen(loose: Loose, covered: Covered) -> Seen:
    found = loose.algorithm.digest(covered.message) if loose.algorithm and covered.message else b""
    return Seen(
        algorithm=loose.algorithm.value if loose.algorithm else "",
        signature_method=loose.method,
        digest_method=loose.digest_method,
        digest_expected=base64.b64encode(loose.digest).decode(),
        digest_found=base64.b64encode(found).decode(),
        digested_bytes=len(covered.message),
        digested_start=covered.message[: covered.message.find(b">") + 1].decode(),
        signed_info=covered.signed_info.decode(),
        value_bytes=len(loose.value),
        key_name=loose.key_name,
    )


def _explanations(patient: _Patient, covered: Covered) -> Iterator[Explanation]:
    """Digest and signature are explained apart, since one mistake may spoil either."""
    loose = patient.loose
    if loose is None or patient.report.ok or not covered.message:
        return
    found = (
        explain.digest_explanation(patient.data, patient.root, loose),
        explain.signature_explanation(patient.data, covered.signed_info, covered.message, loose),
    )
    yield from (explanation for explanation in found if explanation)


def _note(remark: Remark) -> Note:
    return Note(code=remark.value, zh=REMARKS[remark].zh, en=REMARKS[remark].en)


def _remarks(patient: _Patient, now: datetime | None) -> Iterator[Remark]:
    if patient.loose is not None:
        yield from _remarks_on_value(patient.loose)
        yield from _remarks_on_form(patient.root, patient.loose)
    if now is None:
        yield Remark.NO_MOMENT


def _remarks_on_value(loose: Loose) -> Iterator[Remark]:
    if loose.algorithm is Algorithm.SM2_SM3 and len(loose.value) != RAW_LENGTH:
        yield Remark.DER_VALUE
    if loose.algorithm and loose.method not in BY_SIGNATURE_URI:
        yield Remark.UNOFFICIAL_URI
    if loose.algorithm and loose.digest and len(loose.digest) != len(loose.algorithm.digest(b"")):
        yield Remark.DIGEST_LENGTH
    if loose.certificate and loose.key_name not in loose.certificate.facts.serial_spellings:
        yield Remark.KEY_NAME


def _remarks_on_form(root: etree._Element, loose: Loose) -> Iterator[Remark]:
    if loose.element.prefix != "ds":
        yield Remark.PREFIX
    if root.nsmap.get("xsi") != XSI:
        yield Remark.XSI_MISSING
    if any(uri not in {CEB, XSI, DS} for uri in root.nsmap.values()):
        yield Remark.MORE_NAMESPACES
    if loose.element.tail and not loose.element.tail.strip(_SPACE):
        yield Remark.SPACE_AROUND

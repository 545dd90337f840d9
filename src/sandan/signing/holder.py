"""What may be shown of a certificate: enterprise and dates in clear, personal data masked (个人信息保护)."""

from __future__ import annotations

import re
from datetime import datetime

from cryptography.hazmat import asn1
from msgspec import Struct

from sandan.signing import der
from sandan.signing.certificates import text_of
from sandan.signing.facts import CertificateFacts

_ARC = "1.3.6.1.4.1.5315.100."
_NAMES = {_ARC + "5.1": "enterprise", _ARC + "5.11": "organisation_code", "1.2.156.10260.4.1.4": "credit_code"}
_PERSONAL = {_ARC + "5.8": "holder_id_number", _ARC + "5.9": "card_number"}
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_LONG_NUMBER = re.compile(r"\d{14,17}[\dXx]")
_SHOWN = 2


class Holder(Struct, frozen=True, kw_only=True):
    """A certificate as it may be shown."""

    subject: str
    issuer: str
    #: The serial in the spellings ``KeyName`` has in practice: hex, hex without leading zero, decimal
    serial: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    fingerprint: str
    key: str
    #: Private extensions of the port, personal ones masked
    extensions: dict[str, str] = {}


def holder(facts: CertificateFacts, content: bytes = b"") -> Holder:
    """What may be shown of a certificate.

    Args:
        facts: What the certificate says.
        content: Its DER, for the private extensions.
    """
    return Holder(
        subject=", ".join(_masked(part) for part in facts.subject.split(", ")),
        issuer=facts.issuer,
        serial=facts.serial_spellings,
        not_before=facts.not_before,
        not_after=facts.not_after,
        fingerprint=facts.fingerprint,
        key=f"{facts.key_kind} {facts.key_bits}",
        extensions=_extensions(content) if content else {},
    )


def masked(text: str) -> str:
    """Text with all but its first two characters hidden."""
    return text[:_SHOWN] + "*" * (len(text) - _SHOWN)


def _masked(attribute: str) -> str:
    """``CN=…`` with a person's name and long numbers hidden; names of enterprises are longer."""
    kind, _, text = attribute.partition("=")
    if kind == "CN" and _PERSON.fullmatch(text):
        return f"{kind}={text[:1]}{'*' * (len(text) - 1)}"
    return f"{kind}={_LONG_NUMBER.sub(lambda found: masked(found.group()), text)}"


def _extensions(content: bytes) -> dict[str, str]:
    shown: dict[str, str] = {}
    for extension in asn1.decode_der(der.Certificate, content).body.extensions or ():
        oid = extension.oid.dotted_string
        if oid in _NAMES:
            shown[_NAMES[oid]] = _value(extension.value)
        elif oid in _PERSONAL:
            shown[_PERSONAL[oid]] = masked(_value(extension.value))
    return shown


def _value(content: bytes) -> str:
    try:
        return text_of(asn1.decode_der(asn1.TLV, content))
    except ValueError:
        return content.decode("utf-8", "replace")

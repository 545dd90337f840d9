"""Faults of bytes and of signatures, in the one shape of the door."""

from __future__ import annotations

from collections.abc import Mapping

from sandan.intake.facts import Fault
from sandan.intake.facts import Words
from sandan.intake.faults import SPECIFICATION
from sandan.signing.catalogue import CATALOGUE
from sandan.signing.catalogue import receipt
from sandan.signing.facts import FaultClass
from sandan.wire.facts import Fault as WireFault

PARAMETER_CHECK: Mapping[str, int] = {
    "CEB311Message": -301008,
    "CEB411Message": -401009,
    "CEB511Message": -504011,
    "CEB621Message": -621001,
}
"""Table 7-2: the parameter check of each message failed."""

TOO_MANY: Mapping[str, int] = {
    "CEB311Message": -301015,
    "CEB411Message": -401013,
    "CEB511Message": -504013,
    "CEB621Message": -621030,
}
"""Table 7-2: more documents in one message than allowed."""

_FORMAT = -1
_SCHEMA = -2


def of_wire(found: WireFault, message_type: str = "") -> Fault:
    """A fault of the bytes or the format, with its place, its value and what is allowed there."""
    return Fault(
        code=found.code,
        what=Words(
            zh=f"{found.element or '报文'} 不符合规范。",
            en=f"{found.element or 'The message'} is not as the specification has it.",
        ),
        where=f"{found.path} (line {found.line})".strip() if found.line else found.path,
        found=found.value,
        expected=f"{found.allowed_zh} ({found.allowed_en})" if found.allowed_en else "",
        rule="CEB-SCHEMA" if message_type else "CEB-FORMAT",
        source=SPECIFICATION,
        remedy=Words(zh=found.remedy_zh, en=found.remedy_en),
        retry=found.retry,
        status=_wire_status(found, message_type),
    )


def _wire_status(found: WireFault, message_type: str) -> int:
    if found.code == "W-TOO-MANY" and found.path.count("/") <= 2:  # noqa: PLR2004 - a document, not a line of one
        return TOO_MANY.get(message_type, _SCHEMA)
    return PARAMETER_CHECK.get(message_type, _SCHEMA) if message_type else _FORMAT


def of_signature(found: FaultClass, message_type: str, detail: str = "") -> Fault:
    """A fault of the signature or of the certificate behind it."""
    entry = CATALOGUE[found]
    return Fault(
        code=found.value,
        what=Words(zh=entry.zh, en=entry.en),
        where="ds:Signature",
        found=detail,
        rule="R194-8.5",
        source=f"海关总署公告2018年第194号第八条；{SPECIFICATION} §6",
        remedy=Words(zh=entry.remedy_zh, en=entry.remedy_en),
        retry=entry.retry,
        status=receipt(found, message_type)[0] or -int(entry.gateway_code),
    )

"""An officer's act (关员处置) as bytes: it comes through the same door as every document."""

from __future__ import annotations

import uuid

import msgspec
from msgspec import Struct

from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Ref
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Fault
from sandan.intake.faults import fault
from sandan.terms.ids import Guid

MESSAGE_TYPE = "OfficerAct"

_DECODER = msgspec.json.Decoder(OfficerAct)


class Deciding(Struct, frozen=True, kw_only=True):
    """What an officer says about a case."""

    verdict: OfficerVerdict
    #: Shown to the declarant
    reason: str
    #: Version of the case the officer saw
    seen_version: int


def act_on(subject: Ref, officer: str, deciding: Deciding) -> OfficerAct:
    """An act with a number of its own."""
    return OfficerAct(
        guid=Guid(str(uuid.uuid4()).upper()),
        subject=subject,
        officer=officer,
        verdict=deciding.verdict,
        reason=deciding.reason,
        seen_version=deciding.seen_version,
    )


def arrival_of(act: OfficerAct) -> Arrival:
    """The act on its way to the door, with the account it was made under."""
    return Arrival(body=msgspec.json.encode(act), channel=Channel.OFFICER, actor=act.officer)


def read(arrival: Arrival) -> OfficerAct | Fault:
    """The act inside the bytes, or why there is none."""
    try:
        act = _DECODER.decode(arrival.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return fault("act-unreadable", found=str(error))
    if not act.reason.strip():
        return fault("act-unreadable", where="reason", expected="a reason the declarant can read")
    if "\x00" in f"{act.guid}{act.subject.owner}{act.subject.key}{act.reason}":
        return fault("act-unreadable", expected="no zero character in any text")
    if act.subject.kind is not Kind.LIST:
        return fault("act-unreadable", where="subject.kind", found=act.subject.kind.value, expected=Kind.LIST.value)
    if act.officer != arrival.actor:
        return fault("act-not-own", where="officer", found=act.officer, expected=arrival.actor)
    return act

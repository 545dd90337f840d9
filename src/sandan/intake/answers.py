"""From an opened arrival to what the store keeps, and from what the store kept to the acknowledgement.

The answer kept beside the bytes holds all that is not in the bytes themselves, so that a repeat gets the first answer
again to the last character: the CEB900 is written anew from both.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

import msgspec
from msgspec import Struct

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import DocumentReceived
from sandan.intake.facts import Fault
from sandan.intake.facts import Outcome
from sandan.intake.faults import told
from sandan.intake.reading import Opened
from sandan.store.facts import Arrived
from sandan.store.facts import Incoming
from sandan.store.facts import Registered
from sandan.terms.days import wire_time_ms
from sandan.wire.write import FormatReceipt
from sandan.wire.write import format_receipt


class Kept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer as kept with the bytes."""

    guid: str = ""
    #: Seventeen digits, Beijing time
    at: str = ""
    status: int = 0
    advice: tuple[Fault, ...] = ()


_ENCODE = msgspec.json.Encoder().encode
_KEPT = msgspec.json.Decoder(Kept)
_FAULTS = msgspec.json.Decoder(tuple[Fault, ...])


def incoming(opened: Opened, at: datetime) -> Incoming:
    """What the store keeps of an arrival."""
    return Incoming(
        body=opened.arrival.body,
        received_at=at,
        channel=opened.arrival.dialect or opened.arrival.channel.value,
        sender_id=opened.sender_id,
        cop_msg_id=opened.cop_msg_id,
        message_type=opened.message_type,
        message_guid=opened.guid,
        cop_code=opened.sender,
        signer=opened.signer,
        fingerprint=opened.fingerprint,
        outcome=opened.outcome.value,
        diagnosis=_ENCODE(opened.faults),
        answer=_ENCODE(_kept(opened, at)),
        documents=opened.documents,
        mirrored=opened.mirrored,
    )


def acknowledge(opened: Opened, registered: Registered) -> Acknowledgement:
    """The acknowledgement of what the store took; for a repeat, the first one again."""
    outcome = Outcome(registered.outcome)
    faults = _FAULTS.decode(registered.diagnosis)
    kept = _KEPT.decode(registered.answer)
    return Acknowledgement(
        receipt_id=registered.inbox_id,
        outcome=outcome,
        message_type=registered.message_type,
        guid=registered.message_guid,
        documents=tuple(
            DocumentReceived(ref=item.ref, version=item.version, state=item.state.value)
            for item in registered.documents
        ),
        faults=faults,
        advice=kept.advice,
        answer=b"" if outcome is Outcome.REGISTERED else _format_receipt(opened, registered, kept, faults),
        repeat=registered.repeat or _all_repeated(registered),
        reply_to=opened.reply_to,
    )


def _kept(opened: Opened, at: datetime) -> Kept:
    if not opened.faults:
        return Kept(advice=opened.advice)
    number = hashlib.sha256(opened.arrival.body).hexdigest()
    return Kept(
        guid=str(uuid.uuid5(uuid.NAMESPACE_OID, number)).upper(),
        at=wire_time_ms(at),
        status=opened.faults[0].status,
        advice=opened.advice,
    )


def _format_receipt(opened: Opened, registered: Registered, kept: Kept, faults: tuple[Fault, ...]) -> bytes:
    return format_receipt(
        FormatReceipt(
            guid=kept.guid,
            status=kept.status,
            info=told(faults),
            return_time=kept.at,
            cop_msg_id=opened.cop_msg_id,
            message_type=registered.message_type or "Unknown",
            original=opened.payload,
        )
    )


def _all_repeated(registered: Registered) -> bool:
    states = [item.state for item in registered.documents]
    return bool(states) and all(state is Arrived.REPEAT for state in states)

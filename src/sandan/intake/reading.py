"""What an arrival turns out to be: unwrapped, parsed, verified, identified and decoded, with every fault at once.

Pure: the registry, the moment and the settings are arguments. Bad bytes become faults, never exceptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from sandan.clearance.mirror import Mirrored
from sandan.documents.facts import AppStatus
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Document
from sandan.intake import acts
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Fault
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.mirrored import MIRRORED
from sandan.intake.mirrored import receipts_of
from sandan.intake.subscribers import Asking
from sandan.intake.subscribers import Subscriber
from sandan.intake.subscribers import judge
from sandan.intake.translate import of_signature
from sandan.intake.translate import of_wire
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Registry
from sandan.signing.facts import FaultClass
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.facts import Written
from sandan.signing.port import Algorithm
from sandan.signing.trust import identify
from sandan.signing.verify import verify
from sandan.signing.verify import verify_written
from sandan.terms.days import legal_day
from sandan.terms.ids import EnterpriseCode
from sandan.wire.dxp import Envelope
from sandan.wire.dxp import unwrap
from sandan.wire.facts import Reading
from sandan.wire.facts import Record
from sandan.wire.facts import Weight
from sandan.wire.read import Parsed
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.sealed import Seal
from sandan.wire.sealed import Sealed

LOCAL = frozenset({Channel.FOLDER, Channel.SANDBOX})
"""Channels whose sender the operating system has let in: what comes there unsigned is still from a known client."""


class DoorSettings(Struct, frozen=True, kw_only=True):
    """What an operator may set about the door."""

    #: Orders, payments and waybills that declare have to be signed (194/2018 art. 8); lists always have to be
    demand_signature: bool = True
    #: Take unsigned drafts from the network although nobody logged in
    anonymous_drafts: bool = False
    #: Largest message taken, in bytes
    message_limit: int = 4_000_000
    #: Customs is elsewhere (authority ``remote``): its receipts are taken in and mirrored
    mirrors_customs: bool = False


class Desk(Struct, frozen=True, kw_only=True):
    """What an arrival is judged with."""

    registry: Registry
    now: datetime
    settings: DoorSettings = DoorSettings()


class Opened(Struct, frozen=True, kw_only=True):
    """An arrival, opened."""

    arrival: Arrival
    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    #: DXP ids; empty for a bare message
    sender_id: str = ""
    cop_msg_id: str = ""
    #: The business message inside its envelope
    payload: bytes = b""
    message_type: str = ""
    guid: str = ""
    #: Transmitting enterprise (copCode)
    sender: EnterpriseCode = EnterpriseCode("")
    #: Enterprise proven by the certificate; empty where nothing was signed
    signer: EnterpriseCode = EnterpriseCode("")
    fingerprint: str = ""
    documents: tuple[Document, ...] = ()
    #: Receipts of customs
    mirrored: tuple[Mirrored, ...] = ()
    #: Advice that refuses nothing
    advice: tuple[Fault, ...] = ()
    #: Who else is sent the message or its receipts
    subscribers: tuple[Subscriber, ...] = ()
    #: DXP id the sender gives for answers
    reply_to: str = ""


def read(arrival: Arrival, desk: Desk) -> Opened:
    """Opens one arrival and says everything that is wrong with it."""
    if arrival.fault is not None:
        return unreadable(arrival, arrival.fault)
    if len(arrival.body) > desk.settings.message_limit:
        limit = f"≤ {desk.settings.message_limit}"
        return unreadable(arrival, fault("too-large", found=str(len(arrival.body)), expected=limit))
    if arrival.channel is Channel.OFFICER:
        return _act(arrival)
    envelope = unwrap(arrival.body)
    if envelope is None:
        return _message(arrival, None, desk)
    refusing = [of_wire(item) for item in envelope.faults if item.weight is not Weight.ADVICE]
    if refusing:
        return unreadable(arrival, *refusing, envelope=envelope)
    return _message(arrival, envelope, desk)


def unreadable(arrival: Arrival, *faults: Fault, envelope: Envelope | None = None) -> Opened:
    """An arrival no message could be read out of."""
    return Opened(
        arrival=arrival,
        outcome=Outcome.UNREADABLE,
        faults=faults,
        payload=arrival.body,
        sender_id=envelope.sender_id if envelope else "",
        cop_msg_id=envelope.cop_msg_id if envelope else "",
        reply_to=envelope.sender_id if envelope else "",
    )


def verified(parsed: Parsed, policy: Policy) -> Report:
    """What a signature says and whether it holds (验签).

    Without a tree where the message is of the ordinary form and its signature holds; what fails is judged in full.

    Args:
        parsed: A message that could be parsed.
        policy: Methods accepted and the moment certificates are judged at.
    """
    sealed = parsed.sealed
    if sealed is not None and sealed.seal is not None:
        report = verify_written(_written(sealed, sealed.seal), policy)
        if report.ok:
            return report
    assert parsed.root is not None  # noqa: S101 - who cannot be read was sent away before
    return verify(parsed.root, policy)


def _act(arrival: Arrival) -> Opened:
    act = acts.read(arrival)
    if isinstance(act, Fault):
        return unreadable(arrival, act)
    return Opened(
        arrival=arrival,
        outcome=Outcome.REGISTERED,
        payload=arrival.body,
        message_type=acts.MESSAGE_TYPE,
        guid=act.guid,
        sender=EnterpriseCode(""),
        documents=(act,),
    )


def _message(arrival: Arrival, envelope: Envelope | None, desk: Desk) -> Opened:
    parsed = parse(envelope.data if envelope else arrival.body)
    if parsed.recognised is None and parsed.root is None:
        return unreadable(arrival, *(of_wire(item) for item in parsed.faults), envelope=envelope)
    reading = decode(parsed)
    mirrors = desk.settings.mirrors_customs and arrival.channel in LOCAL
    proof = _proof(parsed, reading, desk)
    refusing = (
        *(of_wire(item, reading.message_type) for item in reading.faults if item.weight is not Weight.ADVICE),
        *_kind_faults(reading, mirrors=mirrors),
        *_envelope_faults(envelope, reading),
        *_signature_faults(reading, proof, arrival, desk),
        *_party_faults(reading, proof, arrival, desk),
    )
    subscribers, unheard = judge(_asking(reading, proof, desk), desk.registry)
    return Opened(
        arrival=arrival,
        outcome=Outcome.REFUSED if refusing else Outcome.REGISTERED,
        faults=refusing,
        sender_id=envelope.sender_id if envelope else "",
        cop_msg_id=envelope.cop_msg_id if envelope else "",
        payload=parsed.data,
        message_type=reading.message_type,
        guid=reading.guid,
        sender=EnterpriseCode(reading.transfer.cop_code if reading.transfer else ""),
        signer=proof.signer,
        fingerprint=proof.report.fingerprint if proof.report else "",
        documents=() if refusing else _documents(reading),
        mirrored=receipts_of(reading, desk.now) if mirrors and not refusing else (),
        advice=(
            *(of_wire(item, reading.message_type) for item in reading.faults if item.weight is Weight.ADVICE),
            *_envelope_advice(envelope, reading, desk.registry),
            *unheard,
        ),
        subscribers=() if refusing else subscribers,
        reply_to=_reply_to(envelope, reading),
    )


def _reply_to(envelope: Envelope | None, reading: Reading) -> str:
    """Where answers go: to who sent the envelope, else to the address the message itself gives."""
    if envelope is not None and envelope.sender_id:
        return envelope.sender_id
    return reading.transfer.dxp_id if reading.transfer else ""


def _asking(reading: Reading, proof: Proof, desk: Desk) -> Asking:
    return Asking(
        message_type=reading.message_type, subscribes=reading.subscribes, signer=proof.signer, day=legal_day(desk.now)
    )


class Proof(Struct, frozen=True):
    """What the signature proves."""

    #: None where the message carries no signature
    report: Report | None = None
    signer: EnterpriseCode = EnterpriseCode("")
    #: What keeps the certificate from naming an enterprise
    fault: FaultClass | None = None


def _proof(parsed: Parsed, reading: Reading, desk: Desk) -> Proof:
    report = verified(parsed, _policy(reading, desk))
    if report.fault is FaultClass.MISSING:
        return Proof()
    if not report.ok:
        return Proof(report)
    signer, found = identify(report, desk.registry, legal_day(desk.now))
    return Proof(report, EnterpriseCode(signer), found)


def _written(sealed: Sealed, seal: Seal) -> Written:
    return Written(
        canonicalization=seal.canonicalization,
        signature_method=seal.signature_method,
        transform=seal.transform,
        digest_method=seal.digest_method,
        digest_value=seal.digest_value,
        signature_value=seal.signature_value,
        key_name=seal.key_name,
        certificate=seal.certificate,
        message=sealed.content(),
        signed_info=sealed.signed_info(),
    )


def _policy(reading: Reading, desk: Desk) -> Policy:
    """SHA-1 only for a sender registered for it; that the sender is who signed is checked afterwards."""
    sender = _enterprise(reading, desk.registry)
    if sender is not None and sender.allows_sha1:
        return Policy(at=desk.now, algorithms=frozenset(Algorithm))
    return Policy(at=desk.now)


def _enterprise(reading: Reading, registry: Registry) -> Enterprise | None:
    return registry.enterprises.get(EnterpriseCode(reading.transfer.cop_code)) if reading.transfer else None


def _documents(reading: Reading) -> tuple[Document, ...]:
    return tuple(item for item in reading.documents if not isinstance(item, Record))


def _envelope_faults(envelope: Envelope | None, reading: Reading) -> Iterator[Fault]:
    if envelope is not None and reading.message_type and envelope.message_type not in {"", reading.message_type}:
        yield fault(
            "dxp-type-differs",
            where="/DxpMsg/TransInfo/MsgType",
            found=envelope.message_type,
            expected=reading.message_type,
        )


def _envelope_advice(envelope: Envelope | None, reading: Reading, registry: Registry) -> Iterator[Fault]:
    """The signature proves the sender; a foreign DXP id only makes receipts go astray."""
    sender = _enterprise(reading, registry)
    if envelope is not None and sender is not None and envelope.sender_id not in sender.dxp_ids:
        where, expected = "/DxpMsg/TransInfo/SenderId", ", ".join(sender.dxp_ids)
        yield fault("dxp-sender-unregistered", where=where, found=envelope.sender_id, expected=expected)


def _signature_faults(reading: Reading, proof: Proof, arrival: Arrival, desk: Desk) -> Iterator[Fault]:
    if proof.report is not None:
        if proof.report.fault is not None:
            yield of_signature(proof.report.fault, reading.message_type, proof.report.detail)
        elif proof.fault is not None:
            yield of_signature(proof.fault, reading.message_type, proof.report.fingerprint)
    elif not _taken(reading):
        return
    elif _must_be_signed(reading, desk.settings):
        yield fault("unsigned", where=f"/{reading.message_type}/ds:Signature")
    elif not _known_sender(reading, arrival, desk.settings):
        yield fault("draft-unproven", where=f"/{reading.message_type}/ds:Signature")


def _must_be_signed(reading: Reading, settings: DoorSettings) -> bool:
    declared = [item for item in _documents(reading) if item.head.app_status == AppStatus.DECLARE]  # type: ignore[union-attr]
    return any(settings.demand_signature or isinstance(item, DeclarationList) for item in declared)


def _known_sender(reading: Reading, arrival: Arrival, settings: DoorSettings) -> bool:
    if settings.anonymous_drafts or arrival.channel in LOCAL:
        return True
    return reading.transfer is not None and arrival.actor == reading.transfer.cop_code


def _kind_faults(reading: Reading, *, mirrors: bool) -> Iterator[Fault]:
    """Pushes and messages without a room of their own yet are not taken; receipts only where customs is elsewhere."""
    if mirrors and reading.message_type in MIRRORED:
        return
    if reading.valid and not _taken(reading):
        yield fault("not-a-request", where=f"/{reading.message_type}", found=reading.message_type)


def _taken(reading: Reading) -> bool:
    """Whether the message may go on and holds papers this platform takes."""
    documents = reading.documents
    return reading.valid and bool(documents) and not any(isinstance(item, Record) for item in documents)


def _party_faults(reading: Reading, proof: Proof, arrival: Arrival, desk: Desk) -> Iterator[Fault]:
    """The transmitter is registered, is who signed and who logged in, and declares lists of its own."""
    if reading.transfer is None:
        return
    sender = EnterpriseCode(reading.transfer.cop_code)
    path = f"/{reading.message_type}/BaseTransfer/copCode"
    if sender not in desk.registry.enterprises:
        yield fault("sender-unregistered", where=path, found=sender)
    if arrival.actor and arrival.actor != sender:
        yield fault("sender-not-logged-in", where=path, found=sender, expected=arrival.actor)
    if proof.signer and proof.signer != sender:
        yield fault("sender-not-signer", where=path, found=sender, expected=proof.signer)
    if proof.signer:
        yield from _agent_faults(reading, proof.signer)


def _agent_faults(reading: Reading, signer: EnterpriseCode) -> Iterator[Fault]:
    for number, item in enumerate(reading.documents, 1):
        if isinstance(item, DeclarationList) and item.agent_code != signer:
            path = f"/{reading.message_type}/Inventory[{number}]/InventoryHead/agentCode"
            yield fault("agent-not-signer", where=path, found=item.agent_code, expected=signer)

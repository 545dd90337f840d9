"""What goes into the store and what it answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from sandan.clearance.mirror import Mirrored
from sandan.documents.facts import Document
from sandan.documents.facts import Ref
from sandan.terms.ids import EnterpriseCode


class Incoming(Struct, gc=False, frozen=True, kw_only=True):
    """One message at the door, read and judged as far as the door can."""

    #: The bytes as received
    body: bytes
    received_at: datetime
    channel: str
    #: SenderId and CopMsgId of the DXP envelope; empty without one
    sender_id: str = ""
    cop_msg_id: str = ""
    message_type: str = ""
    message_guid: str = ""
    #: Transmitting enterprise (copCode)
    cop_code: EnterpriseCode = EnterpriseCode("")
    #: Enterprise the certificate belongs to
    signer: EnterpriseCode = EnterpriseCode("")
    fingerprint: str = ""
    #: ``registered``, ``refused`` or ``unreadable``
    outcome: str
    #: JSON list of what was wrong
    diagnosis: bytes = b"[]"
    #: JSON object the door wants back when the same message comes again
    answer: bytes = b"{}"
    documents: tuple[Document, ...] = ()
    #: Receipts of customs the message holds, where customs is elsewhere
    mirrored: tuple[Mirrored, ...] = ()


class Arrived(StrEnum):
    """What registering did with one document."""

    RECEIVED = "received"
    """Stored as a new version; a worker will answer."""
    REPEAT = "repeat"
    """The same content stands already: its first answer is given again."""
    REFUSED = "refused"
    """Stored, but not taken into account; a worker answers with the code."""


class Registration(Struct, gc=False, frozen=True, kw_only=True):
    """One document of a registered message."""

    ref: Ref
    #: Version it was stored as, or the standing version it repeats
    version: int
    state: Arrived


class Registered(Struct, gc=False, frozen=True, kw_only=True):
    """What became of one message; for a repeat, what became of it the first time."""

    inbox_id: int
    outcome: str
    #: The same bytes, or the same DXP message id, had come before
    repeat: bool
    message_type: str
    message_guid: str
    diagnosis: bytes
    answer: bytes
    documents: tuple[Registration, ...] = ()


class Reason(StrEnum):
    """Why a worker has to look at something."""

    ARRIVED = "arrived"
    """A new version of a document."""
    REPEAT = "repeat"
    """The same document came again; its receipts are issued again."""
    PARTNER = "partner"
    """Another document of the parcel has changed."""
    DEADLINE = "deadline"
    """A wait has ended."""
    ACT = "act"
    """An officer has decided."""

"""What arrives at the door, what is wrong with it, and the acknowledgement it is answered with."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec import structs

from sandan.documents.facts import Ref
from sandan.law.facts import Retry


class Channel(StrEnum):
    """How bytes reached the door; stored with them."""

    HTTP = "http"
    """Raw XML over HTTP, bare message or DXP envelope."""
    FORM = "form"
    """HTTP form whose ``data`` field is base64."""
    CEBCMSG = "cebcmsg"
    """JSON wrapping with base64 data, as one port's gateway takes it."""
    FOLDER = "folder"
    """A file in the in-folder."""
    BROKER = "broker"
    """A message broker's queue."""
    OFFICER = "officer"
    """An officer's act from the desk or the API (关员处置)."""
    SANDBOX = "sandbox"
    """The scenario player or the demonstration."""


class Outcome(StrEnum):
    """What the door did with the bytes; they are kept in every case."""

    REGISTERED = "registered"
    """Read, verified and queued for decision."""
    REFUSED = "refused"
    """Readable, but the format, the signature or the sender does not stand (CEB900)."""
    UNREADABLE = "unreadable"
    """No message could be read out of it (CEB900)."""


class Words(Struct, frozen=True):
    """One sentence in both languages."""

    zh: str
    en: str


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong, in the one shape every face shows."""

    #: Stable name of the class of fault, such as ``not-xml`` or ``certificate-unregistered``
    code: str
    what: Words
    #: Path and line inside the message, or the field of the request
    where: str = ""
    found: str = ""
    expected: str = ""
    #: Rule of the catalogue or section of the specification
    rule: str = ""
    #: Title and article of the text the rule stands in
    source: str = ""
    remedy: Words
    retry: Retry = Retry.FIX
    #: Negative status a CEB900 answers with, without effect elsewhere
    status: int = -1

    def shown(self) -> dict[str, Any]:
        """The fault as the object of the one error shape."""
        return {
            "code": self.code,
            "what": structs.asdict(self.what),
            "where": self.where,
            "found": self.found,
            "expected": self.expected,
            "rule": self.rule,
            "source": self.source,
            "remedy": structs.asdict(self.remedy),
            "retry": self.retry.value,
        }


class Arrival(Struct, frozen=True, kw_only=True):
    """Bytes at the door."""

    body: bytes
    channel: Channel = Channel.HTTP
    #: Enterprise whose token came with the request, or account of the officer who acts; empty when nobody logged in
    actor: str = ""
    #: Why a dialect could not take a message out of the bytes; they are kept all the same
    fault: Fault | None = None
    #: Name of the dialect it was wrapped in, kept in place of the channel; empty where the channel says it all
    dialect: str = ""


class DocumentReceived(Struct, frozen=True, kw_only=True):
    """One document of an acknowledged message."""

    ref: Ref
    #: Version it was stored as; 0 when it was not stored anew
    version: int = 0
    #: What registering did with it, in the store's word
    state: str = ""


class Acknowledgement(Struct, frozen=True, kw_only=True):
    """The immediate answer (收讫): the bytes are durable, and this is what became of them."""

    #: Number of the bytes in the inbox; quote it in every question
    receipt_id: int
    outcome: Outcome
    message_type: str = ""
    guid: str = ""
    documents: tuple[DocumentReceived, ...] = ()
    faults: tuple[Fault, ...] = ()
    #: What was taken all the same, but is probably not what the sender meant
    advice: tuple[Fault, ...] = ()
    #: CEB900 message for a refused or unreadable one; empty otherwise
    answer: bytes = b""
    #: The same bytes, or the same DXP message id, came before: this is the first answer again
    repeat: bool = False
    #: DXP id the sender gives for answers (SenderId of the envelope, else dxpId); empty where it gives none
    reply_to: str = ""

    def shown(self) -> dict[str, Any]:
        """The acknowledgement as JSON, without the answer bytes."""
        return {
            "receipt_id": self.receipt_id,
            "outcome": self.outcome.value,
            "message_type": self.message_type,
            "guid": self.guid,
            "repeat": self.repeat,
            "documents": [
                {
                    "kind": document.ref.kind.value,
                    "owner": document.ref.owner,
                    "key": document.ref.key,
                    "version": document.version,
                    "state": document.state,
                }
                for document in self.documents
            ],
            "faults": [fault.shown() for fault in self.faults],
            "advice": [fault.shown() for fault in self.advice],
        }

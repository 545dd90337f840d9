"""Puts invented papers into signed messages, each sent by the enterprise that must send it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from msgspec import Struct

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.parties.facts import Enterprise
from sandan.sandbox.parcels import Parcel
from sandan.signing.port import Signer
from sandan.signing.sign import sign
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import Guid
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.write import message as write_message

Paper = Order | Payment | Waybill | DeclarationList

MESSAGE_TYPES = {
    Kind.ORDER: "CEB311Message",
    Kind.PAYMENT: "CEB411Message",
    Kind.WAYBILL: "CEB511Message",
    Kind.LIST: "CEB621Message",
}


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message ready to be sent."""

    data: bytes
    sender: EnterpriseCode
    kind: Kind
    #: How many documents are in it
    count: int


class Office:
    """The enterprises' dispatch: knows who sends what and holds their keys."""

    def __init__(
        self, enterprises: Mapping[EnterpriseCode, Enterprise], signers: Mapping[EnterpriseCode, Signer]
    ) -> None:
        """Opens the office.

        Args:
            enterprises: Those that transmit.
            signers: Their keys.
        """
        self.enterprises = enterprises
        self.signers = signers

    def message(
        self, papers: Sequence[Paper], *, signed: bool = True, subscribes: Iterable[Subscription] = ()
    ) -> Outgoing:
        """One message of papers of one kind and one sender.

        Args:
            papers: 1 to 100 papers.
            signed: False leaves the signature out.
            subscribes: Who else is sent it or its receipts.
        """
        kind, sender = papers[0].ref.kind, sender_of(papers[0])
        enterprise = self.enterprises[sender]
        transfer = Transfer(cop_code=sender, cop_name=enterprise.name, dxp_id=enterprise.dxp_ids[0])
        data = write_message(MESSAGE_TYPES[kind], papers, transfer, Guid(str(uuid.uuid4()).upper()), subscribes)
        if signed:
            data = sign(data, self.signers[sender])
        return Outgoing(data=data, sender=sender, kind=kind, count=len(papers))

    def messages(self, parcels: Iterable[Parcel], size: int = 1) -> Iterator[Outgoing]:
        """All papers of the parcels, put together by kind and sender.

        Args:
            parcels: What is to be sent; a paper that is None never comes.
            size: Most documents a message holds.
        """
        waiting: dict[tuple[Kind, EnterpriseCode], list[Paper]] = {}
        for parcel in parcels:
            for paper in papers_of(parcel):
                pile = waiting.setdefault((paper.ref.kind, sender_of(paper)), [])
                pile.append(paper)
                if len(pile) == size:
                    yield self.message(pile)
                    pile.clear()
        yield from (self.message(pile) for pile in waiting.values() if pile)


def papers_of(parcel: Parcel) -> tuple[Paper, ...]:
    """The papers of a parcel that are sent."""
    return tuple(p for p in (parcel.order, parcel.payment, parcel.waybill, parcel.declaration) if p is not None)


def sender_of(paper: Paper) -> EnterpriseCode:
    """The enterprise that must send a paper (194/2018 art. 6 and 8)."""
    match paper:
        case Order():
            return paper.ebp_code
        case Payment():
            return paper.pay_code
        case Waybill():
            return paper.logistics_code
        case DeclarationList():
            return paper.agent_code


def tampered(data: bytes) -> bytes:
    """A message whose first report time was changed after signing."""
    start = data.index(b"appTime>") + len(b"appTime>")
    return data[:start] + b"19990101" + data[start + 8 :]


def truncated(data: bytes) -> bytes:
    """Half a message."""
    return data[: len(data) // 2]


def spoiled(outgoing: Outgoing, dice: random.Random) -> Outgoing:
    """A message that went wrong on its way: changed, cut off, or not even XML."""
    spoil = dice.choice((tampered, truncated, lambda _: b"\x00\x01 not a message"))
    return Outgoing(data=spoil(outgoing.data), sender=outgoing.sender, kind=outgoing.kind, count=0)

"""One enterprise's dispatch: papers in, signed messages out."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sandan.client.papers import new_guid
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.signing.port import Signer
from sandan.signing.sign import sign
from sandan.wire.facts import Subscription
from sandan.wire.facts import Transfer
from sandan.wire.write import message

AnyPaper = Order | Payment | Waybill | DeclarationList

MESSAGE_TYPES = {
    Kind.ORDER: "CEB311Message",
    Kind.PAYMENT: "CEB411Message",
    Kind.WAYBILL: "CEB511Message",
    Kind.LIST: "CEB621Message",
}
"""The message each kind of paper travels in."""

MOST_PAPERS = 100
"""Papers of one message, by the schema of 202205."""


class MixedPapersError(ValueError):
    """Papers that cannot travel in one message."""


class Sender(Struct, frozen=True, kw_only=True):
    """Who transmits and with which key (传输企业)."""

    #: Customs code of the enterprise (copCode)
    code: str
    #: Its registered name (copName)
    name: str
    #: DXP user number (dxpId)
    dxp_id: str
    #: Any signer: a file, a card, a remote machine
    signer: Signer
    #: Who else is sent data or receipts
    subscribes: tuple[Subscription, ...] = ()

    def message(self, *papers: AnyPaper, guid: str = "") -> bytes:
        """One signed message of papers of one kind.

        Args:
            papers: 1 to 100 papers, all orders, all payments, all waybills or all lists.
            guid: Id of the message; a new one where none is given.

        Returns:
            Bytes ready to be sent; send the very same bytes again when no answer came.

        Raises:
            MixedPapersError: No paper, more than a hundred, or of several kinds.
            WriteError: A value does not fit its element.
        """
        kinds = {paper.ref.kind for paper in papers}
        if len(kinds) != 1 or len(papers) > MOST_PAPERS:
            named = ", ".join(sorted(kinds)) or "none"
            raise MixedPapersError(f"a message takes 1 to 100 papers of one kind; got {len(papers)} of {named}")
        transfer = Transfer(cop_code=self.code, cop_name=self.name, dxp_id=self.dxp_id)
        written = message(MESSAGE_TYPES[kinds.pop()], papers, transfer, guid or new_guid(), self.subscribes)
        return sign(written, self.signer)

    def messages(self, papers: Sequence[AnyPaper]) -> list[bytes]:
        """As few signed messages as hold the papers, each of one kind, in the order the kinds first come."""
        piles: dict[Kind, list[AnyPaper]] = {}
        for paper in papers:
            piles.setdefault(paper.ref.kind, []).append(paper)
        return [
            self.message(*pile[start : start + MOST_PAPERS])
            for pile in piles.values()
            for start in range(0, len(pile), MOST_PAPERS)
        ]

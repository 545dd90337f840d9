"""What customs and the port have answered, folded into one state (回执归并): the same receipts in any order, the same state.

No transitions are published. The state is that of the greatest ``returnTime``; at one moment the higher rank counts; a
receipt may be older than the state held, and may come twice (message specification 202205, section 3, and what is known
of traffic). Port and customs answer one after the other, so each keeps its own newest receipt beside the common one: a
later message that the port refuses does not hide that customs has released.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.documents.facts import ReturnStatus
from sandan.terms.days import parse_wire_time
from sandan.terms.days import wire_time_ms
from sandan.terms.errors import TermError

EXCEPTIONAL = 90
"""Rank of what ends or stops a paper: it counts over every ordinary state of the same moment but closing (结关)."""

RANKS: Mapping[int, int] = {
    ReturnStatus.SAVED: 1,
    ReturnStatus.DECLARING: 2,
    ReturnStatus.SENT: 3,
    ReturnStatus.ACCEPTED: 10,
    ReturnStatus.REVIEW: 20,
    400: 20,
    ReturnStatus.INSPECTION: 20,
    ReturnStatus.HELD: 20,
    ReturnStatus.EXAMINED: 25,
    ReturnStatus.RELEASED: 80,
    ReturnStatus.SEND_FAILED: EXCEPTIONAL,
    ReturnStatus.REFUSED: EXCEPTIONAL,
    430: EXCEPTIONAL,
    501: EXCEPTIONAL,
    502: EXCEPTIONAL,
    503: EXCEPTIONAL,
    505: EXCEPTIONAL,
    599: EXCEPTIONAL,
    700: EXCEPTIONAL,
    ReturnStatus.CLOSED: 100,
}
"""Receipt status to its rank; negative codes are exceptional, and a status that is not here is not known."""

_UNKNOWN = 0


class Stage(StrEnum):
    """Who answers (答复阶段)."""

    PORT = "port"
    """The port or platform (电子口岸): statuses 1 to 4 and negative codes."""
    CUSTOMS = "customs"
    """Customs (海关): everything else."""


class Mirrored(Struct, frozen=True, kw_only=True):
    """One receipt as it came from elsewhere (回执)."""

    #: The paper answered; its owner is empty where the receipt does not name it
    subject: Ref
    #: returnStatus
    status: int
    #: returnTime, seventeen digits, Beijing time
    return_time: str
    #: returnInfo
    info: str
    #: Message it came in, such as ``CEB622Message``
    message_type: str = ""
    guid: str = ""
    pre_no: str = ""
    invt_no: str = ""
    #: When its bytes were durable here; None for one that was not received
    received_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """Who gave it."""
        return stage_of(self.status)

    @property
    def at(self) -> datetime:
        """The moment customs gives; where that is no time, when it came here."""
        try:
            return parse_wire_time(self.return_time)
        except TermError:
            return self.received_at or datetime.min.replace(tzinfo=UTC)

    @property
    def is_known(self) -> bool:
        """Whether the status has a rank."""
        return self.status < 0 or self.status in RANKS


class Mirror(Struct, frozen=True, kw_only=True):
    """What all receipts of one paper say together."""

    #: The receipt that counts; None while only unknown statuses have come
    standing: Mirrored | None = None
    #: Newest answer of the port and of customs
    port: Mirrored | None = None
    customs: Mirrored | None = None
    #: Statuses nobody knows, oldest first: shown, and never guessed at
    unknown: tuple[Mirrored, ...] = ()
    #: Each receipt once, oldest first
    timeline: tuple[Mirrored, ...] = ()

    @property
    def is_uncertain(self) -> bool:
        """Whether an unknown status is newer than the state held."""
        return any(self.standing is None or one.return_time > self.standing.return_time for one in self.unknown)


def stage_of(status: int) -> Stage:
    """Who gives a receipt of this status."""
    return Stage.PORT if status < 0 or status <= ReturnStatus.SEND_FAILED else Stage.CUSTOMS


def rank_of(status: int) -> int:
    """Rank of a status among those of one moment; an unknown one has the lowest."""
    return EXCEPTIONAL if status < 0 else RANKS.get(status, _UNKNOWN)


def fold(receipts: Iterable[Mirrored]) -> Mirror:
    """The state of one paper by all receipts of it, in whatever order and however often they came.

    Args:
        receipts: Receipts of one paper.
    """
    timeline = sorted({_content(one): one for one in sorted(receipts, key=_arrival)}.values(), key=_place)
    known = [one for one in timeline if one.is_known]
    return Mirror(
        standing=known[-1] if known else None,
        port=_last(known, Stage.PORT),
        customs=_last(known, Stage.CUSTOMS),
        unknown=tuple(one for one in timeline if not one.is_known),
        timeline=tuple(timeline),
    )


def of_ours(receipt: Receipt) -> Mirrored:
    """One of our own receipts, in the shape of one that came, so that both fold alike."""
    return Mirrored(
        subject=receipt.subject,
        status=int(receipt.status),
        return_time=wire_time_ms(receipt.at),
        info=receipt.info,
        guid=receipt.guid,
        pre_no=receipt.pre_no,
        invt_no=receipt.invt_no,
    )


def differs(mirror: Mirror, ours: Mirror) -> bool:
    """Whether customs has said otherwise than we did; while it has said nothing, there is nothing to differ."""
    if mirror.customs is None:
        return False
    return ours.customs is None or ours.customs.status != mirror.customs.status


def subject_of(message_type: str, fields: Mapping[str, str]) -> Ref | None:
    """The paper a receipt is about, by its business keys and never by its guid.

    A receipt of a payment does not name the platform, and one of a list may leave out the declarant: their owner is empty.

    Args:
        message_type: Such as ``CEB312Message``.
        fields: Elements of the record.

    Returns:
        The paper; None for a message that answers none of the four papers.
    """
    match message_type:
        case "CEB312Message":
            return Ref(Kind.ORDER, fields["ebpCode"], fields["orderNo"])
        case "CEB412Message":
            return Ref(Kind.PAYMENT, "", f"{fields['payCode']}/{fields['payTransactionId']}")
        case "CEB512Message":
            return Ref(Kind.WAYBILL, fields["logisticsCode"], fields["logisticsNo"])
        case "CEB622Message":
            return Ref(Kind.LIST, fields.get("agentCode", ""), fields["copNo"])
        case _:
            return None


def _last(receipts: list[Mirrored], stage: Stage) -> Mirrored | None:
    return next((one for one in reversed(receipts) if one.stage is stage), None)


def _content(one: Mirrored) -> tuple[int, str, str]:
    """What makes two receipts the same: not the guid, which ports give anew."""
    return one.status, one.return_time, one.info


def _place(one: Mirrored) -> tuple[str, int, int, str]:
    return one.return_time, rank_of(one.status), one.status, one.info


def _arrival(one: Mirrored) -> tuple[object, ...]:
    """Of the same receipt the one that came first is kept, so it is put last; the rest only makes the choice certain."""
    at = one.received_at
    return (
        at is not None,
        -at.timestamp() if at else 0.0,
        one.guid,
        one.subject,
        one.pre_no,
        one.invt_no,
        one.message_type,
    )

"""Tax bills in the words of the wire: CEB816 for a bill, CEB818 for its status, and who is told.

The collector and the declaring enterprise are told, each once. Message specification 202205, CEB816 and CEB818.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL
from uuid import uuid5

from sandan.documents.facts import Kind
from sandan.documents.facts import Letter
from sandan.documents.facts import Receipt
from sandan.documents.facts import Ref
from sandan.documents.facts import ReturnStatus
from sandan.revenue.facts import Advice
from sandan.revenue.facts import Bill
from sandan.revenue.facts import Settlement
from sandan.revenue.facts import Status
from sandan.revenue.rules import PAYABLE
from sandan.revenue.rules import WORDS
from sandan.store.outcome import Reply
from sandan.terms import guid
from sandan.terms.days import wire_time_ms
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import Guid
from sandan.terms.money import E5_PER_FEN
from sandan.wire.facts import Record
from sandan.wire.facts import Value
from sandan.wire.write import record_message

BILL = "CEB816Message"
STATUS = "CEB818Message"

CODES = {Status.CREATED: "1", Status.AGGREGATED: "2", Status.VOID: "3"}
"""Status of a bill on the wire (税单状态); a paid bill keeps 2, the wire has no word for it."""

MOST = 100
"""Bills one letter of status speaks of."""

TEXTS = {Status.CREATED: "电子税单已生成", Status.AGGREGATED: "电子税单已汇总", Status.VOID: "电子税单已作废"}


def bills(new: Iterable[Bill], now: datetime) -> Iterator[Reply]:
    """Letters of new bills: 816 and 818 with status 1; a list without tax has none."""
    for bill in new:
        if bill.status is Status.CREATED:
            yield from _told([bill], _letter(BILL, [_bill_record(bill, now)], bill, now), now)
            yield from statuses([bill], now)


def statuses(moved: Iterable[Bill], now: datetime) -> Iterator[Reply]:
    """Letters 818 of bills whose status changed; those of one declarant that moved alike share a letter, up to a hundred."""
    for same in _alike(moved):
        records = [_status_record(bill, now) for bill in same]
        yield from _told(same, _letter(STATUS, records, same[0], now), now)


def payment(advice: Advice, settlement: Settlement, paid: Iterable[Bill]) -> Iterator[Reply]:
    """Receipts of a payment (缴税回执), for the collector and, once it is paid in full, for each declarant."""
    words = WORDS[settlement.outcome]
    told = dict.fromkeys((advice.collector, *(bill.agent_code for bill in paid)))
    for recipient in told:
        yield Reply(
            receipt=Receipt(
                guid=_guid(f"payment/{advice.collector}/{advice.reference}/{recipient}"),
                subject=Ref(Kind.TAX_PAYMENT, advice.collector, advice.reference),
                recipient=EnterpriseCode(recipient),
                status=ReturnStatus.ACCEPTED if settlement.kept_fen else ReturnStatus.REFUSED,
                info=f"缴款书[{advice.document_no}]：{words.zh}{words.remedy_zh}",
                at=advice.paid_at,
                rules=(PAYABLE,),
            ),
            version=1,
        )


def _alike(moved: Iterable[Bill]) -> Iterator[list[Bill]]:
    groups: dict[tuple[str, ...], list[Bill]] = {}
    for bill in moved:
        groups.setdefault((bill.collector, bill.agent_code, bill.status, bill.document_no), []).append(bill)
    for group in groups.values():
        yield from (group[start : start + MOST] for start in range(0, len(group), MOST))


def _told(same: Sequence[Bill], letter: Letter, now: datetime) -> Iterator[Reply]:
    """The letter for each who is told; it is about its bill, or about the document its bills stand on."""
    bill = same[0]
    subject = bill.tax_no if len(same) == 1 else bill.document_no or bill.tax_no
    for recipient in dict.fromkeys((bill.collector, bill.agent_code)):
        yield Reply(
            receipt=Receipt(
                guid=_guid(f"{letter.message_type}/{bill.tax_no}/{bill.status}/{bill.document_no}/{recipient}"),
                subject=Ref(Kind.TAX_BILL, bill.collector, subject),
                recipient=recipient,
                status=int(CODES[bill.status]),
                info=f"{TEXTS[bill.status]}[{subject}]",
                at=now,
                rules=(PAYABLE,),
                ebc_code=bill.ebc_code,
                customs_code=bill.district,
                agent_code=bill.agent_code,
                invt_no=bill.invt_no if len(same) == 1 else "",
                letter=letter,
            ),
            version=1,
        )


def _letter(message_type: str, records: Sequence[Record], bill: Bill, now: datetime) -> Letter:
    root = _guid(f"{message_type}/{bill.collector}/{bill.tax_no}/{bill.status}/{now.isoformat()}/root")
    return Letter(message_type, record_message(message_type, records, root).decode())


def _bill_record(bill: Bill, now: datetime) -> Record:
    head = {
        **_status_head(BILL, bill, now),
        "customsTax": bill.tariff_fen * E5_PER_FEN,
        "valueAddedTax": bill.vat_fen * E5_PER_FEN,
        "consumptionTax": bill.consumption_tax_fen * E5_PER_FEN,
        "ebcCode": bill.ebc_code,
        "logisticsCode": bill.logistics_code,
        "agentCode": bill.agent_code,
        "customsCode": bill.district,
    }
    return Record(message_type=BILL, head=head, lines=tuple(_lines(bill)))


def _status_record(bill: Bill, now: datetime) -> Record:
    return Record(message_type=STATUS, head=_status_head(STATUS, bill, now))


def _status_head(message_type: str, bill: Bill, now: datetime) -> dict[str, Value]:
    head: dict[str, Value] = {
        "guid": _guid(f"{message_type}/{bill.collector}/{bill.tax_no}/{bill.status}/{now.isoformat()}"),
        "returnTime": wire_time_ms(now),
        "invtNo": bill.invt_no,
        "taxNo": bill.tax_no,
        "status": CODES[bill.status],
        "assureCode": bill.collector,
    }
    return head | ({"entDutyNo": bill.document_no} if bill.document_no else {})


def _lines(bill: Bill) -> Iterator[dict[str, Value]]:
    for line in bill.lines:
        yield {
            "gnum": line.gnum,
            "gcode": line.gcode,
            "taxPrice": line.value_fen * E5_PER_FEN,
            "customsTax": line.tariff_fen * E5_PER_FEN,
            "valueAddedTax": line.vat_fen * E5_PER_FEN,
            "consumptionTax": line.consumption_tax_fen * E5_PER_FEN,
        }


def _guid(seed: str) -> Guid:
    """The same guid for the same thing said, so that a batch done again says it again and not anew."""
    return guid.from_uuid(uuid5(NAMESPACE_URL, f"sandan:{seed}"))

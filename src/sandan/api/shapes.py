"""Shapes of the answers that are no models: what each address answers, for the description and the tests that hold it.

The answers themselves are made of the store's views and of `sandan.api.showing`; a test compares them with these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from datetime import datetime
from typing import Any

from msgspec import Struct

from sandan.clearance.explain import Told
from sandan.documents.facts import Ref
from sandan.duty.working import WorkingLine
from sandan.intake.facts import Words
from sandan.law.facts import Retry
from sandan.revenue.facts import TaxDocument
from sandan.signing.doctor import Diagnosis
from sandan.store.audit import AuditFault
from sandan.store.views.lists import CaseLine
from sandan.store.views.search import Hit
from sandan.store.views.tax import BillRow
from sandan.store.views.tax import Falling
from sandan.store.views.tax import Standing
from sandan.wire.inspect import Inspection


class FaultTold(Struct, frozen=True, kw_only=True):
    """One thing that is wrong, where, both values, the rule and how to mend it."""

    code: str
    what: Words
    where: str
    found: str
    expected: str
    rule: str
    source: str
    remedy: Words
    retry: Retry


class Value(Struct, frozen=True, kw_only=True):
    """A value and the paper it stands in."""

    document: str
    field: str
    value: str
    sender: str


class FindingTold(Struct, frozen=True, kw_only=True):
    """A finding (核查结果) with both values, the article and the remedy."""

    rule: str
    severity: str
    code: str
    what: Words
    found: Value
    against: Value | None
    detail: str
    source: str
    remedy: Words
    retry: Retry


class LineOfTax(Struct, frozen=True, kw_only=True):
    """Tax of one line of a list, fen."""

    gnum: int
    gcode: str
    value_fen: int
    tariff_fen: int
    consumption_tax_fen: int
    vat_fen: int
    tax_fen: int


class AssessmentTold(Struct, frozen=True, kw_only=True):
    """Tax of a list with its working to the fen (税款计算)."""

    route: str
    value_fen: int
    tax_fen: int
    lines: list[LineOfTax]
    working: list[WorkingLine]


class Hits(Struct, frozen=True):
    """Whatever a number names."""

    hits: list[Hit]


class Cases(Struct, frozen=True):
    """One page of cases."""

    cases: list[CaseLine]
    #: Cursor of the next page, empty after the last
    after: str


class CasesNamed(Struct, frozen=True):
    """The cases a number names."""

    cases: list[Hit]
    #: Always empty: there is no further page
    after: str


class DecisionTold(Struct, frozen=True, kw_only=True):
    """One decision on a case."""

    version: int
    status: str
    at: datetime
    law_day: date
    compared: dict[str, int]
    findings: list[FindingTold]
    events: list[dict[str, Any]]
    assessment: AssessmentTold | None


class PaperTold(Struct, frozen=True, kw_only=True):
    """One version of a paper of a case."""

    kind: str
    owner: str
    key: str
    version: int
    state: str
    sender: str
    signer: str
    received_at: datetime
    receipt_id: int
    #: Its fields by name, personal ones as the reader may see them
    document: dict[str, Any]
    findings: list[FindingTold]


class CaseTold(Struct, frozen=True, kw_only=True):
    """One case with everything that explains it (一票清单)."""

    ref: Ref
    version: int
    status: str
    order: Ref
    waybill: Ref
    cop_no: str
    pre_no: str
    invt_no: str
    customs_code: str
    trade_mode: str
    declared_at: datetime
    accepted_on: date | None
    released_at: datetime | None
    wait_until: datetime | None
    waits: list[str]
    updated_at: datetime
    decisions: list[DecisionTold]
    papers: list[PaperTold]
    timeline: list[dict[str, Any]]
    receipts: list[dict[str, Any]]
    #: What customs has answered, beside ours; None while it has answered nothing
    customs: dict[str, Any] | None
    postings: list[dict[str, Any]]


class MessageTold(Struct, frozen=True, kw_only=True):
    """One message as it was received; its bytes stand under ``/raw``."""

    id: int
    received_at: datetime
    channel: str
    size: int
    message_type: str
    message_guid: str
    cop_code: str
    signer: str
    outcome: str
    #: Faults found, as the acknowledgement told them
    diagnosis: list[dict[str, Any]]
    sender_id: str
    cop_msg_id: str
    #: Fingerprint of the certificate, empty where it was not signed
    fingerprint: str
    sha256: str


class TriedMessage(Struct, frozen=True, kw_only=True):
    """What the door would say to one message."""

    outcome: str
    message_type: str
    guid: str
    sender: str
    signer: str
    faults: list[FaultTold]
    advice: list[FaultTold]


class TriedDocument(Struct, frozen=True, kw_only=True):
    """What would become of one document."""

    kind: str
    owner: str
    key: str
    clears: bool
    #: Status a list would come to
    status: str | None
    findings: list[FindingTold]
    assessment: AssessmentTold | None


class CheckTold(Struct, frozen=True, kw_only=True):
    """What would happen to messages (预校验); nothing was written."""

    at: date
    clears: bool
    readable: bool
    messages: list[TriedMessage]
    documents: list[TriedDocument]


class Foreseen(Struct, frozen=True, kw_only=True):
    """What would become of one document of an inspected message."""

    kind: str
    owner: str
    key: str
    clears: bool
    status: str | None
    tax_fen: int | None
    findings: list[Told]


class Would(Struct, frozen=True, kw_only=True):
    """What would happen to an inspected message."""

    outcome: str
    clears: bool
    #: Kind and key of each document, and whether it would be stored or accepted
    documents: dict[str, bool]
    #: Faults only the door finds, beside those of form and signature
    objections: list[FaultTold]
    verdicts: list[Foreseen]


class InspectionTold(Inspection, frozen=True, kw_only=True):
    """A message laid open, as ``sandan inspect --json`` prints it."""

    signature: Diagnosis
    would: Would


class QuoteTold(Struct, frozen=True, kw_only=True):
    """Tax, route and quota left for goods on a day (税款试算)."""

    value_fen: int
    tax_fen: int | None
    route: str | None
    #: Composite rate of each line, None where it has none
    composite: list[str | None]
    single_limit_fen: int
    annual_limit_fen: int
    left_before_fen: int
    left_after_fen: int | None
    assessment: AssessmentTold | None
    findings: list[FindingTold]


class AuditTold(Struct, frozen=True, kw_only=True):
    """The proof of the books."""

    ok: bool
    chains: int
    links: int
    decisions: int
    messages: int
    accounts: int
    reservations: int
    faults: list[AuditFault]
    count: int


class Standings(Struct, frozen=True):
    """What is owed, by collector, district and stage."""

    day: date
    standings: list[Standing]


class Calendar(Struct, frozen=True):
    """What falls due on which day."""

    day: date
    falling: list[Falling]


class Bills(Struct, frozen=True):
    """One page of tax bills (电子税单)."""

    day: date
    bills: list[BillRow]
    after: str


class TaxDocuments(Struct, frozen=True):
    """The latest payment documents (缴款书)."""

    documents: list[TaxDocument]


class PaymentTold(Struct, frozen=True, kw_only=True):
    """The answer to one payment, in words."""

    outcome: str
    kept_fen: int
    returned_fen: int
    document: TaxDocument | None
    what: Words
    remedy: Words
    retry: Retry


class Voided(Struct, frozen=True):
    """A bill that is owed no more."""

    tax_no: str
    status: str


ANSWERS: Mapping[tuple[str, str], tuple[type[Struct], ...]] = {
    ("get", "/v1/search"): (Hits,),
    ("get", "/v1/cases"): (Cases, CasesNamed),
    ("get", "/v1/work-list"): (Cases,),
    ("get", "/v1/cases/{declarant}/{key}"): (CaseTold,),
    ("get", "/v1/messages/{receipt_id}"): (MessageTold,),
    ("post", "/v1/check"): (CheckTold,),
    ("post", "/v1/inspect"): (InspectionTold,),
    ("post", "/v1/doctor"): (Diagnosis,),
    ("post", "/v1/quote"): (QuoteTold,),
    ("post", "/v1/verify"): (AuditTold,),
    ("get", "/v1/tax"): (Standings,),
    ("get", "/v1/tax/{collector}/calendar"): (Calendar,),
    ("get", "/v1/tax/{collector}/bills"): (Bills,),
    ("get", "/v1/tax/{collector}/documents"): (TaxDocuments,),
    ("post", "/v1/tax/{collector}/documents"): (TaxDocument,),
    ("post", "/v1/tax/{collector}/payments"): (PaymentTold,),
    ("post", "/v1/tax/{collector}/bills/{tax_no}/void"): (Voided,),
}
"""What each address answers in JSON, where its route names no model; one of several where there are several."""

OTHER_MEDIA: Mapping[tuple[str, str], str] = {
    ("get", "/v1/receipts.xml"): "application/xml",
    ("get", "/v1/messages/{receipt_id}/raw"): "application/octet-stream",
    ("get", "/v1/calendar/{collector}.ics"): "text/calendar",
}
"""Addresses that answer in something else than JSON."""

PLAIN_BODIES = (("post", "/v1/inspect"), ("post", "/v1/doctor"))
"""Addresses whose request is the bytes of a message."""

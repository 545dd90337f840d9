"""What the platform answers, typed: faults, acknowledgements, receipts, trials, cases.

Fields are those of ``/v1/openapi.json``; what a newer platform adds is passed over.
"""

from __future__ import annotations

import re
from datetime import date
from datetime import datetime
from typing import Any

from msgspec import Struct

from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.documents.facts import ReturnStatus
from sandan.law.facts import Retry

_CODED = re.compile(r"\[Code:(?P<code>[^;\]]*);Desc:(?P<text>.*)\]", re.DOTALL)

_PAPER_FINAL = frozenset({ReturnStatus.REFUSED, ReturnStatus.ACCEPTED})
_LIST_FINAL = frozenset({ReturnStatus.REFUSED, ReturnStatus.RELEASED, ReturnStatus.CLOSED})


class Words(Struct, frozen=True):
    """One sentence in both languages."""

    zh: str = ""
    en: str = ""


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong (差错): what, where, both values, the rule, how to mend it, whether to send again."""

    code: str
    what: Words = Words()
    #: Path and line inside the message, or field of the request
    where: str = ""
    found: str = ""
    expected: str = ""
    #: Rule of the catalogue, such as ``R194-9.1``
    rule: str = ""
    #: Title and article of the text the rule stands in
    source: str = ""
    remedy: Words = Words()
    retry: Retry = Retry.FIX

    def __str__(self) -> str:
        """The fault in one line of English, with how to mend it."""
        against = f" (found {self.found!r}" + (f", expected {self.expected})" if self.expected else ")")
        place = f" at {self.where}" if self.where else ""
        return f"{self.code}: {self.what.en}{place}{against if self.found else ''} {self.remedy.en}".strip()


class DocumentTaken(Struct, frozen=True, kw_only=True):
    """One document of an acknowledged message."""

    kind: Kind
    owner: str
    key: str
    #: Version it was stored as; 0 where nothing new was stored
    version: int = 0
    #: ``received``, ``draft``, ``repeat`` and so on, in the platform's word
    state: str = ""

    @property
    def ref(self) -> Ref:
        """Business key, to follow it by."""
        return Ref(kind=self.kind, owner=self.owner, key=self.key)


class Acknowledgement(Struct, frozen=True, kw_only=True):
    """The immediate answer (收讫): the bytes are durable, and this is what became of them."""

    #: Number of the bytes in the platform's inbox; quote it in every question
    receipt_id: int
    outcome: str
    message_type: str = ""
    guid: str = ""
    #: The same bytes came before, and this is their first answer again
    repeat: bool = False
    documents: tuple[DocumentTaken, ...] = ()
    faults: tuple[Fault, ...] = ()
    #: Taken all the same, but probably not what was meant
    advice: tuple[Fault, ...] = ()


class Receipt(Struct, frozen=True, kw_only=True):
    """One receipt (回执) as pulled; ``cursor`` is where to read on after it."""

    cursor: str
    guid: str
    #: Document it answers, and which version of it
    subject: Ref
    subject_version: int
    #: A value of ``ReturnStatus``, or a negative code of the specification
    status: int
    #: Text as customs writes it, such as ``[Code:2600;Desc:放行]``
    info: str
    at: datetime
    #: Rules of the catalogue that caused it
    rules: tuple[str, ...] = ()
    order_no: str = ""
    logistics_no: str = ""
    cop_no: str = ""
    pre_no: str = ""
    invt_no: str = ""

    @property
    def is_final(self) -> bool:
        """Whether no further receipt follows for this version, short of an act of customs or of the sender.

        A list (清单) ends released, closed or refused, the other papers stored or refused; a negative code refuses.
        """
        final = _LIST_FINAL if self.subject.kind is Kind.LIST else _PAPER_FINAL
        return self.status < 0 or self.status in final

    @property
    def is_refusal(self) -> bool:
        """Whether it refuses: 100 (海关退单) or a negative code."""
        return self.status < 0 or self.status == ReturnStatus.REFUSED

    @property
    def code(self) -> str:
        """Code inside the text, such as ``2600``; empty where it has none.

        >>> from datetime import UTC
        >>> one = Receipt(cursor="1-1", guid="", subject=Ref(Kind.LIST, "A", "1"), subject_version=1, status=800,
        ...               info="[Code:2600;Desc:放行]", at=datetime(2026, 1, 1, tzinfo=UTC))
        >>> one.code, one.text, one.is_final
        ('2600', '放行', True)
        """
        found = _CODED.search(self.info)
        return found["code"] if found else ""

    @property
    def text(self) -> str:
        """Text without its code."""
        found = _CODED.search(self.info)
        return found["text"] if found else self.info


class ReceiptPage(Struct, frozen=True, kw_only=True):
    """One pull of receipts."""

    receipts: tuple[Receipt, ...]
    #: Where to read on, also after an empty pull
    cursor: str


class Course(Struct, frozen=True, kw_only=True):
    """The receipts of one document, oldest first, to its final one."""

    ref: Ref
    receipts: tuple[Receipt, ...]

    @property
    def final(self) -> Receipt:
        """The receipt that ended it."""
        return self.receipts[-1]

    @property
    def statuses(self) -> tuple[int, ...]:
        """Statuses in their order, such as 2, 120, 800."""
        return tuple(receipt.status for receipt in self.receipts)


class Said(Struct, frozen=True, kw_only=True):
    """A value and where it stands."""

    document: str
    field: str
    value: str
    sender: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """One thing a check found (核查结果), with both values and the article."""

    rule: str
    #: ``refuse``, ``wait``, ``review`` or ``note``
    severity: str
    #: Receipt code it is answered with
    code: str = ""
    what: Words = Words()
    found: Said
    against: Said | None = None
    source: str = ""
    remedy: Words = Words()
    retry: Retry = Retry.FIX


class Assessment(Struct, frozen=True, kw_only=True):
    """The tax of a list (税款), in fen, with its working line by line."""

    route: str
    value_fen: int
    tax_fen: int
    lines: tuple[dict[str, Any], ...] = ()
    working: tuple[dict[str, Any], ...] = ()


class Tried(Struct, frozen=True, kw_only=True):
    """What the door would say to one message."""

    #: ``registered``, ``refused`` or ``unreadable``
    outcome: str
    message_type: str
    guid: str
    sender: str
    signer: str
    faults: tuple[Fault, ...] = ()
    advice: tuple[Fault, ...] = ()


class Verdict(Struct, frozen=True, kw_only=True):
    """What would become of one document."""

    kind: Kind
    owner: str
    key: str
    clears: bool
    #: Status a list would come to; None for the other papers
    status: str | None = None
    findings: tuple[Finding, ...] = ()
    assessment: Assessment | None = None


class Check(Struct, frozen=True, kw_only=True):
    """What would happen (预校验); nothing was written."""

    #: Legal day it was judged as at
    at: date
    #: Whether nothing would be refused or have to wait
    clears: bool
    readable: bool
    messages: tuple[Tried, ...]
    documents: tuple[Verdict, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Faults of all messages."""
        return tuple(fault for message in self.messages for fault in message.faults)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings on all documents."""
        return tuple(finding for document in self.documents for finding in document.findings)


class CaseLine(Struct, frozen=True, kw_only=True):
    """One case of a list of cases."""

    declarant: str
    list_key: str
    version: int
    status: str
    order_no: str
    logistics_no: str
    cop_no: str
    invt_no: str
    declared_at: datetime
    tax_fen: int | None = None
    reasons: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    updated_at: datetime


class CasePage(Struct, frozen=True, kw_only=True):
    """One page of cases."""

    cases: tuple[CaseLine, ...]
    #: Cursor of the next page; empty after the last
    after: str = ""


class Decided(Struct, frozen=True, kw_only=True):
    """One decision on a case, with every finding it rests on."""

    version: int
    status: str
    at: datetime
    #: Day whose law was applied
    law_day: date
    findings: tuple[Finding, ...] = ()
    assessment: Assessment | None = None


class Case(Struct, frozen=True, kw_only=True):
    """One case (一票清单): its state, decisions and numbers."""

    ref: Ref
    version: int
    status: str
    order: Ref
    waybill: Ref
    pre_no: str = ""
    invt_no: str = ""
    declared_at: datetime
    accepted_on: date | None = None
    released_at: datetime | None = None
    wait_until: datetime | None = None
    #: Papers it waits for
    waits: tuple[str, ...] = ()
    decisions: tuple[Decided, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of the last decision."""
        return self.decisions[-1].findings if self.decisions else ()

    @property
    def tax_fen(self) -> int | None:
        """Tax of the last decision, fen; None where none was assessed."""
        last = self.decisions[-1].assessment if self.decisions else None
        return last.tax_fen if last else None


class Hit(Struct, frozen=True, kw_only=True):
    """One thing a number names."""

    #: ``case``, ``paper``, ``message`` or ``account``
    what: str
    #: Name of the number that matched, such as ``logistics_no``
    matched: str
    owner: str
    kind: str
    key: str
    version: int
    state: str
    order_no: str
    at: datetime | None = None


class Token(Struct, frozen=True, kw_only=True):
    """A new token, shown once."""

    token: str
    enterprise: str = ""
    label: str = ""


class Patience(Struct, frozen=True, kw_only=True):
    """How long the client tries and waits; seconds, counted in the pauses it makes."""

    #: Times a call is made again after 429, 503 or a broken connection
    repeats: int = 5
    #: First pause where the platform names none; it doubles each time
    pause_s: float = 0.5
    #: Longest single pause; a platform that asks for more is answered with an error
    longest_pause_s: float = 30.0
    #: Pause between two looks for receipts; it grows by half each time
    look_s: float = 0.2
    #: Longest pause between two looks
    longest_look_s: float = 5.0

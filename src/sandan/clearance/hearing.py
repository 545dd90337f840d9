"""One list before the court: its papers, the case as opened, and how its decision is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from msgspec.structs import replace

from sandan.clearance import receipts
from sandan.clearance import transitions
from sandan.clearance.court import Court
from sandan.clearance.facts import Case
from sandan.clearance.facts import Deadline
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Event
from sandan.clearance.facts import EventKind
from sandan.clearance.facts import Papers
from sandan.clearance.facts import Status
from sandan.clearance.receipts import Line
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.facts import Posting
from sandan.parties.bench import Bench
from sandan.parties.breach import Findings
from sandan.terms.ids import InvtNo
from sandan.terms.ids import PreNo

NUMBERS = 10**9
"""Running numbers have nine digits (specification section 4)."""


class Hearing:
    """A list being decided.

    Attributes:
        papers: Everything known about the list.
        court: What it is decided with.
        bench: The law of today with the registry.
        declaration: The list itself.
        fresh: Whether this version of the list is taken up for the first time.
        case: The case opened for this version, at status ``waiting``, with its next version number.
    """

    __slots__ = ("bench", "case", "court", "declaration", "fresh", "papers")

    def __init__(self, papers: Papers, court: Court) -> None:
        """Opens the case, or takes it up again."""
        self.papers = papers
        self.court = court
        self.bench: Bench = court.bench()
        self.declaration = cast("DeclarationList", papers.declaration.document)
        stored = papers.case
        self.fresh = stored is None or stored.list_version != papers.declaration.version
        self.case = self._open(stored) if stored is None or self.fresh else replace(stored, version=stored.version + 1)

    def event(self, kind: EventKind, note: str = "") -> Event:
        """Something that happened to the list now, caused by the list itself."""
        ref = self.case.ref
        return Event(kind=kind, case=ref, at=self.court.now, cause=ref, actor=self.papers.declaration.sender, note=note)

    def declared(self) -> tuple[Event, ...]:
        """That this version was declared, if it is taken up for the first time."""
        return (self.event(EventKind.DECLARED),) if self.fresh else ()

    def move(self, *path: Status) -> Status:
        """Last status of a path the table allows, from where the case stands."""
        return transitions.walk(self.case.status, *path)

    def write(  # noqa: PLR0913 - the parts of a decision
        self,
        case: Case,
        lines: Sequence[Line],
        findings: Findings = (),
        *,
        events: tuple[Event, ...] = (),
        postings: tuple[Posting, ...] = (),
        deadlines: tuple[Deadline, ...] = (),
    ) -> Decision:
        """The decision with its receipts."""
        return Decision(
            case=case,
            findings=findings,
            events=self.declared() + events,
            postings=postings,
            receipts=receipts.write(self.papers.declaration, lines, self.court.now, case),
            deadlines=deadlines,
        )

    def _open(self, stored: Case | None) -> Case:
        declaration = self.declaration
        number = self.papers.serial % NUMBERS
        return Case(
            ref=declaration.ref,
            version=stored.version + 1 if stored else 1,
            status=transitions.walk(stored.status if stored else None, Status.WAITING),
            list_version=self.papers.declaration.version,
            order=Ref(Kind.ORDER, declaration.ebp_code, declaration.order_no),
            waybill=Ref(Kind.WAYBILL, declaration.logistics_code, declaration.logistics_no),
            pre_no=stored.pre_no if stored else PreNo(f"B{self.bench.day:%Y%m%d}{number:09d}"),
            invt_no=InvtNo(""),
            declared_at=self.court.now,
        )

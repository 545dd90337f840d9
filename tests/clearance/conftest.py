"""An invented zone, its law files and clean parcels, from which each test takes one thing away."""

from __future__ import annotations

import re
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sandan import clearance
from sandan import law
from sandan.clearance.court import Court
from sandan.clearance.decide import decide
from sandan.clearance.facts import Case
from sandan.clearance.facts import Conditions
from sandan.clearance.facts import Decision
from sandan.clearance.facts import Papers
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Received
from sandan.documents.facts import Ref
from sandan.inspection.facts import Criterion
from sandan.law.facts import Consumption
from sandan.law.facts import Evidence
from sandan.law.facts import ListEntry
from sandan.law.facts import Measure
from sandan.law.facts import Remark
from sandan.law.facts import Restriction
from sandan.law.facts import Source
from sandan.law.places import PlaceFact
from sandan.law.supplied import Overlay
from sandan.law.supplied import Period
from sandan.law.supplied import RateRow
from sandan.ledger.decide import Book
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.parties.bench import Bench
from sandan.parties.facts import Registry
from sandan.sandbox import world
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.world import Goods
from sandan.terms.ids import Guid

SOURCE = Source(title="invented")
SINCE = date(2016, 4, 8)
PERIOD = Period(since=SINCE, until=None, source=SOURCE, evidence=Evidence.INVENTED)
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def _rate(goods: Goods) -> RateRow:
    consumption, cosmetics = None, goods.gcode.startswith("3304")
    if cosmetics:
        consumption = Consumption(rate=Decimal("0.15"))
    if goods.gcode.startswith("2204"):
        consumption = Consumption(rate=Decimal("0.10"))
    return RateRow(
        code=goods.gcode,
        period=PERIOD,
        vat="vat.standard_rate",
        tariff=Decimal("0.10"),
        consumption=consumption,
        cosmetics=cosmetics,
        measure=Measure.VOLUME if cosmetics else None,
        unit1=goods.unit1,
        unit2=goods.unit2,
    )


def entry(goods: Goods, *remarks: Remark) -> ListEntry:
    bonded = Remark(kind=Restriction.BONDED_ONLY, text="仅限网购保税商品")
    return ListEntry(
        hs8=goods.gcode[:8],
        name=goods.name,
        edition="invented",
        remarks=remarks or ((bonded,) if goods.bonded_only else ()),
        since=SINCE,
        source=SOURCE,
        evidence=Evidence.INVENTED,
    )


def place(*, holds: bool = True) -> PlaceFact:
    return PlaceFact(
        city=world.CITY,
        kind="bonded_1210",
        holds=holds,
        since=SINCE,
        until=None,
        source=SOURCE,
        evidence=Evidence.INVENTED,
    )


OVERLAY = Overlay(
    positive_list={goods.gcode[:8]: (entry(goods),) for goods in world.GOODS},
    tariff={goods.gcode: (_rate(goods),) for goods in world.GOODS},
    places=(place(),),
)


class Scene:
    """The invented world on a day, with the words tests speak in."""

    milk, nappies, cream, serum, wine, brush, vitamins, bag, watch, lobster, puzzle = world.GOODS
    overlay = OVERLAY
    place = staticmethod(place)
    entry = staticmethod(entry)

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.maker = Maker(1, now, "T")
        self.buyer = self.maker.person(3)
        self.registry: Registry = world.registry()
        self.law: Overlay = OVERLAY
        self.criteria: tuple[Criterion, ...] = ()
        self.patience = timedelta(0)
        self.balances: dict[AccountId, Balance] = {a: Balance(granted=n) for a, n in world.openings().items()}

    def court(self, now: datetime | None = None) -> Court:
        """A court over the balances as they stand."""
        overlay = self.law
        return Court(
            law_on=lambda day: law.at(day, overlay),
            registry=self.registry,
            book=Book(self.balances),
            conditions=Conditions(wait_missing=timedelta(hours=72), wait_disagreement=self.patience),
            now=now or self.now,
            criteria=self.criteria,
        )

    def bench(self) -> Bench:
        return Bench(law.at(self.court().today, self.law), self.registry)

    def received(self, document: Document, sender: str, version: int = 1) -> Received:
        code: Any = sender
        return Received(document=document, inbox_id=1, version=version, sender=code, signer=code, received_at=self.now)

    def bonded(self, *goods: tuple[Goods, int], freight_fen: int = 0) -> Papers:
        """Clean papers of a 1210 parcel."""
        return self.papers("1210", goods or ((self.milk, 1),), freight_fen)

    def direct(self, *goods: tuple[Goods, int], freight_fen: int = 0) -> Papers:
        """Clean papers of a 9610 parcel."""
        return self.papers("9610", goods or ((self.milk, 1),), freight_fen)

    def papers(self, mode: str, goods: tuple[tuple[Goods, int], ...], freight_fen: int = 0) -> Papers:
        return self.of(self.maker.parcel(mode, goods, self.buyer, freight_fen))

    def of(self, parcel: Parcel) -> Papers:
        """Papers of a parcel as they arrive; one that never comes is missing."""
        order, payment, waybill = parcel.order, parcel.payment, parcel.waybill
        return Papers(
            declaration=self.received(parcel.declaration, parcel.declaration.agent_code),
            case=None,
            order=order and self.received(order, order.ebp_code),
            payments=(self.received(payment, payment.pay_code),) if payment else (),
            waybill=waybill and self.received(waybill, waybill.logistics_code),
            serial=self.maker.count,
        )

    def decide(self, papers: Papers, now: datetime | None = None) -> Decision:
        """Decide, and let the balances stand as the postings leave them."""
        court = self.court(now)
        decision = decide(papers, court)
        for posting in decision.postings:
            self.balances[posting.account] = court.book.balance(posting.account)
        return decision

    def rules(self, papers: Papers) -> set[str]:
        """Rules broken by papers."""
        return {finding.rule for finding in self.decide(papers).findings}

    def balance(self, owner: str, kind: AccountKind, item: str) -> Balance:
        return self.balances.get(AccountId(owner, kind, item), Balance())

    @staticmethod
    def on_list(papers: Papers, **changes: Any) -> Papers:
        """The same papers with fields of the list changed."""
        return replace(papers, declaration=_changed(papers.declaration, changes))

    @staticmethod
    def on_order(papers: Papers, **changes: Any) -> Papers:
        assert papers.order is not None
        return replace(papers, order=_changed(papers.order, changes))

    @staticmethod
    def on_payment(papers: Papers, **changes: Any) -> Papers:
        return replace(papers, payments=tuple(_changed(payment, changes) for payment in papers.payments))

    @staticmethod
    def on_waybill(papers: Papers, **changes: Any) -> Papers:
        assert papers.waybill is not None
        return replace(papers, waybill=_changed(papers.waybill, changes))

    @staticmethod
    def on_line(papers: Papers, **changes: Any) -> Papers:
        """The same papers with the first line of the list changed."""
        document: Any = papers.declaration.document
        first, *rest = document.lines
        return Scene.on_list(papers, lines=(replace(first, **changes), *rest))

    @staticmethod
    def act(case: Case, verdict: OfficerVerdict, reason: str = "单证相符", seen: int | None = None) -> OfficerAct:
        return OfficerAct(
            guid=Guid("ACT"),
            subject=case.ref,
            officer="guan01",
            verdict=verdict,
            reason=reason,
            seen_version=case.version if seen is None else seen,
        )

    @staticmethod
    def rival() -> Ref:
        return Ref(kind=Kind.LIST, owner=world.BROKER, key="QD-OTHER")


def _changed(received: Received, changes: dict[str, Any]) -> Received:
    return replace(received, document=replace(received.document, **changes))


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture(scope="session")
def new_scene() -> type[Scene]:
    """For tests that need many scenes."""
    return Scene


@pytest.fixture(scope="session")
def rule_ids() -> set[str]:
    """Every rule id the rooms of judgement write down."""
    rooms = Path(clearance.__file__).parent.parent
    pattern = re.compile(r'"((?:R\d+|RZ|R2L|RPL|RTAX|CEB|PAPER|STOCK|ACT)-[0-9A-Z][0-9A-Z.\-]*)"')
    files = [file for room in ("clearance", "parties", "inspection") for file in (rooms / room).glob("*.py")]
    return {rule for file in files for rule in pattern.findall(file.read_text("utf-8"))}

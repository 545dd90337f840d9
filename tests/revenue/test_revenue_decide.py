"""Bills equal their assessment; documents gather what is payable; a payment fits or is given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sandan import law
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.decide import Book
from sandan.ledger.decide import NotReserved
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Movement
from sandan.revenue import decide
from sandan.revenue.decide import RefusedError
from sandan.revenue.decide import Why
from sandan.revenue.facts import Advice
from sandan.revenue.facts import Bill
from sandan.revenue.facts import DocumentStatus
from sandan.revenue.facts import Outcome
from sandan.revenue.facts import Released
from sandan.revenue.facts import Status
from sandan.revenue.facts import TaxDocument
from sandan.revenue.rules import PAYABLE
from sandan.terms.days import SHANGHAI
from sandan.terms.ids import CustomsCode
from sandan.terms.ids import EnterpriseCode

MakeBill = Callable[..., Bill]
DAY = date(2026, 11, 2)
DUE = date(2026, 12, 17)
COLLECTOR = EnterpriseCode("0131960101")
DOCUMENT = TaxDocument(
    collector=COLLECTOR, document_no="D1", district=CustomsCode("0131"), amount_fen=1_000, bills=2, due_on=DUE
)


def advice(amount_fen: int, day: date = DUE, currency: str = "142") -> Advice:
    return Advice(
        collector=COLLECTOR,
        reference="R1",
        document_no="D1",
        amount_fen=amount_fen,
        currency=currency,
        paid_at=datetime(day.year, day.month, day.day, 23, 59, tzinfo=SHANGHAI),
    )


class TestBill:
    def test_it_is_the_assessment_line_by_line(self, make: Callable[..., Released]) -> None:
        one = make(DAY, 910, 455)
        bill = decide.bill_of(one, law.at(DAY))
        assert [line.vat_fen for line in bill.lines] == [910, 455]
        assert bill.tax_fen == one.assessment.tax_fen == 1_365

    def test_its_number_ends_in_zero(self, bill: MakeBill) -> None:
        made = bill(DAY)
        assert made.tax_no == f"{made.invt_no}_0"

    def test_a_list_without_tax_is_stated_as_such(self, bill: MakeBill) -> None:
        made = bill(DAY, 0)
        assert (made.status, made.tax_fen) == (Status.ZERO, 0)


class TestAggregate:
    @pytest.mark.parametrize(("day", "count"), [(30, 0), (31, 1), (45, 1), (46, 1)])
    def test_from_day_31_on_and_overdue_too(self, bill: MakeBill, day: int, count: int) -> None:
        assert len(decide.payable([bill(DAY)], DAY + timedelta(days=day))) == count

    def test_the_earliest_last_day_is_the_documents(self, bill: MakeBill) -> None:
        bills = [bill(DAY), bill(DAY + timedelta(days=3)), bill(DAY + timedelta(days=60))]
        document = decide.aggregate(bills, DAY + timedelta(days=40), "D1")
        assert document is not None
        assert (document.bills, document.amount_fen, document.due_on) == (2, 1_820, DAY + timedelta(days=45))

    def test_of_nothing_there_is_none(self, bill: MakeBill) -> None:
        assert decide.aggregate([bill(DAY)], DAY, "D1") is None

    @pytest.mark.parametrize("status", [Status.AGGREGATED, Status.PAID, Status.VOID])
    def test_nothing_stands_on_two_documents(self, bill: MakeBill, status: Status) -> None:
        assert decide.payable([replace(bill(DAY), status=status)], DUE) == []


class TestReceive:
    def test_in_full_on_the_last_day(self) -> None:
        settlement = decide.receive(DOCUMENT, advice(1_000), "142")
        assert (settlement.outcome, settlement.kept_fen) == (Outcome.PAID, 1_000)

    def test_in_full_a_day_late(self) -> None:
        assert decide.receive(DOCUMENT, advice(1_000, DUE + timedelta(days=1)), "142").outcome is Outcome.PAID_LATE

    def test_late_is_told_by_the_beijing_day(self) -> None:
        evening = replace(advice(1_000), paid_at=datetime(2026, 12, 17, 15, 59, tzinfo=UTC))
        night = replace(advice(1_000), paid_at=datetime(2026, 12, 17, 16, 0, tzinfo=UTC))
        assert decide.receive(DOCUMENT, evening, "142").outcome is Outcome.PAID
        assert decide.receive(DOCUMENT, night, "142").outcome is Outcome.PAID_LATE

    def test_one_fen_short_is_a_part(self) -> None:
        settlement = decide.receive(DOCUMENT, advice(999), "142")
        assert settlement.outcome is Outcome.PARTIAL
        assert settlement.document is not None
        assert settlement.document.open_fen == 1

    def test_one_fen_too_much_is_given_back_whole(self) -> None:
        settlement = decide.receive(DOCUMENT, advice(1_001), "142")
        assert (settlement.outcome, settlement.kept_fen, settlement.returned_fen) == (Outcome.TOO_MUCH, 0, 1_001)

    @pytest.mark.parametrize(
        ("document", "outcome"),
        [
            (None, Outcome.UNKNOWN_DOCUMENT),
            (replace(DOCUMENT, status=DocumentStatus.PAID, paid_fen=1_000), Outcome.ALREADY_PAID),
            (replace(DOCUMENT, status=DocumentStatus.VOID), Outcome.VOID_DOCUMENT),
        ],
    )
    def test_a_document_that_is_not_open(self, document: TaxDocument | None, outcome: Outcome) -> None:
        assert decide.receive(document, advice(1_000), "142").outcome is outcome

    def test_another_currency(self) -> None:
        assert decide.receive(DOCUMENT, advice(1_000, currency="502"), "142").outcome is Outcome.WRONG_CURRENCY

    @given(st.lists(st.integers(min_value=-10, max_value=1_500), max_size=30))
    def test_whatever_is_paid_no_fen_is_lost_and_none_kept_twice(self, amounts: list[int]) -> None:
        document, kept = DOCUMENT, 0
        for amount in amounts:
            settlement = decide.receive(document, advice(amount), "142")
            assert settlement.kept_fen + settlement.returned_fen == max(amount, 0)
            assert settlement.document is not None
            document, kept = settlement.document, kept + settlement.kept_fen
        assert document.paid_fen == kept <= document.amount_fen
        assert (document.status is DocumentStatus.PAID) == (kept == document.amount_fen)


class TestFree:
    WHY = Why(cause=Ref(Kind.TAX_PAYMENT, COLLECTOR, "R1"), rule=PAYABLE, at=datetime(2026, 12, 17, tzinfo=UTC))

    def test_each_bill_frees_what_it_holds(self, bill: MakeBill) -> None:
        bills = [bill(DAY, 910), bill(DAY, 455), bill(DAY, 0)]
        account = decide.guarantee_of(bills[0])
        book = Book({account: Balance(granted=5_000, reserved=1_365)})
        postings = decide.free(bills, book, self.WHY)
        assert [(posting.movement, posting.amount) for posting in postings] == [
            (Movement.VOID, 910),
            (Movement.VOID, 455),
        ]
        assert book.balance(account) == Balance(granted=5_000)

    def test_no_more_is_freed_than_is_held(self, bill: MakeBill) -> None:
        made = bill(DAY, 910)
        with pytest.raises(NotReserved):
            decide.free([made], Book({decide.guarantee_of(made): Balance(granted=5_000, reserved=909)}), self.WHY)


class TestVoid:
    @pytest.mark.parametrize("status", [Status.PAID, Status.VOID, Status.ZERO])
    def test_what_is_settled_cannot_be_voided(self, bill: MakeBill, status: Status) -> None:
        with pytest.raises(RefusedError, match="still owed"):
            decide.check_voidable(replace(bill(DAY), status=status), None)

    def test_a_document_paid_in_part_keeps_its_bills(self, bill: MakeBill) -> None:
        with pytest.raises(RefusedError, match="1 fen are paid"):
            decide.check_voidable(replace(bill(DAY), status=Status.AGGREGATED), replace(DOCUMENT, paid_fen=1))

    def test_an_untouched_document_does_not(self, bill: MakeBill) -> None:
        decide.check_voidable(replace(bill(DAY), status=Status.AGGREGATED), DOCUMENT)

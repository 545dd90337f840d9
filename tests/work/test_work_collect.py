"""Collecting tax: aggregated in the window, paid against, the guarantee freed; every wrong payment has its outcome."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.revenue.decide import RefusedError
from sandan.revenue.facts import DocumentStatus
from sandan.revenue.facts import Outcome
from sandan.sandbox import world
from sandan.store.tax_documents import ReferenceUsedError


@pytest.fixture
def owed(revenue: Any) -> Any:
    """Three bills on their first day of payment."""
    revenue.released_and_billed(3)
    revenue.go(31)
    return revenue


class TestAggregate:
    def test_a_day_too_early_there_is_nothing(self, revenue: Any) -> None:
        revenue.released_and_billed()
        revenue.go(30)
        assert revenue.desk.aggregate(world.PLATFORM, world.DISTRICT) is None

    def test_on_day_31_everything_payable_stands_on_one_document(self, owed: Any) -> None:
        document = owed.document()
        assert document.bills == 3
        assert document.amount_fen == owed.held()
        assert owed.ask("SELECT DISTINCT status, document_no FROM tax_bills") == [("aggregated", document.document_no)]

    def test_a_second_time_there_is_nothing_left(self, owed: Any) -> None:
        owed.document()
        assert owed.desk.aggregate(world.PLATFORM, world.DISTRICT) is None

    def test_collector_and_declarant_are_told_by_818_with_status_2(self, owed: Any) -> None:
        document = owed.document()
        letters = owed.ask(
            "SELECT facts->'letter'->>'body' FROM receipts WHERE subject_kind = 'tax_bill' AND status = 2"
        )
        assert len(letters) == 2
        assert all(body.count("<status>2</status>") == 3 and document.document_no in body for (body,) in letters)

    def test_more_than_fit_on_one_get_the_next(self, owed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sandan.work.collect.MOST", 2)
        assert [owed.document().bills, owed.document().bills] == [2, 1]
        assert owed.desk.aggregate(world.PLATFORM, world.DISTRICT) is None

    def test_another_district_has_its_own(self, owed: Any) -> None:
        assert owed.desk.aggregate(world.PLATFORM, "5101") is None


class TestPayment:
    def test_paid_in_full_frees_the_guarantee(self, owed: Any) -> None:
        document = owed.document()
        settlement = owed.desk.receive(owed.bank.pay(document, document.amount_fen))
        assert settlement.outcome is Outcome.PAID
        assert owed.held() == 0
        assert owed.ask("SELECT DISTINCT status FROM tax_bills") == [("paid",)]
        assert owed.ask("SELECT DISTINCT rule FROM postings WHERE movement = 'void'") == [("R194-16.2",)]
        assert owed.sound()

    def test_a_part_is_kept_and_frees_nothing(self, owed: Any) -> None:
        document, held = owed.document(), owed.held()
        first = owed.desk.receive(owed.bank.pay(document, 100))
        assert (first.outcome, first.kept_fen, owed.held()) == (Outcome.PARTIAL, 100, held)
        rest = owed.desk.receive(owed.bank.pay(document, document.amount_fen - 100))
        assert (rest.outcome, owed.held()) == (Outcome.PAID, 0)
        assert owed.sound()

    def test_a_second_payment_is_given_back(self, owed: Any) -> None:
        document = owed.document()
        owed.desk.receive(owed.bank.pay(document, document.amount_fen))
        again = owed.desk.receive(owed.bank.pay(document, document.amount_fen))
        assert (again.outcome, again.kept_fen, again.returned_fen) == (Outcome.ALREADY_PAID, 0, document.amount_fen)

    def test_the_same_advice_twice_gets_the_first_answer(self, owed: Any) -> None:
        document = owed.document()
        advice = owed.bank.pay(document, document.amount_fen)
        assert owed.desk.receive(advice).outcome is owed.desk.receive(advice).outcome is Outcome.PAID
        assert owed.ask("SELECT count(*) FROM tax_payments") == [(1,)]

    def test_one_reference_for_two_payments_is_refused(self, owed: Any) -> None:
        advice = owed.bank.pay(owed.document(), 100)
        owed.desk.receive(advice)
        with pytest.raises(ReferenceUsedError, match="amount_fen: 100 before, 200 now"):
            owed.desk.receive(replace(advice, amount_fen=200))

    @pytest.mark.parametrize(
        ("change", "outcome"),
        [
            ({"amount_fen": 0}, Outcome.NO_AMOUNT),
            ({"amount_fen": -5}, Outcome.NO_AMOUNT),
            ({"amount_fen": 10**12}, Outcome.TOO_MUCH),
            ({"currency": "502"}, Outcome.WRONG_CURRENCY),
            ({"document_no": "nothing"}, Outcome.UNKNOWN_DOCUMENT),
            ({"collector": world.AGENT}, Outcome.UNKNOWN_DOCUMENT),
        ],
    )
    def test_what_does_not_fit_is_given_back_whole(self, owed: Any, change: dict[str, Any], outcome: Outcome) -> None:
        advice = replace(owed.bank.pay(owed.document(), 100), **change)
        settlement = owed.desk.receive(advice)
        assert (settlement.outcome, settlement.kept_fen) == (outcome, 0)
        assert settlement.returned_fen == max(advice.amount_fen, 0)
        assert owed.sound()

    @pytest.mark.parametrize(("days", "outcome"), [(14, Outcome.PAID), (15, Outcome.PAID_LATE)])
    def test_day_45_is_in_time_and_day_46_late(self, owed: Any, days: int, outcome: Outcome) -> None:
        document = owed.document()
        owed.go(days)
        assert owed.desk.receive(owed.bank.pay(document, document.amount_fen)).outcome is outcome

    def test_receipts_go_to_collector_and_declarant(self, owed: Any) -> None:
        document = owed.document()
        owed.desk.receive(owed.bank.pay(document, document.amount_fen))
        query = "SELECT recipient, status FROM receipts WHERE subject_kind = 'tax_payment' ORDER BY id"
        assert owed.ask(query) == [(world.PLATFORM, 120), (world.AGENT, 120)]

    def test_two_at_once_pay_once(self, owed: Any) -> None:
        document = owed.document()
        advices = [owed.bank.pay(document, document.amount_fen) for _ in range(2)]
        found: list[Outcome] = []
        crowd = [threading.Thread(target=lambda a=a: found.append(owed.desk.receive(a).outcome)) for a in advices]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        assert sorted(found) == [Outcome.ALREADY_PAID, Outcome.PAID]
        assert owed.sound()


class TestVoid:
    def test_a_void_bill_frees_its_guarantee_and_is_told(self, revenue: Any) -> None:
        revenue.released_and_billed()
        ((tax_no,),) = revenue.ask("SELECT tax_no FROM tax_bills")
        revenue.desk.void(world.PLATFORM, tax_no, "returned in time")
        assert revenue.held() == 0
        assert revenue.ask("SELECT count(*) FROM receipts WHERE subject_kind = 'tax_bill' AND status = 3") == [(2,)]
        assert revenue.sound()

    def test_its_document_is_void_and_the_others_may_be_gathered_anew(self, owed: Any) -> None:
        document = owed.document()
        ((tax_no,),) = owed.ask("SELECT min(tax_no) FROM tax_bills")
        owed.desk.void(world.PLATFORM, tax_no, "returned")
        assert owed.stored(document.document_no).status is DocumentStatus.VOID
        assert owed.desk.receive(owed.bank.pay(document, document.amount_fen)).outcome is Outcome.VOID_DOCUMENT
        assert owed.document().bills == 2
        assert owed.sound()

    def test_a_bill_whose_document_is_paid_in_part_stays(self, owed: Any) -> None:
        owed.desk.receive(owed.bank.pay(owed.document(), 100))
        ((tax_no,),) = owed.ask("SELECT min(tax_no) FROM tax_bills")
        with pytest.raises(RefusedError, match="100 fen are paid"):
            owed.desk.void(world.PLATFORM, tax_no, "returned")

    def test_a_void_bill_is_not_voided_twice(self, revenue: Any) -> None:
        revenue.released_and_billed()
        ((tax_no,),) = revenue.ask("SELECT tax_no FROM tax_bills")
        revenue.desk.void(world.PLATFORM, tax_no, "returned")
        with pytest.raises(RefusedError, match="is void"):
            revenue.desk.void(world.PLATFORM, tax_no, "returned")

    def test_a_bill_nobody_has(self, revenue: Any) -> None:
        with pytest.raises(RefusedError, match="has no bill"):
            revenue.desk.void(world.PLATFORM, "nothing", "returned")


def test_a_crash_while_paying_leaves_the_guarantee_held(owed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document, held = owed.document(), owed.held()
    advice = owed.bank.pay(document, document.amount_fen)

    def die(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("sandan.work.collect.write_receipts", die)
        with pytest.raises(RuntimeError):
            owed.desk.receive(advice)
    assert owed.held() == held
    assert owed.desk.receive(advice).outcome is Outcome.PAID
    assert owed.sound()


def test_a_return_in_the_days_of_return_is_possible_until_day_30(revenue: Any) -> None:
    revenue.released_and_billed()
    ((until, first, last),) = revenue.ask("SELECT return_until, payable_from, payable_to FROM tax_bills")
    assert first - until == timedelta(days=1)
    assert last - first == timedelta(days=14)

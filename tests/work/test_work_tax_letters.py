"""Bills on the wire: CEB816 and CEB818 as customs sends them, accepted by our own strict reader."""

from __future__ import annotations

from typing import Any

import pytest

from sandan.wire.facts import Record
from sandan.wire.read import decode
from sandan.wire.read import parse


@pytest.fixture
def letters(revenue: Any) -> dict[str, Record]:
    """The letters of one bill, read back."""
    revenue.released_and_billed()
    found = revenue.ask("SELECT facts->'letter'->>'body' FROM receipts WHERE subject_kind = 'tax_bill'")
    readings = [decode(parse(body.encode())) for (body,) in found]
    assert all(reading.schema_valid for reading in readings)
    return {reading.message_type: reading.documents[0] for reading in readings}  # type: ignore[misc]


def test_the_head_is_the_sum_of_its_lines(letters: dict[str, Record]) -> None:
    bill = letters["CEB816Message"]
    for tax in ("customsTax", "valueAddedTax", "consumptionTax"):
        assert bill.head[tax] == sum(line[tax] for line in bill.lines)  # type: ignore[misc]


def test_it_names_the_list_and_who_pays(letters: dict[str, Record], revenue: Any) -> None:
    ((invt_no, collector),) = revenue.ask("SELECT invt_no, collector FROM tax_bills")
    head = letters["CEB816Message"].head
    assert (head["invtNo"], head["taxNo"], head["assureCode"]) == (invt_no, f"{invt_no}_0", collector)


def test_the_status_is_created(letters: dict[str, Record]) -> None:
    assert [letters[name].head["status"] for name in ("CEB816Message", "CEB818Message")] == ["1", "1"]


def test_a_letter_of_status_speaks_of_a_hundred_bills_at_most(revenue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandan.work.tax_letters.MOST", 2)
    revenue.released_and_billed(3)
    revenue.go(31)
    revenue.document()
    query = "SELECT facts->'letter'->>'body' FROM receipts WHERE subject_kind = 'tax_bill' AND status = 2 ORDER BY id"
    spoken = [len(decode(parse(body.encode())).documents) for (body,) in revenue.ask(query)]
    assert spoken == [2, 2, 1, 1]

"""A message laid open for a person: what it is, what is in it, what is wrong."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime

import msgspec
import pytest
from msgspec.structs import replace

from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.wire import specimen
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import wrap
from sandan.wire.facts import Transfer
from sandan.wire.inspect import inspect
from sandan.wire.write import message

GUID = "B0000000-0000-4000-8000-000000000002"
NOON = datetime(2025, 6, 11, 2, 20, tzinfo=UTC)


def advice(data: bytes, now: datetime | None = None) -> list[str]:
    seen = inspect(data, now)
    assert seen.schema_valid
    return [fault.code for fault in seen.diagnosis]


def test_a_good_order(order: Order, transfer: Transfer) -> None:
    seen = inspect(message("CEB311Message", [order], transfer, GUID))
    assert (seen.message, seen.title_zh, seen.title_en) == ("CEB311Message", "电子订单", "import order")
    assert (seen.schema_valid, seen.valid, seen.diagnosis) == (True, True, ())
    assert seen.documents[0].keys["orderNo"] == "D20250611000001"
    assert seen.documents[0].lines == 1


def test_no_person_is_shown(order: Order, transfer: Transfer) -> None:
    shown = msgspec.json.encode(inspect(message("CEB311Message", [order], transfer, GUID))).decode()
    assert "110101199003070038" not in shown
    assert "张样本" not in shown


def test_its_json_has_the_promised_names(order: Order, transfer: Transfer) -> None:
    seen = json.loads(msgspec.json.encode(inspect(message("CEB311Message", [order], transfer, GUID))))
    assert {"message", "schema_valid", "schema_errors", "diagnosis", "documents"} <= set(seen)


def test_an_envelope_and_what_is_in_it() -> None:
    info = TransInfo(cop_msg_id="1", sender_id="S", receiver_ids=("R",), created=NOON, message_type="CEB622Message")
    seen = inspect(wrap(specimen.smallest("CEB622Message"), info))
    assert seen.envelope is not None
    assert (seen.envelope.sender_id, seen.message, seen.valid) == ("S", "CEB622Message", True)


def test_an_empty_envelope() -> None:
    info = TransInfo(cop_msg_id="1", sender_id="S", receiver_ids=("R",), created=NOON, message_type="CEB622Message")
    seen = inspect(wrap(b"", info))
    assert [fault.code for fault in seen.diagnosis] == ["W-DXP-EMPTY"]
    assert not seen.valid


def test_documents_of_a_refused_message_are_still_told(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(b"<ceb:goodsValue>257<", b"<ceb:goodsValue>x<")
    seen = inspect(data)
    assert [fault.element for fault in seen.schema_errors] == ["goodsValue"]
    assert seen.documents[0].keys["orderNo"] == "D20250611000001"


@pytest.mark.parametrize("data", [b"", b"x", b"<a/>", b"\xff" * 9])
def test_what_is_nothing_at_all(data: bytes) -> None:
    seen = inspect(data)
    assert (seen.message, seen.schema_valid, seen.valid) == ("", False, False)
    assert seen.diagnosis


def test_a_payment_later_than_its_report_betrays_a_12_hour_clock(payment: Payment, transfer: Transfer) -> None:
    """Paid at 14:00, reported at 02:05 of the same day: the clock of the sender has twelve hours."""
    head = replace(payment.head, app_time="20250611020500")
    late = replace(payment, head=head, pay_time="20250611140000")
    assert advice(message("CEB411Message", [late], transfer, GUID)) == ["W-CLOCK12"]


def test_a_report_received_half_a_day_later_betrays_it_too(waybill: Waybill, transfer: Transfer) -> None:
    night = replace(waybill, head=replace(waybill.head, app_time="20250611021900"))
    afternoon = datetime(2025, 6, 11, 6, 20, tzinfo=UTC)
    data = message("CEB511Message", [night], transfer, GUID)
    assert "W-CLOCK12" in advice(data, afternoon)
    assert "W-CLOCK12" not in advice(data)


def test_a_report_received_at_once_is_right(payment: Payment, transfer: Transfer) -> None:
    assert advice(message("CEB411Message", [payment], transfer, GUID), NOON) == []


def test_fourteen_characters_that_are_no_time(payment: Payment, transfer: Transfer) -> None:
    odd = replace(payment, pay_time="20250231250000")
    assert advice(message("CEB411Message", [odd], transfer, GUID)) == ["W-TIME-VALUE"]


def test_one_guid_for_message_and_document(payment: Payment, transfer: Transfer) -> None:
    assert advice(message("CEB411Message", [payment], transfer, payment.head.guid)) == ["W-GUID-SAME"]


def test_a_guid_in_small_letters(payment: Payment, transfer: Transfer) -> None:
    assert advice(message("CEB411Message", [payment], transfer, GUID.lower())) == ["W-GUID-CASE"]


def test_what_the_tables_demand_and_the_schema_does_not(waybill: Waybill, transfer: Transfer) -> None:
    seen = inspect(message("CEB511Message", [waybill], transfer, GUID))
    (fault,) = seen.diagnosis
    assert (fault.code, fault.element) == ("W-SPEC-REQUIRED", "freight")
    assert seen.valid

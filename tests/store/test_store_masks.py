"""Personal data are hidden wherever they are told, from everyone but officers."""

from __future__ import annotations

import pytest

from sandan.store.masks import Veil
from sandan.store.masks import masked
from sandan.store.users import Seat
from sandan.store.users import User

NUMBER = "110101190204220003"
OPERATOR = User(account="o", name="o", seat=Seat.OPERATOR)
OFFICER = User(account="l", name="l", seat=Seat.OFFICER)
KNOWN = [("buyer_name", "张小三"), ("consignee_address", "云汀市新港区虚构路1号")]


@pytest.mark.parametrize(
    ("field", "value", "hidden"),
    [
        ("buyer_id_number", NUMBER, "1101**********0003"),
        ("payer_name", "张小三", "张**"),
        ("consignee_telephone", "13800001234", "138****1234"),
        ("telephone", "1234", "****"),
        ("consignee_address", "云汀市新港区虚构路1号", "云汀市新港区****"),
        ("order_no", NUMBER, NUMBER),
        ("buyer_name", "", ""),
    ],
)
def test_a_field_hides_what_is_personal(field: str, value: str, hidden: str) -> None:
    assert masked(field, value) == hidden


def test_the_path_of_a_field_leads_to_its_name() -> None:
    assert Veil(OPERATOR).field("payments[2].payer_name", "张小三") == "张**"


@pytest.mark.parametrize("seat", [seat for seat in Seat if seat is not Seat.OFFICER])
def test_only_an_officer_sees_through(seat: Seat) -> None:
    user = User(account="x", name="x", seat=seat, enterprise="0131960301")
    assert Veil(user).field("buyer_name", "张小三") == "张**"
    assert Veil(OFFICER).field("buyer_name", "张小三") == "张小三"


def test_known_values_are_hidden_inside_sentences() -> None:
    told = Veil(OPERATOR, KNOWN).text("订购人张小三，住云汀市新港区虚构路1号")
    assert "张小三" not in told
    assert "虚构路" not in told


def test_numbers_of_persons_are_hidden_in_any_text() -> None:
    assert Veil(OPERATOR).text(f"id {NUMBER} tel 13800001234") == "id 1101**********0003 tel 138****1234"


def test_an_order_number_as_long_as_a_persons_stays() -> None:
    assert Veil(OPERATOR).text("order 110101190204220004") == "order 110101190204220004"


@pytest.mark.parametrize("prefix", ["", "ceb:"])
def test_personal_elements_of_a_message_are_hidden_whatever_their_prefix(prefix: str) -> None:
    xml = f"<{prefix}buyerName>张小三</{prefix}buyerName><{prefix}orderNo>A1</{prefix}orderNo>"
    shown = Veil(OPERATOR).xml(xml)
    assert "张小三" not in shown
    assert "A1" in shown

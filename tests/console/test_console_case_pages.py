"""A case page tells everything: why, who said what, what to do, and each fen."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from sandan.console.port import Deps
from sandan.parties.facts import Registry
from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]
AGENT_CODE = "0131960301"


def text_of(answer: httpx.Response) -> str:
    """The words of a page, as read."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def page(visitor: Visitor, parcels: dict[str, Parcel]) -> Callable[..., str]:
    """Words of the page of the case with a fault, read by a user in a language."""

    def read(fault: str, user: User, language: str = "en") -> str:
        key = parcels[fault].declaration.cop_no
        return text_of(visitor(user, language).get(f"/case/{AGENT_CODE}/{key}"))

    return read


def test_a_refusal_names_both_values_their_senders_the_rule_and_the_remedy(
    page: Callable[..., str], officer: User, parcels: dict[str, Parcel]
) -> None:
    parcel = parcels["another_payer"]
    words = page("another_payer", officer)
    order, payment, _, _ = parcel.full
    for word in (order.buyer_name, payment.payer_name, "0131960101", "0131960501", "R194-9.1", "1327", "Remedy"):
        assert word in words
    assert "海关总署公告2018年第194号" in words


def test_all_findings_stand_on_the_page_not_only_the_first(page: Callable[..., str], officer: User) -> None:
    words = page("other_goods", officer)
    assert words.count("CEB-6.2.5") >= 2
    assert "CEB-6.1.3" in words


def test_the_board_marks_differing_fields_by_a_sign_and_a_word(page: Callable[..., str], officer: User) -> None:
    words = page("other_goods", officer)
    assert "3 fields differ" in words
    assert "≠ differs Goods value 238.00 476.00" in words


def test_a_clean_case_agrees_in_all_fields(page: Callable[..., str], officer: User) -> None:
    words = page("bonded", officer)
    assert "✓ all fields agree" in words
    assert "Nothing was found: every check and the comparison passed." in words


def test_a_waiting_case_says_for_what_since_when_and_until_when(
    page: Callable[..., str], officer: User, clock: Any
) -> None:
    clock.at += timedelta(hours=3, minutes=12)
    words = page("no_payment", officer)
    assert "has to come by 2026-11-24 14:30:00, or the list is refused" in words
    assert "Waiting for 3 h 12 min." in words
    assert "… missing for 3 h 12 min: Payment" in words


def test_the_next_step_of_each_status_is_one_sentence(page: Callable[..., str], agent: User) -> None:
    assert "Refused. Mend what is marked below" in page("another_payer", agent)
    assert "Released. The parcel may go" in page("bonded", agent)
    assert "The parcel is to be inspected." in page("watched_goods", agent)
    assert "放行" in page("bonded", agent, "zh")


def test_the_tax_is_worked_to_the_fen_with_its_rules(page: Callable[..., str], officer: User) -> None:
    """316.00 of goods at 13 % VAT and 70 %: 28.756, which is 28.76."""
    words = page("watched_goods", officer)
    assert "VAT payable 316.00 × 13 % × 70 % 28.76 RTAX-3" in words
    assert "Sum 316.00 0.00 0.00 28.76 28.76" in words


def test_receipts_and_postings_stand_in_their_order(page: Callable[..., str], officer: User) -> None:
    words = page("bonded", officer)
    receipts = words[words.rindex("Receipts Time") : words.index("Postings Time")]
    assert receipts.index("[Code:1800;Desc:逻辑校验通过]") < receipts.index("[Code:2600;Desc:放行]")
    assert "Released. The parcel may go" in receipts
    postings = words[words.index("Postings Time") :]
    assert "Reserve 648.00" in postings
    assert "Settle 648.00" in postings


def test_personal_data_are_hidden_from_an_enterprise(
    page: Callable[..., str], agent: User, parcels: dict[str, Parcel]
) -> None:
    for fault, parcel in parcels.items():
        declaration = parcel.declaration
        words = page(fault, agent)
        for value in (
            declaration.buyer_id_number,
            declaration.buyer_name,
            declaration.buyer_telephone,
            declaration.consignee_address,
        ):
            assert value not in words, fault


def test_personal_data_are_hidden_from_the_operator_too(
    page: Callable[..., str], operator: User, parcels: dict[str, Parcel]
) -> None:
    assert parcels["bonded"].declaration.buyer_id_number not in page("bonded", operator)


def test_an_officer_sees_the_person(page: Callable[..., str], officer: User, parcels: dict[str, Parcel]) -> None:
    assert parcels["bonded"].declaration.buyer_id_number in page("bonded", officer)


def test_why_a_parcel_was_chosen_stays_with_customs(page: Callable[..., str], agent: User) -> None:
    assert "watched" not in page("watched_goods", agent)


def test_an_authenticated_buyer_may_have_another_pay(
    deps: Deps, visitor_of: Visitor, officer: User, world_registry: Registry
) -> None:
    platform = world_registry.enterprises[world.PLATFORM]
    known = {**world_registry.enterprises, world.PLATFORM: replace(platform, authenticates_identity=True)}
    lenient = replace(deps, registry=lambda: replace(world_registry, enterprises=known))
    strict = replace(deps, registry=lambda: world_registry)
    path = f"/case/{AGENT_CODE}/QDSHOW00000004"
    assert "all fields agree" in text_of(visitor_of(lenient, officer).get(path))
    assert "2 fields differ" in text_of(visitor_of(strict, officer).get(path))


def test_a_paper_shows_its_fields_receipts_and_case(visitor: Visitor, agent: User) -> None:
    words = text_of(visitor(agent).get("/paper/waybill/0131980601/FYSHOW00000005"))
    for word in ("Case QDSHOW00000005", "Version 1 Stored", "Waybill number FYSHOW00000005", "逻辑校验通过"):
        assert word in words


def test_a_paper_no_case_uses_says_so(visitor: Visitor, officer: User, parcels: dict[str, Parcel]) -> None:
    assert parcels["no_order"].order is None
    words = text_of(visitor(officer).get("/paper/payment/0131960101/0131960501/QFSHOW00000003"))
    assert "Case QDSHOW00000003" in words


def test_the_page_prints_and_reads_without_scripts(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get(f"/case/{AGENT_CODE}/QDSHOW00000005").text
    body = page[page.index("<body>") :]
    assert "<script" not in body
    assert "d-print-none" in body

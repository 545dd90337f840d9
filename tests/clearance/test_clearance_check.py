"""Every check of every paper: one change, one rule."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance import check
from sandan.documents.facts import OfficerVerdict
from sandan.law import catalogue
from sandan.sandbox import world

BAD_CHECK_DIGIT = "110101199003074558"


def _rules(scene: Any, received: Any) -> set[str]:
    return {finding.rule for finding in check.examine(received, scene.bench())}


def _head(received: Any, **changes: Any) -> Any:
    return replace(received, document=replace(received.document, head=replace(received.document.head, **changes)))


@pytest.mark.parametrize("mode", ["1210", "9610"])
def test_clean_papers_have_no_findings(scene: Any, mode: str) -> None:
    papers = scene.papers(mode, ((scene.milk, 1), (scene.wine, 2)))
    for received in (papers.declaration, papers.order, *papers.payments, papers.waybill):
        assert check.examine(received, scene.bench()) == ()


HEADS = [
    ({"app_type": "9"}, "CEB-APPTYPE"),
    ({"app_status": "100"}, "CEB-APPSTATUS"),
    ({"app_time": "20260230120000"}, "CEB-TIME"),
    ({"app_time": "2026-02-20T12:00"}, "CEB-TIME"),
    ({"app_time": "20260220126000"}, "CEB-TIME"),
]


@pytest.mark.parametrize(("change", "rule"), HEADS)
@pytest.mark.parametrize("paper", ["declaration", "order", "waybill"])
def test_the_head_of_every_paper(scene: Any, paper: str, change: Any, rule: str) -> None:
    assert _rules(scene, _head(getattr(scene.bonded(), paper), **change)) == {rule}


def test_an_unsigned_paper_is_refused(scene: Any) -> None:
    """194/2018 art. 8 para. 4."""
    assert _rules(scene, replace(scene.bonded().order, signer="")) == {"R194-8.5"}


def test_a_paper_signed_by_another_than_its_sender_is_refused(scene: Any) -> None:
    assert _rules(scene, replace(scene.bonded().order, signer=world.WALLET)) == {"CEB-6.2.9"}


LIST = [
    ({"pack_no": 2}, "CEB-PACK"),
    ({"ie_flag": "E"}, "CEB-FLAG"),
    ({"currency": "502"}, "R194-14.2"),
    ({"buyer_id_type": "2"}, "CEB-ID-TYPE"),
    ({"buyer_id_number": BAD_CHECK_DIGIT}, "CEB-6.3.9"),
    ({"buyer_id_number": "12345"}, "CEB-6.3.9"),
    ({"buyer_name": "无"}, "CEB-6.3.8"),
    ({"consignee_address": " / "}, "CEB-6.3.8"),
    ({"cop_no": "ＱＤ１"}, "CEB-6.3.8"),
    ({"decl_time": "20260231"}, "CEB-TIME"),
    ({"ie_date": "20261301"}, "CEB-TIME"),
    ({"customs_code": "9999"}, "CEB-6.3.7"),
    ({"port_code": "9999"}, "CEB-6.3.7"),
    ({"wrap_type": "9"}, "CEB-6.3.7"),
    ({"net_weight_kg_e5": 0}, "CEB-6.3.5"),
    ({"net_weight_kg_e5": 9_000_000}, "CEB-6.3.5"),
    ({"freight_e5": -1}, "PAPER-AMOUNT"),
    ({"insured_fee_e5": -1}, "PAPER-AMOUNT"),
    ({"lines": ()}, "CEB-LINES"),
]


@pytest.mark.parametrize(("change", "rule"), LIST)
@pytest.mark.parametrize("mode", ["1210", "9610"])
def test_the_list(scene: Any, mode: str, change: Any, rule: str) -> None:
    papers = scene.on_list(scene.papers(mode, ((scene.milk, 1),)), **change)
    assert _rules(scene, papers.declaration) == {rule}


def test_an_unknown_mode_is_refused(scene: Any) -> None:
    assert _rules(scene, scene.on_list(scene.direct(), trade_mode="0110").declaration) == {"CEB-MODE"}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"ems_no": ""}, {"CEB-6.3.1"}),
        ({"area_code": ""}, {"CEB-6.3.1", "STOCK-1"}),
        ({"area_name": ""}, {"CEB-6.3.1"}),
        ({"country": "116"}, {"CEB-6.3.1"}),
        ({"traf_no": "NH8001"}, {"CEB-6.3.1"}),
        ({"voyage_no": "8001"}, {"CEB-6.3.1"}),
        ({"bill_no": "98100000001"}, {"CEB-6.3.1"}),
    ],
)
def test_what_a_bonded_list_names_and_does_not_name(scene: Any, change: Any, rules: set[str]) -> None:
    assert _rules(scene, scene.on_list(scene.bonded(), **change).declaration) == rules


def test_a_bonded_line_names_its_item(scene: Any) -> None:
    assert _rules(scene, scene.on_line(scene.bonded(), item_record_no="").declaration) == {"CEB-6.3.1"}


@pytest.mark.parametrize("field", ["traf_no", "voyage_no", "bill_no"])
def test_what_a_direct_list_names(scene: Any, field: str) -> None:
    assert _rules(scene, scene.on_list(scene.direct(), **{field: ""}).declaration) == {"CEB-6.3.2"}


def test_a_direct_list_has_no_account_book(scene: Any) -> None:
    assert _rules(scene, scene.on_list(scene.direct(), ems_no=world.BOOK).declaration) == {"CEB-6.3.2"}


LINES = [
    ({"qty_e5": 0, "total_price_e5": 0}, "CEB-6.3.6"),
    ({"qty1_e5": -1}, "CEB-6.3.6"),
    ({"qty2_e5": 100_000}, "CEB-6.3.3"),
    ({"unit2": "035"}, "CEB-6.3.3"),
    ({"unit1": "011"}, "CEB-6.3.4"),
    ({"country": "990"}, "CEB-6.3.7"),
    ({"trade_country": "990"}, "CEB-6.3.7"),
    ({"currency": "502"}, "R194-14.2"),
    ({"gname": "无"}, "CEB-6.3.8"),
    ({"gmodel": "  "}, "R194-14.1"),
    ({"total_price_e5": 23_802_001}, "CEB-6.1.4"),
    ({"price_e5": 0, "total_price_e5": 0}, "CEB-6.1.5"),
    ({"price_e5": -1, "total_price_e5": -1}, "PAPER-AMOUNT"),
]


@pytest.mark.parametrize(("change", "rule"), LINES)
def test_a_line_of_a_direct_list(scene: Any, change: Any, rule: str) -> None:
    assert rule in _rules(scene, scene.on_line(scene.direct(), **change).declaration)


def test_a_total_may_differ_by_a_fen_and_no_more(scene: Any) -> None:
    price = 23_800_000
    assert _rules(scene, scene.on_line(scene.direct(), total_price_e5=price + 1_000).declaration) == set()
    assert _rules(scene, scene.on_line(scene.direct(), total_price_e5=price + 1_001).declaration) == {"CEB-6.1.4"}


def test_a_gift_is_explained_in_the_note(scene: Any) -> None:
    gift = scene.on_line(scene.direct(), price_e5=0, total_price_e5=0, note="赠品")
    assert _rules(scene, gift.declaration) == set()


def test_a_second_quantity_of_zero_is_none(scene: Any) -> None:
    papers = scene.on_line(scene.direct((scene.brush, 1)), qty2_e5=0)
    assert _rules(scene, papers.declaration) == {"CEB-6.3.3"}


@pytest.mark.parametrize(("numbers", "code"), [((1, 1), "-621027"), ((1, 3), ""), ((0, 1), ""), ((2, 1), None)])
def test_lines_are_numbered_from_one_without_gap_or_repeat(scene: Any, numbers: Any, code: str | None) -> None:
    papers = scene.direct((scene.milk, 1), (scene.nappies, 1))
    document: Any = papers.declaration.document
    lines = tuple(replace(line, gnum=gnum) for line, gnum in zip(document.lines, numbers, strict=True))
    found = check.examine(scene.on_list(papers, lines=lines).declaration, scene.bench())
    assert [finding.code for finding in found] == ([] if code is None else [code])


ORDER = [
    ({"order_type": "E"}, {"CEB-ORDER-TYPE"}),
    ({"currency": "502"}, {"R194-14.2"}),
    ({"buyer_id_type": "2"}, {"CEB-ID-TYPE"}),
    ({"buyer_id_number": BAD_CHECK_DIGIT}, {"CEB-6.3.9"}),
    ({"consignee": "空"}, {"CEB-6.3.8"}),
    ({"order_no": "订单1"}, {"CEB-6.3.8"}),
    ({"actual_paid_e5": 1}, {"CEB-6.1.1"}),
    ({"tax_total_e5": 100_000}, {"CEB-6.1.1"}),
    ({"discount_e5": 100_000}, {"CEB-6.1.1"}),
    ({"goods_value_e5": 1, "actual_paid_e5": 1}, {"CEB-6.1.3"}),
    ({"freight_e5": -100_000, "actual_paid_e5": 23_700_000}, {"PAPER-AMOUNT"}),
    ({"lines": ()}, {"CEB-LINES", "CEB-6.1.3"}),
]


@pytest.mark.parametrize(("change", "rules"), ORDER)
def test_the_order(scene: Any, change: Any, rules: set[str]) -> None:
    assert _rules(scene, scene.on_order(scene.bonded(), **change).order) >= rules


def test_a_discount_is_part_of_what_was_paid(scene: Any) -> None:
    """Paid = goods + freight + tax − discount."""
    paid = 23_800_000 + 1_200_000 + 2_000_000 - 500_000
    changes = {"freight_e5": 1_200_000, "tax_total_e5": 2_000_000, "discount_e5": 500_000, "actual_paid_e5": paid}
    assert _rules(scene, scene.on_order(scene.bonded(), **changes).order) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"unit": "999"}, "CEB-6.3.7"),
        ({"country": "990"}, "CEB-6.3.7"),
        ({"currency": "502"}, "R194-14.2"),
        ({"item_name": "/"}, "CEB-6.3.8"),
        ({"qty_e5": 0}, "CEB-6.3.6"),
        ({"price_e5": -1}, "PAPER-AMOUNT"),
        ({"total_price_e5": 1}, "CEB-6.1.4"),
        ({"price_e5": 0}, "CEB-6.1.5"),
    ],
)
def test_a_line_of_the_order(scene: Any, change: Any, rule: str) -> None:
    papers = scene.bonded()
    document: Any = papers.order.document
    lines = tuple(replace(line, **change) for line in document.lines)
    assert rule in _rules(scene, scene.on_order(papers, lines=lines).order)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"payer_id_number": BAD_CHECK_DIGIT}, "CEB-6.3.9"),
        ({"payer_id_type": "2"}, "CEB-ID-TYPE"),
        ({"payer_name": "无"}, "CEB-6.3.8"),
        ({"currency": "502"}, "R194-14.2"),
        ({"amount_paid_e5": 0}, "PAPER-AMOUNT"),
        ({"amount_paid_e5": -1}, "PAPER-AMOUNT"),
        ({"pay_time": "20260231000000"}, "CEB-TIME"),
        ({"pay_transaction_id": "支付1"}, "CEB-6.3.8"),
    ],
)
def test_the_payment(scene: Any, change: Any, rule: str) -> None:
    assert _rules(scene, scene.on_payment(scene.bonded(), **change).payments[0]) == {rule}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"pack_no": 2}, "CEB-PACK"),
        ({"consignee": "无"}, "CEB-6.3.8"),
        ({"logistics_no": "运单1"}, "CEB-6.3.8"),
        ({"freight_e5": -1}, "PAPER-AMOUNT"),
        ({"weight_kg_e5": 0}, "CEB-6.3.5"),
        ({"currency": "502"}, "R194-14.2"),
    ],
)
def test_the_waybill(scene: Any, change: Any, rule: str) -> None:
    assert _rules(scene, scene.on_waybill(scene.bonded(), **change).waybill) == {rule}


def test_all_faults_are_found_not_the_first(scene: Any) -> None:
    """Five faults, five findings."""
    papers = scene.on_line(scene.on_list(scene.direct(), pack_no=2, ie_flag="E", currency="502"), qty1_e5=0, unit="999")
    assert _rules(scene, papers.declaration) == {"CEB-PACK", "CEB-FLAG", "R194-14.2", "CEB-6.3.6", "CEB-6.3.7"}


def test_an_act_is_not_examined(scene: Any) -> None:
    papers = scene.bonded()
    act = scene.act(scene.decide(papers).case, OfficerVerdict.RELEASE)
    with pytest.raises(TypeError):
        check.examine(scene.received(act, "guan01"), scene.bench())


def test_every_rule_cited_stands_in_the_catalogue(rule_ids: set[str]) -> None:
    """A rule that is not in the catalogue would never be applied."""
    assert rule_ids
    assert rule_ids <= set(catalogue.shipped())

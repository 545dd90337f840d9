"""Receipts with the texts clients know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance import receipts
from sandan.clearance.decide import answer
from sandan.documents.facts import Kind
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.sandbox import world
from sandan.terms.ids import RuleId


def _last(scene: Any, papers: Any) -> Any:
    return scene.decide(papers).receipts[-1]


@pytest.mark.parametrize(("kind", "text"), [("order", "订单"), ("payment", "支付单"), ("waybill", "运单")])
def test_the_first_answer_names_document_and_guid(scene: Any, kind: str, text: str) -> None:
    papers = scene.bonded()
    received = papers.payments[0] if kind == "payment" else getattr(papers, kind)
    first, _ = answer(received, scene.court()).receipts
    assert first.info == f"{text}新增申报成功[{received.document.head.guid}]"


def test_the_first_answer_to_a_list_names_shop_and_order(scene: Any) -> None:
    papers = scene.bonded()
    document: Any = papers.declaration.document
    first = scene.decide(papers).receipts[0]
    assert first.info == (
        f"清单新增申报成功[{document.head.guid}][电商企业编码：{document.ebc_code}订单编号：{document.order_no}]"
    )


def test_a_change_is_called_a_change(scene: Any) -> None:
    papers = scene.bonded()
    document: Any = papers.order.document
    changed = scene.on_order(papers, head=replace(document.head, app_type="2"))
    assert answer(changed.order, scene.court()).receipts[0].info.startswith("订单变更申报成功[")


def test_a_receipt_bears_the_keys_of_its_document(scene: Any) -> None:
    papers = scene.bonded()
    receipt = _last(scene, papers)
    document: Any = papers.declaration.document
    assert (receipt.cop_no, receipt.agent_code) == (document.cop_no, world.AGENT)
    assert receipt.pre_no.startswith("B")
    assert receipt.invt_no.startswith("0131")
    payment = answer(papers.payments[0], scene.court()).receipts[0]
    assert (payment.pay_code, payment.pay_transaction_id) == (
        world.WALLET,
        papers.payments[0].document.pay_transaction_id,
    )
    waybill = answer(papers.waybill, scene.court()).receipts[0]
    assert (waybill.logistics_code, waybill.logistics_no) == (world.EXPRESS, document.logistics_no)


def test_every_receipt_has_an_id_of_its_own(scene: Any) -> None:
    written = (*scene.decide(scene.bonded()).receipts, *scene.decide(scene.bonded()).receipts)
    assert len({receipt.guid for receipt in written}) == 6
    assert all(len(receipt.guid) == 36 and receipt.guid.isupper() for receipt in written)


def test_receipt_times_are_whole_milliseconds(scene: Any) -> None:
    scene.now += timedelta(microseconds=123_999)
    assert [r.at.microsecond for r in scene.decide(scene.bonded()).receipts] == [123_000, 124_000, 125_000]


def test_a_refusal_names_the_gravest_first_and_then_the_others(scene: Any) -> None:
    papers = scene.on_waybill(scene.on_payment(scene.bonded(), payer_name="别人"), consignee="乙方")
    receipt = _last(scene, papers)
    assert receipt.status == 100
    assert receipt.info.startswith(
        "[Code:1327;Desc:订单购买人与支付单支付人名字或身份证号码不一致],[payment.payer_name:"
    )
    assert ";[" in receipt.info
    assert receipt.rules == ("R194-9.1", "CEB-6.2.2")


def test_a_negative_code_is_the_status_itself(scene: Any) -> None:
    papers = scene.direct((scene.milk, 1), (scene.nappies, 1))
    document: Any = papers.declaration.document
    lines = tuple(replace(line, gnum=1) for line in document.lines)
    (receipt,) = scene.decide(scene.on_list(papers, lines=lines)).receipts
    assert receipt.status == -621027
    assert receipt.info.startswith("请确认表体gnum无重复！")


def test_the_order_gets_a_code_of_orders(scene: Any) -> None:
    """A rule whose code is one of lists is answered with the order's own general code."""
    said = answer(scene.on_order(scene.bonded(), consignee="无").order, scene.court())
    assert [r.status for r in said.receipts] == [-301008]


def test_other_peoples_identity_is_masked(scene: Any) -> None:
    papers = scene.on_payment(scene.bonded(), payer_id_number="110101199003074557", payer_name="欧阳别人")
    info = _last(scene, papers).info
    assert "110101199003074557" not in info
    assert "1101**********4557" in info
    assert "欧阳别人" not in info


def test_a_text_never_passes_what_the_wire_takes(scene: Any) -> None:
    goods = tuple((scene.milk, 1) for _ in range(40))
    papers = scene.direct(*goods)
    document: Any = papers.declaration.document
    lines = tuple(replace(line, country="116", gname="名" * 100, item_name="") for line in document.lines)
    info = _last(scene, scene.on_list(papers, lines=lines)).info
    assert len(info) <= 1_000
    assert "…等" in info


def test_a_breach_without_a_code_is_refused_by_hand(scene: Any) -> None:
    papers = scene.on_line(scene.bonded(), item_record_no="YT-999")
    assert _last(scene, papers).info.startswith("[Code:1300;Desc:人工退单，")


def _finding(rule: str, severity: Severity) -> Finding:
    return Finding(rule=RuleId(rule), severity=severity, found=Said(document="list", field="x", value="1"))


def test_findings_are_ranked_by_gravity_and_else_keep_their_order() -> None:
    note, first, second = (
        _finding("RPL-2", Severity.NOTE),
        _finding("CEB-PACK", Severity.REFUSE),
        _finding("CEB-FLAG", Severity.REFUSE),
    )
    assert receipts.rank([note, first, second]) == [first, second, note]


def test_notes_are_no_reason_for_a_refusal(scene: Any) -> None:
    papers = scene.on_list(scene.bonded(), assure_code=world.BROKER)
    info = _last(scene, papers).info
    assert "R194-16.1" in scene.decide(papers).receipts[-1].rules
    assert "assure_code" not in info


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("buyer_id_number", "110101199003074557", "1101**********4557"),
        ("buyer_name", "云一苇", "云*苇"),
        ("buyer_name", "云苇", "云*"),
        ("lines[1].qty", "2", "2"),
        ("buyer_telephone", "", ""),
    ],
)
def test_masking_hides_persons_only(field: str, value: str, shown: str) -> None:
    assert receipts.mask(field, value) == shown


def test_every_kind_has_its_code_family() -> None:
    kinds = {Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL, Kind.LIST}
    assert set(receipts.FAMILIES) == set(receipts.PORT_CODES) == set(receipts.NAMES) == kinds
    assert all(receipts.PORT_CODES[kind].startswith(receipts.FAMILIES[kind]) for kind in kinds)

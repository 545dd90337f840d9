"""The comparison of the three documents with the list (三单比对): every way they can disagree."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance import compare
from sandan.clearance.facts import Status
from sandan.parties.facts import Mandate
from sandan.parties.facts import MandateKind
from sandan.sandbox import world

PERSON = "110101199003074557"

DISAGREEMENTS = [
    ("list", {"buyer_name": "别人"}, "CEB-6.2.4", "13127"),
    ("list", {"buyer_id_number": PERSON}, "CEB-6.2.4", "13127"),
    ("list", {"buyer_telephone": "19900009999"}, "CEB-6.2.4", "130126"),
    ("list", {"consignee_address": "别处1号"}, "CEB-6.2.2", "-621"),
    ("list", {"ebc_code": world.SHOP_NL}, "CEB-6.2.1", "-621"),
    ("list", {"freight_e5": 100_000}, "CEB-6.1.8", "-621"),
    ("list", {"insured_fee_e5": 100_000}, "CEB-6.1.8", "-621"),
    ("payment", {"payer_name": "别人"}, "R194-9.1", "1327"),
    ("payment", {"payer_id_number": PERSON}, "R194-9.1", "1327"),
    ("payment", {"amount_paid_e5": 1}, "CEB-6.1.2", "1332"),
    ("payment", {"pay_code": world.BANK}, "CEB-6.2.6", "13035"),
    ("waybill", {"consignee": "别人"}, "CEB-6.2.2", "-621"),
    ("waybill", {"consignee_telephone": "19900009999"}, "CEB-6.2.2", "-621"),
    ("waybill", {"consignee_address": "别处1号"}, "CEB-6.2.2", "-621"),
    ("waybill", {"order_no": "OTHER"}, "CEB-6.2.1", "-621"),
]


@pytest.mark.parametrize(("paper", "change", "rule", "code"), DISAGREEMENTS)
def test_papers_that_disagree_are_refused(scene: Any, paper: str, change: Any, rule: str, code: str) -> None:
    """Each with both values, both senders and the code clients know."""
    decision = scene.decide(getattr(scene, f"on_{paper}")(scene.bonded(), **change))
    assert decision.case.status is Status.REFUSED
    finding = next(finding for finding in decision.findings if finding.rule == rule)
    assert finding.against is not None
    assert finding.found.value != finding.against.value
    assert finding.found.sender
    assert finding.against.sender
    assert code in decision.receipts[-1].info or str(decision.receipts[-1].status).startswith(code)


LINES = [
    ({"qty_e5": 200_000}, "qty", "1322"),
    ({"unit": "011"}, "unit", "1322"),
    ({"price_e5": 23_700_000}, "price", "1322"),
    ({"total_price_e5": 23_900_000}, "total_price", "1322"),
    ({"country": "116"}, "country", "1322"),
    ({"item_name": "成人奶粉", "gname": "成人奶粉"}, "item_name", "1322"),
]


@pytest.mark.parametrize(("change", "field", "code"), LINES)
def test_a_line_that_differs_from_the_order_is_named(scene: Any, change: Any, field: str, code: str) -> None:
    decision = scene.decide(scene.on_line(scene.bonded(), **change))
    said = [f"lines[1].{field}" == f.found.field for f in decision.findings if f.rule == "CEB-6.2.5"]
    assert any(said)
    assert f"{code}]" in decision.receipts[-1].info or f"Code:{code};" in decision.receipts[-1].info


def test_the_goods_name_may_be_the_declared_name(scene: Any) -> None:
    assert scene.rules(scene.on_line(scene.bonded(), item_name="奶粉（罐）")) == set()


def test_a_line_the_order_does_not_have_is_counted_and_named(scene: Any) -> None:
    papers = scene.bonded((scene.milk, 1), (scene.nappies, 1))
    document: Any = papers.order.document
    short = scene.on_order(papers, lines=document.lines[:1])
    findings = [f for f in scene.decide(short).findings if f.rule == "CEB-6.2.5"]
    assert [f.found.field for f in findings] == ["lines", "lines[2].gnum"]
    assert findings[0].code == "1320"


def test_every_disagreement_is_found_not_the_first(scene: Any) -> None:
    papers = scene.on_waybill(scene.on_payment(scene.bonded(), payer_name="甲", amount_paid_e5=1), consignee="乙")
    assert scene.rules(papers) == {"R194-9.1", "CEB-6.1.2", "CEB-6.2.2"}


def test_another_may_pay_where_the_platform_authenticates(scene: Any) -> None:
    """194/2018 art. 9: orderer and payer must be one person only where identity is not authenticated."""
    platform = replace(scene.registry.enterprises[world.PLATFORM], authenticates_identity=True)
    scene.registry = replace(scene.registry, enterprises={**scene.registry.enterprises, world.PLATFORM: platform})
    papers = scene.on_payment(scene.bonded(), payer_name="别人", payer_id_number=PERSON)
    assert scene.decide(papers).case.status is Status.RELEASED


def test_an_order_that_names_no_payment_enterprise_agrees_with_any(scene: Any) -> None:
    assert scene.rules(scene.on_order(scene.bonded(), pay_code="", pay_transaction_id="")) == set()


def test_a_waybill_without_charges_is_not_compared_on_them(scene: Any) -> None:
    papers = scene.on_waybill(scene.bonded(freight_fen=1_200), freight_e5=None, insured_fee_e5=None)
    assert scene.rules(papers) == set()


def _paid_in_two(scene: Any, first_e5: int, second_e5: int) -> Any:
    papers = scene.bonded()
    (payment,) = papers.payments
    rest = replace(payment, document=replace(payment.document, pay_transaction_id="QF2", amount_paid_e5=second_e5))
    return replace(
        papers, payments=(replace(payment, document=replace(payment.document, amount_paid_e5=first_e5)), rest)
    )


def test_several_payments_may_pay_one_order_together(scene: Any) -> None:
    assert scene.decide(_paid_in_two(scene, 20_000_000, 3_800_000)).case.status is Status.RELEASED


def test_several_payments_that_do_not_add_up_are_refused(scene: Any) -> None:
    assert scene.rules(_paid_in_two(scene, 20_000_000, 3_700_000)) == {"CEB-6.1.2"}


def test_the_payment_the_order_names_suffices(scene: Any) -> None:
    """A second payment that the order does not name is not counted when the named one pays it all."""
    assert scene.decide(_paid_in_two(scene, 23_800_000, 100_000)).case.status is Status.RELEASED


def test_every_payer_of_several_is_the_orderer(scene: Any) -> None:
    papers = _paid_in_two(scene, 20_000_000, 3_800_000)
    first, second = papers.payments
    other = replace(second, document=replace(second.document, payer_name="别人"))
    assert scene.rules(replace(papers, payments=(first, other))) == {"R194-9.1"}


def _operator_sends_order(scene: Any, papers: Any) -> Any:
    """The express operator transmits the order for the platform, with its commitment."""
    mandate = Mandate(
        kind=MandateKind.TRANSMIT,
        principal=world.PLATFORM,
        agent=world.EXPRESS,
        since=world.SINCE,
        liability_committed=True,
    )
    scene.registry = replace(scene.registry, mandates=(*scene.registry.mandates, mandate))
    return replace(papers, order=replace(papers.order, sender=world.EXPRESS, signer=world.EXPRESS))


def test_an_operator_may_transmit_for_the_platform_in_direct_purchase(scene: Any) -> None:
    assert scene.rules(_operator_sends_order(scene, scene.direct())) == set()


def test_an_operator_may_not_transmit_in_bonded_import(scene: Any) -> None:
    """194/2018 art. 6 para. 2 is for direct purchase only."""
    assert scene.rules(_operator_sends_order(scene, scene.bonded())) == {"R194-6.2"}


def test_the_board_of_clean_papers_agrees_in_every_row(scene: Any) -> None:
    rows = compare.board(scene.bonded((scene.milk, 1), (scene.nappies, 2)))
    assert all(row.agrees for row in rows)
    assert {"buyer_id_number", "actual_paid", "goods_value", "lines[2].qty"} <= {row.field for row in rows}


def test_the_board_marks_exactly_what_differs(scene: Any) -> None:
    papers = scene.on_payment(scene.bonded(), payer_name="别人")
    (row,) = (row for row in compare.board(papers) if not row.agrees)
    assert (row.field, row.rule) == ("buyer_name", "R194-9.1")
    assert row.values["payment"] == "别人"
    assert row.senders == {"order": world.PLATFORM, "payment": world.WALLET, "list": world.AGENT}


def test_a_row_names_the_rule_that_is_broken(scene: Any) -> None:
    (row,) = (row for row in compare.board(scene.on_list(scene.bonded(), buyer_name="别人")) if not row.agrees)
    assert row.rule == "CEB-6.2.4"


def test_the_board_excuses_another_payer_where_the_platform_authenticates(scene: Any) -> None:
    platform = replace(scene.registry.enterprises[world.PLATFORM], authenticates_identity=True)
    scene.registry = replace(scene.registry, enterprises={**scene.registry.enterprises, world.PLATFORM: platform})
    papers = scene.on_payment(scene.bonded(), payer_name="别人")
    assert all(row.agrees for row in compare.board(papers, scene.bench()))
    assert not all(row.agrees for row in compare.board(papers))


def test_the_board_shows_a_missing_paper_as_missing(scene: Any) -> None:
    rows = compare.board(replace(scene.bonded(), order=None, payments=(), waybill=None))
    assert all(set(row.values) <= {"list"} for row in rows)
    assert all(row.agrees for row in rows)


def test_the_board_shows_further_payments_in_rows_of_their_own(scene: Any) -> None:
    fields = {row.field for row in compare.board(_paid_in_two(scene, 20_000_000, 3_800_000))}
    assert {"buyer_name", "payments[2].buyer_name"} <= fields


@pytest.mark.parametrize(("paper", "change"), [(paper, change) for paper, change, _, _ in DISAGREEMENTS])
def test_board_and_comparison_never_contradict_each_other(scene: Any, paper: str, change: Any) -> None:
    papers = getattr(scene, f"on_{paper}")(scene.bonded(), **change)
    differing = [row for row in compare.board(papers) if not row.agrees]
    assert bool(differing) == bool(compare.disagreements(papers, scene.bench()))


def test_the_versions_compared_are_kept(scene: Any) -> None:
    papers = scene.bonded()
    newer = replace(papers, order=replace(papers.order, version=3))
    assert scene.decide(newer).case.compared == {"list": 1, "order": 3, "payment": 1, "waybill": 1}

"""What customs answers to an upload of payment data (announcements 165 and 179 of 2018)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

import pytest
from msgspec import structs

from sandan import law
from sandan.law import Law
from sandan.law.errors import NotInForceError
from sandan.law.facts import Severity
from sandan.oversight.decide import Asked
from sandan.oversight.decide import demand as demanded
from sandan.oversight.decide import judge
from sandan.oversight.facts import Answer
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Goods
from sandan.oversight.facts import Hearing
from sandan.oversight.facts import Judgement
from sandan.oversight.facts import Papers
from sandan.oversight.facts import PaymentHead
from sandan.oversight.facts import Seal
from sandan.oversight.facts import Slip


def test_a_true_answer_is_stored_and_agrees_in_every_field(answer: Answer, hearing: Hearing) -> None:
    judged = judge(answer, (), hearing)
    assert (judged.code, judged.message, judged.findings) == ("10000", "上传成功", ())
    assert [field.agrees for field in judged.compared] == [True] * 6


def test_the_time_to_answer_is_the_laws(demand: Demand) -> None:
    assert demand.due_at - demand.issued_at == timedelta(seconds=120)


def test_before_2019_nothing_could_be_asked(demand: Demand) -> None:
    asked = Asked(session_id="S", ebp_code=demand.ebp_code, order_no=demand.order_no, officer="guan")
    with pytest.raises(NotInForceError):
        demanded(asked, demand.issued_at, law.at(date(2018, 12, 31)))


@pytest.mark.parametrize(("seconds", "code"), [(0, "10000"), (119, "10000"), (120, "10000"), (121, "20000")])
def test_an_answer_is_in_time_for_two_minutes(seconds: int, code: str, answer: Answer, hearing: Hearing) -> None:
    late = structs.replace(hearing, now=hearing.now + timedelta(seconds=seconds))
    judged = judge(answer, (), late)
    assert judged.code == code
    assert ("P179-LATE" in _rules(judged)) is (code == "20000")


def test_a_session_nobody_opened(answer: Answer, hearing: Hearing) -> None:
    judged = judge(answer, (), structs.replace(hearing, demand=None))
    assert (_rules(judged), judged.compared) == (["P179-SESSION"], ())


def test_a_session_used_before(answer: Answer, hearing: Hearing) -> None:
    judged = judge(answer, (), structs.replace(hearing, answered=True))
    assert (judged.code, judged.message) == ("20000", "上传失败，入库失败")
    assert _rules(judged) == ["P179-SESSION-REUSED"]


def test_a_wrong_signature_is_said_before_a_used_session(answer: Answer, hearing: Hearing) -> None:
    """Customs reaches the store only with a signature that holds."""
    seal = Seal(holds=False, slips=(Slip(rule="P179-SIGNATURE"),))  # type: ignore[arg-type]
    judged = judge(answer, (), structs.replace(hearing, seal=seal, answered=True))
    assert (judged.code, judged.message) == ("20004", "上传失败")
    assert _rules(judged) == ["P179-SIGNATURE", "P179-SESSION-REUSED"]


def test_no_signature_is_never_stored(answer: Answer, hearing: Hearing) -> None:
    judged = judge(answer, (), structs.replace(hearing, seal=Seal(holds=False)))
    assert (judged.code, _rules(judged)) == ("20004", ["P179-SIGNATURE"])


def test_another_platform_answers(answer: Answer, hearing: Hearing) -> None:
    assert _rules(judge(_head(answer, ebp_code="0131960199"), (), hearing)) == ["P179-SESSION-PLATFORM"]


def test_the_order_asked_for_is_not_listed(answer: Answer, hearing: Hearing) -> None:
    other = structs.replace(answer.data.orders[0], order_no="ANOTHER")
    judged = judge(structs.replace(answer, data=structs.replace(answer.data, orders=(other,))), (), hearing)
    assert judged.code == "20000"
    assert "P179-ORDER-NO" in _rules(judged)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("pay_code", "0131960599", "P179-PAYER"),
        ("total_e5", 1, "P179-TOTAL"),
        ("currency", "502", "P179-CURRENCY"),
        ("trading_time", "20200101000000", "P179-TRADED-AT"),
    ],
)
def test_a_field_that_differs_is_taken_and_shown_to_an_officer(
    field: str, value: str, rule: str, answer: Answer, hearing: Hearing
) -> None:
    judged = judge(_head(answer, **{field: value}), (), hearing)
    assert (judged.code, _rules(judged)) == ("10000", [rule])
    (finding,) = judged.findings
    assert finding.severity is Severity.REVIEW
    assert finding.against
    assert finding.found.value != finding.against.value


def test_the_clearing_houses_own_number_is_only_noted(answer: Answer, hearing: Hearing) -> None:
    (finding,) = judge(_head(answer, transaction_id="NETS-1"), (), hearing).findings
    assert (finding.rule, finding.severity) == ("P179-TRANSACTION", Severity.NOTE)


def test_an_article_is_left_out(answer: Answer, hearing: Hearing) -> None:
    paid = structs.replace(answer.data.orders[0], goods=(Goods(name="别的商品", link="https://shop.example/x"),))
    judged = judge(structs.replace(answer, data=structs.replace(answer.data, orders=(paid,))), (), hearing)
    assert _rules(judged) == ["P179-GOODS"]


def test_a_payment_of_two_orders_is_compared_by_its_sum(answer: Answer, hearing: Hearing) -> None:
    (paid,), (payment,) = answer.data.orders, hearing.papers.payments.values()
    second = structs.replace(paid, order_no="SECOND")
    data = structs.replace(
        answer.data,
        head=structs.replace(answer.data.head, total_e5=2 * payment.amount_paid_e5),
        orders=(paid, second),
    )
    papers = structs.replace(hearing.papers, payments={**hearing.papers.payments, "SECOND": payment})
    judged = judge(structs.replace(answer, data=data), (), structs.replace(hearing, papers=papers))
    assert judged.findings == ()
    unknown = judge(structs.replace(answer, data=data), (), hearing)
    assert next(field for field in unknown.compared if field.rule == "P179-TOTAL").agrees is None


def test_nothing_declared_is_nothing_to_compare(answer: Answer, hearing: Hearing) -> None:
    judged = judge(answer, (), structs.replace(hearing, papers=Papers()))
    assert judged.code == "10000"
    assert {field.agrees for field in judged.compared} == {None}


def test_an_order_without_its_payment_still_names_who_pays(answer: Answer, hearing: Hearing) -> None:
    judged = judge(answer, (), structs.replace(hearing, papers=Papers(order=hearing.papers.order)))
    assert {field.rule: field.agrees for field in judged.compared}["P179-PAYER"] is True


def test_elements_that_are_missing_are_named_together(hearing: Hearing) -> None:
    slips = [Slip(rule="P179-MISSING", field=name) for name in ("certNo", "signValue")]  # type: ignore[arg-type]
    judged = judge(None, slips, structs.replace(hearing, seal=Seal(holds=False)))
    assert (judged.code, judged.message) == ("20000", "certNo : certNo不为空;  signValue : signValue不为空;  ")


def test_every_rule_of_this_interface_refuses_with_a_code_customs_uses(today: Law) -> None:
    from sandan.law import catalogue  # noqa: PLC0415

    rules = [rule for rule in catalogue.shipped().values() if rule.id.startswith("P179-")]
    refusing = [rule for rule in rules if rule.severity is Severity.REFUSE and "ACK" not in rule.id]
    assert len(rules) > 40
    assert {rule.receipt_code for rule in refusing} <= {"20000", "20004", ""}
    assert all(rule.remedy_zh and rule.remedy_en for rule in rules)
    assert today.number("realtime.retention_years") == 3


def _head(answer: Answer, **changes: object) -> Answer:
    head: PaymentHead = structs.replace(answer.data.head, **changes)
    return structs.replace(answer, data=structs.replace(answer.data, head=head))


def _rules(judged: Judgement) -> list[str]:
    return [finding.rule for finding in judged.findings]

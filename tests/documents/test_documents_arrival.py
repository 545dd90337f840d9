"""An arrival against what stands under its key: first, same, changed, stale, deleted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sandan.documents.arrival import CaseStage
from sandan.documents.arrival import DocumentState
from sandan.documents.arrival import Objection
from sandan.documents.arrival import Stored
from sandan.documents.arrival import Verdict
from sandan.documents.arrival import admit
from sandan.documents.facts import Document
from sandan.documents.facts import Head
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Payment
from sandan.documents.facts import Ref
from sandan.documents.versions import content_hash
from sandan.law import at
from sandan.terms.days import legal_day
from sandan.terms.days import parse_wire_time

NINE = "20261111090000"
TEN = "20261111100000"
ELEVEN = "20261111110000"

PAYMENT = Payment(
    head=Head(guid="G", app_type="1", app_time=TEN, app_status="2"),
    pay_code="0131960501",
    pay_name="轻付支付有限公司",
    pay_transaction_id="QF1",
    order_no="YT1",
    ebp_code="0131960101",
    ebp_name="云汀海淘网络有限公司",
    payer_id_type="1",
    payer_id_number="110101190001010018",
    payer_name="云一苇",
    amount_paid_e5=10_000_000,
    currency="142",
    pay_time=TEN,
)


def stored(state: DocumentState = DocumentState.ACCEPTED, document: Document = PAYMENT) -> Stored:
    """The payment of ten o'clock as it stands."""
    return Stored(version=1, state=state, app_time=TEN, content_hash=content_hash(document))


def sent(app_time: str = TEN, app_type: str = "1", **changes: object) -> Payment:
    return replace(PAYMENT, head=replace(PAYMENT.head, app_time=app_time, app_type=app_type), **changes)


def verdict(new: Document, stands: Stored | None, stage: CaseStage = CaseStage.NONE) -> Verdict | Objection:
    admission = admit(new, stands, stage)
    return admission.objection or admission.verdict


def test_the_first_is_new() -> None:
    assert verdict(PAYMENT, None) is Verdict.NEW


@pytest.mark.parametrize("app_type", ["2", "3"])
def test_what_was_never_sent_cannot_be_changed_or_deleted(app_type: str) -> None:
    assert verdict(sent(app_type=app_type), None) is Objection.ABSENT


@pytest.mark.parametrize("state", [DocumentState.RECEIVED, DocumentState.DRAFT, DocumentState.ACCEPTED])
@pytest.mark.parametrize("app_time", [NINE, TEN, ELEVEN])
def test_the_same_content_is_a_repeat_while_undecided_or_accepted(state: DocumentState, app_time: str) -> None:
    assert verdict(sent(app_time), stored(state)) is Verdict.REPEAT


def test_another_guid_is_still_the_same_content() -> None:
    again = replace(PAYMENT, head=replace(PAYMENT.head, guid="H"))
    assert verdict(again, stored()) is Verdict.REPEAT


@pytest.mark.parametrize(
    ("app_time", "answer"), [(NINE, Objection.STALE), (TEN, Verdict.REPEAT), (ELEVEN, Verdict.NEW)]
)
def test_after_a_refusal_the_time_decides_about_the_same_content(app_time: str, answer: object) -> None:
    assert verdict(sent(app_time), stored(DocumentState.REFUSED)) is answer


@pytest.mark.parametrize(
    ("app_time", "answer"), [(NINE, Objection.STALE), (TEN, Objection.STALE), (ELEVEN, Verdict.NEW)]
)
def test_after_a_refusal_other_content_needs_a_newer_time(app_time: str, answer: object) -> None:
    assert verdict(sent(app_time, note="x"), stored(DocumentState.REFUSED)) is answer


@pytest.mark.parametrize("app_time", [TEN, ELEVEN])
def test_other_content_as_an_addition_is_refused(app_time: str) -> None:
    assert verdict(sent(app_time, note="x"), stored()) is Objection.EXISTS


@pytest.mark.parametrize("stage", [CaseStage.NONE, CaseStage.OPEN])
def test_a_change_is_permitted_until_customs_has_accepted_the_list(stage: CaseStage) -> None:
    assert verdict(sent(ELEVEN, "2", note="x"), stored(), stage) is Verdict.NEW


@pytest.mark.parametrize("app_type", ["2", "3"])
def test_no_change_after_customs_has_accepted_the_list(app_type: str) -> None:
    assert verdict(sent(ELEVEN, app_type, note="x"), stored(), CaseStage.DECLARED) is Objection.DECLARED


@pytest.mark.parametrize("app_time", [NINE, TEN])
def test_a_change_that_is_not_newer_is_stale(app_time: str) -> None:
    assert verdict(sent(app_time, "2", note="x"), stored()) is Objection.STALE


def test_a_draft_may_be_replaced() -> None:
    assert verdict(sent(ELEVEN, note="x"), stored(DocumentState.DRAFT)) is Verdict.NEW


def test_what_was_deleted_may_be_sent_anew() -> None:
    assert verdict(sent(ELEVEN), stored(DocumentState.DELETED)) is Verdict.NEW


@pytest.mark.parametrize("app_type", ["2", "3"])
def test_what_was_deleted_cannot_be_changed_or_deleted_again(app_type: str) -> None:
    assert verdict(sent(ELEVEN, app_type, note="x"), stored(DocumentState.DELETED)) is Objection.ABSENT


def test_a_deletion_sent_again_is_a_repeat() -> None:
    assert verdict(sent(ELEVEN, "3"), stored(DocumentState.DELETED, sent(TEN, "3"))) is Verdict.REPEAT


def test_a_draft_is_no_way_around_a_list_customs_has_accepted() -> None:
    assert verdict(sent(ELEVEN, note="x"), stored(DocumentState.DRAFT), CaseStage.DECLARED) is Objection.DECLARED


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (DocumentState.DRAFT, Verdict.NEW),
        (DocumentState.RECEIVED, Objection.ABSENT),
        (DocumentState.ACCEPTED, Objection.ABSENT),
        (DocumentState.REFUSED, Objection.ABSENT),
    ],
)
def test_a_deletion_that_is_only_saved_deletes_drafts_only(state: DocumentState, answer: object) -> None:
    deletion = replace(PAYMENT, head=replace(PAYMENT.head, app_time=ELEVEN, app_type="3", app_status="1"))
    assert verdict(deletion, stored(state)) is answer


def test_an_officers_act_counts_once() -> None:
    act = OfficerAct(
        guid="A",
        subject=Ref(Kind.LIST, "0131960301", "L1"),
        officer="guan01",
        verdict=OfficerVerdict.RELEASE,
        reason="查验无异常",
        seen_version=1,
    )
    assert verdict(act, None) is Verdict.NEW
    assert verdict(act, stored()) is Verdict.REPEAT


@pytest.mark.parametrize("objection", Objection)
@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL, Kind.LIST])
def test_every_objection_is_a_rule_of_the_catalogue_with_its_code(objection: Objection, kind: Kind) -> None:
    law = at(legal_day(parse_wire_time(TEN)))
    assert law.rule(objection.rule(kind)).receipt_code.startswith("-")

"""The client against a real platform: sent, decided, followed, read on, looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.client import Client
from sandan.client import Patience
from sandan.client import Sender
from sandan.client import again
from sandan.client.errors import MessageRefusedError
from sandan.client.errors import NotFinalError
from sandan.client.errors import NotFoundError
from sandan.client.errors import NotLoggedInError
from sandan.client.errors import RequestInvalidError
from sandan.client.errors import UnexpectedAnswerError
from sandan.client.errors import UnreachableError
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.law.facts import Retry
from sandan.sandbox import world
from sandan.sandbox.messages import tampered
from sandan.sandbox.parcels import Parcel


class TestSend:
    def test_what_was_taken_is_named_by_its_keys(self, site: Any, messages: dict[str, bytes], parcel: Parcel) -> None:
        with site.client(world.PLATFORM) as client:
            taken = client.send(messages[world.PLATFORM])
        assert (taken.outcome, taken.message_type) == ("registered", "CEB311Message")
        assert [document.ref for document in taken.documents] == [parcel.full[0].ref]

    def test_the_same_bytes_again_get_the_first_answer_again(self, site: Any, messages: dict[str, bytes]) -> None:
        with site.client(world.PLATFORM) as client:
            first, second = (client.send(messages[world.PLATFORM]) for _ in range(2))
        assert (second.repeat, second.receipt_id) == (True, first.receipt_id)

    def test_without_a_token_the_signature_vouches(self, site: Any, messages: dict[str, bytes]) -> None:
        with site.client() as client:
            assert client.send(messages[world.WALLET]).outcome == "registered"

    def test_a_message_changed_after_signing_is_refused_with_its_remedy(
        self, site: Any, messages: dict[str, bytes]
    ) -> None:
        with site.client() as client, pytest.raises(MessageRefusedError) as refused:
            client.send(tampered(messages[world.WALLET]))
        assert refused.value.status == 422
        assert refused.value.fault.remedy.zh
        assert refused.value.fault.retry is Retry.FIX
        assert refused.value.acknowledgement.receipt_id > 0

    def test_a_message_of_another_enterprise_is_refused(self, site: Any, messages: dict[str, bytes]) -> None:
        with site.client(world.AGENT) as client, pytest.raises(MessageRefusedError, match="sender-not-logged-in"):
            client.send(messages[world.WALLET])


class TestFollow:
    def test_declared_accepted_released(self, released: Any, parcel: Parcel) -> None:
        with released.client(world.AGENT) as client:
            course = client.follow(parcel.declaration.ref)
        assert course.statuses == (2, 120, 800)
        assert (course.final.code, course.final.text) == ("2600", "放行")

    def test_each_receipt_is_told_as_it_comes(self, released: Any, parcel: Parcel) -> None:
        told: list[int] = []
        with released.client(world.AGENT) as client:
            client.follow(parcel.declaration.ref, told=lambda receipt: told.append(receipt.status))
        assert told == [2, 120, 800]

    def test_a_list_alone_is_not_final(self, site: Any, messages: dict[str, bytes]) -> None:
        with site.client(world.AGENT) as client:
            taken = client.send(messages[world.AGENT])
            with pytest.raises(NotFinalError) as waiting:
                client.follow(taken.documents[0], within_s=1)
        assert {receipt.status for receipt in waiting.value.receipts} == {2}

    def test_a_refused_paper_is_mended_and_sent_again(
        self, site: Any, sender: Callable[[str], Sender], parcel: Parcel
    ) -> None:
        order = parcel.full[0]
        wrong = replace(order, actual_paid_e5=order.actual_paid_e5 + 100_000)
        dispatch = sender(world.PLATFORM)
        with site.client(world.PLATFORM) as client:
            refused = client.follow(client.send(dispatch.message(wrong)).documents[0], within_s=20)
            later = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1, day=1)
            taken = client.send(dispatch.message(again(order, later))).documents[0]
            mended = client.follow(taken, within_s=20)
        assert refused.final.is_refusal
        assert (taken.version, mended.final.status) == (2, 120)


class TestReceipts:
    def test_all_of_ones_own_and_resumable(self, released: Any) -> None:
        with released.client(world.AGENT) as client:
            first, *rest = client.receipts()
            assert [receipt.status for receipt in client.receipts(after=first.cursor)] == [r.status for r in rest]

    def test_only_those_of_one_document(self, released: Any, parcel: Parcel) -> None:
        other = Ref(kind=Kind.LIST, owner=world.AGENT, key="none")
        with released.client(world.AGENT) as client:
            assert [receipt.status for receipt in client.receipts(about=parcel.declaration.ref)] == [2, 120, 800]
            assert list(client.receipts(about=other)) == []

    def test_a_cursor_nobody_handed_out(self, released: Any) -> None:
        with released.client(world.AGENT) as client, pytest.raises(RequestInvalidError) as refused:
            list(client.receipts(after="yesterday"))
        assert refused.value.fault.where == "query.after"

    def test_without_a_token_none(self, site: Any) -> None:
        with site.client() as client, pytest.raises(NotLoggedInError):
            list(client.receipts())


class TestPrecheck:
    def test_a_clean_parcel_clears(self, site: Any, messages: dict[str, bytes]) -> None:
        with site.client(world.AGENT) as client:
            check = client.precheck(list(messages.values()))
        assert (check.clears, check.faults, check.findings) == (True, (), ())
        assert check.documents[-1].assessment
        assert check.documents[-1].assessment.tax_fen > 0

    def test_as_at_another_day(self, site: Any, messages: dict[str, bytes]) -> None:
        with site.client(world.AGENT) as client:
            assert client.precheck(list(messages.values()), at=date(2019, 5, 1)).at == date(2019, 5, 1)

    def test_the_finding_says_both_values_and_the_article(
        self, site: Any, sender: Callable[[str], Sender], parcel: Parcel
    ) -> None:
        order, payment, waybill, declaration = parcel.full
        other = replace(payment, payer_name="云无名")
        papers = {world.PLATFORM: order, world.WALLET: other, world.EXPRESS: waybill, world.AGENT: declaration}
        with site.client(world.AGENT) as client:
            check = client.precheck([sender(code).message(paper) for code, paper in papers.items()])
        payer = next(finding for finding in check.findings if finding.rule == "R194-9.1")
        assert not check.clears
        assert payer.against
        assert payer.found.value != payer.against.value
        assert payer.source


class TestLookUp:
    def test_the_case_with_its_tax(self, released: Any, parcel: Parcel) -> None:
        with released.client(world.AGENT) as client:
            case = client.case(world.AGENT, parcel.declaration.cop_no)
        assert (case.status, case.order) == ("released", parcel.full[0].ref)
        assert case.tax_fen

    def test_there_is_no_such_case(self, site: Any) -> None:
        with site.client(world.AGENT) as client, pytest.raises(NotFoundError):
            client.case(world.AGENT, "NONE/1")

    def test_cases_by_status(self, released: Any, parcel: Parcel) -> None:
        with released.client(world.AGENT) as client:
            assert [line.list_key for line in client.cases("released")] == [parcel.declaration.cop_no]
            assert list(client.cases("waiting")) == []

    def test_any_number_leads_to_it(self, released: Any, parcel: Parcel) -> None:
        with released.client(world.AGENT) as client:
            hits = client.search(parcel.declaration.logistics_no)
        assert hits[0].what == "case"
        assert hits[0].key == parcel.declaration.cop_no


class TestNobodyThere:
    def test_nothing_answers(self) -> None:
        client = Client("http://127.0.0.1:1", patience=Patience(repeats=1, pause_s=0.01))
        with client, pytest.raises(UnreachableError, match="send the same again"):
            client.send(b"<a/>")

    def test_another_program_answers(self, site: Any) -> None:
        with Client(f"{site.address}/v1/openapi.json?") as client, pytest.raises(UnexpectedAnswerError):
            client.search("1")

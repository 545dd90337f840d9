"""What an arrival turns out to be: every class of bad input gets its fault, and never an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any

import pytest
from msgspec import structs

from sandan.documents.facts import AppStatus
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.reading import Desk
from sandan.intake.reading import DoorSettings
from sandan.intake.reading import Opened
from sandan.intake.reading import read
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import tampered
from sandan.sandbox.parcels import Parcel
from sandan.signing.port import Algorithm
from sandan.signing.sign import sign
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import wrap
from sandan.wire.facts import Transfer
from sandan.wire.write import message

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def opened(body: bytes, desk: Desk, **more: Any) -> Opened:
    return read(structs.replace(Arrival(body=body), **more), desk)


def codes(found: Opened) -> set[str]:
    return {fault.code for fault in found.faults}


class TestGood:
    def test_each_of_the_four_messages_is_registered_with_its_document(
        self, post: Mapping[str, bytes], desk: Desk
    ) -> None:
        kinds = [opened(body, desk).documents[0].ref.kind for body in post.values()]
        assert kinds == ["order", "payment", "waybill", "list"]

    def test_the_signer_is_the_enterprise_of_the_certificate(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(post["order"], desk)
        assert (found.outcome, found.signer, found.sender) == (Outcome.REGISTERED, world.PLATFORM, world.PLATFORM)
        assert found.fingerprint in desk.registry.certificates

    def test_a_message_in_its_envelope_is_the_message(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(enveloped(post["order"]), desk)
        assert (found.outcome, found.cop_msg_id, found.payload) == (Outcome.REGISTERED, "ID-1", post["order"])

    def test_a_byte_order_mark_is_taken_with_advice(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(b"\xef\xbb\xbf" + post["order"], desk)
        assert found.outcome is Outcome.REGISTERED
        assert "W-BOM" in {fault.code for fault in found.advice}


def enveloped(body: bytes, number: str = "ID-1", message_type: str = "CEB311Message") -> bytes:
    info = TransInfo(
        cop_msg_id=number,
        sender_id="DXPENT0000900101",
        receiver_ids=("DXPEDCCEB0000002",),
        created=NOW,
        message_type=message_type,
    )
    return wrap(body, info)


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "boom">]><a>&e;</a>'
DEEP = b"<a>" * 5_000 + b"</a>" * 5_000

UNREADABLE = {
    "nothing": (b"", "W-EMPTY"),
    "white space": (b"  \r\n", "W-EMPTY"),
    "not XML": (b"hello", "W-NOT-XML"),
    "JSON": (b'{"a": 1}', "W-NOT-XML"),
    "a zero byte before": (b"\x00\x01<a/>", "W-NUL"),
    "UTF-16": ("<a/>".encode("utf-16"), "W-UTF16"),
    "DTD with entity": (DOCTYPE, "W-DOCTYPE"),
    "GBK prolog": ('<?xml version="1.0" encoding="GBK"?><a>订单</a>'.encode("gbk"), "W-ENCODING"),
    "GBK bytes said to be UTF-8": (
        '<?xml version="1.0" encoding="UTF-8"?><a>订单</a>'.encode("gbk"),
        "W-ENCODING-BYTES",
    ),
}


class TestUnreadable:
    @pytest.mark.parametrize("name", UNREADABLE)
    def test_bytes_without_a_message(self, name: str, desk: Desk) -> None:
        body, code = UNREADABLE[name]
        found = opened(body, desk)
        assert found.outcome is Outcome.UNREADABLE
        assert codes(found) == {code}

    def test_a_truncated_message(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(post["order"][: len(post["order"]) // 2], desk)
        assert (found.outcome, codes(found)) == (Outcome.UNREADABLE, {"W-NOT-XML"})

    def test_deep_nesting(self, desk: Desk) -> None:
        assert opened(DEEP, desk).outcome is not Outcome.REGISTERED

    def test_a_huge_text(self, post: Mapping[str, bytes], desk: Desk) -> None:
        huge = post["order"].replace(b"<ceb:orderNo>", b"<ceb:orderNo>" + b"9" * 3_000_000, 1)
        assert "W-LENGTH" in codes(opened(huge, desk))

    def test_above_the_limit(self, post: Mapping[str, bytes], desk: Desk) -> None:
        narrow = structs.replace(desk, settings=DoorSettings(message_limit=1_000))
        assert codes(opened(post["order"], narrow)) == {"too-large"}

    def test_an_envelope_whose_data_is_no_base64(self, post: Mapping[str, bytes], desk: Desk) -> None:
        broken = re.sub(rb"<dxp:Data>.*</dxp:Data>", b"<dxp:Data>***</dxp:Data>", enveloped(post["order"]))
        assert opened(broken, desk).outcome is Outcome.UNREADABLE

    def test_what_a_dialect_could_not_unwrap(self, desk: Desk) -> None:
        fault = opened(b"", desk).faults[0]
        assert opened(b"x", desk, fault=fault).faults == (fault,)


class TestFormat:
    def test_another_namespace(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(post["order"].replace(b"chinaport.gov.cn/ceb", b"chinaport.gov.cn/abc"), desk)
        assert (found.outcome, codes(found) & {"W-ROOT"}) == (Outcome.REFUSED, {"W-ROOT"})

    def test_101_documents(self, office: Office, parcel: Parcel, desk: Desk) -> None:
        order = parcel.order
        found = opened(office.message([order] * 101).data, desk)
        assert found.outcome is Outcome.REFUSED
        assert {(fault.code, fault.status) for fault in found.faults} == {("W-TOO-MANY", -301015)}

    def test_a_comment(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(post["order"].replace(b"<ceb:Order>", b"<!-- x --><ceb:Order>"), desk)
        assert {"W-COMMENT", "sig-comment"} <= codes(found)

    def test_all_faults_at_once(self, post: Mapping[str, bytes], desk: Desk) -> None:
        twice = post["order"].replace(b"<ceb:currency>142<", b"<ceb:currency>502<").replace(b"<ceb:qty>", b"<ceb:qty>x")
        assert {"W-FIXED", "W-NUMBER", "sig-digest"} <= codes(opened(twice, desk))

    def test_a_receipt_is_no_request(self, desk: Desk) -> None:
        receipt = (
            b'<CEB312Message xmlns="http://www.chinaport.gov.cn/ceb" guid="6B0C7C1E-9F3A-4C55-8E21-000000000001" '
            b'version="1.0"><OrderReturn><guid>6B0C7C1E-9F3A-4C55-8E21-000000000002</guid><ebpCode>a</ebpCode>'
            b"<ebcCode>b</ebcCode><orderNo>c</orderNo><returnStatus>2</returnStatus>"
            b"<returnTime>20261120100000000</returnTime><returnInfo>d</returnInfo></OrderReturn></CEB312Message>"
        )
        found = opened(receipt, desk)
        assert (found.outcome, codes(found)) == (Outcome.REFUSED, {"not-a-request"})


def unsigned(office: Office, paper: Any, **head: str) -> bytes:
    return office.message([structs.replace(paper, head=structs.replace(paper.head, **head))], signed=False).data


class TestSignature:
    @pytest.mark.parametrize("paper", ["order", "payment", "waybill"])
    def test_what_declares_has_to_be_signed(self, paper: str, office: Office, parcel: Parcel, desk: Desk) -> None:
        """R194-8.5: orders, payments and waybills are signed by who transmits them."""
        found = opened(unsigned(office, getattr(parcel, paper)), desk)
        assert (found.outcome, codes(found)) == (Outcome.REFUSED, {"unsigned"})

    def test_the_operator_may_relax_it_for_a_known_sender(self, office: Office, parcel: Parcel, desk: Desk) -> None:
        lax = structs.replace(desk, settings=DoorSettings(demand_signature=False))
        body = unsigned(office, parcel.order)
        assert opened(body, lax, actor=world.PLATFORM).outcome is Outcome.REGISTERED
        assert codes(opened(body, lax)) == {"draft-unproven"}

    def test_an_unsigned_draft_needs_a_known_sender(self, office: Office, parcel: Parcel, desk: Desk) -> None:
        body = unsigned(office, parcel.order, app_status=AppStatus.DRAFT)
        assert codes(opened(body, desk)) == {"draft-unproven"}
        assert opened(body, desk, actor=world.PLATFORM).outcome is Outcome.REGISTERED
        assert opened(body, desk, channel=Channel.FOLDER).outcome is Outcome.REGISTERED

    def test_a_list_without_signature_fails_its_schema_and_is_told_so(
        self, office: Office, parcel: Parcel, desk: Desk
    ) -> None:
        found = opened(unsigned(office, parcel.declaration), desk)
        assert (found.outcome, codes(found)) == (Outcome.REFUSED, {"W-MISSING"})

    def test_changed_after_signing(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(tampered(post["declaration"]), desk)
        assert (codes(found), found.faults[0].status) == ({"sig-digest"}, -621028)

    def test_two_signatures(self, post: Mapping[str, bytes], desk: Desk) -> None:
        signature = re.search(rb"<ds:Signature.*</ds:Signature>", post["order"], re.DOTALL)
        assert signature is not None
        double = post["order"].replace(b"</ceb:CEB311Message>", signature[0] + b"</ceb:CEB311Message>")
        assert "sig-duplicate" in codes(opened(double, desk))

    def test_a_wrapped_signature(self, post: Mapping[str, bytes], desk: Desk) -> None:
        """The signed message hidden inside another one: what was signed is not what would be read."""
        inner = post["order"][post["order"].index(b"<ceb:CEB311Message") :]
        wrapped = inner.replace(
            b"<ceb:BaseTransfer>", b"<ceb:ExtendMessage>" + inner + b"</ceb:ExtendMessage><ceb:BaseTransfer>", 1
        )
        assert opened(wrapped, desk).outcome is Outcome.REFUSED

    def test_an_unregistered_certificate(self, post: Mapping[str, bytes], desk: Desk) -> None:
        stranger = structs.replace(desk, registry=structs.replace(desk.registry, certificates={}))
        assert codes(opened(post["order"], stranger)) == {"sig-unregistered"}

    def test_a_certificate_that_has_ended(self, post: Mapping[str, bytes], desk: Desk) -> None:
        later = structs.replace(desk, now=datetime(2050, 1, 2, tzinfo=UTC))
        assert codes(opened(post["order"], later)) & {"sig-expired", "sig-lapsed"}

    def test_sha1_only_for_a_sender_registered_for_it(
        self, test_authority: Authority, office: Office, parcel: Parcel, desk: Desk
    ) -> None:
        old = test_authority.issue("旧平台", "OLD1", Algorithm.RSA_SHA1, date(2016, 4, 8), date(2049, 12, 31))
        body = sign(office.message([parcel.order], signed=False).data, old)
        assert codes(opened(body, desk)) == {"sig-legacy"}


class TestParties:
    def test_another_enterprises_certificate(self, office: Office, parcel: Parcel, desk: Desk) -> None:
        body = sign(office.message([parcel.order], signed=False).data, office.signers[world.EXPRESS])
        assert codes(opened(body, desk)) == {"sender-not-signer"}

    def test_the_declarant_signs_its_own_list(self, office: Office, parcel: Parcel, desk: Desk) -> None:
        """-621015: agentCode has to be the enterprise of the certificate."""
        agent = parcel.declaration.agent_code
        other = world.BROKER if agent != world.BROKER else world.AGENT
        transfer = Transfer(cop_code=other, cop_name="他人", dxp_id="DXPENT0000900401")
        bare = message("CEB621Message", [parcel.declaration], transfer, "6B0C7C1E-9F3A-4C55-8E21-0000000000AA")
        found = opened(sign(bare, office.signers[other]), desk)
        assert {(fault.code, fault.status) for fault in found.faults} == {("agent-not-signer", -621015)}

    def test_an_unregistered_transmitter(self, post: Mapping[str, bytes], desk: Desk) -> None:
        without = {code: one for code, one in desk.registry.enterprises.items() if code != world.PLATFORM}
        stranger = structs.replace(desk, registry=structs.replace(desk.registry, enterprises=without))
        assert "sender-unregistered" in codes(opened(post["order"], stranger))

    def test_the_token_is_the_transmitters(self, post: Mapping[str, bytes], desk: Desk) -> None:
        assert codes(opened(post["order"], desk, actor=world.EXPRESS)) == {"sender-not-logged-in"}

    def test_the_envelope_names_the_message_inside(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(enveloped(post["order"], message_type="CEB411Message"), desk)
        assert codes(found) == {"dxp-type-differs"}

    def test_a_foreign_dxp_id_is_taken_with_advice(self, post: Mapping[str, bytes], desk: Desk) -> None:
        found = opened(enveloped(post["waybill"], message_type="CEB511Message"), desk)
        assert (found.outcome, [fault.code for fault in found.advice]) == (
            Outcome.REGISTERED,
            ["dxp-sender-unregistered"],
        )

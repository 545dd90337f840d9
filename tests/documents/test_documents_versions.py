"""What counts as the same content, and which fields differ."""

from __future__ import annotations

import pytest
from msgspec.structs import asdict
from msgspec.structs import fields
from msgspec.structs import replace

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Document
from sandan.documents.facts import Head
from sandan.documents.facts import Kind
from sandan.documents.facts import ListLine
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Ref
from sandan.documents.facts import Waybill
from sandan.documents.versions import content_hash
from sandan.documents.versions import differing_fields

HEAD = Head(guid="GUID-1", app_type="1", app_time="20260301120000", app_status="2")


def filled(kind: type, **given: object) -> object:
    """A fact with something in every field: texts ``x``, numbers 1."""
    values = {field.name: 1 if "int" in str(field.type) else "x" for field in fields(kind)}
    return kind(**values | given)


ORDER = filled(Order, head=HEAD, lines=(filled(OrderLine, gnum=1), filled(OrderLine, gnum=2)))
PAYMENT = filled(Payment, head=HEAD)
WAYBILL = filled(Waybill, head=HEAD)
LIST = filled(DeclarationList, head=HEAD, lines=(filled(ListLine, gnum=1), filled(ListLine, gnum=2)))
SUBJECT = Ref(kind=Kind.LIST, owner="agent", key="list-1")
ACT = OfficerAct(
    guid="GUID-1", subject=SUBJECT, officer="officer-a", verdict=OfficerVerdict.HOLD, reason="x", seen_version=3
)
PAPERS = [ORDER, PAYMENT, WAYBILL, LIST]
IDS = ["order", "payment", "waybill", "list"]


def again(document: Document) -> Document:
    return replace(document, head=replace(document.head, guid="GUID-2", app_time="20260302080000"))


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_a_new_guid_and_time_are_the_same_content(paper: Document) -> None:
    assert content_hash(again(paper)) == content_hash(paper)
    assert differing_fields(again(paper), paper) == ()


def test_an_act_under_another_id_is_the_same_content() -> None:
    other = replace(ACT, guid="GUID-2")
    assert content_hash(other) == content_hash(ACT)
    assert differing_fields(other, ACT) == ()


@pytest.mark.parametrize("paper", [*PAPERS, ACT], ids=[*IDS, "act"])
def test_every_other_field_is_content(paper: Document) -> None:
    for name, value in asdict(paper).items():
        if name not in {"head", "lines", "guid", "subject"}:
            other = replace(paper, **{name: value + value})
            assert content_hash(other) != content_hash(paper), name
            assert differing_fields(paper, other) == (name,)


@pytest.mark.parametrize("name", ["app_type", "app_status"])
def test_what_the_sender_wants_is_content(name: str) -> None:
    other = replace(ORDER, head=replace(HEAD, **{name: "9"}))
    assert content_hash(other) != content_hash(ORDER)
    assert differing_fields(ORDER, other) == (f"head.{name}",)


def test_an_absent_number_is_not_zero() -> None:
    assert content_hash(replace(WAYBILL, freight_e5=None)) != content_hash(replace(WAYBILL, freight_e5=0))


def test_fields_of_a_line_carry_its_number() -> None:
    other = replace(LIST, lines=(LIST.lines[0], replace(LIST.lines[1], gcode="y", qty_e5=2)))
    assert differing_fields(LIST, other) == ("lines[2].gcode", "lines[2].qty_e5")


def test_a_line_too_many_is_named_whole() -> None:
    longer = replace(ORDER, lines=(*ORDER.lines, filled(OrderLine, gnum=3)))
    assert differing_fields(ORDER, longer) == differing_fields(longer, ORDER) == ("lines[3]",)


def test_fields_of_a_reference_carry_its_name() -> None:
    other = replace(ACT, subject=replace(SUBJECT, key="list-2"))
    assert differing_fields(ACT, other) == ("subject.key",)


def test_papers_of_two_kinds_differ_in_kind() -> None:
    assert differing_fields(ORDER, PAYMENT) == ("kind",)
    assert content_hash(ORDER) != content_hash(PAYMENT)


def test_a_hash_is_sixteen_bytes_and_stays_the_same() -> None:
    """Hashes are stored: a change of facts that moves this one makes every stored document look changed."""
    assert content_hash(PAYMENT).hex() == "03223e67a394a172a8916ac4172498f2"

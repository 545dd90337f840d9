"""The verdict of the 2018 edition, asked for beside that of 202205."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from importlib import resources

import pytest
from lxml import etree

from sandan.wire import specimen
from sandan.wire.definitions import CEB
from sandan.wire.definitions import Field
from sandan.wire.definitions import definitions
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import wrap
from sandan.wire.editions import Edition
from sandan.wire.editions import definitions_of
from sandan.wire.inspect import verdict_of
from sandan.wire.read import decode
from sandan.wire.read import parse

NOW = Edition.CURRENT
OLD = Edition.OF_2018
INFO = TransInfo(
    cop_msg_id="M1",
    sender_id="DXPENT0000000001",
    receiver_ids=("DXPEDCCEB0000002",),
    created=datetime(2025, 6, 11, 2, 15, tzinfo=UTC),
    message_type="CEB311Message",
)


def with_text(name: str, element: str, text: str) -> bytes:
    """A fullest message with another text in the first element of a name."""
    root = etree.fromstring(specimen.fullest(name))
    next(root.iter(f"{{{CEB}}}{element}")).text = text
    return etree.tostring(root)


def verdicts(data: bytes) -> tuple[bool, bool]:
    """What 2018 and what 202205 say."""
    parsed = parse(data)
    return decode(parsed, OLD).schema_valid, decode(parsed, NOW).schema_valid


def field_of(edition: Edition, name: str, element: str) -> Field:
    entities = definitions_of(edition).messages[name].entities
    return next(field for entity in entities for field in entity.fields if field.name == element)


def test_the_current_edition_is_the_definitions() -> None:
    assert definitions_of(NOW) is definitions()


def test_returns_of_exports_came_after_2018() -> None:
    missing = set(definitions_of(NOW).messages) - set(definitions_of(OLD).messages)
    assert missing == {"CEB213Message", "CEB214Message", "CEB215Message", "CEB216Message"}


def test_every_entry_of_the_data_changes_something() -> None:
    """None repeats 202205 or names an element that is not there."""
    told = json.loads(resources.files("sandan.wire").joinpath("data/edition-2018.json").read_text(encoding="utf-8"))
    old, new = fields_of(OLD), fields_of(NOW)
    entries = {
        (name, entity, element)
        for name, parts in told["fields"].items()
        for entity, elements in parts.items()
        for element in elements
    }
    assert entries == {place for place, field in old.items() if field != new[place]}
    assert {place[-1] for place in new.keys() - old.keys() if place[0] in told["unknown"]} == {"gseqno"}


def fields_of(edition: Edition) -> dict[tuple[str, str, str], Field]:
    """Every field of an edition by message, entity and element."""
    return {
        (name, entity.name, field.name): field
        for name, message in definitions_of(edition).messages.items()
        for entity in message.entities
        for field in entity.fields
    }


@pytest.mark.parametrize(
    ("element", "text", "expected"),
    [
        ("itemNo", "1" * 20, (True, True)),
        ("itemNo", "1" * 21, (True, False)),
        ("itemNo", "1" * 30, (True, False)),
        ("itemNo", "1" * 31, (False, False)),
        ("tradeCountry", "304", (True, True)),
        ("tradeCountry", "30", (False, True)),
        ("tradeCountry", "3", (False, True)),
    ],
)
def test_a_declaration_list_by_both_editions(element: str, text: str, expected: tuple[bool, bool]) -> None:
    assert verdicts(with_text("CEB621Message", element, text)) == expected


@pytest.mark.parametrize(("flag", "expected"), [("3", (True, True)), ("1", (True, False))])
def test_only_202205_fixes_the_freight_mark_of_exports(flag: str, expected: tuple[bool, bool]) -> None:
    data = with_text("CEB603Message", "fFlag", flag)
    assert verdicts(with_invt_no_of_18(data)) == expected


def with_invt_no_of_18(data: bytes) -> bytes:
    """The list number as long as 2018 demands it, and every other text as short as both allow."""
    root = etree.fromstring(data)
    next(root.iter(f"{{{CEB}}}invtNo")).text = "1" * 18
    return etree.tostring(root)


def test_a_message_2018_does_not_know_is_told_so() -> None:
    (found,) = decode(parse(specimen.smallest("CEB213Message")), OLD).faults
    assert (found.code, found.allowed_en) == ("W-EDITION", "one of the 38 messages of the 2018 edition")
    assert found.allowed_zh == "2018 版的 38 种报文之一"


def test_what_is_no_message_at_all_is_told_as_ever() -> None:
    (found,) = decode(parse(b"<a/>"), OLD).faults
    assert found.code == "W-ROOT"


def test_a_fault_of_2018_names_2018_as_its_source() -> None:
    data = with_text("CEB621Message", "tradeCountry", "3")
    (found,) = decode(parse(data), OLD).faults
    assert found.source == "海关总署公告 2018 年第 113 号所附报文定义 CEB621Message"


def test_the_reading_names_its_edition() -> None:
    parsed = parse(specimen.smallest("CEB311Message"))
    assert [decode(parsed, edition).edition for edition in (NOW, OLD)] == [NOW, OLD]


def test_an_ordinary_message_reads_the_same_by_both() -> None:
    parsed = parse(specimen.smallest("CEB311Message"))
    assert decode(parsed, OLD).documents == decode(parsed, NOW).documents != ()


def test_an_empty_status_of_an_export_order_meant_declared_in_2018() -> None:
    """303 appStatus: the default was 2 (申报), it is 1 (暂存) now."""
    assert [field_of(edition, "CEB303Message", "appStatus").default for edition in (OLD, NOW)] == ["2", "1"]


def test_the_sequence_number_of_792_is_unknown_to_2018() -> None:
    found = decode(parse(specimen.fullest("CEB792Message")), OLD).faults
    assert "gseqno" in {fault.element for fault in found}


def test_the_verdict_is_told_with_its_reasons() -> None:
    data = with_text("CEB621Message", "itemNo", "1" * 21)
    told = {edition: verdict_of(data, edition) for edition in Edition}
    assert (told[OLD].schema_valid, told[NOW].schema_valid) == (True, False)
    assert [fault.element for fault in told[NOW].schema_errors] == ["itemNo"]


def test_inside_an_envelope_too() -> None:
    enveloped = wrap(with_text("CEB621Message", "itemNo", "1" * 21), INFO)
    assert verdict_of(enveloped, OLD).schema_valid
    assert not verdict_of(enveloped, NOW).schema_valid


@pytest.mark.parametrize("data", [b"", b"nothing", b"<a/>"])
def test_what_is_no_message_is_valid_in_no_edition(data: bytes) -> None:
    assert not verdict_of(data, OLD).schema_valid

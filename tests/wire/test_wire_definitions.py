"""The definitions are the published family: 42 messages, 749 elements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandan.documents.facts import Head
from sandan.wire.definitions import definitions
from sandan.wire.papers import HEAD_FIELDS
from sandan.wire.papers import LINED_PAPERS
from sandan.wire.papers import PAPERS
from sandan.wire.papers import attributes


def test_the_family_is_whole() -> None:
    fields = [
        field for message in definitions().messages.values() for part in message.entities for field in part.fields
    ]
    assert (len(definitions().messages), len(fields)) == (42, 749)


def test_every_request_names_its_receipt_and_back() -> None:
    for name, message in definitions().messages.items():
        if message.from_enterprise:
            assert definitions().messages[message.pair].pair == name


def test_import_has_the_extension_before_the_signature_and_export_behind_it() -> None:
    names = {
        message.schema: [item.name for item in message.trailing]
        for message in definitions().messages.values()
        if message.trailing
    }
    assert names["import"] == ["BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature"]
    assert names["export"] == ["BaseTransfer", "BaseSubscribe", "Signature", "ExtendMessage"]


def test_the_schema_demands_a_signature_in_four_messages() -> None:
    demanded = {
        name
        for name, message in definitions().messages.items()
        if any(item.name == "Signature" and item.least for item in message.trailing)
    }
    assert demanded == {"CEB621Message", "CEB623Message", "CEB625Message", "CEB711Message"}


def test_receipts_carry_neither_transfer_nor_signature() -> None:
    assert not any(item.trailing for item in definitions().messages.values() if not item.from_enterprise)


@pytest.mark.parametrize("name", PAPERS)
def test_every_element_of_the_four_papers_is_a_field_of_its_facts(name: str) -> None:
    facts = set(attributes(definitions().messages[name].head).values())
    head = set(HEAD_FIELDS)
    assert head == set(Head.__struct_fields__)
    assert facts - head == set(PAPERS[name].__struct_fields__) - {"head", "lines"}


@pytest.mark.parametrize("name", LINED_PAPERS)
def test_every_element_of_a_line_is_a_field_of_its_facts(name: str) -> None:
    listed = definitions().messages[name].list
    assert listed is not None
    assert set(attributes(listed).values()) == set(LINED_PAPERS[name][1].__struct_fields__)


@pytest.mark.shared
def test_elements_and_types_are_those_of_the_reference(shared: Path) -> None:
    reference = json.loads((shared / "messages.json").read_text(encoding="utf-8"))
    for name, message in definitions().messages.items():
        ours = [
            (part.name, [(f.name, f.zh, f.base, f.optional, f.fixed) for f in part.fields]) for part in message.entities
        ]
        theirs = [
            (part["entity"], [(f["name"], f["zh"], f["base"], f["min"] == 0, f["fixed"]) for f in part["fields"]])
            for part in reference[name]["entities"]
        ]
        assert ours == theirs

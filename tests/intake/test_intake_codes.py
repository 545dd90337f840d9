"""Every code this platform can answer with stands in the catalogue, with the official text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from sandan.clearance import check_order
from sandan.clearance import receipts
from sandan.documents.facts import ReturnStatus
from sandan.intake.faults import KINDS
from sandan.intake.translate import PARAMETER_CHECK
from sandan.intake.translate import TOO_MANY
from sandan.law import catalogue
from sandan.law import codes
from sandan.law.code_tables import CodeEntry
from sandan.law.code_tables import System
from sandan.signing.catalogue import CATALOGUE
from sandan.signing.catalogue import receipt
from sandan.signing.facts import FaultClass
from sandan.wire.definitions import definitions

BLANK = re.compile(r"\[?\[(?:\*|\{[a-z]+\})]]?|\*|\{[a-z]+\}")
RULES = [rule for rule in catalogue.shipped().values() if rule.receipt_code]
SIGNING = [(fault, kind) for fault in CATALOGUE for kind in definitions().messages]


def rows(code: str) -> list[CodeEntry]:
    return [entry for entry in codes.entries() if entry.code == code]


def known(code: str) -> CodeEntry:
    entry = codes.find(code)
    assert entry is not None
    assert entry.known, code
    assert not entry.until or entry.system is System.REALTIME, f"{code} has only its band"
    return entry


def fits(official: Iterable[str], text: str) -> bool:
    """Whether the fixed words of an official text stand in ours, in their order."""
    return any(re.search(".*".join(map(re.escape, filter(None, BLANK.split(words)))), text) for words in official)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_answers_with_a_known_code_and_its_text(rule: catalogue.Rule) -> None:
    system = known(rule.receipt_code).system
    # No list of the real-time interface's codes is public, only their range and some texts.
    official = codes.entries() if system is System.REALTIME else rows(rule.receipt_code)
    assert not rule.receipt_text or rule.receipt_text in {entry.text for entry in official if entry.system is system}


@pytest.mark.parametrize("code", receipts.TEXTS)
def test_a_text_with_blanks_is_the_official_one(code: str) -> None:
    known(code)
    assert fits((entry.text for entry in rows(code)), receipts.TEXTS[code])


@pytest.mark.parametrize(
    "text", [receipts.PASSED, receipts.RELEASED, receipts.REVIEW, receipts.INSPECTION, receipts.HELD]
)
def test_a_text_of_customs_is_the_one_clients_know(text: str) -> None:
    entry = codes.find("", text)
    assert entry is not None
    assert entry.text in text


@pytest.mark.parametrize("code", [receipts.BY_HAND, *receipts.PORT_CODES.values(), *check_order._REPEATED.values()])
def test_a_general_code_is_known(code: str) -> None:
    known(code)


@pytest.mark.parametrize("status", ReturnStatus)
def test_a_status_has_its_official_name(status: ReturnStatus) -> None:
    entry = codes.find("", "", status)
    assert entry is not None
    assert entry.code == str(status.value)


@pytest.mark.parametrize(("fault", "message_type"), SIGNING, ids=str)
def test_a_fault_of_the_signature_answers_with_the_official_text(fault: FaultClass, message_type: str) -> None:
    status, text = receipt(fault, message_type)
    entry = known(str(status)) if status else codes.find("", text)
    assert entry is not None
    assert fits((row.text for row in rows(entry.code)), text)
    known(CATALOGUE[fault].gateway_code)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.status])
def test_a_fault_of_the_door_answers_with_a_known_code(name: str) -> None:
    known(str(KINDS[name].status))
    assert codes.find("", f"[Code:{abs(KINDS[name].status):04d};Desc:1.…]") == known(str(KINDS[name].status))


@pytest.mark.parametrize("code", [*PARAMETER_CHECK.values(), *TOO_MANY.values(), -1, -2])
def test_a_format_fault_answers_with_a_known_code(code: int) -> None:
    known(str(code))

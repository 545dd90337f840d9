"""Every class of fault speaks both languages, and the text of a CEB900 fits its element."""

from __future__ import annotations

import pytest

from sandan.api import errors
from sandan.documents.facts import OfficerVerdict
from sandan.intake.facts import Fault
from sandan.intake.faults import KINDS
from sandan.intake.faults import Kind
from sandan.intake.faults import fault
from sandan.intake.faults import told
from sandan.intake.incidents import trace_of
from sandan.intake.translate import of_signature
from sandan.signing.facts import FaultClass

ALL = {**KINDS, **errors.KINDS}


@pytest.mark.parametrize("code", ALL)
def test_sentence_and_remedy_in_both_languages(code: str) -> None:
    kind: Kind = ALL[code]
    for chinese, english in ((kind.zh, kind.en), (kind.remedy_zh, kind.remedy_en)):
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
        assert not any("\u4e00" <= character <= "\u9fff" for character in english)
        assert english


@pytest.mark.parametrize("code", KINDS)
def test_a_ceb900_answers_below_zero(code: str) -> None:
    assert KINDS[code].status < 0


@pytest.mark.parametrize("found", FaultClass)
@pytest.mark.parametrize("message", ["CEB621Message", "CEB311Message", ""])
def test_every_fault_of_a_signature_has_words_and_a_status(found: FaultClass, message: str) -> None:
    shown = of_signature(found, message)
    assert shown.what.zh
    assert shown.remedy.en
    assert shown.status < 0


def test_the_text_names_every_fault_with_place_and_values() -> None:
    text = told((fault("sender-not-signer", where="/a/b", found="X", expected="Y"), fault("unsigned")))
    assert all(part in text for part in ("1.传输企业", "/a/b", "X", "Y", "2.申报的报文没有签名", "[Code:621015;Desc:"))


def test_the_text_ends_at_5000_characters() -> None:
    assert len(told((fault("unsigned"),) * 500)) == 5_000


def test_the_shape_has_no_more_and_no_less() -> None:
    shown = fault("unsigned").shown()
    assert set(shown) == set(Fault.__struct_fields__) - {"status"}


def test_a_trace_holds_places_and_no_values() -> None:
    try:
        OfficerVerdict("110101199001011234")
    except ValueError as problem:
        text = trace_of(problem)
    assert "110101199001011234" not in text
    assert text.endswith("ValueError")

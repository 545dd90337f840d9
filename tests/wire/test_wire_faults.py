"""The catalogue of faults is whole: each is explained in both languages, and each the source names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sandan.wire
from sandan.wire.faults import KINDS
from sandan.wire.faults import Place
from sandan.wire.faults import fault

SOURCES = [path for path in Path(sandan.wire.__file__).parent.glob("*.py") if path.name != "faults.py"]
NAMED = {code for path in SOURCES for code in re.findall(r"\"(W-[A-Z0-9-]+)\"", path.read_text(encoding="utf-8"))}


def test_every_code_in_the_source_is_in_the_catalogue_and_back() -> None:
    assert set(KINDS) == NAMED


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_says_how_to_mend_in_both_languages(code: str) -> None:
    kind = KINDS[code]
    assert re.search(r"[\u4e00-\u9fff]", kind.zh)
    assert kind.en.endswith(".")


@pytest.mark.parametrize(
    ("path", "code", "chapter"),
    [
        ("/CEB311Message/Order[1]/OrderHead/guid", "W-GUID", "第 3 章 CEB311Message"),
        ("/DxpMsg/Data", "W-BASE64", "第 4–5 章"),
        ("/CEB621Message/Signature", "W-MISSING", "第 6 章"),
        ("", "W-NOT-XML", "第 3 章"),
    ],
)
def test_a_fault_names_its_source(path: str, code: str, chapter: str) -> None:
    assert fault(code, Place(path)).source == f"企业对接报文规范（202205版）{chapter}"


def test_a_long_value_is_shortened() -> None:
    assert fault("W-TEXT", Place(), "x" * 100).value == "x" * 60 + "…"


@pytest.mark.parametrize(("value", "shown"), [("110101199003070038", "**************0038"), ("38", "38"), ("", "")])
def test_a_personal_number_shows_only_its_end(value: str, shown: str) -> None:
    assert fault("W-LENGTH", Place(element="payerIdNumber"), value).value == shown

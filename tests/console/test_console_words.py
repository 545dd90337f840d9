"""Both languages say everything."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import sandan.console
from sandan.console.words import translations

FOLDER = Path(sandan.console.__file__).parent
CATALOGUE = FOLDER / "locale" / "zh_Hans_CN" / "LC_MESSAGES" / "console.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every English sentence of code and templates."""
    found = extract_from_dir(FOLDER, METHODS, {"templates/**.html": {"trim_blocks": "true"}}, KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The Chinese catalogue."""
    catalogue = read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="zh_Hans_CN")
    return {
        entry.id if isinstance(entry.id, str) else entry.id[0]: (
            entry.string if isinstance(entry.string, str) else entry.string[0]
        )
        for entry in catalogue
        if entry.id
    }


def test_every_sentence_has_its_chinese(said: set[str], known: dict[str, str]) -> None:
    assert said
    assert {sentence for sentence in said if not known.get(sentence)} == set()


def test_no_translation_is_left_over(said: set[str], known: dict[str, str]) -> None:
    assert set(known) - said == set()


def test_placeholders_survive_translation(known: dict[str, str]) -> None:
    places = re.compile(r"%\(\w+\)s")
    for english, chinese in known.items():
        assert set(places.findall(english)) >= set(places.findall(chinese)), english
        assert set(places.findall(chinese)) >= set(places.findall(english)) - {"%(num)s"}, english


def test_nothing_is_fuzzy() -> None:
    assert "fuzzy" not in CATALOGUE.read_text("utf-8")


def test_chinese_is_chinese_and_english_is_itself() -> None:
    assert translations("zh").gettext("Match board") == "三单比对"
    assert translations("en").gettext("Match board") == "Match board"

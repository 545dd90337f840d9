"""The pages of the catalogue of codes."""

from __future__ import annotations

from sandan.law import codes
from sandan.law.code_reference import page
from sandan.law.code_reference import words_of


def test_a_page_has_a_row_for_every_code() -> None:
    for language in ("zh", "en"):
        rows = [line for line in page(language).splitlines() if line.startswith("| ")]
        assert len(rows) == len(codes.entries()) + 2 * 7


def test_every_row_has_as_many_cells_as_its_head() -> None:
    for language, cells in (("zh", 6), ("en", 7)):
        rows = [line for line in page(language).splitlines() if line.startswith("| ")]
        assert {line.count(" | ") for line in rows} == {cells - 1}


def test_a_band_is_shown_from_first_to_last() -> None:
    entry = codes.find("-301500")
    assert entry is not None
    assert words_of(entry, "en")[0] == ("Code", "-301001 ~ -302000")


def test_the_chinese_words_leave_the_english_meaning_out() -> None:
    entry = codes.find("1327")
    assert entry is not None
    assert ("含义", "") in words_of(entry, "zh")
    assert "the shop" in dict(words_of(entry, "en")).values()

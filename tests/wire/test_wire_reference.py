"""The field reference says what the definitions say."""

from __future__ import annotations

from typing import get_args

import pytest

from sandan.wire.definitions import definitions
from sandan.wire.reference import Language
from sandan.wire.reference import index
from sandan.wire.reference import page

LANGUAGES = get_args(Language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", definitions().messages)
def test_every_element_has_its_row(name: str, language: Language) -> None:
    text = page(name, language)
    fields = [field.name for entity in definitions().messages[name].entities for field in entity.fields]
    assert text.count("\n| `") == len(fields)
    assert all(f"| `{field}` |" in text for field in fields)


def test_a_row_tells_schema_and_table_apart() -> None:
    (row,) = [line for line in page("CEB511Message", "en").splitlines() if line.startswith("| `freight` |")]
    assert row.endswith(
        "| a number of at most 19 digits, at most 5 of them behind the point | optional | N19,5, required |"
    )


def test_a_text_without_limit_says_so() -> None:
    assert "| text of any length |" in page("CEB900Message", "en")


def test_the_structure_of_a_list() -> None:
    text = page("CEB621Message", "zh")
    assert text.startswith("# CEB621Message 进口清单\n")
    assert "`Inventory`{1..100} / `InventoryHead`{1..1}, `InventoryList`{1..99}, `BaseTransfer`{1..1}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_has_all_messages_import_first(language: Language) -> None:
    lines = index(language).splitlines()
    assert len(lines) == 42
    assert lines[0].startswith("- [CEB311Message]")
    assert "[CEB213Message]" in lines[19]

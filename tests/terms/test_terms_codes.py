"""Code lists: what a code means, what is in force on a day, where the list comes from."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from sandan.terms import codes
from sandan.terms.codes import CodeList

REFERENCE = Path(__file__).parents[3] / "shared" / "codes"
LISTS = {
    "country_numeric.csv": codes.COUNTRIES,
    "currency.csv": codes.CURRENCIES,
    "units.csv": codes.UNITS,
    "customs_districts.csv": codes.DISTRICTS,
    "transport_modes.csv": codes.TRANSPORT_MODES,
    "wrap_types_1digit.csv": codes.WRAP_TYPES,
    "trade_modes.csv": codes.TRADE_MODES,
}


@pytest.mark.parametrize(
    ("codelist", "code", "zh", "en"),
    [
        (codes.COUNTRIES, "116", "日本", "Japan"),
        (codes.CURRENCIES, "142", "人民币", "人民币"),
        (codes.UNITS, "142", "瓶", "bottle"),
        (codes.DISTRICTS, "0101", "京机场关", "京机场关"),
        (codes.TRANSPORT_MODES, "7", "保税区", "bonded zone"),
        (codes.WRAP_TYPES, "2", "纸箱", "carton"),
        (codes.TRADE_MODES, "1210", "保税电商", "CBEC bonded"),
    ],
)
def test_a_code_has_its_name(codelist: CodeList, code: str, zh: str, en: str) -> None:
    assert codelist.name(code) == zh
    assert codelist.name(code, "en").startswith(en[:4])


def test_a_code_that_is_not_in_the_list_has_no_name() -> None:
    assert "999" not in codes.UNITS
    assert codes.UNITS.name("999") == ""
    assert not codes.UNITS.in_force("999", date(2026, 1, 1))


@pytest.mark.parametrize("total", ["100", "200", "300", "400", "500", "600"])
def test_totals_of_continents_are_no_countries(total: str) -> None:
    assert total not in codes.COUNTRIES


def test_all_modes_of_transport_is_no_mode() -> None:
    assert "A" not in codes.TRANSPORT_MODES


def test_a_mode_begins_on_its_day() -> None:
    assert not codes.TRADE_MODES.in_force("9710", date(2020, 6, 30))
    assert codes.TRADE_MODES.in_force("9710", date(2020, 7, 1))


def test_three_modes_are_marked_for_import_lists() -> None:
    marked = {row.code for row in codes.TRADE_MODES if "CEB621" in row.marks.get("ceb", "")}
    assert marked == {"9610", "1210", "1239"}


@pytest.mark.parametrize("codelist", LISTS.values(), ids=LISTS)
def test_every_list_says_where_it_comes_from(codelist: CodeList) -> None:
    assert "2026-11-21" in codelist.provenance
    assert len(codelist) == len({row.code for row in codelist})


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference folder is absent")
@pytest.mark.parametrize(("name", "codelist"), LISTS.items(), ids=LISTS)
def test_every_list_agrees_with_the_reference(name: str, codelist: CodeList) -> None:
    with (REFERENCE / name).open(encoding="utf-8") as rows:
        reference = {row["code"]: row["name_zh"] for row in csv.DictReader(rows)}
    ours = {row.code: row.zh for row in codelist}
    left_out = {"100", "200", "300", "400", "500", "600", "610", "A"}
    assert ours.items() <= reference.items()
    assert reference.keys() - ours.keys() <= left_out

"""Operator files: taken whole or refused whole, with row, column and reason; compared before they take effect."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from sandan import law
from sandan.law.errors import FileRefusedError
from sandan.law.facts import Evidence
from sandan.law.facts import Measure
from sandan.law.facts import Restriction
from sandan.law.overlay import EMPTY
from sandan.law.overlay import LawFile
from sandan.law.overlay import check
from sandan.law.overlay import diff
from sandan.law.overlay import read_overlay

TODAY = date(2026, 11, 21)
LIST = "hs8,name,since,bonded_only,names,excluded,yearly_quantity,yearly_unit,pool\n"
RATES = "code,vat,since,until,tariff,consumption,specific_fen,specific_unit,cosmetics,measure,unit1\n"


def file(kind: str, text: str, *, source: str = "公告", evidence: str = "operator") -> LawFile:
    return LawFile(kind=kind, name=f"{kind}.csv", body=text.encode(), source=source, evidence=evidence)


def faults(kind: str, text: str, *, production: bool = False) -> list[tuple[int, str]]:
    """Row and column of every fault of one file."""
    return [(fault.row, fault.column) for fault in check(file(kind, text), production=production)]


def law_with(*files: LawFile) -> law.Law:
    return law.at(TODAY, read_overlay(files, production=True))


def test_a_line_of_the_list_is_found_by_its_code() -> None:
    entry = law_with(file("positive_list", LIST + "33049900,面霜,2022-03-01,,,,,,\n")).listed("3304990029")
    assert entry is not None
    assert (entry.name, entry.remarks, entry.evidence) == ("面霜", (), Evidence.OPERATOR)


def test_a_line_may_be_bonded_only() -> None:
    entry = law_with(file("positive_list", LIST + "03061490,冻蟹,2022-03-01,是,,,,,\n")).listed("0306149000")
    assert entry is not None
    assert entry.restricted(Restriction.BONDED_ONLY)


def test_sugar_is_two_kilograms_a_person_a_year() -> None:
    row = "17019910,砂糖,2022-03-01,,,,2,035,sugar\n"
    entry = law_with(file("positive_list", LIST + row)).listed("1701991000")
    assert entry is not None
    remark = entry.restricted(Restriction.YEARLY_QUANTITY)
    assert remark is not None
    assert (remark.quantity_e5, remark.unit, remark.pool) == (200000, "035", "sugar")


def test_a_rate_named_standard_follows_the_law_of_the_day() -> None:
    overlay = read_overlay([file("tariff", RATES + "33049900,standard,2016-04-08,,,,,,,,\n")], production=True)
    eve, day = (law.at(when, overlay).tariff("3304990029") for when in (date(2019, 3, 31), date(2019, 4, 1)))
    assert eve is not None
    assert day is not None
    assert (eve.vat_rate, day.vat_rate) == (Decimal("0.16"), Decimal("0.13"))


def test_the_longest_code_decides() -> None:
    rows = "3304,standard,2019-01-01,,10%,,,,,,\n3304990029,standard,2019-01-01,,1%,,,,,,\n"
    today = law_with(file("tariff", RATES + rows))
    assert [today.tariff(code).tariff_rate for code in ("3304990029", "3304100000")] == [  # type: ignore[union-attr]
        Decimal("0.01"),
        Decimal("0.1"),
    ]


def test_a_compound_consumption_tax_has_its_unit() -> None:
    line = law_with(file("tariff", RATES + "22082000,0.13,2019-01-01,,,20%,100,035,,,\n")).tariff("2208200010")
    assert line is not None
    assert line.consumption is not None
    assert (line.consumption.rate, line.consumption.specific_fen, line.consumption.unit) == (Decimal("0.2"), 100, "035")


def test_a_cosmetic_says_how_its_content_is_marked() -> None:
    line = law_with(file("tariff", RATES + "33049900,standard,2019-01-01,,,,,,yes,sheet,\n")).tariff("3304990029")
    assert line is not None
    assert (line.cosmetics, line.measure, line.unit1) == (True, Measure.SHEET, "035")


def test_a_code_without_a_rate_has_none() -> None:
    assert law.at(TODAY).tariff("3304990029") is None


def test_a_suspension_stops_goods_of_a_country_while_it_holds() -> None:
    rows = "code,country,kind,reason,since,until\n0201,601,epidemic,口蹄疫,2026-01-01,2026-11-21\n"
    overlay = read_overlay([file("suspensions", rows)], production=True)
    assert law.at(TODAY, overlay).suspended("0201300090", "601") == "口蹄疫"
    assert law.at(TODAY, overlay).suspended("0201300090", "609") == ""
    assert law.at(date(2026, 11, 22), overlay).suspended("0201300090", "601") == ""


def test_a_local_list_narrows_its_own_zone_only() -> None:
    today = law_with(file("local_lists", "zone,code,kind,since\n杭州,0401,negative,2020-01-01\n"))
    assert today.local_ban("杭州市", "0401100000")
    assert not today.local_ban("宁波市", "0401100000")


def test_a_rule_from_memory_is_turned_on_by_its_text() -> None:
    today = law_with(file("rules", "rule,enabled,since,source,article\nR194-16.3,yes,2026-01-01,海关总署公告,六\n"))
    assert today.is_on("R194-16.3")
    assert not law.at(TODAY).is_on("R194-16.3")


def test_a_parameter_from_memory_is_turned_on_by_its_text() -> None:
    row = "name,value,since,checked,unit\nspirits.specific_fen_per_kg,100,2016-04-08,2026-11-21,fen\n"
    assert law_with(file("parameters", row)).number("spirits.specific_fen_per_kg") == 100


def test_a_workbook_is_read_like_a_table() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["city", "kind", "holds", "since"])
        sheet.write_row(1, 0, ["示例市", "bonded_1210", True])
        sheet.write_datetime(1, 3, date(2026, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    places = LawFile(kind="places", name="places.xlsx", body=buffer.getvalue(), source="公告")
    assert law_with(places).bonded_place("示例市") is True


def test_invented_rows_are_refused_in_production_only() -> None:
    invented = file("positive_list", LIST + "33049900,面霜,2022-03-01,,,,,,\n", evidence="invented")
    assert check(invented, production=False) == ()
    assert [fault.column for fault in check(invented, production=True)] == ["evidence"]


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("positive_list", LIST + "330499,x,2022-03-01,,,,,,\n", (2, "hs8")),
        ("positive_list", LIST + "33049900,,2022-03-01,,,,,,\n", (2, "name")),
        ("positive_list", LIST + "33049900,x,2022-13-01,,,,,,\n", (2, "since")),
        ("positive_list", LIST + "33049900,x,,,,,,,\n", (2, "since")),
        ("positive_list", LIST + "33049900,x,2022-03-01,maybe,,,,,\n", (2, "bonded_only")),
        ("positive_list", LIST + "33049900,x,2022-03-01,,,,2,,\n", (2, "yearly_unit")),
        ("positive_list", LIST + "33049900,x,2022-03-01,,,,two,035,\n", (2, "yearly_quantity")),
        ("positive_list", LIST + "33049900,x\n", (2, "")),
        ("tariff", RATES + "33049900,13,2019-01-01,,,,,,,,\n", (2, "vat")),
        ("tariff", RATES + "33049900,NaN,2019-01-01,,,,,,,,\n", (2, "vat")),
        ("tariff", RATES + "33049900,standard,2019-01-01,2018-01-01,,,,,,,\n", (2, "until")),
        ("tariff", RATES + "33049900,standard,2019-01-01,,,,-1,035,,,\n", (2, "specific_fen")),
        ("tariff", RATES + "33049900,standard,2019-01-01,,,,100,,,,\n", (2, "specific_unit")),
        ("tariff", RATES + "33049900,standard,2019-01-01,,,,,,,pints,\n", (2, "measure")),
        ("tariff", RATES + "33049900,standard,2019-01-01,,,,,,,,999\n", (2, "unit1")),
        ("tariff", RATES + "33049900,0.1_3,2019-01-01,,,,,,,,\n", (2, "vat")),
        ("tariff", RATES + "33049900,１３%,2019-01-01,,,,,,,,\n", (2, "vat")),
        ("tariff", RATES + "33049900,much,2019-01-01,,,,,,,,\n", (2, "vat")),
        ("tariff", RATES + "33049900,standard,2019-01-01,,,,lots,035,,,\n", (2, "specific_fen")),
        ("places", "city,city,kind,since\n示例市,示例市,bonded_1210,2020-01-01\n", (1, "")),
        ("places", "city,kind,since\n示例市,airport,2020-01-01\n", (2, "kind")),
        ("suspensions", "code,country,kind,reason,since\n,,epidemic,x,2020-01-01\n", (2, "code")),
        ("suspensions", "code,country,kind,reason,since\n0201,USA,epidemic,x,2020-01-01\n", (2, "country")),
        ("parameters", "name,value,since,checked\nno.such,1,2020-01-01,2020-01-01\n", (2, "name")),
        ("parameters", "name,value,since,checked\nvat.lower_rate,13,2020-01-01,2020-01-01\n", (2, "value")),
        ("parameters", "name,value,since,checked,unit\nvat.lower_rate,0.1,2020-01-01,2020-01-01,fen\n", (2, "unit")),
        ("rules", "rule,enabled,since\nR999-1,yes,2020-01-01\n", (2, "rule")),
        ("positive_list", "hs8,name\n33049900,x\n", (1, "")),
        ("positive_list", "hs8,name,since,colour\n33049900,x,2022-03-01,red\n", (1, "")),
        ("positive_list", LIST, (0, "")),
        ("positive_list", "", (1, "")),
        ("tariffs", RATES, (0, "")),
    ],
)
def test_a_fault_is_named_with_its_row_and_column(kind: str, text: str, fault: tuple[int, str]) -> None:
    assert fault in faults(kind, text)


def test_a_row_without_a_source_is_refused() -> None:
    bare = file("places", "city,kind,since\n示例市,bonded_1210,2020-01-01\n", source="")
    assert [fault.column for fault in check(bare, production=False)] == ["source"]


def test_a_file_in_another_encoding_is_refused_with_the_way_out() -> None:
    gbk = LawFile(kind="places", name="a.csv", body="city,kind,since\n杭州".encode("gb18030"), source="公告")
    assert "UTF-8" in check(gbk, production=False)[0].sentence()


def test_a_broken_workbook_is_refused() -> None:
    broken = LawFile(kind="places", name="a.xlsx", body=b"PK\x03\x04 cut short", source="公告")
    assert "cannot be read" in check(broken, production=False)[0].sentence()


def test_overlapping_days_of_one_code_are_refused() -> None:
    rows = "33049900,standard,2019-01-01,2019-12-31,,,,,,,\n33049900,lower,2019-12-31,,,,,,,,\n"
    assert faults("tariff", RATES + rows) == [(3, "since")]


def test_a_gap_in_the_days_of_a_rate_is_refused() -> None:
    rows = "33049900,standard,2019-01-01,2019-12-31,,,,,,,\n33049900,lower,2020-01-02,,,,,,,,\n"
    assert faults("tariff", RATES + rows) == [(3, "since")]


def test_a_code_may_leave_the_list_and_come_back() -> None:
    header = "hs8,name,since,until\n"
    assert faults("positive_list", header + "33049900,x,2019-01-01,2019-12-31\n33049900,x,2022-03-01,\n") == []


def test_the_same_code_twice_is_refused() -> None:
    row = "33049900,x,2022-03-01,,,,,,\n"
    assert faults("positive_list", LIST + row + row) == [(3, "since")]


def test_one_bad_row_refuses_every_file_of_the_set() -> None:
    good = file("positive_list", LIST + "33049900,x,2022-03-01,,,,,,\n")
    bad = file("tariff", RATES + "33,standard,2019-01-01,,,,,,,,\n")
    with pytest.raises(FileRefusedError, match=r"tariff\.csv row 2, column code: found '33'"):
        read_overlay([good, bad], production=False)


def test_every_fault_is_named_and_not_the_first() -> None:
    text = LIST + "1,,2022-99-01,,,,,,\n2,,,,,,,,\n"
    assert len(faults("positive_list", text)) == 6


def test_a_difference_names_what_comes_and_goes() -> None:
    before = read_overlay([file("positive_list", LIST + "33049900,面霜,2022-03-01,,,,,,\n")], production=True)
    after = read_overlay([file("positive_list", LIST + "33059000,护发素,2022-03-01,,,,,,\n")], production=True)
    changes = diff(before, after)
    assert [(change.key, bool(change.before), bool(change.after)) for change in changes] == [
        ("33049900 from 2022-03-01", True, False),
        ("33059000 from 2022-03-01", False, True),
    ]
    assert diff(before, before) == ()


def test_a_difference_speaks_of_every_kind() -> None:
    files = [
        file("places", "city,kind,since\n示例市,bonded_1210,2020-01-01\n"),
        file("rules", "rule,enabled,since\nR194-16.3,yes,2020-01-01\n"),
        file("suspensions", "code,country,kind,reason,since\n0201,601,epidemic,x,2020-01-01\n"),
    ]
    keys = {change.key for change in diff(EMPTY, read_overlay(files, production=True))}
    assert keys == {
        "示例市 bonded_1210 from 2020-01-01",
        "R194-16.3 from 2020-01-01",
        "0201 601 epidemic from 2020-01-01",
    }


def workbook(*rows: tuple[object, ...]) -> bytes:
    """A workbook whose cells are as a spreadsheet keeps them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_a_code_kept_as_a_number_is_read_if_no_zero_is_lost() -> None:
    body = workbook(("hs8", "name", "since"), (33049900, "面霜", "2022-03-01"))
    assert law_with(LawFile(kind="positive_list", name="a.xlsx", body=body, source="公告")).listed("33049900")


def test_a_code_that_lost_its_zero_is_refused_with_the_way_out() -> None:
    body = workbook(("hs8", "name", "since"), (4090000, "蜂蜜", "2022-03-01"))
    (fault,) = check(LawFile(kind="positive_list", name="a.xlsx", body=body, source="公告"), production=True)
    assert (fault.row, fault.column, fault.found) == (2, "hs8", "4090000")
    assert "leading zeros" in fault.sentence()


def test_a_rate_kept_as_a_number_is_read_exactly() -> None:
    body = workbook(("code", "vat", "since"), ("33049900", 0.13, "2022-03-01"))
    line = law_with(LawFile(kind="tariff", name="a.xlsx", body=body, source="公告")).tariff("3304990029")
    assert line is not None
    assert line.vat_rate == Decimal("0.13")


def test_empty_rows_are_passed_over() -> None:
    rows = LIST + ",,,,,,,,\n33049900,面霜,2022-03-01,,,,,,\n"
    assert law_with(file("positive_list", rows)).listed("33049900")


def test_a_unit_of_the_operator_comes_before_the_table_at_hand() -> None:
    today = law_with(file("tariff", RATES + "33049900,standard,2019-01-01,,,,,,,,011\n"))
    assert today.legal_units("3304990029") == ("011", "")


def test_a_rate_that_has_ended_is_no_rate() -> None:
    assert (
        law_with(file("tariff", RATES + "33049900,standard,2019-01-01,2026-11-20,,,,,,,\n")).tariff("3304990029")
        is None
    )

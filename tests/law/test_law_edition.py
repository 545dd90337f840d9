"""The law of one day: cached, dated by acceptance, typed when asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sandan import law
from sandan.law.errors import LawError
from sandan.law.errors import UnknownNameError
from sandan.law.supplied import Overlay

TODAY = date(2026, 11, 21)


def test_the_same_day_and_overlay_give_the_same_law() -> None:
    overlay = Overlay()
    assert law.at(TODAY) is law.at(TODAY)
    assert law.at(TODAY, overlay) is law.at(TODAY, overlay)
    assert law.at(TODAY, overlay) is not law.at(TODAY, Overlay())


def test_194_2018_applies_to_lists_accepted_from_2019() -> None:
    """R194-32.1: the day of acceptance decides."""
    assert not law.at(date(2018, 12, 31)).is_on("R194-9.1")
    assert law.at(date(2019, 1, 1)).is_on("R194-9.1")


def test_26_2016_ends_the_day_before() -> None:
    assert law.at(date(2018, 12, 31)).is_on("R26-1")
    assert not law.at(date(2019, 1, 1)).is_on("R26-1")


def test_a_rule_from_memory_is_not_applied() -> None:
    assert not law.at(TODAY).is_on("R194-16.3")
    assert law.at(TODAY).rule("R194-16.3").enabled is False


def test_an_unknown_rule_is_said_to_be_unknown() -> None:
    assert not law.at(TODAY).is_on("R194-99.9")
    with pytest.raises(UnknownNameError, match=r"R194-99\.9"):
        law.at(TODAY).rule("R194-99.9")


def test_a_value_is_asked_for_in_its_type() -> None:
    today = law.at(TODAY)
    assert today.number("import.single_limit_fen") == 500000
    assert today.rate("import.reduced_share") == Decimal("0.70")
    assert today.text("import.declaration_currency") == "142"
    assert today.codes("import.modes") == ("9610", "1210", "1239")
    assert today.flag("tax.tariff_waiver_applies") is False


def test_a_value_asked_for_in_another_type_is_a_mistake() -> None:
    with pytest.raises(LawError, match="is no Decimal"):
        law.at(TODAY).rate("import.single_limit_fen")


def test_find_gives_nothing_where_value_would_complain() -> None:
    assert law.at(date(2018, 12, 31)).find("import.declaration_currency") is None
    assert law.at(date(2019, 1, 1)).find("import.declaration_currency") == "142"


def test_a_dated_value_carries_its_source() -> None:
    dated = law.at(TODAY).dated("tax.payable_to_day")
    assert (dated.value, dated.source.title, dated.source.article) == (45, "海关总署公告2018年第194号", "十六第二款")


def test_the_law_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        law.at(TODAY).day = date(2020, 1, 1)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("gcode", "units"),
    [
        ("3304990029", ("035", "011")),
        ("0101210010", ("035", "009")),
        ("2204210000", ("095", "035")),
        ("9999999999", None),
    ],
)
def test_legal_units_come_from_the_tariff_at_hand(gcode: str, units: tuple[str, str] | None) -> None:
    assert law.at(TODAY).legal_units(gcode) == units


def test_without_an_overlay_nothing_is_suspended() -> None:
    assert law.at(TODAY).suspended("0201300090", "601") == ""
    assert law.at(TODAY).suspension("0201300090", "601") is None

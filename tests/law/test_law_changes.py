"""What changes: two days against each other, and what comes."""

from __future__ import annotations

from datetime import date

from sandan.law import changes

TODAY = date(2026, 11, 21)


def test_the_day_vat_fell_differs_from_its_eve_in_both_rates() -> None:
    found = changes.difference(date(2019, 3, 31), date(2019, 4, 1))
    rates = {change.name: (change.before, change.after) for change in found if change.kind == "parameter"}
    assert rates == {"vat.standard_rate": ("16 %", "13 %"), "vat.lower_rate": ("10 %", "9 %")}


def test_a_batch_of_zones_is_a_difference() -> None:
    found = changes.difference(date(2025, 4, 24), date(2025, 4, 25))
    zones = [change.after for change in found if change.kind == "zone"]
    assert (zones.count("zone"), zones.count("no zone")) == (16, 3)


def test_a_day_does_not_differ_from_itself() -> None:
    assert changes.difference(TODAY, TODAY) == ()


def test_what_comes_next_is_the_end_of_the_return_window() -> None:
    days = {(day, change.name) for day, change in changes.coming(TODAY)}
    assert ("2028-01-01", "export_return.window_open") in days

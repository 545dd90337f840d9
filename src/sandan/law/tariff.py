"""Legal units by commodity code (法定计量单位). Rates by code are public only in part and come from the operator's table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sandan.law import data_files
from sandan.terms import hs_code


@cache
def shipped_units() -> Mapping[str, tuple[str, str]]:
    """First and second legal unit by tariff line of eight digits, or by code of ten where the suffixes differ."""
    rows = data_files.table("tariff", "units.csv.gz")
    return {row["code"]: (row["unit1"], row["unit2"]) for row in rows}


def legal_units(gcode: str) -> tuple[str, str] | None:
    """Legal units of a commodity code; the second is empty where there is none.

    Returns:
        Two unit codes, or None where the tariff at hand does not know the code.
    """
    units = shipped_units()
    return units.get(gcode) or units.get(hs_code.tariff_line(gcode))


def prefixes(gcode: str) -> tuple[str, ...]:
    """The code and its shorter forms an operator's table may use, longest first: ten, eight, six and four digits."""
    return (gcode, gcode[:8], gcode[:6], gcode[:4])

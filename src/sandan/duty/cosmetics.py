"""Whether a cosmetic is high-end (高档化妆品) and so bears consumption tax.

财税〔2016〕103号, RC-1: from 2016-10-01 consumption tax is levied on cosmetics whose dutiable value before VAT is
10 yuan a millilitre or gram and above, or 15 yuan a sheet and above; others are free of it. The content is read from
the declared quantities, or from the specification (规格型号) where it says it in one plain form, such as ``50毫升/瓶``
for goods declared by the bottle. A content that stands in neither is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sandan.duty.facts import Taxable
from sandan.duty.rates import LawInForce
from sandan.law.facts import Measure
from sandan.law.facts import TariffLine
from sandan.terms.codes import UNITS
from sandan.terms.errors import TermError
from sandan.terms.money import SCALE
from sandan.terms.money import parse_e5


class Content(NamedTuple):
    """How much cosmetic a line holds, in the measure its threshold speaks of."""

    measure: Measure
    #: Grams, millilitres or sheets in 10⁻⁵
    amount_e5: int


UNIT_MARKS: Mapping[Measure, str] = {Measure.WEIGHT: "g", Measure.VOLUME: "ml", Measure.SHEET: "片"}
"""How a content is written in the working."""

_UNITS: Mapping[str, tuple[Measure, int]] = {
    "010": (Measure.SHEET, 1),
    "020": (Measure.SHEET, 1),
    "035": (Measure.WEIGHT, 1000),
    "036": (Measure.WEIGHT, 1),
    "044": (Measure.SHEET, 100),
    "095": (Measure.VOLUME, 1000),
    "096": (Measure.VOLUME, 1),
}
"""Unit codes that state a content, and how many grams, millilitres or sheets one of them holds."""

_MARKED: Mapping[str, tuple[Measure, int]] = {
    "克": (Measure.WEIGHT, 1),
    "g": (Measure.WEIGHT, 1),
    "毫升": (Measure.VOLUME, 1),
    "ml": (Measure.VOLUME, 1),
    "片": (Measure.SHEET, 1),
    "张": (Measure.SHEET, 1),
}
"""The same for the words of a specification."""

_PARAMETERS: Mapping[Measure, str] = {
    Measure.WEIGHT: "cosmetics.high_end_per_ml_or_g_fen",
    Measure.VOLUME: "cosmetics.high_end_per_ml_or_g_fen",
    Measure.SHEET: "cosmetics.high_end_per_piece_fen",
}

_PREFERENCE = (Measure.SHEET, Measure.VOLUME, Measure.WEIGHT)
"""Which content decides where the code does not say: a sheet also has a weight, but is judged by the sheet."""

_PER_UNIT = re.compile(r"([0-9]+(?:\.[0-9]{1,5})?)\s*(克|毫升|片|张|[gG]|[mM][lL])/(\S+)")


def content_of(line: Taxable, tariff: TariffLine) -> Content | None:
    """Content a line declares, in the measure of its code; None where nothing states it.

    Args:
        line: The goods.
        tariff: Their commodity code; one that names no measure takes the most telling content declared.
    """
    stated = _marked(line) | _stated(line)
    for measure in (tariff.measure,) if tariff.measure else _PREFERENCE:
        if measure in stated:
            return Content(measure, stated[measure])
    return None


def threshold_fen(content: Content, law: LawInForce) -> int:
    """Value in fen per gram, millilitre or sheet from which a cosmetic is high-end, inclusive."""
    return law.number(_PARAMETERS[content.measure])


def is_high_end(value_fen: int, content: Content, limit_fen: int) -> bool:
    """Whether a value reaches the limit per gram, millilitre or sheet; equal to it counts (及以上)."""
    return value_fen * SCALE >= limit_fen * content.amount_e5


def _stated(line: Taxable) -> dict[Measure, int]:
    """Contents the declared quantities state; the legal units come before the unit of sale."""
    contents = {}
    for unit, quantity_e5 in ((line.unit, line.qty_e5), (line.unit2, line.qty2_e5), (line.unit1, line.qty1_e5)):
        if unit in _UNITS and quantity_e5 and quantity_e5 > 0:
            measure, factor = _UNITS[unit]
            contents[measure] = quantity_e5 * factor
    return contents


def _marked(line: Taxable) -> dict[Measure, int]:
    """Contents one element of the specification states per unit of sale; a measure stated twice says nothing."""
    sold_by = UNITS.name(line.unit)
    found: dict[Measure, list[int]] = {}
    for element in line.gmodel.split("|"):
        match = _PER_UNIT.fullmatch(element.strip())
        if match and match[3] == sold_by:
            measure, factor = _MARKED[match[2].lower()]
            found.setdefault(measure, []).append(_e5(match[1]) * factor * line.qty_e5 // SCALE)
    return {measure: amounts[0] for measure, amounts in found.items() if len(amounts) == 1 and amounts[0] > 0}


def _e5(number: str) -> int:
    try:
        return parse_e5(number)
    except TermError:
        return 0

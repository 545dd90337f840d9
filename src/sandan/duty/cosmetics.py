"""Whether a cosmetic is high-end (高档化妆品) and so bears consumption tax.

财税〔2016〕103号, RC-1: from 2016-10-01 consumption tax is levied on cosmetics whose dutiable value before VAT is
10 yuan a millilitre or gram and above, or 15 yuan a sheet and above; others are free of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sandan.duty.facts import Taxable
from sandan.duty.rates import LawInForce
from sandan.duty.rates import fen_of
from sandan.law.facts import Measure
from sandan.law.facts import TariffLine
from sandan.terms.money import SCALE


class Content(NamedTuple):
    """How much cosmetic a line holds, in the measure its threshold speaks of."""

    measure: Measure
    #: Grams, millilitres or sheets in 10⁻⁵
    amount_e5: int


_UNITS = {
    "035": (Measure.WEIGHT, 1000),
    "036": (Measure.WEIGHT, 1),
    "095": (Measure.VOLUME, 1000),
    "096": (Measure.VOLUME, 1),
    "020": (Measure.SHEET, 1),
    "044": (Measure.SHEET, 100),
}
"""Unit codes that state a content, and how many grams, millilitres or sheets one of them holds."""

UNIT_MARKS = {Measure.WEIGHT: "g", Measure.VOLUME: "ml", Measure.SHEET: "片"}
"""How a content is written in the working."""

_PARAMETERS = {
    Measure.WEIGHT: "cosmetics.high_end_per_ml_or_g_fen",
    Measure.VOLUME: "cosmetics.high_end_per_ml_or_g_fen",
    Measure.SHEET: "cosmetics.high_end_per_piece_fen",
}
_PREFERENCE = (Measure.SHEET, Measure.VOLUME, Measure.WEIGHT)


def content_of(line: Taxable, tariff: TariffLine) -> Content | None:
    """Content a line declares, in the measure of its code; None where none of its quantities states it.

    Args:
        line: The goods.
        tariff: Its commodity code; one that names no measure takes the most telling one declared.
    """
    stated = dict(_stated(line))
    wanted = (tariff.measure,) if tariff.measure else _PREFERENCE
    for measure in wanted:
        if stated.get(measure, 0) > 0:
            return Content(measure, stated[measure])
    return None


def threshold_fen(content: Content, law: LawInForce) -> int:
    """Value in fen per gram, millilitre or sheet from which a cosmetic is high-end, inclusive."""
    return fen_of(law, _PARAMETERS[content.measure])


def is_high_end(value_fen: int, content: Content, limit_fen: int) -> bool:
    """Whether a value reaches the limit per gram, millilitre or sheet; equal to it counts."""
    return value_fen * SCALE >= limit_fen * content.amount_e5


def _stated(line: Taxable) -> Iterator[tuple[Measure, int]]:
    for unit, quantity_e5 in ((line.unit2, line.qty2_e5), (line.unit1, line.qty1_e5), (line.unit, line.qty_e5)):
        if unit in _UNITS and quantity_e5:
            measure, factor = _UNITS[unit]
            yield measure, quantity_e5 * factor

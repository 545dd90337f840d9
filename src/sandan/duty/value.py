"""Dutiable value (完税价格): goods, freight and insurance, line by line, to the fen.

194/2018 art. 12: dutiable value is the actual transaction price, that is retail price, freight and insurance. Charges
of the whole order go to its lines by value, and the last line takes the remainder (RF-6, interpretation K5). Amounts
are rounded half up to the fen line by line (RF-7). A discount lowers the value only where it is open to all consumers,
and then it already stands in the price declared (RDV-1, RDV-2); no discount is taken off here.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sandan.documents.facts import DeclarationList
from sandan.terms.money import fen_from_e5
from sandan.terms.money import round_half_up


class LineValue(Struct, frozen=True):
    """Dutiable value of one line and its three parts, all in fen."""

    goods_fen: int
    #: Share of the freight of the order (运费)
    freight_fen: int = 0
    #: Share of the insurance of the order (保险费)
    insurance_fen: int = 0

    @property
    def fen(self) -> int:
        """Dutiable value of the line."""
        return self.goods_fen + self.freight_fen + self.insurance_fen


def value_of(declaration: DeclarationList) -> int:
    """Dutiable value of a list in fen: the sum of its lines' (R194-12.1, RF-7)."""
    goods = sum(fen_from_e5(line.total_price_e5) for line in declaration.lines)
    return goods + fen_from_e5(declaration.freight_e5) + fen_from_e5(declaration.insured_fee_e5)


def line_values(declaration: DeclarationList) -> tuple[LineValue, ...]:
    """Dutiable value of each line of a list, in the order of its lines."""
    goods = [fen_from_e5(line.total_price_e5) for line in declaration.lines]
    return spread(goods, fen_from_e5(declaration.freight_e5), fen_from_e5(declaration.insured_fee_e5))


def spread(goods: Sequence[int], freight_fen: int, insurance_fen: int) -> tuple[LineValue, ...]:
    """Lines with their shares of freight and insurance.

    >>> spread([10000, 5000], 300, 0)
    (LineValue(goods_fen=10000, freight_fen=200, insurance_fen=0), LineValue(goods_fen=5000, freight_fen=100, insurance_fen=0))

    Args:
        goods: Price of the goods of each line, in fen.
        freight_fen: Freight of the whole order.
        insurance_fen: Insurance of the whole order.
    """
    if not freight_fen and not insurance_fen:
        return tuple(LineValue(each) for each in goods)
    parts = zip(goods, shares(freight_fen, goods), shares(insurance_fen, goods), strict=True)
    return tuple(LineValue(*part) for part in parts)


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """Parts of an amount in proportion to the weights; they add up to the amount (RF-6).

    Each part is rounded half up but takes no more than is left, so that the last part, which takes the remainder, is
    never negative. Where all weights are zero the last part takes all.

    >>> shares(100, [1, 1, 1])
    [33, 33, 34]

    Args:
        amount: What is to be apportioned, zero or more.
        weights: One a part, zero or more.
    """
    total = sum(weights)
    left = amount
    parts = []
    for weight in weights[:-1]:
        part = min(round_half_up(amount * weight, total), left) if total else 0
        parts.append(part)
        left -= part
    if weights:
        parts.append(left)
    return parts

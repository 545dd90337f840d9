"""Rates as ratios of integers, so that a tax is exact until it is rounded once.

``Decimal`` costs more than the rest of an assessment; a rate is turned into numerator, denominator and its text once.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from typing import Protocol

from sandan.law.facts import TariffLine
from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId


class LawInForce(Protocol):
    """What this room asks of the law of a day."""

    def value(self, name: str, /) -> object:
        """Value of a parameter on the day."""
        ...

    def tariff(self, gcode: HsCode, /) -> TariffLine | None:
        """Rates of a commodity code on the day; None where none are at hand."""
        ...

    def is_on(self, rule: RuleId, /) -> bool:
        """Whether a rule is in force and applied on the day."""
        ...


class Ratio(NamedTuple):
    """An exact rate with the text the working shows."""

    n: int
    d: int
    text: str


@lru_cache(maxsize=4096)
def percent(rate: Decimal) -> Ratio:
    """A share such as 0.13, shown as ``13 %``."""
    n, d = rate.as_integer_ratio()
    return Ratio(n, d, f"{(rate * 100).normalize():f} %")


@lru_cache(maxsize=4096)
def per_unit(fen: Decimal) -> Ratio:
    """Fen per unit, shown in yuan."""
    n, d = fen.as_integer_ratio()
    return Ratio(n, d, f"{(fen / 100).normalize():f}")


def decimal_of(law: LawInForce, name: str) -> Decimal:
    """A parameter that is a rate or a number."""
    value = law.value(name)
    return value if isinstance(value, Decimal) else Decimal(str(value))


def fen_of(law: LawInForce, name: str) -> int:
    """A parameter that is an amount in fen."""
    return int(decimal_of(law, name))

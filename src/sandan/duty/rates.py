"""Rates as ratios of integers, so that a tax is exact until it is rounded once.

``Decimal`` costs more than the rest of an assessment; a rate is turned into numerator, denominator and its text once.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from typing import Protocol

from sandan.law.errors import LawError
from sandan.law.facts import TariffLine
from sandan.terms.ids import HsCode


class LawInForce(Protocol):
    """What this room asks of the law of a day."""

    def value(self, name: str, /) -> object:
        """A parameter's value; raises ``LawError`` where it has none on the day."""
        ...

    def number(self, name: str, /) -> int:
        """A parameter that is fen or a count."""
        ...

    def rate(self, name: str, /) -> Decimal:
        """A parameter that is a rate from 0 to 1."""
        ...

    def flag(self, name: str, /) -> bool:
        """A parameter that is yes or no."""
        ...

    def find(self, name: str, /) -> object:
        """A parameter's value, or None where it has none on the day."""
        ...

    def tariff(self, gcode: HsCode, /) -> TariffLine | None:
        """Rates of a commodity code on the day; None where none are at hand."""
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


def require_conventions(law: LawInForce) -> None:
    """Make sure the counting conventions of the day are the ones this room follows.

    Raises:
        LawError: An operator set one to something else, which must not be passed over in silence.
    """
    for name, followed in _CONVENTIONS:
        if law.value(name) != followed:
            raise LawError(f"{name} is set to {law.value(name)!r}; only {followed!r} is implemented")


_CONVENTIONS = (
    ("tax.rounding", "per-line-half-up-to-fen"),
    ("tax.apportionment", "value-share-last-line-remainder"),
    ("tax.discount", "open-to-all-only"),
    ("tax.tariff_waiver_applies", False),
)
"""Interpretations K5, K6 and RDV-1 by the names the law data gives them."""

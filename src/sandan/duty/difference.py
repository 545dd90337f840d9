"""Why the tax a platform charged (订单税款) is not the tax assessed, in words.

A platform may bear the tax itself, so a difference breaks no rule; but a forgotten line, a forgotten reduced share or a
fen of rounding is what most differences come from, and each is easily mended before declaring.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

from msgspec import Struct

from sandan.duty.facts import Assessment
from sandan.duty.facts import StepName
from sandan.terms.money import yuan_text


class Cause(StrEnum):
    """What explains a difference."""

    ROUNDING = "rounding"
    """No more than the tolerance: rounded at another point (进位差异)."""
    NONE_CHARGED = "none_charged"
    """No tax was charged at all: forgotten, or borne by the platform (未收税或平台包税)."""
    LINES = "lines"
    """The tax of some lines is missing (漏计商品行)."""
    STATUTORY = "statutory"
    """The reduced share was not applied (未按优惠比例计征)."""
    UNKNOWN = "unknown"
    """None of these."""


class Difference(Struct, frozen=True, kw_only=True):
    """A difference and what explains it, all amounts in fen."""

    charged_fen: int
    assessed_fen: int
    cause: Cause
    #: Lines whose tax is missing
    gnums: tuple[int, ...] = ()
    zh: str
    en: str


def difference_of(assessment: Assessment, charged_fen: int, tolerance_fen: int) -> Difference | None:
    """Explain how the tax charged differs from the tax assessed; None where they are equal.

    Args:
        assessment: What was assessed.
        charged_fen: Tax the order states (taxTotal).
        tolerance_fen: How much may come from rounding (``message.total_tolerance_fen``).
    """
    short_fen = assessment.tax_fen - charged_fen
    if not short_fen:
        return None
    cause, gnums = _cause(assessment, charged_fen, tolerance_fen)
    amount = yuan_text(abs(short_fen))
    lines = ", ".join(str(gnum) for gnum in gnums)
    zh, en = _WORDS[cause](amount, lines)
    return Difference(charged_fen=charged_fen, assessed_fen=assessment.tax_fen, cause=cause, gnums=gnums, zh=zh, en=en)


def _cause(assessment: Assessment, charged_fen: int, tolerance_fen: int) -> tuple[Cause, tuple[int, ...]]:
    short_fen = assessment.tax_fen - charged_fen
    if abs(short_fen) <= tolerance_fen:
        return Cause.ROUNDING, ()
    if not charged_fen:
        return Cause.NONE_CHARGED, ()
    if abs(charged_fen - _statutory_fen(assessment)) <= tolerance_fen:
        return Cause.STATUTORY, ()
    gnums = _missing([(line.gnum, line.tax_fen) for line in assessment.lines], short_fen, tolerance_fen)
    return (Cause.LINES, gnums) if gnums else (Cause.UNKNOWN, ())


def _statutory_fen(assessment: Assessment) -> int:
    """Tax of the list before the reduced share."""
    names = {StepName.CONSUMPTION_TAX_STATUTORY, StepName.VAT_STATUTORY}
    return sum(step.amount_fen for line in assessment.lines for step in line.steps if step.name in names)


def _missing(taxes: Sequence[tuple[int, int]], short_fen: int, tolerance_fen: int) -> tuple[int, ...]:
    """The one line, the two lines, or all lines but one whose tax is what is short; empty where none fits."""
    for count in sorted({1, 2, len(taxes) - 1}):
        for group in combinations(taxes, count) if count > 0 else ():
            if abs(sum(tax for _, tax in group) - short_fen) <= tolerance_fen:
                return tuple(gnum for gnum, _ in group)
    return ()


_WORDS: dict[Cause, Callable[[str, str], tuple[str, str]]] = {
    Cause.ROUNDING: lambda amount, _: (f"进位差异{amount}元", f"off by {amount} yuan of rounding"),
    Cause.NONE_CHARGED: lambda amount, _: (
        f"订单未收税款，应征{amount}元",
        f"no tax is charged; {amount} yuan are due",
    ),
    Cause.LINES: lambda amount, lines: (
        f"缺少第{lines}行的税款{amount}元",
        f"tax of line {lines} is missing: {amount} yuan",
    ),
    Cause.STATUTORY: lambda amount, _: (
        f"税款按法定应纳税额计收，多收{amount}元",
        f"the reduced share was not applied: {amount} yuan too much",
    ),
    Cause.UNKNOWN: lambda amount, _: (f"税款相差{amount}元", f"the tax differs by {amount} yuan"),
}

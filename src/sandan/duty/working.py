"""The working of an assessment as text in both languages, each step with its formula, amount and rule."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from msgspec import Struct

from sandan.duty.facts import Assessment
from sandan.duty.facts import Route
from sandan.duty.facts import StepName
from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId
from sandan.terms.money import yuan_text


class WorkingLine(Struct, frozen=True, kw_only=True):
    """One line of the working, ready to show."""

    #: Line of the list; 0 for the sums of the list
    gnum: int
    #: Commodity code of the line; empty for the sums
    gcode: HsCode
    name: StepName
    zh: str
    en: str
    #: Formula with its numbers, in yuan
    formula: str
    #: Amount in yuan with two decimals
    yuan: str
    rule: RuleId


class Words(Struct, frozen=True):
    """One thing in both languages."""

    zh: str
    en: str


ROUTES: Mapping[Route, Words] = {
    Route.REDUCED: Words(
        "限值以内：关税为零，增值税和消费税按法定应纳税额的一定比例征收",
        "within the limits: no tariff, VAT and consumption tax at the reduced share",
    ),
    Route.FULL: Words(
        "单件商品超过单次限值：按货物税率全额征税",
        "a single item over the single limit: taxed in full at the rates of goods",
    ),
}
"""What each route means."""

NAMES: Mapping[StepName, Words] = {
    StepName.VALUE: Words("完税价格", "dutiable value"),
    StepName.CONTENT: Words("化妆品单位价格", "price of the cosmetic per unit of content"),
    StepName.TARIFF: Words("关税", "tariff"),
    StepName.CONSUMPTION_TAX_STATUTORY: Words("法定应纳消费税", "statutory consumption tax"),
    StepName.CONSUMPTION_TAX: Words("应征消费税", "consumption tax payable"),
    StepName.VAT_STATUTORY: Words("法定应纳增值税", "statutory VAT"),
    StepName.VAT: Words("应征增值税", "VAT payable"),
}
"""What each step is called."""


def working(assessment: Assessment) -> tuple[WorkingLine, ...]:
    """Every step of every line in order; each formula gives its amount from the numbers it shows."""
    return tuple(_lines(assessment))


def in_words(assessment: Assessment, language: str) -> str:
    """The working as plain text, one step a line.

    Args:
        assessment: What was assessed.
        language: ``zh`` or ``en``.
    """
    rows = [getattr(ROUTES[assessment.route], language)]
    rows += [
        f"{line.gnum} {line.gcode} {getattr(line, language)}: {line.formula} = {line.yuan} ({line.rule})"
        if line.name is not StepName.CONTENT
        else f"{line.gnum} {line.gcode} {getattr(line, language)}: {line.yuan}, {line.formula} ({line.rule})"
        for line in working(assessment)
    ]
    total = {"zh": "税款合计", "en": "tax of the list"}[language]
    return "\n".join([*rows, f"{total}: {yuan_text(assessment.tax_fen)}"])


def _lines(assessment: Assessment) -> Iterator[WorkingLine]:
    for line in assessment.lines:
        for step in line.steps:
            words = NAMES[step.name]
            yield WorkingLine(
                gnum=line.gnum,
                gcode=line.gcode,
                name=step.name,
                zh=words.zh,
                en=words.en,
                formula=step.formula,
                yuan=yuan_text(step.amount_fen),
                rule=step.rule,
            )

"""Words beside the sentences of the law: remarks, samples and faults of files, in Chinese and English (释义).

Remarks of the data are English; their Chinese stands in ``data/words``. What has no Chinese is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from typing import Final

from msgspec import Struct

from sandan.law import data_files
from sandan.law.facts import Fact
from sandan.terms.money import format_e5
from sandan.terms.money import yuan_text

QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "value": ("参数的值", "value of the parameter"),
    "unverified": ("参数未经核实", "the parameter is unverified"),
    "in_codes": ("代码在列", "the code stands in the list"),
    "limit": ("金额不超限", "the amount is within the limit"),
    "bonded_place": ("可开展网购保税进口", "bonded import is open there"),
    "pilot_zone": ("属综合试验区", "is a pilot zone"),
    "listed": ("在正面清单内", "stands in the positive list"),
    "units": ("法定单位相符", "these are the legal units"),
    "rule_on": ("规则适用", "the rule is applied"),
    "domestic_shop": ("境内电商仍可销售", "a domestic shop may still sell"),
    "summary_deadline": ("汇总申报截止日", "last day of the summary declaration"),
    "exchange_day": ("汇率参照日", "day whose exchange rate is used"),
    "payable": ("可缴纳税款", "the tax is payable"),
    "return_arrived": ("退货按期运抵", "the return arrived in time"),
    "within_months": ("在期限内", "within the months"),
    "composite": ("综合税率（%）", "composite rate in per cent"),
    "resident_id": ("身份证号码有效", "the identity number is valid"),
    "wire_time": ("时间有效", "the time is valid"),
}
"""What a sample asks, by ``samples.QUESTIONS``: Chinese and English."""

EVIDENCE: Final[Mapping[str, str]] = {
    "stated": "原文载明",
    "found": "见于公开页面",
    "memory": "凭记忆，未核实",
    "interpretation": "解释口径",
    "operator": "运营方提供",
    "invented": "虚构",
}
"""How well a statement is supported, in Chinese; in English the words of ``facts.Evidence`` stand."""

_SMALL: Final[Mapping[str, str]] = {"none": "无", "True": "是", "False": "否", "": "空"}


class ToldFact(Struct, frozen=True):
    """One fact of a sample as people read it."""

    name: str
    value: str


def remark(text: str, language: str) -> str:
    """A remark of the data in a language."""
    return _table("notes").get(text, text) if language == "zh" else text


def sample(facts: Mapping[str, Fact], language: str) -> tuple[ToldFact, ...]:
    """A passing or failing sample (示例) in words: names of facts, amounts in yuan, yes and no."""
    return tuple(ToldFact(_name(name, language), _value(name, value, language)) for name, value in facts.items())


def fault(wanted: str, language: str) -> str:
    """What would do instead of a cell of an operator's file, in a language."""
    if language != "zh":
        return wanted
    for pattern, zh in _patterns():
        found = pattern.fullmatch(wanted)
        if found:
            return zh.format(*(part.replace("further notice", "另行通知") for part in found.groups()))
    return wanted


def _name(name: str, language: str) -> str:
    words: Mapping[str, str] = _table("facts").get(name, {})
    if language == "zh":
        return words.get("zh", name)
    return words.get("en") or name.removesuffix("_fen").removesuffix("_e5").replace("_", " ")


def _value(name: str, value: Fact, language: str) -> str:
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(_value(name, each, language) for each in value)
    if name == "ask":
        return QUESTIONS[str(value)][0 if language == "zh" else 1]
    text = str(value)
    if name.endswith("_fen") and text.removeprefix("-").isdecimal():
        return f"{yuan_text(int(text))} {'元' if language == 'zh' else 'yuan'}"
    if name.endswith("_e5") and text.removeprefix("-").isdecimal():
        return format_e5(int(text))
    return _small(text, language)


def _small(text: str, language: str) -> str:
    if language == "zh":
        return _SMALL.get(text, text)
    return {"True": "yes", "False": "no", "": "empty"}.get(text, text)


@cache
def _table(name: str) -> Mapping[str, Any]:
    """One file of words."""
    found = dict(data_files.documents("words"))
    return found[f"{name}.yaml"]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences of faults as patterns, those with fewer gaps first."""
    ordered = sorted(_table("faults").items(), key=lambda entry: (entry[0].count("{}"), -len(entry[0])))
    return tuple((re.compile(re.escape(english).replace(r"\{\}", "(.*)")), zh) for english, zh in ordered)

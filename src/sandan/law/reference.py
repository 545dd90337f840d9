"""The law as pages for readers (法规参考): rules by source and parameters, in Chinese and English, made from the data.

One page a source and one of all parameters, in Markdown. Nothing is written twice: sentences, remedies and samples come from
the catalogue, values from the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from sandan.law import catalogue
from sandan.law import parameters
from sandan.law import words as told
from sandan.law.coverage import State
from sandan.law.coverage import coverage
from sandan.law.coverage import state_of
from sandan.law.facts import Fact
from sandan.law.facts import Parameter
from sandan.law.facts import Rule
from sandan.law.reading import text_of

LANGUAGES: Final = ("zh", "en")

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "rules": "规则",
        "parameters": "参数",
        "coverage": "覆盖情况",
        "article": "条款",
        "days": "施行",
        "remedy": "如何更正",
        "receipt": "回执",
        "by": "实现",
        "passes": "符合示例",
        "fails": "不符示例",
        "reason": "不可执行的原因",
        "off": "未核实，未启用",
        "value": "值",
        "since": "起",
        "until": "止",
        "source": "来源",
        "evidence": "依据程度",
        "note": "说明",
        "rule": "规则",
        "state": "状态",
        "covered": "已覆盖",
        "waits": "待后续工作",
        "not-executable": "不可执行",
        "incomplete": "不完整",
    },
    "en": {
        "rules": "Rules",
        "parameters": "Parameters",
        "coverage": "Coverage",
        "article": "Article",
        "days": "In force",
        "remedy": "How to mend",
        "receipt": "Receipt",
        "by": "Carried out by",
        "passes": "Keeps it",
        "fails": "Breaks it",
        "reason": "Not executable",
        "off": "unverified, off",
        "value": "Value",
        "since": "From",
        "until": "To",
        "source": "Source",
        "evidence": "Evidence",
        "note": "Note",
        "rule": "Rule",
        "state": "State",
        "covered": "covered",
        "waits": "Waits for",
        "not-executable": "not executable",
        "incomplete": "incomplete",
    },
}


def pages(language: str) -> Mapping[str, str]:
    """All pages of one language, by file name.

    Args:
        language: ``zh`` or ``en``.
    """
    words = _WORDS[language]
    return {
        "rules.md": _page(words["rules"], _rules(language)),
        "parameters.md": _page(words["parameters"], _parameters(language)),
        "coverage.md": _page(words["coverage"], _coverage(language)),
    }


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", *lines, ""])


def _rules(language: str) -> Iterator[str]:
    """Rules under their sources, in the order of the catalogue."""
    source = ""
    for rule in catalogue.shipped().values():
        if rule.source.title != source:
            source = rule.source.title
            yield from (f"## {source}", "")
        yield from _rule(rule, language)


def _rule(rule: Rule, language: str) -> Iterator[str]:
    """One rule: sentence, then what is known about it, one line each."""
    words = _WORDS[language]
    yield from (f"### {rule.id}", "", rule.zh if language == "zh" else rule.en, "")
    facts = {
        "article": rule.source.article,
        "days": f"{rule.since} – {rule.until or ''}" + ("" if rule.enabled else f" ({words['off']})"),
        "remedy": rule.remedy_zh if language == "zh" else rule.remedy_en,
        "evidence": _evidence(rule.evidence, language),
        "receipt": f"`{rule.receipt_code}` {rule.receipt_text}" if rule.receipt_code else "",
        "by": ", ".join(rule.implemented_by),
        "passes": _sample(rule.passing, language),
        "fails": _sample(rule.failing, language),
        "reason": told.remark(rule.not_executable, language),
        "waits": told.remark(rule.waits_for, language),
        "note": told.remark(rule.note, language),
    }
    yield from (f"- **{words[name]}**: {text}" for name, text in facts.items() if text)
    yield ""


def _parameters(language: str) -> Iterator[str]:
    for parameter in parameters.shipped().values():
        yield from _parameter(parameter, language)


def _parameter(parameter: Parameter, language: str) -> Iterator[str]:
    """One parameter as a table of its values."""
    columns = ("value", "since", "until", "source", "evidence", "note")
    yield from (f"## {parameter.name}", "", parameter.zh if language == "zh" else parameter.en, "")
    yield _cells(_WORDS[language][column] for column in columns)
    yield _cells("---" for _ in columns)
    for value in parameter.values:
        source = f"{value.source.title} {value.source.article}".strip()
        shown = text_of(value.value, parameter.unit, language)
        yield _cells(
            (
                shown,
                str(value.since),
                str(value.until or ""),
                source,
                _evidence(value.evidence, language),
                told.remark(value.note, language),
            )
        )
    yield ""
    for gap in parameter.gaps:
        yield f"- {gap.since or '…'} – {gap.until or '…'}: {told.remark(gap.reason, language)}"
    yield ""


def _coverage(language: str) -> Iterator[str]:
    """The sum, then every rule that counts with its state."""
    table, words = coverage(), _WORDS[language]
    yield f"{table.covered} / {table.executable} = {table.share:.1%}"
    yield ""
    yield _cells((words["rule"], words["state"], words["by"]))
    yield _cells(("---", "---", "---"))
    for line in table.lines:
        if line.counted:
            because = told.remark(line.because, language)
            state = words[line.state.value]
            yield _cells((line.rule, state, ", ".join(line.by) if line.state is State.COVERED else because))
    yield ""


def _cells(texts: Iterable[str]) -> str:
    return f"| {' | '.join(text.replace('|', '/') for text in texts)} |"


def _evidence(evidence: str, language: str) -> str:
    return told.EVIDENCE[evidence] if language == "zh" else str(evidence)


def _sample(sample: Mapping[str, Fact], language: str) -> str:
    joint, is_ = ("；", "：") if language == "zh" else ("; ", ": ")
    return joint.join(f"{fact.name}{is_}{fact.value}" for fact in told.sample(sample, language))


def incomplete() -> tuple[str, ...]:
    """Ids of rules whose page would say nothing about who carries them out; the build refuses them."""
    return tuple(rule.id for rule in catalogue.shipped().values() if state_of(rule) is State.INCOMPLETE)

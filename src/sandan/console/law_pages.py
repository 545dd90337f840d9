"""The law in the console: search, a rule with what it decided, a parameter with its values over time (法规查询)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct
from starlette.responses import Response

from sandan.console import charts
from sandan.console.law_days import day_of
from sandan.console.law_days import refused_day
from sandan.console.visit import Visit
from sandan.law import Law
from sandan.law import catalogue
from sandan.law import parameters
from sandan.law import places
from sandan.law import reading
from sandan.law import words
from sandan.law.calendar import ONE_DAY
from sandan.law.facts import DatedValue
from sandan.law.facts import Parameter
from sandan.law.facts import Rule
from sandan.store import lawfiles
from sandan.store.views import lists
from sandan.store.views.scope import Cut

CASES_SHOWN = 10
LONGEST_QUERY = 100


class RuleLine(Struct, frozen=True):
    """One rule in a list."""

    id: str
    sentence: str
    source: str
    article: str
    state: str
    evidence: str


class ParameterLine(Struct, frozen=True):
    """One parameter in a list."""

    name: str
    sentence: str
    value: str
    state: str
    #: First day and source of the value in force; empty where there is none
    since: date | None
    source: str


def law(visit: Visit) -> Response:
    """Returns rules, parameters and places in which all words occur, as they stand on a day."""
    day = day_of(visit, "day")
    if day is None:
        return refused_day(visit, "day")
    text = visit.query("q")[:LONGEST_QUERY]
    there, found = visit.deps.law_on(day), frozenset(reading.search(text))
    rules = [_rule_line(rule, there, visit.language) for rule in catalogue.shipped().values() if rule.id in found]
    return visit.show(
        "law.html",
        text=text,
        day=day,
        chapters=[(source, list(lines)) for source, lines in groupby(rules, key=lambda line: line.source)],
        rules=len(rules),
        parameters=[
            _parameter_line(each, there, visit.language) for each in parameters.shipped().values() if each.name in found
        ],
        places=_places(text),
    )


def rule(visit: Visit) -> Response:
    """Returns one rule on a day: sentence, source, evidence, examples, its parameters and the latest cases it decided."""
    day = day_of(visit, "day")
    if day is None:
        return refused_day(visit, "day")
    found = _rule_of(visit.request.path_params["id"])
    if found is None:
        return visit.missing()
    there = visit.deps.law_on(day)
    with visit.reading() as conn:
        cases = lists.cases(conn, lists.Filter(reason=found.id), visit.scope, Cut("", CASES_SHOWN))
        files = _files_of(conn, "rules", found.id)
    return visit.show(
        "law_rule.html",
        rule=found,
        shown=reading.show_rule(found, there),
        told=_told(found, visit.language),
        other="en" if visit.language == "zh" else "zh",
        day=day,
        belonging=[_parameter_line(each, there, visit.language) for each in _parameters_of(found)],
        switches=there.overlay.switches.get(found.id, ()),
        files=files,
        page=cases,
    )


def parameter(visit: Visit) -> Response:
    """Returns one parameter on a day with its values over time, as a table and where they are numbers as a chart."""
    day = day_of(visit, "day")
    if day is None:
        return refused_day(visit, "day")
    found = parameters.shipped().get(visit.request.path_params["name"])
    if found is None:
        return visit.missing()
    there = visit.deps.law_on(day)
    values = sorted((*found.values, *there.overlay.parameters.get(found.name, ())), key=lambda value: value.since)
    with visit.reading() as conn:
        files = _files_of(conn, "parameters", found.name)
    return visit.show(
        "law_parameter.html",
        parameter=found,
        line=_parameter_line(found, there, visit.language),
        day=day,
        values=[
            (value, last, reading.text_of(value.value, found.unit, visit.language))
            for value, last in zip(values, _last_days(values), strict=True)
        ],
        reason=words.remark(parameters.gap_on(found, day), visit.language),
        remark=lambda text: words.remark(text, visit.language),
        chart=charts.by_day(values, found.unit, day),
        files=files,
    )


def _last_days(values: Sequence[DatedValue]) -> list[date | None]:
    """Last day of each value, given in order of their first days: its own, or the eve of the next one."""
    nexts = [value.since - ONE_DAY for value in values[1:]]
    return [value.until or eve for value, eve in zip(values, [*nexts, None], strict=True)]


def _rule_line(rule: Rule, there: Law, language: str) -> RuleLine:
    state = reading.rule_state(rule, there)
    return RuleLine(
        id=rule.id,
        sentence=rule.zh if language == "zh" else rule.en,
        source=rule.source.title,
        article=rule.source.article,
        state=state,
        evidence=rule.evidence,
    )


def _parameter_line(parameter: Parameter, there: Law, language: str) -> ParameterLine:
    dated = there.values.get(parameter.name)
    return ParameterLine(
        name=parameter.name,
        sentence=parameter.zh if language == "zh" else parameter.en,
        value=reading.text_of(dated.value, parameter.unit, language) if dated else "",
        state=reading.state_of(parameter, there)[2],
        since=dated.since if dated else None,
        source=f"{dated.source.title} {dated.source.article}".strip() if dated else "",
    )


def _rule_of(asked: str) -> Rule | None:
    return next((rule for rule in catalogue.shipped().values() if rule.id.casefold() == asked.casefold()), None)


def _told(rule: Rule, language: str) -> dict[str, Any]:
    """What stands beside the sentence, in the reader's language."""
    zh = language == "zh"
    return {
        "sentence": rule.zh if zh else rule.en,
        "other": rule.en if zh else rule.zh,
        "remedy": rule.remedy_zh if zh else rule.remedy_en,
        "note": words.remark(rule.note, language),
        "not_executable": words.remark(rule.not_executable, language),
        "waits_for": words.remark(rule.waits_for, language),
        "passing": words.sample(rule.passing, language),
        "failing": words.sample(rule.failing, language),
        "by": [tuple(entry.split(" ", 1)) for entry in rule.implemented_by],
    }


def _parameters_of(rule: Rule) -> Iterator[Parameter]:
    named = {entry.removeprefix("parameter ") for entry in rule.implemented_by}
    return (each for each in parameters.shipped().values() if rule.id in each.rules or each.name in named)


def _files_of(conn: Any, kind: str, name: str) -> list[lawfiles.Listed]:  # noqa: ANN401 - any connection
    """Files an operator supplied about one rule or parameter alone, with who and when."""
    return [file for file in lawfiles.listed(conn) if (file.kind, file.name) == (kind, name)]


def _places(text: str) -> list[str]:
    """Cities whose Chinese or English name holds the text; none where nothing is asked."""
    wanted = text.casefold()
    names = [(row.zh, row.en) for row in places.zones()] + [(row.zh, row.en) for row in places.bonded_places()]
    return sorted({zh for zh, en in names if wanted and (wanted in zh or wanted in en.casefold())})

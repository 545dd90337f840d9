"""The catalogue: every rule has its sentence, source, remedy and samples, and what is said to carry it out does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import sandan
from sandan.documents.arrival import Objection
from sandan.documents.facts import Kind
from sandan.law import catalogue
from sandan.law import parameters
from sandan.law.coverage import State
from sandan.law.coverage import state_of
from sandan.law.facts import Evidence
from sandan.law.facts import Retry
from sandan.law.facts import Rule
from sandan.law.facts import Severity
from sandan.terms.ids import RuleId

RULES = list(catalogue.shipped().values())
ROOMS = Path(sandan.__file__).parent
BUILT = {objection.rule(kind) for objection in Objection for kind in Kind}
"""Rules whose ids the room of documents puts together from an objection and a kind."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def breaking(keeps: Callable[[Rule], object]) -> list[str]:
    """Ids of the rules that do not keep a property."""
    return [rule.id for rule in RULES if not keeps(rule)]


def test_a_rule_has_its_sentence_in_both_languages() -> None:
    assert breaking(lambda rule: CHINESE.search(rule.zh)) == []
    assert breaking(lambda rule: len(rule.en.split()) >= 3) == []


def test_a_rule_names_its_source() -> None:
    assert breaking(lambda rule: rule.source.title) == []


def test_a_rule_that_stops_a_parcel_says_how_to_mend_it() -> None:
    stops = [
        r for r in RULES if r.severity in {Severity.REFUSE, Severity.WAIT} and "check clearance" in r.implemented_by
    ]
    assert stops
    assert [rule.id for rule in stops if not (rule.remedy_zh and rule.remedy_en)] == []


def test_a_rule_is_carried_out_or_says_why_not() -> None:
    assert breaking(lambda rule: state_of(rule) is not State.INCOMPLETE) == []


def test_a_rule_from_memory_is_off() -> None:
    assert [rule.id for rule in RULES if rule.evidence is Evidence.MEMORY and rule.enabled] == []


def test_the_days_of_a_rule_are_in_order() -> None:
    assert breaking(lambda rule: rule.until is None or rule.since <= rule.until) == []


def test_the_two_samples_of_a_rule_differ() -> None:
    assert breaking(lambda rule: not rule.passing or dict(rule.passing) != dict(rule.failing)) == []


def test_what_carries_a_rule_out_exists() -> None:
    """A parameter or rule of that name is kept, a data file is there, a check names the rule in its room."""
    carriers = [(rule.id, *carrier.split(" ", 1)) for rule in RULES for carrier in rule.implemented_by]
    assert [carrier for carrier in carriers if not _exists(*carrier)] == []


def _exists(rule: str, kind: str, name: str) -> bool:
    if kind == "check":
        return rule in BUILT or re.search(rf"{re.escape(rule)}(?![0-9.])", _text_of(name)) is not None
    return {"parameter": _is_parameter, "rule": _is_covered, "data": _data_exists, "flow": _is_room}[kind](name)


def _is_parameter(name: str) -> bool:
    return name in parameters.shipped()


def _is_covered(rule: str) -> bool:
    """A rule that carries another out is itself carried out by something of its own."""
    carrier = catalogue.shipped().get(RuleId(rule))
    return carrier is not None and state_of(carrier) is State.COVERED and "check" in carrier.implemented_by[0]


def _is_room(name: str) -> bool:
    return (ROOMS / name / "decide.py").is_file()


@cache
def _text_of(room: str) -> str:
    """All source of a room, in which each check names its rule."""
    return "".join(path.read_text("utf-8") for path in (ROOMS / room).rglob("*.py"))


def _data_exists(name: str) -> bool:
    if name.startswith(("law.", "overlay ")):
        return True
    return (ROOMS / "law" / "data" / name).is_file()


def test_a_refusal_of_a_limit_is_never_sent_again() -> None:
    """A parcel over the limit cannot be cleared this way however often it is sent."""
    limits = [rule for rule in RULES if rule.receipt_code in {"-621005", "1313"}]
    assert limits
    assert {rule.retry for rule in limits} == {Retry.NEVER}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("R194-9.1", "1327"),
        ("CEB-6.2.4", "13127"),
        ("CEB-6.2.5", "1322"),
        ("CEB-6.2.6", "13035"),
        ("RTAX-5", "1313"),
        ("RTAX-2", "-621005"),
        ("CEB-6.3.9", "1300"),
        ("CEB-6.2.8", "-621015"),
    ],
)
def test_receipt_codes_are_those_clients_know(rule: str, code: str) -> None:
    assert catalogue.shipped()[rule].receipt_code == code  # type: ignore[index]


def test_an_id_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    same = [
        ("a.yaml", {"defaults": {}, "rules": {"R194-9.1": ENTRY}}),
        ("b.yaml", {"defaults": {}, "rules": {"R194-9.1": ENTRY}}),
    ]
    monkeypatch.setattr(catalogue.data_files, "documents", lambda _folder: iter(same))
    with pytest.raises(ValueError, match=r"b\.yaml: rule R194-9\.1"):
        catalogue.shipped.__wrapped__()


ENTRY = {"source": "公告", "evidence": "stated", "since": date(2019, 1, 1), "zh": "规则", "en": "a rule of law"}

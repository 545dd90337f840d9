"""Every rule this room cites is in the catalogue, and the receipts of its refusals say the right thing."""

from __future__ import annotations

import pytest

from sandan.law import catalogue
from sandan.law.facts import Severity
from sandan.terms.ids import RuleId

CITED = ["R194-12.1", "RF-1", "RF-2", "RF-3", "RF-4", "RF-5", "RF-6", "RTAX-1", "RTAX-3", "RTAX-4", "RTAX-5", "RTAX-6"]
CITED += ["RC-1", "RC-3"]


@pytest.mark.parametrize("rule", CITED)
def test_a_rule_cited_has_its_sentence(rule: str) -> None:
    found = catalogue.shipped()[RuleId(rule)]
    assert found.zh
    assert found.en


@pytest.mark.parametrize(
    ("rule", "code"), [("RTAX-1", "-621005"), ("RTAX-4", "-621005"), ("RTAX-6", "-621005"), ("RTAX-5", "1313")]
)
def test_a_limit_answers_with_its_official_code(rule: str, code: str) -> None:
    found = catalogue.shipped()[RuleId(rule)]
    assert (found.receipt_code, found.severity) == (code, Severity.REFUSE)


@pytest.mark.parametrize("rule", ["R194-12.1", "RC-1", "RC-3", "RF-3"])
def test_what_is_no_limit_does_not_answer_as_one(rule: str) -> None:
    """A missing rate or content must not tell the buyer that he spent too much."""
    assert catalogue.shipped()[RuleId(rule)].receipt_code != "-621005"

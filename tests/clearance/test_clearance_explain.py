"""Findings in words, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from sandan import law
from sandan.clearance.explain import explain
from sandan.documents.facts import Kind
from sandan.law import catalogue
from sandan.law.facts import Retry
from sandan.law.facts import Severity
from sandan.sandbox import world


def _told(scene: Any, papers: Any) -> Any:
    today = law.at(scene.court().today, scene.law)
    return [explain(finding, today) for finding in scene.decide(papers).findings]


def test_a_finding_says_what_where_both_values_which_article_and_how_to_mend(scene: Any) -> None:
    (told,) = _told(scene, scene.on_payment(scene.bonded(), amount_paid_e5=23_700_000))
    assert told.code == "1332"
    assert (
        told.values_zh
        == f"支付凭证（{world.WALLET} 发送） amount_paid：237；订单（{world.PLATFORM} 发送） actual_paid：238"
    )
    assert told.values_en.startswith(f"payment (sent by {world.WALLET}) amount_paid: 237; order")
    assert told.source
    assert told.zh
    assert told.en
    assert told.remedy_zh
    assert told.remedy_en
    assert told.retry is Retry.FIX


def test_persons_are_veiled_unless_an_officer_asks(scene: Any) -> None:
    papers = scene.on_list(scene.bonded(), buyer_id_number="110101199003074557")
    finding = scene.decide(papers).findings[0]
    today = law.at(scene.court().today, scene.law)
    assert "110101199003074557" not in explain(finding, today).values_en
    assert "110101199003074557" in explain(finding, today, veiled=False).values_en


def test_while_it_waits_there_is_nothing_to_send(scene: Any) -> None:
    (told,) = _told(scene, replace(scene.bonded(), order=None))
    assert told.retry is Retry.WAIT


def test_after_the_wait_there_is_something_to_send(scene: Any) -> None:
    papers = replace(scene.bonded(), order=None)
    case = scene.decide(papers).case
    scene.now += timedelta(hours=72)
    (told,) = _told(scene, replace(papers, case=case))
    assert (told.retry, told.code) == (Retry.FIX, "1300")


def test_figures_stand_in_the_sentence(scene: Any) -> None:
    scene.balances = {}
    told = _told(scene, scene.direct())
    assert "0.00 + 21.66 > 0.00" in told[0].en


def test_the_code_is_that_of_the_document_answered(scene: Any) -> None:
    finding = scene.decide(scene.on_list(scene.bonded(), pack_no=2)).findings[0]
    today = law.at(scene.court().today, scene.law)
    assert explain(finding, today).code == "-621001"
    assert explain(finding, today, Kind.WAYBILL).code == "-504011"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_we_may_cite_has_its_sentence_and_remedy(rule_ids: set[str], language: str) -> None:
    """A rule that only records a counting convention has nothing to mend."""
    cited = [catalogue.shipped()[rule] for rule in rule_ids]
    assert [rule.id for rule in cited if not getattr(rule, language)] == []
    mendable = [rule for rule in cited if rule.severity is not Severity.NOTE]
    assert [rule.id for rule in mendable if not getattr(rule, f"remedy_{language}")] == []

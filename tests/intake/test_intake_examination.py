"""One message examined whole: form, signature and fate agree, each fault is told once, and any bytes are answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import structs

from sandan import law
from sandan.clearance.facts import Conditions
from sandan.intake.examination import examine
from sandan.intake.reading import DoorSettings
from sandan.intake.rehearsal import Stage
from sandan.law.overlay import read_overlay
from sandan.ledger.facts import Balance
from sandan.parties.facts import Registry
from sandan.sandbox import lawfiles
from sandan.sandbox import world
from sandan.sandbox.messages import tampered

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(name="stage", scope="module")
def fixture_stage(world_registry: Registry) -> Stage:
    overlay = read_overlay(lawfiles.all_files(), production=False)
    full = {account: Balance(granted=amount) for account, amount in world.openings().items()}
    return Stage(
        registry=world_registry,
        law_on=lambda day: law.at(day, overlay),
        conditions=Conditions(wait_missing=timedelta(hours=1), wait_disagreement=timedelta(0)),
        balances=lambda wanted: {account: full[account] for account in wanted if account in full},
        now=NOW,
    )


def test_a_sound_order(stage: Stage, post: Mapping[str, bytes]) -> None:
    found = examine(post["order"], stage)
    assert (found.inspection.message, found.signature.verdict) == ("CEB311Message", "valid")
    assert (found.outcome, found.objections, found.rehearsal.clears) == ("registered", (), True)


def test_a_list_alone_waits_and_its_findings_are_told(stage: Stage, post: Mapping[str, bytes]) -> None:
    (verdict,) = examine(post["declaration"], stage).shown()["would"]["verdicts"]
    assert (verdict["kind"], verdict["status"], verdict["clears"]) == ("list", "waiting", False)
    assert {finding["severity"] for finding in verdict["findings"]} == {"wait"}
    assert all(finding["remedy_zh"] for finding in verdict["findings"])


def test_a_broken_signature_is_told_by_the_doctor_alone(stage: Stage, post: Mapping[str, bytes]) -> None:
    found = examine(tampered(post["order"]), stage)
    assert found.signature.trouble
    assert (found.outcome, found.signature.trouble.code, found.objections) == ("refused", "sig-digest", ())


def test_what_only_the_door_knows_is_an_objection(stage: Stage, post: Mapping[str, bytes]) -> None:
    limited = structs.replace(stage, settings=DoorSettings(message_limit=100))
    found = examine(post["order"], limited)
    assert found.inspection.schema_valid
    assert found.outcome != "registered"
    assert [fault.remedy.en for fault in found.objections]


def test_the_json_has_what_the_command_promises(stage: Stage, post: Mapping[str, bytes]) -> None:
    shown = examine(post["payment"], stage).shown()
    assert {"message", "schema_valid", "schema_errors", "diagnosis", "signature", "would"} <= set(shown)
    assert msgspec.json.decode(msgspec.json.encode(shown))["would"]["documents"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_answered(stage: Stage, data: bytes) -> None:
    found = examine(data, stage)
    assert found.outcome in {"refused", "unreadable"}
    msgspec.json.encode(found.shown())

"""Trying messages without sending them (预校验): the same checks, as at any day, and nothing written."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from collections.abc import Mapping
from datetime import datetime
from datetime import time
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response

from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.api.models import CheckWanted
from sandan.api.showing import assessment_shown
from sandan.api.showing import findings_in_law
from sandan.intake.rehearsal import Rehearsal
from sandan.intake.rehearsal import Stage
from sandan.intake.rehearsal import Verdict
from sandan.intake.rehearsal import rehearse
from sandan.law import Law
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Balance
from sandan.store import load
from sandan.store.permissions import Act
from sandan.store.users import User
from sandan.terms.days import SHANGHAI
from sandan.terms.days import legal_day

router = APIRouter(prefix="/v1", tags=["check"])


@router.post("/check", summary="What would happen to these messages; nothing is written")
def check(request: Request, body: CheckWanted, user: Annotated[User, Depends(needs(Act.CHECK))]) -> Response:  # noqa: ARG001 - the guard is the use
    """Faults of every message, the verdict on every document and the decision on every list."""
    deps = deps_of(request)
    stage = stage_of(deps, datetime.combine(body.at, time(12), SHANGHAI) if body.at else deps.clock.now())
    messages = [_bytes(text, number) for number, text in enumerate(body.messages)]
    return json_response(_shown(rehearse(messages, stage), deps.law_on(legal_day(stage.now)), stage.now))


def stage_of(deps: Deps, now: datetime) -> Stage:
    """The platform's own parties, law and balances, to try messages on as at a moment."""

    def balances(accounts: Collection[AccountId]) -> Mapping[AccountId, Balance]:
        """Balances as they stand."""
        with deps.pool.connection() as conn:
            return load.load_balances(conn, accounts)

    return Stage(registry=deps.registry(), law_on=deps.law_on, conditions=deps.conditions, balances=balances, now=now)


def _bytes(text: str, number: int) -> bytes:
    """XML as it is; anything else is base64."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return text.encode()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        where = f"body.messages[{number}]"
        raise error(422, "request-invalid", where=where, found=text[:40], expected="XML or base64") from problem


def _shown(rehearsal: Rehearsal, law: Law, now: datetime) -> dict[str, Any]:
    return {
        "at": legal_day(now),
        "clears": rehearsal.clears,
        "readable": rehearsal.readable,
        "messages": [
            {
                "outcome": item.outcome,
                "message_type": item.message_type,
                "guid": item.guid,
                "sender": item.sender,
                "signer": item.signer,
                "faults": [fault.shown() for fault in item.faults],
                "advice": [fault.shown() for fault in item.advice],
            }
            for item in rehearsal.opened
        ],
        "documents": [_verdict(item, law) for item in rehearsal.verdicts],
    }


def _verdict(verdict: Verdict, law: Law) -> dict[str, Any]:
    decision = verdict.decision
    assessment = decision.case.assessment if decision else None
    return {
        "kind": verdict.subject.kind,
        "owner": verdict.subject.owner,
        "key": verdict.subject.key,
        "clears": verdict.clears,
        "status": decision.case.status if decision else None,
        "findings": findings_in_law(verdict.findings, law),
        "assessment": assessment_shown(assessment) if assessment else None,
    }

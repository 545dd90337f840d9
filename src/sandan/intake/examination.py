"""One message examined whole: what it is, its verdict and every fault, its signature, and what would happen to it.

What command line, API and console show of a message that somebody wants to understand; nothing is written.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from sandan.clearance.explain import explain
from sandan.documents.facts import Document
from sandan.intake.facts import Fault
from sandan.intake.rehearsal import Rehearsal
from sandan.intake.rehearsal import Stage
from sandan.intake.rehearsal import Verdict
from sandan.intake.rehearsal import rehearse
from sandan.law import Law
from sandan.signing.doctor import Diagnosis
from sandan.signing.doctor import diagnose
from sandan.terms.days import legal_day
from sandan.wire.inspect import Inspection
from sandan.wire.inspect import inspect


class Examination(Struct, frozen=True, kw_only=True):
    """Everything that can be said of one message."""

    inspection: Inspection
    signature: Diagnosis
    rehearsal: Rehearsal
    #: Law the rehearsal's findings are told by
    law: Law

    @property
    def outcome(self) -> str:
        """What the door would do with it: ``registered``, ``refused`` or ``unreadable``."""
        return self.rehearsal.opened[0].outcome.value

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that could be read."""
        return self.rehearsal.opened[0].documents

    @property
    def objections(self) -> tuple[Fault, ...]:
        """Faults only the door finds, such as a sender nobody registered; those of form and signature are told apart."""
        told = {fault.code for fault in self.inspection.diagnosis}
        if self.signature.trouble:
            told.add(self.signature.trouble.code)
        return tuple(fault for fault in self.rehearsal.opened[0].faults if fault.code not in told)

    def shown(self) -> dict[str, Any]:
        """The examination as JSON: the inspection with ``signature`` and ``would`` beside."""
        verdicts = self.rehearsal.verdicts
        would = {
            "outcome": self.outcome,
            "clears": self.rehearsal.clears,
            "documents": {f"{verdict.subject.kind} {verdict.subject.key}": verdict.clears for verdict in verdicts},
            "objections": [fault.shown() for fault in self.objections],
            "verdicts": [self._verdict(verdict) for verdict in verdicts],
        }
        said: dict[str, Any] = msgspec.to_builtins(self.inspection)
        return {**said, "signature": msgspec.to_builtins(self.signature), "would": would}

    def _verdict(self, verdict: Verdict) -> dict[str, Any]:
        subject, case = verdict.subject, verdict.decision.case if verdict.decision else None
        return {
            "kind": subject.kind.value,
            "owner": subject.owner,
            "key": subject.key,
            "clears": verdict.clears,
            "status": case.status.value if case else None,
            "tax_fen": case.assessment.tax_fen if case and case.assessment else None,
            "findings": msgspec.to_builtins([explain(item, self.law, subject.kind) for item in verdict.findings]),
        }


def examine(data: bytes, stage: Stage) -> Examination:
    """Examines one message.

    Args:
        data: Any bytes: a message, or an envelope with one inside.
        stage: Parties, law, balances and moment it is judged by.
    """
    return Examination(
        inspection=inspect(data, stage.now),
        signature=diagnose(data, stage.registry, stage.now),
        rehearsal=rehearse([data], stage),
        law=stage.law_on(legal_day(stage.now)),
    )

"""One paper under examination: the document, who sent and signed it, and the law it is held against."""

from __future__ import annotations

from typing import Generic
from typing import TypeVar

from sandan.clearance.court import Bench
from sandan.clearance.facts import Paper
from sandan.documents.facts import Received
from sandan.law.facts import Said
from sandan.parties.breach import Findings
from sandan.parties.breach import breach

P = TypeVar("P", bound=Paper)


class Sheet(Generic[P]):
    """A paper with its sender and the law of the day, as checks take it."""

    __slots__ = ("bench", "kind", "paper", "received")

    def __init__(self, paper: P, received: Received, bench: Bench) -> None:
        """Lays a paper on the bench.

        Args:
            paper: The document inside ``received``, typed.
            received: How it came.
            bench: The law of the day with the registry.
        """
        self.paper = paper
        self.received = received
        self.bench = bench
        self.kind = paper.ref.kind.value

    def said(self, field: str, value: object) -> Said:
        """A value of this paper with its sender."""
        return Said(document=self.kind, field=field, value=str(value), sender=self.received.sender)

    def breach(self, rule: str, field: str, value: object, against: Said | None = None) -> Findings:
        """A finding about a value of this paper, if its rule is in force."""
        return breach(self.bench.law, rule, self.said(field, value), against)

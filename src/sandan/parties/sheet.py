"""One paper under examination: the document, who sent and signed it, and the law it is held against."""

from __future__ import annotations

from typing import Generic
from typing import TypeVar

from msgspec.structs import replace

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Received
from sandan.documents.facts import Waybill
from sandan.law.facts import Said
from sandan.parties.bench import Bench
from sandan.parties.breach import Findings
from sandan.parties.breach import breach
from sandan.terms.money import format_e5

P = TypeVar("P", bound=Order | Payment | Waybill | DeclarationList)


def said(received: Received, field: str, value: object) -> Said:
    """A value of a paper with its sender."""
    return Said(document=received.ref.kind.value, field=field, value=str(value), sender=received.sender)


class Sheet(Generic[P]):
    """A paper with its sender and the law of the day, as checks take it.

    Attributes:
        paper: The document.
        received: How it came.
        bench: The law of the day with the register.
    """

    __slots__ = ("bench", "paper", "received")

    def __init__(self, paper: P, received: Received, bench: Bench) -> None:
        """Lays a paper on the bench."""
        self.paper = paper
        self.received = received
        self.bench = bench

    def said(self, field: str, value: object) -> Said:
        """A value of this paper with its sender."""
        return said(self.received, field, value)

    def breach(self, rule: str, field: str, value: object, against: Said | None = None, *, code: str = "") -> Findings:
        """A finding about a value of this paper, if its rule is in force.

        Args:
            rule: Id of the rule in the catalogue.
            field: Where the value stands, as ``lines[2].qty``.
            value: What was found.
            against: What it is held against.
            code: Receipt code where it differs from the rule's own.
        """
        found = breach(self.bench.law, rule, self.said(field, value), against)
        return tuple(replace(finding, code=code) for finding in found) if code else found

    def amount(self, value_e5: int) -> str:
        """An amount or quantity in 10⁻⁵ units as it is shown."""
        return format_e5(value_e5)

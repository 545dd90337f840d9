"""A bank that pays tax in the sandbox: as asked, and as a careless payer would.

It moves no money. References count up from a start, so that two banks of one sandbox never give the same one.
"""

from __future__ import annotations

import itertools
import uuid

from sandan.revenue.facts import Advice
from sandan.revenue.facts import TaxDocument
from sandan.store.clock import Clock

RENMINBI = "142"
"""Currency code of the yuan (人民币), in which an honest payer pays."""


class SandboxBank:
    """Pays what it is told to, at the moment of the sandbox's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start = uuid.uuid4().hex[:8].upper()
        self._numbers = itertools.count(1)

    def pay(self, document: TaxDocument, amount_fen: int) -> Advice:
        """Pays towards a document and says so."""
        return Advice(
            collector=document.collector,
            reference=f"SB{self._start}{next(self._numbers):06d}",
            document_no=document.document_no,
            amount_fen=amount_fen,
            currency=RENMINBI,
            paid_at=self._clock.now(),
        )

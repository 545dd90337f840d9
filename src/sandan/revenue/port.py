"""What revenue asks of a bank (缴税渠道): to pay a document, and to say what was paid."""

from __future__ import annotations

from typing import Protocol

from sandan.revenue.facts import Advice
from sandan.revenue.facts import TaxDocument


class Bank(Protocol):
    """A bank that pays tax for a collector; the sandbox's is ``sandbox.bank``."""

    def pay(self, document: TaxDocument, amount_fen: int) -> Advice:
        """Pays towards a document and says so.

        Args:
            document: What is paid.
            amount_fen: How much, in fen.
        """

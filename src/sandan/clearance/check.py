"""Examination of each paper by itself: every finding, never the first."""

from __future__ import annotations

from sandan.clearance.court import Bench
from sandan.documents.facts import Received
from sandan.law.facts import Said
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings


def paper(received: Received, bench: Bench) -> Findings:
    """Findings about an order, payment or waybill."""
    return CLEAN


def declaration(received: Received, bench: Bench) -> Findings:
    """Findings about a declaration list."""
    return CLEAN


def said(received: Received, field: str, value: object) -> Said:
    """A value of a paper with its sender."""
    return Said(document=received.ref.kind.value, field=field, value=str(value), sender=received.sender)

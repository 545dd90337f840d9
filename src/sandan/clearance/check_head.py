"""Checks every paper goes through: what the sender wants, when, signed by whom, about which person."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sandan.documents.facts import AppStatus
from sandan.documents.facts import AppType
from sandan.documents.facts import Kind
from sandan.law.facts import Finding
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import by_law
from sandan.parties.sheet import Sheet
from sandan.terms import resident_id
from sandan.terms.days import parse_wire_day
from sandan.terms.days import parse_wire_time
from sandan.terms.errors import TermError

AnySheet = Sheet[Any]
"""A sheet of any of the four papers."""

_TYPES = frozenset(AppType)
_STATUSES = frozenset(AppStatus)

_NO_SUCH_TYPE = {Kind.PAYMENT: "-401010"}
"""Code for an operation there is none of (未找到对应操作), where it is not the rule's own."""


def app_type(sheet: AnySheet) -> Findings:
    """AppType (报送类型) is 1, 2 or 3 (specification section 2.4)."""
    value = sheet.paper.head.app_type
    if value in _TYPES:
        return CLEAN
    return sheet.breach("CEB-APPTYPE", "head.app_type", value, code=_NO_SUCH_TYPE.get(sheet.paper.ref.kind, ""))


def app_status(sheet: AnySheet) -> Findings:
    """AppStatus (业务状态) is 1 or 2 (specification section 2.4)."""
    value = sheet.paper.head.app_status
    return CLEAN if value in _STATUSES else sheet.breach("CEB-APPSTATUS", "head.app_status", value)


def app_time(sheet: AnySheet) -> Findings:
    """AppTime (报送时间) is a time that exists (specification section 2, rule 9)."""
    value = sheet.paper.head.app_time
    return CLEAN if is_time(value) else sheet.breach("CEB-TIME", "head.app_time", value)


def signed(sheet: AnySheet) -> Findings:
    """The data carry the electronic signature of the enterprise that sends them (194/2018 art. 8 para. 4)."""
    received = sheet.received
    if received.signer == received.sender:
        return CLEAN
    rule = "CEB-6.2.9" if received.signer else "R194-8.5"
    return sheet.breach(rule, "sender", received.sender, sheet.said("signer", received.signer))


def currency(sheet: AnySheet) -> Findings:
    """Declared in RMB, the only currency of retail imports (194/2018 art. 14 para. 2)."""
    value, wanted = sheet.paper.currency, sheet.bench.currency
    if value == wanted or not wanted:
        return CLEAN
    return sheet.breach("R194-14.2", "currency", value, by_law("import.declaration_currency", wanted))


def buyer(sheet: AnySheet) -> Findings:
    """The orderer shows a resident identity card whose number can be one (specification section 6.3 rule 9)."""
    paper = sheet.paper
    return person(sheet, "buyer_id", paper.buyer_id_type, paper.buyer_id_number)


def payer(sheet: AnySheet) -> Findings:
    """The payer shows a resident identity card whose number can be one (specification section 6.3 rule 9)."""
    paper = sheet.paper
    return person(sheet, "payer_id", paper.payer_id_type, paper.payer_id_number)


def person(sheet: AnySheet, prefix: str, id_type: str, number: str) -> Findings:
    """Identity papers of a person: of the kind allowed, with a number that can be one.

    Args:
        sheet: The paper.
        prefix: How the fields begin, such as ``buyer_id``.
        id_type: Kind of identity paper (证件类型).
        number: Its number, eighteen characters with a check digit.
    """
    found: Findings = CLEAN
    wanted = sheet.bench.id_type
    if wanted and id_type != wanted:
        found += sheet.breach("CEB-ID-TYPE", f"{prefix}_type", id_type, by_law("message.id_type", wanted))
    if not _can_be(number):
        found += sheet.breach("CEB-6.3.9", f"{prefix}_number", number)
    return found


def named(sheet: AnySheet, *fields: str) -> Findings:
    """Names and addresses say something: they are not blank, 空, 无 or ``/`` (specification section 6.3 rule 8).

    Args:
        sheet: The paper.
        fields: Attributes that must say something.
    """
    fillers, paper = sheet.bench.fillers, sheet.paper
    found: list[Finding] = []
    for field in fields:
        value = getattr(paper, field).strip()
        if not value or value in fillers:
            found += sheet.breach("CEB-6.3.8", field, value)
    return tuple(found) if found else CLEAN


def half_width(*fields: str) -> Callable[[AnySheet], Findings]:
    """A check that codes and numbers are half-width characters (specification section 6.3 rule 8).

    Args:
        fields: Attributes that hold codes and numbers, two at least.
    """
    values = attrgetter(*fields)

    def check(sheet: AnySheet) -> Findings:
        texts: tuple[str, ...] = values(sheet.paper)
        if "".join(texts).isascii():
            return CLEAN
        found: list[Finding] = []
        for field, text in zip(fields, texts, strict=True):
            if not text.isascii():
                found += sheet.breach("CEB-6.3.8", field, text)
        return tuple(found)

    return check


def not_negative(sheet: AnySheet, *fields: str) -> Findings:
    """Amounts are zero or more.

    Args:
        sheet: The paper.
        fields: Attributes that hold amounts in 10⁻⁵ yuan; one that is absent is not looked at.
    """
    paper = sheet.paper
    found: list[Finding] = []
    for field in fields:
        value = getattr(paper, field)
        if value is not None and value < 0:
            found += sheet.breach("PAPER-AMOUNT", field.removesuffix("_e5"), sheet.amount(value))
    return tuple(found) if found else CLEAN


@lru_cache(maxsize=4096)
def is_time(text: str) -> bool:
    """Whether fourteen digits name a time that exists."""
    try:
        parse_wire_time(text)
    except TermError:
        return False
    return len(text) == len("YYYYMMDDhhmmss")


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Whether eight digits name a day that exists."""
    try:
        parse_wire_day(text)
    except TermError:
        return False
    return True


@lru_cache(maxsize=4096)
def _can_be(number: str) -> bool:
    """Whether a resident identity number can be one; the papers of a parcel ask about the same person."""
    return resident_id.is_valid(number)

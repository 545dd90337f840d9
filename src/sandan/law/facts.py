"""What a dated parameter, a rule of the catalogue and a finding are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId


class Evidence(StrEnum):
    """How well a statement of law is supported."""

    STATED = "stated"
    """Stands in a source text at hand."""
    FOUND = "found"
    """Found in a stored public page."""
    MEMORY = "memory"
    """From memory, no source found: ships switched off."""
    INTERPRETATION = "interpretation"
    """A convention without a source, named and changeable: ships on."""
    OPERATOR = "operator"
    """Supplied by the operator with its source."""
    INVENTED = "invented"
    """Made up for a demonstration; refused in production."""


class Source(Struct, gc=False, frozen=True, kw_only=True):
    """Where a statement of law stands."""

    title: str
    article: str = ""


class Severity(StrEnum):
    """What a finding does to the case."""

    REFUSE = "refuse"
    """The document is refused (status 100 or a negative code)."""
    WAIT = "wait"
    """Something is missing; the list waits at status 2."""
    REVIEW = "review"
    """An officer is asked (status 300)."""
    NOTE = "note"
    """Said, without effect on the outcome."""


class Retry(StrEnum):
    """Whether sending again may help."""

    SAME = "resend-same"
    """The same thing may be sent again as it is."""
    FIX = "fix-and-resend"
    """Mend, then send again with a newer appTime."""
    QUERY = "query-first"
    """Ask for the state before sending anything."""
    WAIT = "wait"
    """Nothing to send; another party or the clock is awaited."""
    NEVER = "never"
    """This parcel cannot be cleared this way."""


Value = int | Decimal | str | date | bool | tuple[str, ...]
"""What a parameter can be: fen or a count, a rate, a text, a day, a yes or no, or a list of codes."""

Fact = str | int | bool | None | tuple[str, ...]
"""One fact of a sample; amounts in fen, rates and days as text."""


class DatedValue(Struct, gc=False, frozen=True, kw_only=True):
    """One value of a parameter and the days on which it holds."""

    value: Value
    #: First day in force
    since: date
    #: Last day in force, inclusive; None until the next value begins
    until: date | None = None
    source: Source
    evidence: Evidence
    #: Day of the announcement, where known
    gazetted: date | None = None
    #: Day on which somebody last looked whether it still holds
    checked: date
    note: str = ""


class Gap(Struct, gc=False, frozen=True, kw_only=True):
    """Days on which a parameter has no value, and why."""

    #: First day of the gap; None from the beginning of time
    since: date | None = None
    #: Last day, inclusive; None without end
    until: date | None = None
    reason: str


class Parameter(Struct, gc=False, frozen=True, kw_only=True):
    """One dated figure, list or window of the law."""

    name: str
    zh: str
    en: str
    #: ``fen``, ``rate``, ``days``, ``months``, ``count``, ``e5``, ``day``, ``flag``, ``text`` or ``codes``
    unit: str
    #: Rules the parameter belongs to
    rules: tuple[RuleId, ...]
    values: tuple[DatedValue, ...]
    gaps: tuple[Gap, ...] = ()


class Rule(Struct, gc=False, frozen=True, kw_only=True):
    """One atomic rule of the catalogue."""

    id: RuleId
    source: Source
    evidence: Evidence
    #: First day in force
    since: date
    #: Last day in force, inclusive; None while it holds
    until: date | None = None
    #: Roles the rule speaks to
    actors: tuple[str, ...] = ()
    #: The rule as a sentence
    zh: str
    en: str
    #: How to mend a breach
    remedy_zh: str
    remedy_en: str
    severity: Severity
    retry: Retry
    #: Code of the receipt a breach is answered with, such as ``1327`` or ``-621005``
    receipt_code: str = ""
    #: Text that goes with the code on the wire
    receipt_text: str = ""
    #: Whether the rule is applied; memory-only rules are not until an operator supplies the text
    enabled: bool = True
    #: What carries the rule out, such as ``check clearance`` or ``parameter vat.standard_rate``; empty where nothing does
    implemented_by: tuple[str, ...] = ()
    #: Why no program can carry it out, for rules of that kind
    not_executable: str = ""
    #: The flow of later work that will carry it out
    waits_for: str = ""
    #: Facts under which the rule is kept
    passing: Mapping[str, Fact] = {}
    #: Facts under which it is broken
    failing: Mapping[str, Fact] = {}
    #: What a reader should know beside the sentence, such as where sources differ
    note: str = ""


class Said(Struct, gc=False, frozen=True, kw_only=True):
    """One value and who said it."""

    #: Document the value stands in: ``order``, ``payment``, ``waybill``, ``list``, ``registry``, ``law``, ``ledger``
    document: str
    #: Path in our own names, such as ``lines[2].gcode``
    field: str
    value: str
    #: Enterprise that sent the document; empty for registry, law and ledger
    sender: str = ""


class Finding(Struct, gc=False, frozen=True, kw_only=True):
    """One breach of one rule, with both values and where they stand."""

    rule: RuleId
    severity: Severity
    #: What was found
    found: Said
    #: What it was held against, if there is another side
    against: Said | None = None
    #: Receipt code where it differs from the rule's own
    code: str = ""
    #: Words to fill into the sentence shown, already formatted
    detail: str = ""


class Measure(StrEnum):
    """How the content of a cosmetic is marked on its package, which chooses the threshold it is held against."""

    WEIGHT = "weight"
    """In grams (以重量计)."""
    VOLUME = "volume"
    """In millilitres (以体积计)."""
    SHEET = "sheet"
    """In pieces or sheets (片、张)."""


class Consumption(Struct, gc=False, frozen=True, kw_only=True):
    """Consumption tax (消费税) of a tariff line: ad valorem, specific, or both (复合计税)."""

    #: Share of the tax-inclusive value (比例税率)
    rate: Decimal = Decimal(0)
    #: Fen per ``unit`` (定额税率)
    specific_fen: Decimal = Decimal(0)
    #: Unit code the specific amount counts in, such as ``035`` for kilograms
    unit: str = ""


class TariffLine(Struct, gc=False, frozen=True, kw_only=True):
    """Rates and legal units of one commodity code on one day."""

    gcode: HsCode
    #: Import value-added tax (进口环节增值税)
    vat_rate: Decimal
    #: Tariff outside the limits (关税); None where the operator supplied none
    tariff_rate: Decimal | None = None
    consumption: Consumption | None = None
    #: A cosmetic, taxed with consumption tax only when it is high-end (RC-1)
    cosmetics: bool = False
    #: How a cosmetic's content is marked; None where the operator did not say
    measure: Measure | None = None
    #: Legal units (法定计量单位), codes; the second is empty where there is none
    unit1: str = ""
    unit2: str = ""
    since: date
    until: date | None = None
    source: Source
    evidence: Evidence


class Restriction(StrEnum):
    """What a remark (备注) of the positive list restricts (RPL-2)."""

    BONDED_ONLY = "bonded-only"
    """Only by bonded import (仅限网购保税商品), not by direct purchase."""
    NAME_ONLY = "name-only"
    """Only goods of the names given (仅限…)."""
    EXCLUSION = "exclusion"
    """Goods of a kind are excluded (…除外), such as protected species or special foods."""
    YEARLY_QUANTITY = "yearly-quantity"
    """So much a person a year, in one code or pooled over several (每人每年)."""


class Remark(Struct, gc=False, frozen=True, kw_only=True):
    """One restriction of a line of the positive list."""

    kind: Restriction
    text: str
    #: Words one of which must stand in the goods name, for ``NAME_ONLY``
    names: tuple[str, ...] = ()
    #: Quantity a person a year in 10⁻⁵ of ``unit``, for ``YEARLY_QUANTITY``
    quantity_e5: int = 0
    #: Unit code of the quantity
    unit: str = ""
    #: Codes that share a pool have the same pool name
    pool: str = ""


class ListEntry(Struct, gc=False, frozen=True, kw_only=True):
    """One line of the positive list (跨境电子商务零售进口商品清单)."""

    #: Eight digits, the tariff line
    hs8: str
    name: str
    #: Edition the line stands in
    edition: str
    remarks: tuple[Remark, ...] = ()
    since: date
    until: date | None = None
    source: Source
    evidence: Evidence

    def restricted(self, kind: Restriction) -> Remark | None:
        """The line's restriction of one kind, if it has one."""
        return next((remark for remark in self.remarks if remark.kind is kind), None)

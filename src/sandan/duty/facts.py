"""An assessment and its working, to the fen."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from sandan.terms.ids import HsCode
from sandan.terms.ids import RuleId


class Route(StrEnum):
    """Which treatment a list gets (财关税〔2016〕18号, 〔2018〕49号)."""

    REDUCED = "reduced"
    """Within the limits: tariff 0, VAT and consumption tax at the reduced share (RTAX-3)."""
    FULL = "full"
    """A single item over the single limit: tariff, VAT and consumption tax in full (RTAX-4)."""


class Purchase(Struct, gc=False, frozen=True, kw_only=True):
    """What the limits look at."""

    #: Dutiable value (完税价格), in fen
    value_fen: int
    #: Items in the order (商品件数); zero where its quantities are no whole numbers and count nothing
    items: int
    #: Enterprise that declares it; empty for a question asked beforehand
    sender: str = ""


class Taxable(Protocol):
    """What the tax of goods depends on; a line of a declaration list is one."""

    @property
    def gnum(self) -> int:
        """Number of the line."""
        ...

    @property
    def gcode(self) -> HsCode:
        """Commodity code (商品编码)."""
        ...

    @property
    def gmodel(self) -> str:
        """Specification and model (规格型号)."""
        ...

    @property
    def unit(self) -> str:
        """Unit of sale (申报计量单位), with ``qty_e5`` of it."""
        ...

    @property
    def qty_e5(self) -> int:
        """Quantity in the unit of sale, 10⁻⁵."""
        ...

    @property
    def unit1(self) -> str:
        """First legal unit (法定计量单位)."""
        ...

    @property
    def qty1_e5(self) -> int:
        """Quantity in the first legal unit, 10⁻⁵."""
        ...

    @property
    def unit2(self) -> str:
        """Second legal unit (第二法定单位); empty where there is none."""
        ...

    @property
    def qty2_e5(self) -> int | None:
        """Quantity in the second legal unit, 10⁻⁵."""
        ...


class StepName(StrEnum):
    """What a step of the working names."""

    VALUE = "value"
    """Dutiable value of the line (完税价格)."""
    CONTENT = "content"
    """Price of a cosmetic per gram, millilitre or sheet, which decides whether it is high-end (高档化妆品)."""
    TARIFF = "tariff"
    """Tariff (关税)."""
    CONSUMPTION_TAX_STATUTORY = "consumption_tax_statutory"
    """Consumption tax before the reduced share (法定应纳消费税)."""
    CONSUMPTION_TAX = "consumption_tax"
    """Consumption tax payable (应征消费税)."""
    VAT_STATUTORY = "vat_statutory"
    """Value-added tax before the reduced share (法定应纳增值税)."""
    VAT = "vat"
    """Value-added tax payable (应征增值税)."""


class Step(Struct, gc=False, frozen=True, kw_only=True):
    """One step of the working: a named amount, how it was found, and by which rule."""

    name: StepName
    #: The formula with its numbers put in, such as ``(100.00 + 0.00) × 13 %``
    formula: str
    amount_fen: int
    rule: RuleId


class LineTax(Struct, gc=False, frozen=True, kw_only=True):
    """Tax of one line."""

    gnum: int
    gcode: HsCode
    #: Dutiable value with its share of freight and insurance
    value_fen: int
    tariff_fen: int
    consumption_tax_fen: int
    vat_fen: int
    steps: tuple[Step, ...] = ()

    @property
    def tax_fen(self) -> int:
        """All taxes of the line."""
        return self.tariff_fen + self.consumption_tax_fen + self.vat_fen


class Assessment(Struct, gc=False, frozen=True, kw_only=True):
    """Tax of one list."""

    route: Route
    lines: tuple[LineTax, ...]

    @property
    def value_fen(self) -> int:
        """Dutiable value of the list."""
        return sum(line.value_fen for line in self.lines)

    @property
    def tax_fen(self) -> int:
        """All taxes of the list."""
        return sum(line.tax_fen for line in self.lines)

"""A small law and small lists for the tests of this room; all parties and goods are invented."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from types import SimpleNamespace

import pytest

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Head
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.law.errors import NotInForceError
from sandan.law.facts import Consumption
from sandan.law.facts import Evidence
from sandan.law.facts import Source
from sandan.law.facts import TariffLine
from sandan.terms.money import parse_e5

_HEAD = Head(guid="", app_type="1", app_time="20260301120000", app_status="2")
_COMMON = dict.fromkeys(("order_no", "ebp_code", "ebp_name", "ebc_code", "ebc_name", "currency"), "x")
_COMMON |= dict.fromkeys(
    ("buyer_id_type", "buyer_id_number", "buyer_name", "buyer_telephone", "consignee_address"), "x"
)
_LIST = dict.fromkeys(("logistics_no", "logistics_code", "logistics_name", "cop_no", "pre_no", "assure_code"), "x")
_LIST |= dict.fromkeys(("ems_no", "invt_no", "ie_flag", "decl_time", "customs_code", "port_code", "area_code"), "x")
_LIST |= dict.fromkeys(("agent_name", "trade_mode", "traf_mode", "country"), "x")
_LIST |= {"agent_code": "agent"} | dict.fromkeys(("pack_no", "gross_weight_kg_e5", "net_weight_kg_e5"), 1)
_ORDER = dict.fromkeys(("order_type", "buyer_reg_no", "pay_code", "pay_transaction_id"), "x")
_ORDER |= dict.fromkeys(("consignee", "consignee_telephone"), "x")
_ORDER |= dict.fromkeys(("goods_value_e5", "freight_e5", "discount_e5", "tax_total_e5", "actual_paid_e5"), 0)

_NOW: dict[str, object] = {
    "import.single_limit_fen": 500_000,
    "import.annual_limit_fen": 2_600_000,
    "import.over_limit": "single-item-full",
    "import.full_route_max_items": 1,
    "import.full_route_annual_inclusive": False,
    "import.reduced_share": Decimal("0.70"),
    "import.reduced_tariff_rate": Decimal(0),
    "cosmetics.high_end_per_ml_or_g_fen": 1_000,
    "cosmetics.high_end_per_piece_fen": 1_500,
    "cosmetics.high_end_consumption_rate": Decimal("0.15"),
    "cosmetics.ordinary_consumption_rate": Decimal(0),
    "tax.rounding": "per-line-half-up-to-fen",
    "tax.apportionment": "value-share-last-line-remainder",
    "tax.discount": "open-to-all-only",
    "tax.tariff_waiver_applies": False,
}


class SmallLaw:
    """The limits and conventions of today with the rates a test names."""

    def __init__(self, *lines: TariffLine, **changed: object) -> None:
        """Keep the rates, and the parameters changed (``import__single_limit_fen=…``; None removes one)."""
        self.rates = {line.gcode: line for line in lines}
        self.parameters = _NOW | {name.replace("__", "."): value for name, value in changed.items()}

    def value(self, name: str) -> object:
        if self.parameters[name] is None:
            raise NotInForceError(f"{name} has no value")
        return self.parameters[name]

    number = rate = flag = value

    def find(self, name: str) -> object:
        return self.parameters[name]

    def tariff(self, gcode: str) -> TariffLine | None:
        return self.rates.get(gcode)


def _rates(gcode: str, vat: str = "0.13", tariff: str | None = None, **more: object) -> TariffLine:
    source = Source(title="invented")
    facts = {"since": date(2016, 4, 8), "source": source, "evidence": Evidence.INVENTED} | more
    duty = None if tariff is None else Decimal(tariff)
    return TariffLine(gcode=gcode, vat_rate=Decimal(vat), tariff_rate=duty, **facts)


def _consumption(rate: str = "0", specific_fen: str = "0", unit: str = "") -> Consumption:
    return Consumption(rate=Decimal(rate), specific_fen=Decimal(specific_fen), unit=unit)


def _line(gnum: int, gcode: str, yuan: str, **more: object) -> ListLine:
    facts = {
        "qty_e5": 100_000,
        "unit": "142",
        "qty1_e5": 100_000,
        "unit1": "035",
        "qty2_e5": None,
        "gmodel": "x",
    } | more
    texts = dict.fromkeys(("item_record_no", "gname", "country", "currency"), "x")
    total = parse_e5(yuan)
    return ListLine(gnum=gnum, gcode=gcode, price_e5=total, total_price_e5=total, **texts, **facts)


def _list(*lines: ListLine, freight: str = "0", insurance: str = "0") -> DeclarationList:
    charges = {"freight_e5": parse_e5(freight), "insured_fee_e5": parse_e5(insurance)}
    return DeclarationList(head=_HEAD, lines=lines, **_COMMON, **_LIST, **charges)


def _order(*quantities: str) -> Order:
    texts = dict.fromkeys(("item_name", "gmodel", "unit", "currency", "country"), "x")
    lines = tuple(
        OrderLine(gnum=gnum, qty_e5=parse_e5(quantity), price_e5=0, total_price_e5=0, **texts)
        for gnum, quantity in enumerate(quantities, 1)
    )
    return Order(head=_HEAD, lines=lines, **_COMMON, **_ORDER)


def _calculate(formula: str) -> int:
    """What a calculator makes of a formula, in fen, half up."""
    exact = re.sub(r"(\d+(?:\.\d+)?)( %)?", lambda m: f"Fraction('{m[1]}'){'/100' if m[2] else ''}", formula)
    for sign, operator in {"×": "*", "÷": "/", "−": "-"}.items():
        exact = exact.replace(sign, operator)
    return floor(eval(exact, {"Fraction": Fraction}) * 100 + Fraction(1, 2))  # noqa: S307  our own formula


@pytest.fixture
def make() -> SimpleNamespace:
    """Builders of what a test needs.

    ``make.law(rates, …, import__single_limit_fen=200_000)``, ``make.rates(code, vat, tariff, …)``,
    ``make.consumption(rate, specific_fen, unit)``, ``make.line(gnum, code, yuan, unit1="035", …)``,
    ``make.list(line, …, freight="3.20")``, ``make.order(quantity, …)``, ``make.calculate(formula)``.
    """
    return SimpleNamespace(
        law=SmallLaw, rates=_rates, consumption=_consumption, line=_line, list=_list, order=_order, calculate=_calculate
    )

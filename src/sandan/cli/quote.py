"""``sandan quote``: tax, route and quota left for goods one thinks of buying (税款试算); nothing is reserved or written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from sandan import law
from sandan.clearance.explain import Told
from sandan.clearance.explain import explain
from sandan.duty.quote import Basket
from sandan.duty.quote import Item
from sandan.duty.quote import Quote
from sandan.duty.quote import net_of
from sandan.duty.quote import quote as quote_basket
from sandan.duty.working import ROUTES
from sandan.duty.working import working
from sandan.law.errors import FileRefusedError
from sandan.law.errors import LawError
from sandan.law.facts import Consumption
from sandan.law.facts import Evidence
from sandan.law.facts import Finding
from sandan.law.facts import Source
from sandan.law.overlay import LawFile
from sandan.law.overlay import read_overlay
from sandan.law.supplied import EMPTY
from sandan.law.supplied import Overlay
from sandan.law.supplied import Period
from sandan.law.supplied import RateRow
from sandan.terms import hs_code
from sandan.terms.codes import UNITS
from sandan.terms.days import legal_day
from sandan.terms.errors import TermError
from sandan.terms.ids import HsCode
from sandan.terms.money import SCALE
from sandan.terms.money import fen_from_e5
from sandan.terms.money import parse_e5
from sandan.terms.money import round_half_up
from sandan.terms.money import yuan_text

app = typer.Typer(add_completion=False)

_TITLES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "line": "行",
        "code": "商品编码",
        "name": "项目",
        "formula": "算式（元）",
        "amount": "金额（元）",
        "rule": "依据",
        "value": "完税价格",
        "tax": "税款合计",
        "composite": "综合税率",
        "left": "年度额度剩余（购前 → 购后）",
        "day": "适用法规日期",
        "remedy": "处理办法",
    },
    "en": {
        "line": "line",
        "code": "code",
        "name": "step",
        "formula": "formula, yuan",
        "amount": "amount, yuan",
        "rule": "rule",
        "value": "dutiable value",
        "tax": "tax",
        "composite": "composite rate",
        "left": "annual quota left (before → after)",
        "day": "law of",
        "remedy": "what to do",
    },
}
_SHARE = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
_KINDS = ("vat", "ct", "tariff")


class Goods(msgspec.Struct, frozen=True):
    """One argument of the command line: goods, and rates given with them."""

    item: Item
    rates: Mapping[str, Decimal]
    #: Consumption tax only when high-end (RC-1)
    cosmetic: bool


@app.command(no_args_is_help=True)
def quote(
    goods: Annotated[
        list[str],
        typer.Argument(
            help="CODE:PRICE[:QUANTITY][:UNIT=AMOUNT][:vat=13%][:ct=15%|cosmetic][:tariff=5%]", metavar="GOODS…"
        ),
    ],
    *,
    freight: Annotated[str, typer.Option(help="Freight of the order, yuan.")] = "0",
    insurance: Annotated[str, typer.Option(help="Insurance of the order, yuan.")] = "0",
    discount: Annotated[str, typer.Option(help="Discount open to all consumers, yuan (RDV-1).")] = "0",
    used: Annotated[str, typer.Option(help="Annual quota used already, yuan.")] = "0",
    at: Annotated[
        datetime | None, typer.Option(help="Day whose law is asked; today by default.", formats=["%Y-%m-%d"])
    ] = None,
    tax_included: Annotated[bool, typer.Option("--tax-included", help="Prices include the tax (RF-5).")] = False,
    rates: Annotated[
        Path | None,
        typer.Option(help="Tariff table with rates by code, CSV or XLSX.", exists=True, dir_okay=False, readable=True),
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON, amounts in fen.")] = False,
) -> None:
    """Tax, route and quota left for goods on a day; exit 1 where they could not be imported this way.

    Amounts by unit are those of one item; rates that are given come before those of the law at hand.

    Example: sandan quote 3304990039:160:2:ml=50:ct=cosmetic 2204210000:128:ct=10% --freight 12 --used 3000
    """
    if lang not in _TITLES:
        raise typer.BadParameter(f"{lang!r} is no language here; use zh or en", param_hint="--lang")
    day = at.date() if at else legal_day(datetime.now(UTC))
    read = [_goods(text) for text in goods]
    in_force = law.at(day, _overlay(read, day, _table_of_rates(rates)))
    try:
        items = tuple(_net(each.item, in_force) if tax_included else each.item for each in read)
        basket = Basket(
            items=items, freight_fen=_fen(freight), insurance_fen=_fen(insurance), open_discount_fen=_fen(discount)
        )
        answer = quote_basket(basket, _fen(used), in_force)
    except LawError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from error
    told = [explain(finding, in_force) for finding in answer.findings]
    if as_json:
        typer.echo(msgspec.json.encode(_facts(answer, told, day)).decode())
    else:
        _print(answer, told, day, lang)
    raise typer.Exit(1 if answer.findings else 0)


def _goods(text: str) -> Goods:
    """Read ``CODE:PRICE[:QUANTITY][:NAME=VALUE]…``; amounts by unit are those of one item."""
    plain = [part for part in text.split(":") if "=" not in part]
    named = [part.split("=", 1) for part in text.split(":") if "=" in part]
    if len(plain) not in {2, 3}:
        raise _bad(text, "wanted CODE:PRICE or CODE:PRICE:QUANTITY, such as 1901101000:238.00:2")
    try:
        gcode, price_e5 = HsCode(hs_code.validate(plain[0])), parse_e5(plain[1])
        quantity_e5 = parse_e5(plain[2]) if len(plain) > 2 else SCALE  # noqa: PLR2004  the third part
        units = [(_unit(name), parse_e5(value)) for name, value in named if name not in _KINDS]
    except TermError as error:
        raise _bad(text, str(error)) from error
    if price_e5 < 0 or quantity_e5 <= 0 or len(units) > 2:  # noqa: PLR2004  a line has two legal units
        raise _bad(text, "the price is zero or more, the quantity above zero, and there are at most two units")
    cosmetic = ["ct", "cosmetic"] in named
    rates = {name: _share(text, value) for name, value in named if name in _KINDS and value != "cosmetic"}
    return Goods(_item(gcode, price_e5, quantity_e5, units), rates, cosmetic)


def _item(gcode: HsCode, price_e5: int, quantity_e5: int, units: list[tuple[str, int]]) -> Item:
    declared = [(unit, amount_e5 * quantity_e5 // SCALE) for unit, amount_e5 in units]
    (unit1, qty1_e5), (unit2, qty2_e5) = [*declared, ("", 0), ("", 0)][:2]
    total_fen = fen_from_e5(round_half_up(price_e5 * quantity_e5, SCALE))
    return Item(
        gcode=gcode,
        total_fen=total_fen,
        qty_e5=quantity_e5,
        unit1=unit1,
        qty1_e5=qty1_e5,
        unit2=unit2,
        qty2_e5=qty2_e5,
    )


def _unit(name: str) -> str:
    """Code of a unit given by code, by name in either language, or by its usual sign."""
    if name in UNITS:
        return name
    wanted = _SIGNS.get(name.lower(), name)
    for unit in UNITS:
        if wanted in {unit.code, unit.zh, unit.en}:
            return unit.code
    raise typer.BadParameter(
        f"{name!r} is no unit; give a code such as 035, or a name such as 千克, kg, 毫升, ml", param_hint="GOODS"
    )


_SIGNS: Mapping[str, str] = {"kg": "千克", "g": "克", "l": "升", "ml": "毫升"}


def _share(text: str, value: str) -> Decimal:
    if not _SHARE.fullmatch(value):
        raise _bad(text, f"{value!r} is no rate; write 13% or 0.13")
    share = Decimal(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
    if share >= 1:
        raise _bad(text, f"{value!r} is no rate below 100 %")
    return share


def _bad(text: str, reason: str) -> typer.BadParameter:
    return typer.BadParameter(f"{text!r}: {reason}", param_hint="GOODS")


def _fen(yuan: str) -> int:
    try:
        amount_e5 = parse_e5(yuan)
    except TermError as error:
        raise typer.BadParameter(str(error)) from error
    if amount_e5 < 0:
        raise typer.BadParameter(f"{yuan} is below zero")
    return fen_from_e5(amount_e5)


def _table_of_rates(file: Path | None) -> Overlay:
    """An operator's tariff table, refused whole where a row is wrong."""
    if file is None:
        return EMPTY
    try:
        table = LawFile(kind="tariff", name=file.name, body=file.read_bytes(), source=file.name)
        return read_overlay([table], production=False)
    except FileRefusedError as error:
        raise typer.BadParameter(str(error), param_hint="--rates") from error


def _overlay(read: Iterable[Goods], day: date, supplied: Overlay) -> Overlay:
    """Rates given on the command line for the day, before those of the table."""
    source = Source(title="command line")
    period = Period(since=day, until=day, source=source, evidence=Evidence.OPERATOR)
    rows: dict[str, tuple[RateRow, ...]] = {
        goods.item.gcode: (
            RateRow(
                code=goods.item.gcode,
                period=period,
                vat=goods.rates.get("vat", "vat.standard_rate"),
                tariff=goods.rates.get("tariff"),
                consumption=Consumption(rate=goods.rates["ct"]) if "ct" in goods.rates else None,
                cosmetics=goods.cosmetic,
            ),
        )
        for goods in read
        if goods.rates or goods.cosmetic
    }
    return msgspec.structs.replace(supplied, tariff={**supplied.tariff, **rows})


def _net(item: Item, in_force: law.Law) -> Item:
    """The item at its price without tax."""
    net = net_of(item, item.total_fen, in_force)
    if isinstance(net, Finding):
        raise typer.BadParameter(
            f"{item.gcode} at {yuan_text(item.total_fen)}: {net.detail}", param_hint="--tax-included"
        )
    return msgspec.structs.replace(item, total_fen=net)


def _facts(answer: Quote, told: list[Told], day: date) -> dict[str, Any]:
    """The quote as JSON: fen, shares as text, every step of the working, findings in words."""
    facts = msgspec.structs.asdict(answer)
    facts |= {"day": day, "tax_fen": answer.tax_fen, "findings": told, "assessment": None}
    facts["composite"] = [None if share is None else str(share) for share in answer.composite]
    if answer.assessment:
        lines = [msgspec.structs.asdict(line) | {"tax_fen": line.tax_fen} for line in answer.assessment.lines]
        for line in lines:
            del line["steps"]
        facts["assessment"] = {"lines": lines, "working": working(answer.assessment)}
    return facts


def _print(answer: Quote, told: list[Told], day: date, lang: str) -> None:
    console, titles = Console(), _TITLES[lang]
    if answer.assessment:
        console.print(_steps(answer, lang))
    if answer.route:
        console.print(getattr(ROUTES[answer.route], lang))
    tax = "-" if answer.tax_fen is None else yuan_text(answer.tax_fen)
    console.print(f"{titles['value']} {yuan_text(answer.value_fen)} · {titles['tax']} {tax} · {titles['day']} {day}")
    if answer.composite:
        shares = ", ".join("-" if share is None else f"{share * 100:.2f} %" for share in answer.composite)
        console.print(f"{titles['composite']}: {shares}")
    console.print(f"{titles['left']}: {yuan_text(answer.left_before_fen)} → {yuan_text(answer.left_after_fen)}")
    for each in told:
        sentence, remedy = getattr(each, lang), getattr(each, f"remedy_{lang}")
        console.print(f"[red]{each.rule}[/red] {sentence} ({each.source}) {titles['remedy']}: {remedy}", markup=True)


def _steps(answer: Quote, lang: str) -> Table:
    titles = _TITLES[lang]
    table = Table()
    for title in ("line", "code", "name", "formula", "amount", "rule"):
        table.add_column(titles[title], justify="right" if title == "amount" else "left")
    for row in working(answer.assessment) if answer.assessment else ():
        table.add_row(str(row.gnum), row.gcode, getattr(row, lang), row.formula, row.yuan, row.rule)
    return table

"""Tax and quota of goods one thinks of buying (税款试算); nothing is reserved or written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal

from fastapi import APIRouter
from fastapi import Request
from fastapi.responses import Response

from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.errors import error
from sandan.api.models import QuoteLine
from sandan.api.models import QuoteWanted
from sandan.api.showing import assessment_shown
from sandan.api.showing import findings_in_law
from sandan.duty.quote import Basket
from sandan.duty.quote import Item
from sandan.duty.quote import quote
from sandan.law.errors import LawError
from sandan.terms.days import legal_day
from sandan.terms.ids import HsCode

router = APIRouter(prefix="/v1", tags=["check"])


@router.post("/quote", summary="Tax, route and quota left for goods on a day")
def quote_goods(request: Request, body: QuoteWanted) -> Response:
    """What the law of the day says about a basket; amounts in yuan in, in fen out."""
    deps = deps_of(request)
    law = deps.law_on(body.at or legal_day(deps.clock.now()))
    basket = Basket(
        items=tuple(_item(line) for line in body.lines),
        freight_fen=_fen(body.freight),
        insurance_fen=_fen(body.insurance),
    )
    try:
        result = quote(basket, _fen(body.used), law)
    except LawError as problem:
        raise error(422, "request-invalid", where="body.at", found=str(body.at), expected=str(problem)) from problem
    return json_response(
        {
            "value_fen": result.value_fen,
            "tax_fen": result.tax_fen,
            "route": result.route,
            "composite": [str(rate) if rate is not None else None for rate in result.composite],
            "single_limit_fen": result.single_limit_fen,
            "annual_limit_fen": result.annual_limit_fen,
            "left_before_fen": result.left_before_fen,
            "left_after_fen": result.left_after_fen,
            "assessment": assessment_shown(result.assessment) if result.assessment else None,
            "findings": findings_in_law(result.findings, law),
        }
    )


def _item(line: QuoteLine) -> Item:
    qty1, qty2 = line.qty1, line.qty2
    return Item(
        gcode=HsCode(line.gcode),
        total_fen=_fen(line.price * line.quantity),
        qty_e5=_e5(line.quantity),
        unit=line.unit,
        qty1_e5=_e5(qty1) if qty1 is not None else 0,
        unit1=line.unit1,
        qty2_e5=_e5(qty2) if qty2 is not None else None,
        unit2=line.unit2,
        gmodel=line.model,
    )


def _e5(value: Decimal) -> int:
    """Units of 10⁻⁵; the model allows no more places."""
    return int(value.scaleb(5))


def _fen(yuan: Decimal) -> int:
    """Yuan to fen, half up (RF-7)."""
    return int(yuan.scaleb(2).to_integral_value(ROUND_HALF_UP))

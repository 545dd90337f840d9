"""A released list and its bill, made for one day of release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import datetime
from datetime import time
from typing import Any

import pytest

from sandan import law
from sandan.documents.facts import DeclarationList
from sandan.duty.facts import Assessment
from sandan.duty.facts import LineTax
from sandan.duty.facts import Route
from sandan.revenue.decide import bill_of
from sandan.revenue.facts import Bill
from sandan.revenue.facts import Released
from sandan.sandbox.parcels import Maker
from sandan.terms.days import SHANGHAI
from sandan.terms.ids import HsCode
from sandan.terms.ids import InvtNo


def _line(gnum: int, tax_fen: int) -> LineTax:
    return LineTax(
        gnum=gnum,
        gcode=HsCode("3304990029"),
        value_fen=10_000,
        tariff_fen=0,
        consumption_tax_fen=0,
        vat_fen=tax_fen,
    )


def released(day: date, *taxes_fen: int, at: time = time(12)) -> Released:
    """A list released at a time of a Beijing day, with a line for each tax."""
    moment = datetime.combine(day, at, SHANGHAI)
    paper: DeclarationList = Maker(1, moment, "REV").ordinary().declaration
    return Released(
        declaration=paper,
        assessment=Assessment(
            route=Route.REDUCED, lines=tuple(_line(n, tax) for n, tax in enumerate(taxes_fen or (910,), 1))
        ),
        invt_no=InvtNo(f"0131{day.year}I{day.toordinal():09d}"),
        released_at=moment,
        accepted_on=day,
        held_fen=sum(taxes_fen or (910,)),
    )


@pytest.fixture
def make() -> Callable[..., Released]:
    return released


@pytest.fixture
def bill() -> Callable[..., Bill]:
    """The bill of a list released on a day."""

    def made(day: date, *taxes_fen: int, **more: Any) -> Bill:
        return bill_of(released(day, *taxes_fen, **more), law.at(day))

    return made

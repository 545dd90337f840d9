"""Days asked for in an address of the law pages."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.terms.days import legal_day

FIRST_DAY = date(1949, 10, 1)
LAST_DAY = date(2099, 12, 31)
"""Days the pages speak about; outside them no law at hand can say anything."""


def day_of(visit: Visit, name: str) -> date | None:
    """Returns the legal day of a parameter of the address, today where it is not given, None where it is no day."""
    text = visit.query(name)
    if not text:
        return legal_day(visit.now)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def refused_day(visit: Visit, name: str) -> Response:
    """Returns the page that says kindly why a day cannot be used."""
    _ = visit.gettext
    sentence = _("%(found)s is no day this page knows: write it as 2026-01-31, from 1949-10-01 to 2099-12-31.")
    return visit.refuse(BAD_REQUEST, _("Check the day"), sentence % {"found": visit.query(name)[:20]})

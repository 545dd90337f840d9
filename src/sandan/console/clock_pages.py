"""The clock the platform decides by, and for the operator of a sandbox the form that sets it."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from starlette.responses import Response

from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import FORBIDDEN
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.terms.days import SHANGHAI

_DAYS_CHARACTERS = 5


def clock(visit: Visit) -> Response:
    """Returns the present moment, and the form where the reader may set it."""
    control = visit.deps.clock_control
    settable = control is not None and visit.may("set-clock")
    local = visit.now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    return visit.show("clock.html", settable=settable, fixed=control is None, local=local)


def put(visit: Visit) -> Response:
    """Sets the clock to a moment of Beijing time, or moves it by days."""
    _ = visit.gettext
    title, control = _("The clock was not set"), visit.deps.clock_control
    if control is None:
        sentence = _("A production deployment decides by the machine's time; nobody sets it.")
        return visit.refuse(FORBIDDEN, title, sentence)
    moment = _moment(visit)
    if moment is None:
        return visit.refuse(BAD_REQUEST, title, _("Give a moment such as 2026-12-31T09:00, or a number of days."))
    try:
        control.set(moment, actor=visit.reader.account)
    except ValueError:
        return visit.refuse(BAD_REQUEST, title, _("A sandbox knows moments from 8 April 2016 to the end of 2099."))
    return go("/clock")


def _moment(visit: Visit) -> datetime | None:
    days = visit.form.get("days", "").strip()
    try:
        if days:
            return visit.now + timedelta(days=int(days[:_DAYS_CHARACTERS]))
        return datetime.fromisoformat(visit.form.get("moment", "")).replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        return None

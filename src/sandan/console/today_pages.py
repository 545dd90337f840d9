"""Today: cases by status, by hour and by reason, and the pace of the last hour."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sandan.console import charts
from sandan.console.findings import rule_words
from sandan.console.statuses import STATUSES
from sandan.console.visit import Visit
from sandan.store.views import today as views
from sandan.terms.days import SHANGHAI

_REASONS_SHOWN = 12


def today(visit: Visit) -> Response:
    """Returns the page, or its live part alone when it refreshes itself."""
    with visit.reading() as conn:
        counted = views.counts(conn, visit.today, visit.scope)
        pace = views.pace(conn, visit.now, visit.scope)
    hours, reasons = views.by_hour(counted), views.by_reason(counted)
    return visit.show(
        "today_live.html" if visit.is_partial else "today.html",
        cards=_cards(views.by_status(counted)),
        pace=pace,
        hours=_hour_table(hours),
        hour_chart=charts.by_hour(hours, visit.gettext),
        reasons=_reason_rows(visit, reasons),
        reason_chart=charts.by_reason(_bars(reasons)),
    )


def _cards(counts: tuple[views.StatusCount, ...]) -> list[dict[str, Any]]:
    """A card for each status, also where no case has it; drafts only where there are some."""
    known = {count.status: count for count in counts}
    shown = [look for look in STATUSES.values() if look.name in known or look.name != "draft"]
    return [{"look": look, "count": known.get(look.name, views.StatusCount(look.name, 0, 0, 0))} for look in shown]


def _hour_table(counts: tuple[views.HourCount, ...]) -> list[dict[str, Any]]:
    hours = sorted({count.hour for count in counts})
    return [
        {
            "hour": f"{hour.astimezone(SHANGHAI):%H}:00",
            "cases": {count.status: count.cases for count in counts if count.hour == hour},
        }
        for hour in hours
    ]


def _reason_rows(visit: Visit, counts: tuple[views.ReasonCount, ...]) -> list[dict[str, Any]]:
    return [
        {
            "reason": count.reason,
            "status": STATUSES[count.status],
            "cases": count.cases,
            "sentence": rule_words(visit.law, count.reason, visit.language).sentence,
        }
        for count in counts[:_REASONS_SHOWN]
    ]


def _bars(counts: tuple[views.ReasonCount, ...]) -> list[tuple[str, int, str]]:
    return [(count.reason, count.cases, STATUSES[count.status].colour) for count in counts[:_REASONS_SHOWN]]

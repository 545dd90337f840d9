"""Lists of cases and the search over everything."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from sandan.console import sheets
from sandan.console.findings import rule_words
from sandan.console.statuses import STATUSES
from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.store.views import lists as views
from sandan.store.views import search as finder
from sandan.store.views.scope import Page
from sandan.terms.days import SHANGHAI
from sandan.terms.money import yuan_text

LONGEST_QUERY = 100
"""Characters of a number searched for; the longest on the wire has 60."""

SHEET_HEAD = (
    "declarant",
    "list",
    "status",
    "order_no",
    "logistics_no",
    "invt_no",
    "trade_mode",
    "declared_at",
    "value_yuan",
    "tax_yuan",
    "reasons",
    "waits",
    "updated_at",
)


def search(visit: Visit) -> Response:
    """Returns what a number names, or goes straight to the one case it names."""
    text = visit.query("q")
    if len(text) > LONGEST_QUERY:
        sentence = visit.gettext("A number has at most 60 characters. Paste one number, not a whole message.")
        return visit.refuse(BAD_REQUEST, visit.gettext("Too long for a number"), sentence)
    with visit.reading() as conn:
        hits = finder.search(conn, text, visit.scope)
    cases = {(hit.owner, hit.key) for hit in hits if hit.what == "case"}
    if len(cases) == 1 and not visit.query("all"):
        owner, key = cases.pop()
        return go(f"/case/{quote(owner)}/{quote(key)}?q={quote(text)}")
    return visit.show("search.html", text=text, hits=_grouped(hits))


def cases(visit: Visit) -> Response:
    """Returns cases by status, reason and day, last changed first."""
    day = _day(visit)
    status = visit.query("status") if visit.query("status") in STATUSES else ""
    wanted = views.Filter((status,) if status else (), visit.query("reason"), *_bounds(day))
    with visit.reading() as conn:
        page = views.cases(conn, wanted, visit.scope, visit.cut)
    if visit.wants_sheet:
        return _sheet("cases", page)
    kept = {"status": status, "reason": wanted.reason, "day": day.isoformat() if day else ""}
    return visit.show("cases.html", page=page, kept=kept, rule=_rule(visit, wanted.reason))


def waiting(visit: Visit) -> Response:
    """Returns what waits, the oldest first, and for what."""
    wanted = views.Filter(("waiting",), visit.query("for"))
    with visit.reading() as conn:
        page = views.oldest(conn, wanted, visit.scope, visit.cut)
        totals = views.waits(conn, visit.scope)
    if visit.wants_sheet:
        return _sheet("waiting", page)
    return visit.show("waiting.html", page=page, totals=totals, kept={"for": wanted.reason})


def _grouped(hits: tuple[finder.Hit, ...]) -> dict[str, list[finder.Hit]]:
    """Hits by what they are; a case found by several numbers of its own is told once."""
    groups: dict[str, dict[tuple[str, ...], finder.Hit]] = {what: {} for what in finder.FOUND_AS}
    for hit in hits:
        key = (hit.kind, hit.owner, hit.key, str(hit.version))
        groups[hit.what].setdefault(key, hit)
    return {what: list(found.values()) for what, found in groups.items()}


def _rule(visit: Visit, reason: str) -> Any:  # noqa: ANN401 - words of a rule or nothing
    return rule_words(visit.law, reason, visit.language) if reason else None


def _day(visit: Visit) -> date | None:
    """The legal day asked for; None for all days, also where the text is no day."""
    try:
        return date.fromisoformat(visit.query("day"))
    except ValueError:
        return None


def _bounds(day: date | None) -> tuple[datetime | None, datetime | None]:
    if day is None:
        return None, None
    start = datetime.combine(day, time(), SHANGHAI)
    return start, start + timedelta(days=1)


def _sheet(name: str, page: Page[views.CaseLine]) -> Response:
    rows = (
        (
            row.declarant,
            row.list_key,
            row.status,
            row.order_no,
            row.logistics_no,
            row.invt_no,
            row.trade_mode,
            row.declared_at.astimezone(SHANGHAI).isoformat(),
            "" if row.value_fen is None else yuan_text(row.value_fen),
            "" if row.tax_fen is None else yuan_text(row.tax_fen),
            " ".join(row.reasons),
            " ".join(row.waits),
            row.updated_at.astimezone(SHANGHAI).isoformat(),
        )
        for row in page.rows
    )
    return sheets.csv_response(name, SHEET_HEAD, rows)

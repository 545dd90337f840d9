"""The calendar of money (税款日历): what collectors owe, what falls due on which day, and bill by bill."""

from __future__ import annotations

from starlette.responses import Response

from sandan.console import sheets
from sandan.console.visit import Visit
from sandan.revenue.facts import Stage
from sandan.store import tax_documents
from sandan.store.views import tax
from sandan.terms.days import legal_day

DOCUMENTS_SHOWN = 20
BILL_HEAD = (
    "bill",
    "declarant",
    "list",
    "released",
    "payable_from",
    "payable_to",
    "tax_fen",
    "status",
    "stage",
    "document",
)


def finance(visit: Visit) -> Response:
    """Returns what is owed today, by collector, district and stage; an enterprise sees what it owes itself."""
    with visit.reading() as conn:
        standings = tax.standings(conn, legal_day(visit.now), visit.scope)
    overdue = sum(one.tax_fen for one in standings if one.stage == Stage.OVERDUE)
    return visit.show("finance.html", standings=standings, overdue=overdue)


def collector(visit: Visit) -> Response:
    """Returns one collector's calendar, its latest payment documents and its bills."""
    code, day = visit.request.path_params["collector"], legal_day(visit.now)
    if visit.scope.enterprise not in {"", code}:
        return visit.missing()
    asked = visit.query("stage")
    stage = Stage(asked) if asked in set(Stage) else None
    with visit.reading() as conn:
        page = tax.bills(conn, code, day, stage, visit.cut)
        falling = tax.calendar(conn, code, day)
        documents = tax_documents.latest(conn, code, DOCUMENTS_SHOWN)
    if visit.wants_sheet:
        return sheets.csv_response("tax-bills", BILL_HEAD, [_row(bill) for bill in page.rows])
    return visit.show(
        "collector.html",
        code=code,
        page=page,
        falling=falling,
        documents=documents,
        stages=list(Stage),
        kept={"stage": stage or ""},
    )


def _row(bill: tax.BillRow) -> tuple[object, ...]:
    return (
        bill.tax_no,
        bill.declarant,
        bill.list_key,
        bill.released_on,
        bill.payable_from,
        bill.payable_to,
        bill.tax_fen,
        bill.status,
        bill.stage,
        bill.document_no,
    )

"""Messages as received: the list, one with what the platform understood of it, and its bytes."""

from __future__ import annotations

from starlette.responses import Response

from sandan.console import reading
from sandan.console import sheets
from sandan.console.statuses import OUTCOMES
from sandan.console.visit import Visit
from sandan.store.views import messages as views
from sandan.terms.days import SHANGHAI

_LONGEST_ID = 18
SHEET_HEAD = ("id", "received_at", "channel", "size", "type", "guid", "sender", "signer", "outcome", "faults")


def messages(visit: Visit) -> Response:
    """Returns messages, the newest first, of one outcome or of all."""
    outcome = visit.query("outcome") if visit.query("outcome") in OUTCOMES else ""
    with visit.reading() as conn:
        page = views.messages(conn, outcome, visit.scope, visit.cut)
    if visit.wants_sheet:
        return sheets.csv_response("messages", SHEET_HEAD, [_row(line) for line in page.rows])
    return visit.show("messages.html", page=page, kept={"outcome": outcome})


def message(visit: Visit) -> Response:
    """Returns one message: what was found in it, how it was answered, and its text as the reader may see it."""
    found = _found(visit)
    if found is None:
        return visit.missing()
    raw = found.raw()
    return visit.show(
        "message.html", message=found, shown=reading.shown(raw, visit.veil), documents=reading.documents_of(raw)
    )


def bytes_of(visit: Visit) -> Response:
    """Returns the bytes as received to customs, and to others a copy in which personal data are hidden."""
    found = _found(visit)
    if found is None:
        return visit.missing()
    veil = visit.veil
    body, name = (found.raw(), "message") if veil.is_lifted else (_masked(found, visit), "message-masked")
    return Response(
        body,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}-{found.id}.xml"'},
    )


def _found(visit: Visit) -> views.Message | None:
    number = visit.request.path_params["id"]
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_ID):
        return None
    with visit.reading() as conn:
        return views.message(conn, int(number), visit.scope)


def _masked(found: views.Message, visit: Visit) -> bytes:
    return reading.shown(found.raw(), visit.veil).text.encode()


def _row(line: views.MessageLine) -> tuple[object, ...]:
    return (
        line.id,
        line.received_at.astimezone(SHANGHAI).isoformat(),
        line.channel,
        line.size,
        line.message_type,
        line.message_guid,
        line.cop_code,
        line.signer,
        line.outcome,
        " ".join(str(fault.get("code", "")) for fault in line.diagnosis),
    )

"""How the platform itself is: alive, and its counters."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import PlainTextResponse
from fastapi.responses import Response

from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.models import Health
from sandan.store.permissions import Act
from sandan.store.users import User

router = APIRouter(tags=["platform"])

_COUNTERS = """
    SELECT (SELECT count(*) FROM queue) AS queued,
           (SELECT coalesce(extract(epoch FROM %(now)s - min(enqueued_at)), 0) FROM queue) AS oldest_s,
           (SELECT count(*) FROM cases WHERE status = 'waiting') AS waiting,
           (SELECT coalesce(max(id), 0) FROM inbox) AS messages,
           (SELECT coalesce(max(id), 0) FROM receipts) AS receipts
"""


@router.get("/v1/health", response_model=Health, summary="Whether the platform and its database answer")
def health(request: Request) -> Response:
    """Alive, with the moment its clock shows and the documents that wait to be decided."""
    deps = deps_of(request)
    with deps.pool.connection() as conn:
        queued = conn.execute("SELECT count(*) FROM queue").fetchone() or (0,)
    return json_response({"ok": True, "version": version("sandan"), "now": deps.clock.now(), "queued": queued[0]})


@router.get("/metrics", response_class=PlainTextResponse, summary="Counters in the text format of Prometheus")
def metrics(request: Request, user: Annotated[User, Depends(needs(Act.METRICS))]) -> Response:  # noqa: ARG001 - the guard is the use
    """What stands in the queues, and how much has passed."""
    deps = deps_of(request)
    with deps.pool.connection() as conn:
        row = conn.execute(_COUNTERS, {"now": deps.clock.now()}).fetchone() or (0,) * 5
    names = ("queue_documents", "queue_oldest_seconds", "cases_waiting", "inbox_last_id", "receipts_last_id")
    lines = [
        f"# TYPE sandan_{name} gauge\nsandan_{name} {float(value):g}\n" for name, value in zip(names, row, strict=True)
    ]
    return PlainTextResponse("".join(lines), media_type="text/plain; version=0.0.4")

"""Real-time payment data over HTTP (179 号公告): officers ask, platforms register and upload, both read what came of it."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import datetime
from typing import Annotated
from typing import Any

import anyio.to_thread
from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response
from msgspec import structs

from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.api.messages import body_of
from sandan.api.realtime_models import Asking
from sandan.api.realtime_models import DemandShown
from sandan.api.realtime_models import EndpointShown
from sandan.api.realtime_models import EndpointWanted
from sandan.api.realtime_models import UploadAnswer
from sandan.api.showing import findings_in_law
from sandan.intake.realtime import Desk
from sandan.law import Law
from sandan.oversight.decide import Asked
from sandan.oversight.decide import finding_of
from sandan.oversight.rules import callback
from sandan.signing.certificates import UnreadableError
from sandan.signing.realtime import serial_of
from sandan.signing.software import KeyFileError
from sandan.signing.software import certificate_der
from sandan.store import realtime as store
from sandan.store.permissions import Act
from sandan.store.permissions import scope_of
from sandan.store.realtime import DemandFile
from sandan.store.users import User
from sandan.terms.days import legal_day
from sandan.wire.realtime_text import ANSWER_FIELD
from sandan.wire.realtime_text import FORM
from sandan.wire.realtime_text import JSON
from sandan.wire.realtime_text import result

router = APIRouter(tags=["real-time payment data"])

_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": [ANSWER_FIELD],
                    "properties": {ANSWER_FIELD: {"type": "string", "description": "The signed payment data, JSON"}},
                }
            }
        },
    }
}


@router.put(
    "/v1/realtime/endpoint", response_model=EndpointShown, summary="Register one's callback address and certificates"
)
def register(request: Request, body: EndpointWanted, user: Annotated[User, Depends(needs(Act.SUBSCRIBE))]) -> Response:
    """Certificates registered before stay; in production an address customs would not call is refused."""
    deps = deps_of(request)
    now = deps.clock.now()
    slips = callback(body.url)
    if slips and deps.production:
        raise error(422, "request-invalid", where="body.url", found=body.url, expected=slips[0].expected)
    certificates = dict(_certificate(text, place) for place, text in enumerate(body.certificates))
    endpoint = store.Endpoint(ebp_code=user.enterprise, url=body.url, certificates=certificates)
    with deps.pool.connection() as conn:
        store.save_endpoint(conn, endpoint, user.account, now)
        kept = store.certificates_of(conn, user.enterprise)
    law = deps.law_on(legal_day(now))
    findings = findings_in_law([finding_of(slip, law) for slip in slips], law)
    return json_response({"ebp_code": user.enterprise, "url": body.url, "cert_nos": sorted(kept), "findings": findings})


@router.post(
    "/v1/realtime/demands", status_code=201, response_model=DemandShown, summary="Ask a platform for payment data"
)
def ask(request: Request, body: Asking, user: Annotated[User, Depends(needs(Act.DECIDE))]) -> Response:
    """Calls the platform's address; what it answers at once stands in the demand, its upload follows."""
    deps = deps_of(request)
    asked = Asked(
        session_id=str(uuid.uuid4()).upper(), ebp_code=body.ebp_code, order_no=body.order_no, officer=user.account
    )
    if _desk(deps).ask(asked) is None:
        raise error(409, "conflict", where="body.ebp_code", found=body.ebp_code, expected="a registered address")
    return json_response(_shown(_file(deps, asked.session_id), deps), 201)


@router.get(
    "/v1/realtime/demands/{session_id}", response_model=DemandShown, summary="A demand with every check of its answer"
)
def demand(request: Request, session_id: str, user: Annotated[User, Depends(needs(Act.READ_CASES))]) -> Response:
    """For officers, and for the platform that was asked."""
    deps = deps_of(request)
    file = _file(deps, session_id)
    if scope_of(user).enterprise not in {"", file.demand.ebp_code}:
        raise error(404, "not-found", where=f"demand {session_id}")
    return json_response(_shown(file, deps))


@router.post(
    "/ceb2grab/grab/realTimeDataUpload",
    response_model=UploadAnswer,
    summary="Upload payment data (realTimeDataUp)",
    openapi_extra=_UPLOAD_BODY,
)
async def upload(request: Request) -> Response:
    """Customs' answer to an upload: always 200, the code tells; nobody logs in, the signature proves the platform."""
    deps = deps_of(request)
    body = await body_of(request, deps.message_limit)
    judgement = await anyio.to_thread.run_sync(_desk(deps).receive, body)
    return Response(result(judgement.code, judgement.message, _milliseconds(deps.clock.now())), media_type=JSON)


def _desk(deps: Deps) -> Desk:
    return Desk(deps.pool, deps.clock, deps.law_on, public_only=deps.production)


def _file(deps: Deps, session_id: str) -> DemandFile:
    with deps.pool.connection() as conn:
        file = store.demand_file(conn, session_id)
    if file is None:
        raise error(404, "not-found", where=f"demand {session_id}"[:200])
    return file


def _certificate(text: str, place: int) -> tuple[str, bytes]:
    """Serial and DER of a certificate that was sent."""
    try:
        content = certificate_der(text.encode()) if "-----BEGIN" in text else base64.b64decode(text, validate=True)
        return serial_of(content), content
    except (KeyFileError, UnreadableError, binascii.Error, ValueError) as problem:
        raise error(
            422, "request-invalid", where=f"body.certificates[{place}]", found=str(problem), expected="a certificate"
        ) from None


def _shown(file: DemandFile, deps: Deps) -> dict[str, Any]:
    law = deps.law_on(legal_day(file.demand.issued_at))
    return {
        **structs.asdict(file.demand),
        "state": _state(file, deps.clock.now()),
        "call": _call(file, law),
        "uploads": [_upload(file, one, law) for one in file.uploads],
    }


def _state(file: DemandFile, now: datetime) -> str:
    if any(one.judgement.stored for one in file.uploads):
        return "stored"
    if now > file.demand.due_at:
        return "overdue"
    return "refused" if file.uploads else "waiting"


def _call(file: DemandFile, law: Law) -> dict[str, Any] | None:
    if file.call is None:
        return None
    return {**structs.asdict(file.call), "findings": findings_in_law(file.call.findings, law)}


def _upload(file: DemandFile, one: store.Upload, law: Law) -> dict[str, Any]:
    took = one.received_at - file.demand.issued_at
    return {
        "received_at": one.received_at,
        "after_ms": round(took.total_seconds() * 1000),
        "code": one.judgement.code,
        "message": one.judgement.message,
        "findings": findings_in_law(one.judgement.findings, law),
        "compared": one.judgement.compared,
    }


def _milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))

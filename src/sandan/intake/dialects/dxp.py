"""DXP spoken both ways: a DxpMsg or DxpMsgSv as the body, answered with a DxpRep (平台响应).

The response codes are those of the specification's table 7-1, which has none for what was taken; such a message is
answered with 4000, the first of the codes it leaves to users (4000-9999).
"""

from __future__ import annotations

from datetime import datetime

from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Reply
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Fault
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.faults import told
from sandan.terms.days import SHANGHAI
from sandan.wire import dxp
from sandan.wire.dxp import Response
from sandan.wire.dxp import TransInfo

TAKEN = "4000"
"""Response code of a message that was taken (收讫)."""

_LAST_OF_TABLE = 3999
_SECURITY = "1999"
_OTHER = "2999"
_UNKNOWN = "UNKNOWN"
_INFO_MOST = 300


def read(body: bytes, content_type: str) -> Arrival:  # noqa: ARG001 - the bytes say what they are
    """The envelope as it is; bytes that are none arrive with that fault."""
    wrong = None if dxp.is_envelope(body) else fault("dxp-unreadable", where="/DxpMsg")
    return Arrival(body=body, channel=Channel.HTTP, dialect="dxp", fault=wrong)


def answer(acknowledgement: Acknowledgement, arrival: Arrival) -> Reply:
    """A DxpRep that names the envelope answered, with every fault in its text as far as that reaches."""
    head = _original(arrival.body)
    code, info = _said(acknowledgement)
    response = Response(code=code, info=info[:_INFO_MOST], at=head.created, original=head)
    return Reply(media_type="application/xml", body=dxp.respond(head.sender_id, (response,)), status=200)


def _said(acknowledgement: Acknowledgement) -> tuple[str, str]:
    if acknowledgement.outcome is Outcome.REGISTERED:
        return TAKEN, f"已收讫，受理编号{acknowledgement.receipt_id}"
    return _code(acknowledgement.faults[0]), told(acknowledgement.faults, _INFO_MOST)


def _code(found: Fault) -> str:
    """Code of table 7-1: the fault's own where it has one of the table, else the rest of its family."""
    if -_LAST_OF_TABLE <= found.status < 0:
        return f"{-found.status:04d}"
    return _SECURITY if found.code.startswith(("sig-", "certificate-", "unsigned")) else _OTHER


def _original(body: bytes) -> TransInfo:
    """Head of the envelope answered; what could not be read of it is told as unknown, never left out."""
    found = dxp.unwrap(body) or dxp.Envelope()
    return TransInfo(
        cop_msg_id=found.cop_msg_id or _UNKNOWN,
        sender_id=found.sender_id or _UNKNOWN,
        receiver_ids=found.receiver_ids or (dxp.IMPORT_RECEIVER,),
        created=_moment(found.created),
        message_type=found.message_type,
    )


def _moment(text: str) -> datetime:
    """CreatTime, Beijing time where it names no zone; the epoch where it cannot be read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=SHANGHAI)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


DIALECT = Dialect(
    name="dxp",
    path="/dxp",
    accepts=("application/xml", "text/xml", "application/octet-stream"),
    summary="A DxpMsg or DxpMsgSv as the body, answered with a DxpRep",
    read=read,
    answer=answer,
    speaks="application/xml",
)

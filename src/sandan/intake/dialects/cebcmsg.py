"""The JSON wrapping of one port's gateway: ``message.messageBody.data`` in base64, answered with a bare ``OK``.

Its clients ask for receipts at ``/ceb312msg`` and ``/ceb622msg`` with their DXP id and a moment, and are answered with
the text of a list of maps: ``[{org_id=1, returnstatus=120, …}]``. Observed at a port of Hainan in 2022 and 2023; no
national standard.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from sandan.documents.facts import Kind
from sandan.intake.dialects.facts import Answered
from sandan.intake.dialects.facts import Asked
from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Poll
from sandan.intake.dialects.facts import Reply
from sandan.intake.dialects.facts import come
from sandan.intake.dialects.facts import from_base64
from sandan.intake.dialects.facts import spoilt
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Fault
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.faults import told
from sandan.terms.days import parse_wire_time
from sandan.terms.days import wire_time
from sandan.terms.errors import TermError

_TEXT = "text/plain; charset=utf-8"


class _Body(Struct):
    data: str


class _Message(Struct):
    messageBody: _Body  # noqa: N815 - the gateway's own word


class _Wrapping(Struct):
    message: _Message


_DECODER = msgspec.json.Decoder(_Wrapping)


def read(body: bytes, content_type: str) -> Arrival:  # noqa: ARG001 - JSON is the only form it has
    """The message behind ``data``; the head beside it repeats what the message says itself."""
    try:
        wrapping = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return spoilt(come(Channel.CEBCMSG), body, fault("not-json", where="message", found=str(error)))
    return from_base64(wrapping.message.messageBody.data, body, come(Channel.CEBCMSG))


def answer(acknowledgement: Acknowledgement, arrival: Arrival) -> Reply:  # noqa: ARG001 - the answer needs no more
    """``OK`` for what was taken, else the sentences of the refusal as plain text."""
    if acknowledgement.outcome is Outcome.REGISTERED:
        return Reply(media_type=_TEXT, body=b"OK", status=200)
    return Reply(media_type=_TEXT, body=told(acknowledgement.faults).encode())


def asked(query: Mapping[str, str]) -> Asked | Fault:
    """A poll: ``dxpid``, and ``qryid`` with the moment from which on receipts are wanted, fourteen digits."""
    dxp_id, since = query.get("dxpid", ""), query.get("qryid", "")
    if not dxp_id:
        return fault("poll-unreadable", where="query.dxpid", expected="DXPENT0000000000")
    try:
        return Asked(dxp_id=dxp_id, since=parse_wire_time(since))
    except TermError:
        return fault("poll-unreadable", where="query.qryid", found=since[:40], expected="yyyyMMddHHmmss")


def _of_order(asking: Asked, item: Answered) -> dict[str, object]:
    receipt = item.receipt
    return {
        "re_order_guid": item.document_guid,
        "returnstatus": receipt.status,
        "ebpcode": receipt.ebp_code,
        "returntime2": wire_time(receipt.at),
        "ebccode": receipt.ebc_code,
        "trans_dxpid": asking.dxp_id,
        "returninfo": receipt.info,
        "orderno": receipt.order_no,
    }


def _of_list(asking: Asked, item: Answered) -> dict[str, object]:
    receipt = item.receipt
    return {
        "agentcode": receipt.agent_code,
        "re_elist_guid_cus": receipt.guid,
        "returnstatus": receipt.status,
        "ebpcode": receipt.ebp_code,
        "preno": receipt.pre_no,
        "returntime2": wire_time(receipt.at),
        "ebccode": receipt.ebc_code,
        "createtime": wire_time(receipt.at),
        "trans_dxpid": asking.dxp_id,
        "returninfo": receipt.info,
        "re_elist_guid": item.document_guid,
        "customscode": receipt.customs_code,
        "invtno": receipt.invt_no,
    }


def _listing(fields: Callable[[Asked, Answered], dict[str, object]]) -> Callable[[Asked, Sequence[Answered]], Reply]:
    """Writes receipts the way the gateway prints its maps."""

    def write(asking: Asked, items: Sequence[Answered]) -> Reply:
        """The whole list; ``[]`` where there is nothing."""
        maps = ", ".join(_printed({**_stamps(item), **fields(asking, item)}) for item in items)
        return Reply(media_type=_TEXT, body=f"[{maps}]".encode())

    return write


def _stamps(item: Answered) -> dict[str, object]:
    milliseconds = int(item.receipt.at.timestamp()) * 1_000
    return {"org_id": 1, "instm": milliseconds, "returntime": milliseconds}


def _printed(values: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in values.items() if value != "") + "}"


def _poll(path: str, kind: Kind, fields: Callable[[Asked, Answered], dict[str, object]]) -> Poll:
    return Poll(
        path=path,
        kind=kind,
        summary="Receipts since a moment (qryid, Beijing time) as this gateway's clients read them",
        parameters=("dxpid", "qryid"),
        read=asked,
        write=_listing(fields),
    )


DIALECT = Dialect(
    name="cebcmsg",
    path="/cebcmsg",
    accepts=("application/json",),
    summary="JSON with the message in base64 under message.messageBody.data",
    read=read,
    answer=answer,
    speaks="text/plain",
    polls=(_poll("/ceb312msg", Kind.ORDER, _of_order), _poll("/ceb622msg", Kind.LIST, _of_list)),
)

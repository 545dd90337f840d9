"""What the client does, without doing it: each task is a generator that yields calls and pauses and is told replies.

So the plain client and the one with ``await`` do exactly the same, and tests need neither network nor clock.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from typing import Any
from typing import Generic
from typing import TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from sandan.client.errors import NotFinalError
from sandan.client.errors import UnreachableError
from sandan.client.facts import Acknowledgement
from sandan.client.facts import Case
from sandan.client.facts import CasePage
from sandan.client.facts import Check
from sandan.client.facts import Course
from sandan.client.facts import Hit
from sandan.client.facts import Patience
from sandan.client.facts import Receipt
from sandan.client.facts import ReceiptPage
from sandan.client.replies import Reply
from sandan.client.replies import decoded
from sandan.client.replies import refusal
from sandan.client.replies import retry_after_s
from sandan.documents.facts import Ref
from sandan.signing.doctor import Diagnosis

Value = TypeVar("Value")

_TEMPORARY = frozenset({429, 503})
_SUCCESS = range(200, 300)
_DOUBLED = 2.0
_GROWTH = 1.5


class Call(Struct, frozen=True, kw_only=True):
    """One request to be made."""

    method: str
    path: str
    query: Mapping[str, str] = {}
    body: bytes = b""
    media_type: str = "application/json"


class Pause(Struct, frozen=True):
    """Time to let pass."""

    seconds: float


Steps = Generator[Call | Pause, Reply | None, Value]
"""Yields calls, each answered with its reply, and pauses, answered with None; returns a value.

Where no reply came, the driver throws ``UnreachableError`` in."""


class Done(Struct, Generic[Value], frozen=True):
    """A task has returned."""

    value: Value


def advanced(task: Steps[Value], answer: Reply | UnreachableError | None) -> Call | Pause | Done[Value]:
    """What a task wants next, once it has been told the answer to what it wanted before; None begins."""
    try:
        return task.throw(answer) if isinstance(answer, UnreachableError) else task.send(answer)
    except StopIteration as returned:
        return Done(returned.value)


def asked(call: Call, patience: Patience) -> Steps[Reply]:
    """The reply to a call that may be made again: after 429, 503 and broken connections, as long as patience lasts.

    Raises:
        RefusedError: Any other refusal, or the last one.
        UnreachableError: Nobody answered, to the last.
    """
    pause_s = patience.pause_s
    for attempt in range(patience.repeats + 1):
        wait_s, problem = pause_s, None
        try:
            reply = yield call
            assert reply is not None  # noqa: S101 - a call is answered with its reply
            if reply.status in _SUCCESS:
                return reply
            problem = refusal(reply)
            wait_s = max(retry_after_s(reply), pause_s) if reply.status in _TEMPORARY else -1.0
        except UnreachableError as unreachable:
            problem = unreachable
        if attempt == patience.repeats or not 0 <= wait_s <= patience.longest_pause_s:
            raise problem
        yield Pause(wait_s)
        pause_s = min(pause_s * _DOUBLED, patience.longest_pause_s)
    raise AssertionError("the last attempt returns or raises")


def send(data: bytes, patience: Patience) -> Steps[Acknowledgement]:
    """Sends one signed message; the very same bytes again where no answer came, which is safe.

    Raises:
        MessageRefusedError: It was kept and refused.
        RefusedError: It was not taken at all.
    """
    call = Call(method="POST", path="/v1/messages", body=data, media_type="application/xml")
    return decoded((yield from asked(call, patience)), Acknowledgement)


def precheck(messages: Sequence[bytes], at: date | None, patience: Patience) -> Steps[Check]:
    """What would happen to messages (预校验)."""
    body: dict[str, Any] = {"messages": [base64.b64encode(data).decode() for data in messages]}
    if at is not None:
        body["at"] = at.isoformat()
    return decoded((yield from asked(_post("/v1/check", body), patience)), Check)


def page_of_receipts(after: str, about: Ref | None, patience: Patience) -> Steps[ReceiptPage]:
    """Receipts after a cursor, of one document or of all."""
    query = {"after": after}
    if about is not None:
        query |= {"kind": about.kind.value, "owner": about.owner, "key": about.key}
    return decoded((yield from asked(Call(method="GET", path="/v1/receipts", query=query), patience)), ReceiptPage)


class Followed(Struct, frozen=True, kw_only=True):
    """What is followed, and how."""

    ref: Ref
    #: Receipts of older versions are passed over
    version: int = 0
    #: Seconds of pauses after which to give up
    within_s: float = 60.0
    #: Told every receipt as it comes
    told: Callable[[Receipt], None] | None = None


def follow(what: Followed, patience: Patience) -> Steps[Course]:
    """The receipts of a document until its final one.

    Raises:
        NotFinalError: It did not come within the time.
    """
    seen: list[Receipt] = []
    after, waited_s, look_s = "", 0.0, patience.look_s
    while True:
        page = yield from page_of_receipts(after, what.ref, patience)
        for receipt in page.receipts:
            if receipt.subject_version < what.version:
                continue
            seen.append(receipt)
            if what.told:
                what.told(receipt)
            if receipt.is_final:
                return Course(ref=what.ref, receipts=tuple(seen))
        after = page.cursor
        if waited_s >= what.within_s:
            raise NotFinalError(what.ref, tuple(seen), what.within_s)
        yield Pause(look_s)
        waited_s, look_s = waited_s + look_s, min(look_s * _GROWTH, patience.longest_look_s)


def case(declarant: str, key: str, patience: Patience) -> Steps[Case]:
    """One case by its declaring enterprise and the key of its list.

    Raises:
        NotFoundError: There is none, or it is another enterprise's.
    """
    path = f"/v1/cases/{quote(declarant, safe='')}/{quote(key)}"
    return decoded((yield from asked(Call(method="GET", path=path), patience)), Case)


def page_of_cases(status: str, after: str, patience: Patience) -> Steps[CasePage]:
    """Cases of one status or of all, last changed first."""
    call = Call(method="GET", path="/v1/cases", query={"status": status, "after": after})
    return decoded((yield from asked(call, patience)), CasePage)


class _Hits(Struct, frozen=True):
    hits: tuple[Hit, ...]


def search(number: str, patience: Patience) -> Steps[tuple[Hit, ...]]:
    """Everything a number names."""
    call = Call(method="GET", path="/v1/search", query={"q": number})
    return decoded((yield from asked(call, patience)), _Hits).hits


def diagnose(data: bytes, patience: Patience) -> Steps[Diagnosis]:
    """What the signature doctor says of a message (签名诊断); nothing is stored."""
    return decoded((yield from asked(_bytes("/v1/doctor", data), patience)), Diagnosis)


def inspect(data: bytes, patience: Patience) -> Steps[dict[str, Any]]:
    """A message laid open, as ``sandan inspect --json`` prints it; nothing is stored."""
    return decoded((yield from asked(_bytes("/v1/inspect", data), patience)), dict[str, Any])


def _post(path: str, body: object) -> Call:
    return Call(method="POST", path=path, body=msgspec.json.encode(body))


def _bytes(path: str, data: bytes) -> Call:
    return Call(method="POST", path=path, body=data, media_type="application/octet-stream")

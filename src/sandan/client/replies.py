"""Replies read: the value that was asked for, or the error of the family that says why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from sandan.client.errors import ConflictError
from sandan.client.errors import FullError
from sandan.client.errors import MessageRefusedError
from sandan.client.errors import NotFoundError
from sandan.client.errors import NotLoggedInError
from sandan.client.errors import NotPermittedError
from sandan.client.errors import PlatformError
from sandan.client.errors import RefusedError
from sandan.client.errors import RequestInvalidError
from sandan.client.errors import SandanError
from sandan.client.errors import UnexpectedAnswerError
from sandan.client.facts import Acknowledgement
from sandan.client.facts import Fault

Value = TypeVar("Value")

_ERRORS: Mapping[int, type[RefusedError]] = {
    401: NotLoggedInError,
    403: NotPermittedError,
    404: NotFoundError,
    409: ConflictError,
}
_FULL = 429
_INSIDE = 500


class Reply(Struct, frozen=True, kw_only=True):
    """What came back over HTTP."""

    status: int
    body: bytes
    #: Header Retry-After, empty where there is none
    retry_after: str = ""


class _Error(Struct, frozen=True):
    """The one shape of everything that is refused."""

    error: Fault
    faults: tuple[Fault, ...] | None = None
    acknowledgement: Acknowledgement | None = None

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Every fault named, the first the gravest."""
        taken = self.acknowledgement.faults if self.acknowledgement else ()
        return self.faults or taken or (self.error,)


def decoded(reply: Reply, kind: type[Value]) -> Value:
    """The value in a reply.

    Raises:
        UnexpectedAnswerError: It is another than the API promises.
    """
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswerError(reply.status, reply.body.decode("utf-8", "replace")) from error


def refusal(reply: Reply) -> SandanError:
    """The error a refusing reply stands for; its class is told by the status."""
    try:
        said = decoded(reply, _Error)
    except UnexpectedAnswerError as unexpected:
        return unexpected
    faults = said.all_faults
    if said.acknowledgement is not None:
        return MessageRefusedError(reply.status, faults, said.acknowledgement)
    if reply.status == _FULL:
        return FullError(reply.status, faults, retry_after_s(reply))
    if reply.status >= _INSIDE:
        return PlatformError(reply.status, faults)
    return _ERRORS.get(reply.status, RequestInvalidError)(reply.status, faults)


def retry_after_s(reply: Reply) -> float:
    """Seconds the platform asks to wait; 0 where it names none."""
    text = reply.retry_after.strip()
    return float(text) if text.isascii() and text.isdecimal() else 0.0

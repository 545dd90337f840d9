"""Everything the client raises is one family.

::

    SandanError
    ├── UnreachableError          no answer came; the same call may be made again
    ├── UnexpectedAnswerError     what answered is not the platform's API
    ├── NotFinalError             patience ended before the final receipt; carries the receipts so far
    └── RefusedError              the platform said no; carries its faults in the one error shape
        ├── MessageRefusedError   the message was kept and refused; carries its acknowledgement (报文退回)
        ├── RequestInvalidError   400, 413, 415, 422: a field of the request is wrong
        ├── NotLoggedInError      401: no token, or one that is not valid
        ├── NotPermittedError     403: the seat may not do this
        ├── NotFoundError         404: not there, or another enterprise's
        ├── ConflictError         409: the state has moved on
        ├── FullError             429: come back after ``retry_after_s`` with the same bytes
        └── PlatformError         500, 503: it failed inside

Papers that do not fit a message raise `sandan.wire.write.WriteError`, keys that cannot sign raise the errors of
`sandan.signing`, both before anything is sent.
"""

from __future__ import annotations

from sandan.client.facts import Acknowledgement
from sandan.client.facts import Fault
from sandan.client.facts import Receipt
from sandan.documents.facts import Ref


class SandanError(Exception):
    """Anything the client raises."""


class UnreachableError(SandanError):
    """The platform did not answer; a message may or may not have arrived, and may be sent again as it is."""


class UnexpectedAnswerError(SandanError):
    """What answered does not speak the platform's API: a proxy, another program, another version."""

    def __init__(self, status: int, start: str) -> None:
        """Say what came instead."""
        super().__init__(f"HTTP {status} with {start[:200]!r}; is this the address of a Sandan platform?")
        self.status = status


class NotFinalError(SandanError):
    """No final receipt came within the time given; following again goes on."""

    def __init__(self, ref: Ref, receipts: tuple[Receipt, ...], within_s: float) -> None:
        """Say how far it has come."""
        last = f"last {receipts[-1].status} {receipts[-1].info}" if receipts else "no receipt yet"
        super().__init__(f"{ref.kind} {ref.owner}/{ref.key} is not final after {within_s:g} s; {last}; follow it again")
        self.ref = ref
        self.receipts = receipts


class RefusedError(SandanError):
    """The platform said no."""

    def __init__(self, status: int, faults: tuple[Fault, ...]) -> None:
        """Carry the faults.

        Args:
            status: HTTP status.
            faults: At least one, the first the gravest.
        """
        super().__init__("; ".join(str(fault) for fault in faults))
        self.status = status
        self.faults = faults

    @property
    def fault(self) -> Fault:
        """The first fault."""
        return self.faults[0]


class MessageRefusedError(RefusedError):
    """The message was kept and refused; nothing in it takes effect (报文退回)."""

    def __init__(self, status: int, faults: tuple[Fault, ...], acknowledgement: Acknowledgement) -> None:
        """Carry what was kept."""
        super().__init__(status, faults)
        self.acknowledgement = acknowledgement


class RequestInvalidError(RefusedError):
    """A field of the request is not as it has to be; ``fault.where`` names it."""


class NotLoggedInError(RefusedError):
    """No token came along, or one that is not valid."""


class NotPermittedError(RefusedError):
    """The seat may not do this."""


class NotFoundError(RefusedError):
    """There is no such thing, or it belongs to another enterprise."""


class ConflictError(RefusedError):
    """The state has moved on; read it again."""


class FullError(RefusedError):
    """The platform takes no more at the moment; nothing was taken."""

    def __init__(self, status: int, faults: tuple[Fault, ...], retry_after_s: float) -> None:
        """Carry how long it asks to wait, seconds."""
        super().__init__(status, faults)
        self.retry_after_s = retry_after_s


class PlatformError(RefusedError):
    """The platform failed inside or is not available; ``fault.retry`` says whether the same may be sent again."""

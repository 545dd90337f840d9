"""The client for programs that wait for each answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import Any
from typing import Self
from typing import TypeVar

import httpx

from sandan.client import steps
from sandan.client.errors import UnreachableError
from sandan.client.facts import Acknowledgement
from sandan.client.facts import Case
from sandan.client.facts import CaseLine
from sandan.client.facts import Check
from sandan.client.facts import Course
from sandan.client.facts import DocumentTaken
from sandan.client.facts import Hit
from sandan.client.facts import Patience
from sandan.client.facts import Receipt
from sandan.client.replies import Reply
from sandan.client.steps import Call
from sandan.client.steps import Done
from sandan.client.steps import Followed
from sandan.client.steps import Pause
from sandan.client.steps import Steps
from sandan.client.steps import advanced
from sandan.documents.facts import Ref
from sandan.signing.doctor import Diagnosis

Value = TypeVar("Value")

TIMEOUT_S = 30.0


class Client:
    """One enterprise's way to one platform; a context manager that closes its connections.

    Args:
        address: Where the platform answers, such as ``http://127.0.0.1:8321``.
        token: The enterprise's token; without one only messages can be sent, which their signatures vouch for.
        patience: How long to try and to wait.
        http: Connections to use instead of new ones, as for a proxy or a client certificate.
    """

    def __init__(
        self, address: str, token: str = "", patience: Patience | None = None, *, http: httpx.Client | None = None
    ) -> None:
        self._http = http or httpx.Client(timeout=TIMEOUT_S, trust_env=False)
        self._target = Target(address, token)
        self._patience = patience or Patience()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def precheck(self, messages: Sequence[bytes], at: date | None = None) -> Check:
        """What would happen to messages sent together (预校验); nothing is written.

        Args:
            messages: Signed messages, as they would be sent; a list is judged with the papers beside it.
            at: Legal day to judge as at; today where not given.

        Raises:
            RefusedError: The request itself is refused, as without a token.
        """
        return self._run(steps.precheck(messages, at, self._patience))

    def send(self, data: bytes) -> Acknowledgement:
        """Sends one signed message; what comes back says that its bytes are durable.

        Full platforms and broken connections are tried again with the same bytes, which is safe: a repeat gets the
        first answer again.

        Raises:
            MessageRefusedError: It was kept and refused; every fault stands in ``faults``.
            FullError: The platform stayed full.
            UnreachableError: Nobody answered.
        """
        return self._run(steps.send(data, self._patience))

    def follow(
        self,
        document: DocumentTaken | Ref,
        within_s: float = 60.0,
        told: Callable[[Receipt], None] | None = None,
    ) -> Course:
        """Waits for the final receipt of a document.

        Args:
            document: As acknowledged, then older versions are passed over, or any business key.
            within_s: Seconds to wait.
            told: Called with each receipt as it comes.

        Raises:
            NotFinalError: No final receipt came in time; it carries those that did.
        """
        return self._run(steps.follow(followed(document, within_s, told), self._patience))

    def receipts(self, after: str = "", about: Ref | None = None) -> Iterator[Receipt]:
        """Receipts of the enterprise, oldest first, to the newest there is now.

        Keep the ``cursor`` of the last receipt handled; reading on after it misses none and repeats none.

        Args:
            after: Cursor to read on from; empty begins with the oldest.
            about: Only those of one document.
        """
        while True:
            page = self._run(steps.page_of_receipts(after, about, self._patience))
            if not page.receipts:
                return
            yield from page.receipts
            after = page.cursor

    def case(self, declarant: str, key: str) -> Case:
        """One case with its decisions and findings.

        Raises:
            NotFoundError: There is none yet, or it is another enterprise's.
        """
        return self._run(steps.case(declarant, key, self._patience))

    def cases(self, status: str = "") -> Iterator[CaseLine]:
        """Cases of a status, such as ``waiting``, or of all, last changed first."""
        after = ""
        while True:
            page = self._run(steps.page_of_cases(status, after, self._patience))
            yield from page.cases
            after = page.after
            if not after:
                return

    def search(self, number: str) -> tuple[Hit, ...]:
        """Everything a whole number names: order, payment, waybill, list, pre-entry, account book, GUID."""
        return self._run(steps.search(number, self._patience))

    def inspect(self, data: bytes) -> dict[str, Any]:
        """A message laid open, as ``sandan inspect --json`` prints it; nothing is stored."""
        return self._run(steps.inspect(data, self._patience))

    def diagnose(self, data: bytes) -> Diagnosis:
        """What the signature doctor says of a message (签名诊断); nothing is stored."""
        return self._run(steps.diagnose(data, self._patience))

    def _run(self, task: Steps[Value]) -> Value:
        """Does what a task asks for until it returns."""
        wanted = advanced(task, None)
        while not isinstance(wanted, Done):
            wanted = advanced(task, self._answer(wanted))
        return wanted.value

    def _answer(self, wanted: Call | Pause) -> Reply | UnreachableError | None:
        if isinstance(wanted, Pause):
            time.sleep(wanted.seconds)
            return None
        try:
            return reply_of(self._http.send(self._target.request(wanted)))
        except httpx.TransportError as error:
            return unreachable(error)


class Target:
    """Where requests go, and as whom."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address.rstrip("/")
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def request(self, call: Call) -> httpx.Request:
        """A call as a request."""
        query = {name: value for name, value in call.query.items() if value}
        headers = self._headers | ({"Content-Type": call.media_type} if call.body else {})
        return httpx.Request(
            call.method, self._address + call.path, params=query, headers=headers, content=call.body or None
        )


def followed(document: DocumentTaken | Ref, within_s: float, told: Callable[[Receipt], None] | None = None) -> Followed:
    """What is followed, from an acknowledged document or a key."""
    if isinstance(document, Ref):
        return Followed(ref=document, within_s=within_s, told=told)
    return Followed(ref=document.ref, version=document.version, within_s=within_s, told=told)


def reply_of(response: httpx.Response) -> Reply:
    """A response as a reply."""
    return Reply(
        status=response.status_code, body=response.content, retry_after=response.headers.get("retry-after", "")
    )


def unreachable(error: httpx.TransportError) -> UnreachableError:
    """The error of the family for a broken connection."""
    try:
        address = str(error.request.url.copy_with(query=None))
    except RuntimeError:
        address = "the platform"
    return UnreachableError(f"{address} did not answer ({type(error).__name__}: {error}); send the same again")

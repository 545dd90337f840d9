"""The client for programs with ``await``; the same tasks as the plain one's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import Any
from typing import Self
from typing import TypeVar

import httpx

from sandan.client import steps
from sandan.client.client import TIMEOUT_S
from sandan.client.client import Target
from sandan.client.client import followed
from sandan.client.client import reply_of
from sandan.client.client import unreachable
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
from sandan.client.steps import Pause
from sandan.client.steps import Steps
from sandan.client.steps import advanced
from sandan.documents.facts import Ref
from sandan.signing.doctor import Diagnosis

Value = TypeVar("Value")


class AsyncClient:
    """As `sandan.client.Client`, with ``await`` and ``async for``; arguments and errors are the same.

    Args:
        address: Where the platform answers.
        token: The enterprise's token.
        patience: How long to try and to wait.
        http: Connections to use instead of new ones.
    """

    def __init__(
        self, address: str, token: str = "", patience: Patience | None = None, *, http: httpx.AsyncClient | None = None
    ) -> None:
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
        self._target = Target(address, token)
        self._patience = patience or Patience()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def precheck(self, messages: Sequence[bytes], at: date | None = None) -> Check:
        """What would happen to messages sent together (预校验); nothing is written."""
        return await self._run(steps.precheck(messages, at, self._patience))

    async def send(self, data: bytes) -> Acknowledgement:
        """Sends one signed message; raises `MessageRefusedError` where it was kept and refused."""
        return await self._run(steps.send(data, self._patience))

    async def follow(
        self,
        document: DocumentTaken | Ref,
        within_s: float = 60.0,
        told: Callable[[Receipt], None] | None = None,
    ) -> Course:
        """Waits for the final receipt of a document; raises `NotFinalError` where none came in time."""
        return await self._run(steps.follow(followed(document, within_s, told), self._patience))

    async def receipts(self, after: str = "", about: Ref | None = None) -> AsyncIterator[Receipt]:
        """Receipts of the enterprise after a cursor, oldest first, to the newest there is now."""
        while True:
            page = await self._run(steps.page_of_receipts(after, about, self._patience))
            if not page.receipts:
                return
            for receipt in page.receipts:
                yield receipt
            after = page.cursor

    async def case(self, declarant: str, key: str) -> Case:
        """One case with its decisions and findings; raises `NotFoundError` where there is none."""
        return await self._run(steps.case(declarant, key, self._patience))

    async def cases(self, status: str = "") -> AsyncIterator[CaseLine]:
        """Cases of a status or of all, last changed first."""
        after = ""
        while True:
            page = await self._run(steps.page_of_cases(status, after, self._patience))
            for line in page.cases:
                yield line
            after = page.after
            if not after:
                return

    async def search(self, number: str) -> tuple[Hit, ...]:
        """Everything a whole number names."""
        return await self._run(steps.search(number, self._patience))

    async def inspect(self, data: bytes) -> dict[str, Any]:
        """A message laid open; nothing is stored."""
        return await self._run(steps.inspect(data, self._patience))

    async def diagnose(self, data: bytes) -> Diagnosis:
        """What the signature doctor says of a message (签名诊断); nothing is stored."""
        return await self._run(steps.diagnose(data, self._patience))

    async def _run(self, task: Steps[Value]) -> Value:
        """Does what a task asks for until it returns."""
        wanted = advanced(task, None)
        while not isinstance(wanted, Done):
            wanted = advanced(task, await self._answer(wanted))
        return wanted.value

    async def _answer(self, wanted: Call | Pause) -> Reply | UnreachableError | None:
        if isinstance(wanted, Pause):
            await asyncio.sleep(wanted.seconds)
            return None
        try:
            return reply_of(await self._http.send(self._target.request(wanted)))
        except httpx.TransportError as error:
            return unreachable(error)

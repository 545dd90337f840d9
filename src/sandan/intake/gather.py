"""Gathers requests that arrive at once into one batch for the door, and says "full" before memory does.

A lane takes whatever waits, up to a limit, and submits it on a thread; what arrives meanwhile is the next batch.
So a lone request waits for nobody, and under load one transaction carries hundreds of messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from msgspec import Struct
from psycopg import OperationalError

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival


class Submits(Protocol):
    """What the gatherer needs of a door."""

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        """Answers every arrival, in order."""


class GatherLimits(Struct, frozen=True, kw_only=True):
    """How much may wait, and how it is gathered."""

    #: Messages of one batch
    batch: int = 256
    #: Batches under way at once; one makes larger batches, which cost less a message, two overlap reading and disk
    lanes: int = 1
    #: Messages that may wait
    waiting: int = 2_000
    #: Bytes that may wait
    waiting_bytes: int = 64 * 1024 * 1024
    #: Documents that may stand undecided before new ones are pushed back
    backlog: int = 200_000
    #: Seconds a pushed-back sender is asked to wait
    retry_after_s: int = 5
    #: Seconds a count of the backlog is trusted
    backlog_age_s: float = 1.0


class Full(Exception):  # noqa: N818 - a state of the door, no error of the caller
    """The door takes no more at the moment; the sender comes back later with the same bytes."""

    def __init__(self, retry_after_s: int, reason: str) -> None:
        self.retry_after_s = retry_after_s
        self.reason = reason
        super().__init__(reason)


class Closed(Exception):  # noqa: N818 - a state of the door, no error of the caller
    """The platform is stopping; nothing was taken."""


class Gather:
    """The asyncio side of the door; one instance an event loop."""

    def __init__(
        self, door: Submits, limits: GatherLimits | None = None, backlog: Callable[[], int] | None = None
    ) -> None:
        self._door = door
        self._limits = limits or GatherLimits()
        self._count_backlog = backlog
        self._backlog = 0
        self._waiting: list[tuple[Arrival, asyncio.Future[Acknowledgement]]] = []
        self._bytes = 0
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = True

    async def start(self) -> None:
        """Opens the lanes."""
        self._closed = False
        self._tasks = [asyncio.create_task(self._lane()) for _ in range(self._limits.lanes)]
        if self._count_backlog is not None:
            self._tasks.append(asyncio.create_task(self._watch_backlog(self._count_backlog)))

    async def stop(self) -> None:
        """Answers what waits, then closes; whoever comes later hears `Closed`."""
        self._closed = True
        while self._waiting:
            await self._one_batch()
        lanes = self._tasks[: self._limits.lanes]
        self._something.set()
        for task in self._tasks[self._limits.lanes :]:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*lanes)
        self._tasks = []

    async def submit(self, arrival: Arrival) -> Acknowledgement:
        """The acknowledgement, once the bytes are durable.

        Raises:
            Full: too much waits already, here or before the workers; nothing was taken.
            Closed: the platform is stopping; nothing was taken.
        """
        self._refuse_when_full(len(arrival.body))
        future: asyncio.Future[Acknowledgement] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, future))
        self._bytes += len(arrival.body)
        self._something.set()
        return await future

    def _refuse_when_full(self, size: int) -> None:
        limits = self._limits
        if self._closed:
            raise Closed
        if len(self._waiting) >= limits.waiting or (self._waiting and self._bytes + size > limits.waiting_bytes):
            raise Full(limits.retry_after_s, f"{len(self._waiting)} messages wait to be registered")
        if self._backlog >= limits.backlog:
            raise Full(limits.retry_after_s, f"{self._backlog} documents wait to be decided")

    async def _lane(self) -> None:
        while not self._closed:
            await self._something.wait()
            if self._waiting:
                await self._one_batch()
            elif not self._closed:
                self._something.clear()

    async def _one_batch(self) -> None:
        batch = self._waiting[: self._limits.batch]
        del self._waiting[: len(batch)]
        self._bytes -= sum(len(arrival.body) for arrival, _ in batch)
        try:
            answers = await asyncio.to_thread(self._answers, [arrival for arrival, _ in batch])
        except Exception as error:  # noqa: BLE001 - every waiting request has to hear of it
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            _tell(future, answer)

    def _answers(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement | Exception]:
        """The answers of a batch; one that fails is tried one by one, so that only its cause hears of the failure."""
        try:
            return list(self._door.submit(arrivals))
        except OperationalError:
            raise
        except Exception:
            if len(arrivals) == 1:
                raise
            return [self._alone(arrival) for arrival in arrivals]

    def _alone(self, arrival: Arrival) -> Acknowledgement | Exception:
        try:
            return self._door.submit([arrival])[0]
        except Exception as error:  # noqa: BLE001 - the request this arrival came by has to hear of it
            return error

    async def _watch_backlog(self, count: Callable[[], int]) -> None:
        while not self._closed:
            # An uncounted backlog keeps its last value: the door's own answer will say what ails the database.
            with suppress(Exception):
                self._backlog = await asyncio.to_thread(count)
            await asyncio.sleep(self._limits.backlog_age_s)


def _tell(future: asyncio.Future[Acknowledgement], answer: Acknowledgement | Exception) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)

"""Runs a broker on an event loop of its own, beside the threads of the platform."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError

import structlog
from msgspec import Struct

from sandan.intake.broker import Broker
from sandan.intake.broker import Inlet
from sandan.intake.broker import Sending
from sandan.intake.broker import connect
from sandan.intake.broker import publish_all
from sandan.intake.gather import Gather
from sandan.intake.gather import GatherLimits
from sandan.intake.gather import Submits
from sandan.parties.facts import Registry
from sandan.store.clock import Clock

_AGAIN_S = 2.0
_PUBLISH_S = 30.0

_log = structlog.get_logger(__name__)


class Ends(Struct, frozen=True, kw_only=True):
    """What the broker is bridged to."""

    door: Submits
    clock: Clock
    registry: Callable[[], Registry]
    #: Documents that wait for a decision
    backlog: Callable[[], int] | None = None
    limits: GatherLimits = GatherLimits()


class Bridge:
    """One process's connection to a broker; `run` on a thread, `publish` from any other."""

    def __init__(self, url: str, ends: Ends) -> None:
        """Chooses the broker.

        Raises:
            BrokerError: It cannot be used; says why.
        """
        connect(url)
        self._url = url
        self._ends = ends
        self._loop: asyncio.AbstractEventLoop | None = None
        self._broker: Broker | None = None
        #: Set while messages are taken and sent
        self.connected = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Takes messages until told to stop; a broker that cannot be reached is tried again."""
        asyncio.run(self._run(stop))

    def publish(self, sendings: Sequence[Sending]) -> None:
        """Publishes in order; returns when all are stored.

        Raises:
            ConnectionError: The broker is not connected or has not answered; some may have been stored.
        """
        loop, broker = self._loop, self._broker
        if loop is None or broker is None or not self.connected.is_set():
            raise ConnectionError("the broker is not connected")
        under_way = asyncio.run_coroutine_threadsafe(publish_all(broker, sendings), loop)
        try:
            under_way.result(_PUBLISH_S)
        except FutureTimeoutError:
            under_way.cancel()
            raise ConnectionError("the broker has not answered in time") from None

    async def _run(self, stop: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        gather = Gather(self._ends.door, self._ends.limits, self._ends.backlog)
        await gather.start()
        stopped = asyncio.create_task(asyncio.to_thread(stop.wait))
        inlet = Inlet(gather, self._ends.clock, self._is_known)
        starting = asyncio.create_task(self._start(inlet))
        try:
            await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
            await stopped
        finally:
            starting.cancel()
            await asyncio.wait({starting})
            await self._end(gather)

    async def _start(self, inlet: Inlet) -> None:
        """Connects; one attempt that fails is followed by another."""
        while not self.connected.is_set():
            broker = connect(self._url)
            try:
                await broker.start(inlet.take)
            except OSError as problem:
                _log.warning("broker cannot be reached", error=str(problem))
                await broker.stop()
                await asyncio.sleep(_AGAIN_S)
            else:
                self._broker = broker
                self.connected.set()

    async def _end(self, gather: Gather) -> None:
        """Closes the door first: what is under way is answered, what comes later goes back to the broker."""
        self.connected.clear()
        await gather.stop()
        if self._broker is not None:
            await self._broker.stop()

    def _is_known(self, dxp_id: str) -> bool:
        return any(dxp_id in one.dxp_ids for one in self._ends.registry().enterprises.values())

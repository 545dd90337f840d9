"""The processes of a case: each signs its messages before the clock starts, then sends and decides until all is done."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan import logs
from sandan.clearance.facts import Conditions
from sandan.intake.door import Door
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.bench_facts import PAPERS_A_PARCEL
from sandan.sandbox.bench_facts import Load
from sandan.sandbox.bench_facts import Plan
from sandan.sandbox.bench_facts import Shift
from sandan.sandbox.bench_watch import Stopwatch
from sandan.sandbox.bench_watch import watching
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.seed import VALID
from sandan.signing.port import Algorithm
from sandan.store.claim import Share
from sandan.store.settings import Settings
from sandan.work.worker import Duty
from sandan.work.worker import Worker

WARM_UP = 40
"""Parcels a process sends before the clock starts, so that law, registry and expressions are at hand."""

_PREPARED_S = 600.0
_END_S = 10.0
_IDLE_S = 0.004
_ARRIVALS = 256
_DOCUMENTS = 2_000
_CONDITIONS = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))


class Job(Struct, frozen=True, kw_only=True):
    """What one process is to do."""

    url: str
    keys: Path
    load: Load
    plan: Plan
    index: int

    @property
    def parcels(self) -> int:
        """Its part of the parcels, as many as fill whole messages."""
        part = -(-self.load.parcels // self.plan.processes)
        return max(self.load.size, part // self.load.size * self.load.size)


class NotingClock:
    """The machine's time; knows which moment it told last."""

    def __init__(self) -> None:
        self.told = datetime.now(UTC)

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        self.told = datetime.now(UTC)
        return self.told


def office(keys: Path, algorithm: Algorithm) -> Office:
    """The dispatch with keys of one algorithm only.

    Args:
        keys: Where the test keys are kept.
        algorithm: What everyone signs with.
    """
    authority = Authority(keys)
    enterprises = {enterprise.code: enterprise for enterprise in world.signers()}
    signers = {code: authority.issue(one.name, code, algorithm, *VALID) for code, one in enterprises.items()}
    return Office(enterprises, signers)


class Sent(Struct, frozen=True, kw_only=True):
    """Signed messages, with the parcels whose papers they hold."""

    parcels: Sequence[Parcel]
    messages: Sequence[bytes]


def signed(dispatch: Office, load: Load, parcels: int, run: str) -> Sent:
    """Makes and signs the messages of so many parcels.

    Args:
        dispatch: Who signs.
        load: Documents a message.
        parcels: How many.
        run: Put into every number, so that runs on one store do not meet.
    """
    maker = Maker(parcels, datetime.now(UTC), run)
    made = [maker.ordinary() for _ in range(parcels)]
    return Sent(parcels=made, messages=[one.data for one in dispatch.messages(made, load.size)])


class Signals:
    """What the processes of a case share."""

    def __init__(self, start: Event, over: Event, sending: Synchronized[int]) -> None:
        #: The clock starts
        self.start = start
        #: Everything is measured
        self.over = over
        #: Processes that still send
        self.sending = sending


class Crew:
    """The processes of one case."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        context = multiprocessing.get_context("spawn")
        self._start, self._over = context.Event(), context.Event()
        self._sending = context.Value("i", len(jobs))
        self._pipes: list[Pipe] = []
        self._processes: list[SpawnProcess] = []
        for job in jobs:
            ours, theirs = context.Pipe(duplex=False)
            signals = Signals(self._start, self._over, self._sending)
            process = context.Process(target=_serve, args=(job, signals, theirs), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def prepared(self) -> None:
        """Returns when every message is signed; what is measured begins with `shifts`.

        Raises:
            EOFError: A process has failed; its traceback stands on the error output.
        """
        for pipe in self._pipes:
            pipe.recv()

    def shifts(self) -> list[Shift]:
        """Starts the clock and answers what each has done, when all is decided.

        Raises:
            EOFError: A process has failed; its traceback stands on the error output.
        """
        self._start.set()
        return [pipe.recv() for pipe in self._pipes]

    def end(self) -> None:
        """Ends the processes."""
        self._over.set()
        for process in self._processes:
            process.join(_END_S)
            process.terminate()


@contextmanager
def crew(jobs: Sequence[Job]) -> Iterator[Crew]:
    """Starts the processes, and ends them."""
    started = Crew(jobs)
    try:
        yield started
    finally:
        started.end()


def _serve(job: Job, signals: Signals, pipe: Pipe) -> None:
    """One process: prepares, says so, waits for the start, works, reports.

    Its connections stay open until all is measured: CPU of a server process that ends meanwhile would be missed.
    """
    logs.configure()
    with watching() as watch, ConnectionPool(job.url, min_size=1, max_size=2) as pool:
        hand = _Hand(job, pool, watch)
        sent = hand.prepare()
        pipe.send(os.getpid())
        signals.start.wait(_PREPARED_S)
        pipe.send(hand.work(sent, signals.sending))
        signals.over.wait(_PREPARED_S)


class _Hand:
    """One process at work."""

    def __init__(self, job: Job, pool: ConnectionPool[Connection[Any]], watch: Stopwatch) -> None:
        self._job = job
        self._watch = watch
        self._clock = NotingClock()
        self._limit = Settings().batch
        share = Share(job.index, job.plan.processes)
        self._door = Door(pool, self._clock)
        self._worker = Worker(pool, self._clock, Duty(conditions=_CONDITIONS, batch=self._limit, share=share))
        self._batches: list[tuple[datetime, datetime]] = []

    def prepare(self) -> Sent:
        """Signs everything, and sends a few parcels ahead."""
        job = self._job
        dispatch = office(job.keys, job.load.algorithm)
        ahead = signed(dispatch, job.load, WARM_UP, f"W{job.index}")
        self._submit(ahead.messages)
        while self._decide():
            pass
        sent = signed(dispatch, job.load, job.parcels, f"B{job.index}")
        self._batches.clear()
        self._watch.clear()
        return sent

    def work(self, sent: Sent, sending: Synchronized[int]) -> Shift:
        """Sends all, decides all, and tells."""
        begun, cpu = time.monotonic(), time.process_time()
        due: dict[str, datetime] = {}
        count = self._send(sent, due) if self._job.load.pace else self._send_fast(sent.messages)
        with sending.get_lock():
            sending.value -= 1
        while self._decide() or sending.value:
            pass
        return Shift(
            begun=begun,
            ended=time.monotonic(),
            parcels=count * self._job.load.size // PAPERS_A_PARCEL,
            messages=count,
            cpu=time.process_time() - cpu,
            times=self._watch.times,
            batches=self._batches,
            due=due,
        )

    def _send_fast(self, messages: Sequence[bytes]) -> int:
        """Sends as fast as the door takes them, deciding in between; answers how many until the time was up."""
        size = self._job.load.size
        step = min(_ARRIVALS, max(PAPERS_A_PARCEL, _DOCUMENTS // size))
        until = time.monotonic() + self._job.plan.seconds
        for start in range(0, len(messages), step):
            if time.monotonic() > until:
                return start
            self._submit(messages[start : start + step])
            while self._decide() >= self._limit:
                pass
        return len(messages)

    def _send(self, sent: Sent, due: dict[str, datetime]) -> int:
        """Sends each parcel when it is due, whatever the others do; notes when that was."""
        gap = timedelta(seconds=self._job.plan.processes / self._job.load.pace)
        begun = datetime.now(UTC)
        done, count = 0, len(sent.parcels)
        while done < count:
            ready = min(count, int((datetime.now(UTC) - begun) / gap) + 1, done + _ARRIVALS // PAPERS_A_PARCEL)
            for number in range(done, ready):
                due[sent.parcels[number].declaration.ref.key] = begun + number * gap
            if ready > done:
                self._submit(sent.messages[done * PAPERS_A_PARCEL : ready * PAPERS_A_PARCEL])
                done = ready
            self._decide()
        return count * PAPERS_A_PARCEL

    def _submit(self, messages: Sequence[bytes]) -> None:
        answers = self._door.submit([Arrival(body=data, channel=Channel.SANDBOX) for data in messages])
        refused = [answer for answer in answers if answer.outcome is not Outcome.REGISTERED or answer.repeat]
        if refused:
            raise RuntimeError(f"the door refused a clean message: {refused[0]}")

    def _decide(self) -> int:
        """Decides one batch and notes when it was durable; answers how many rows it took."""
        report = self._worker.run_once()
        if report.failed:
            raise RuntimeError(f"{report.failed} rows were set aside by a fault of ours; the log says which")
        if report.claimed:
            self._batches.append((self._clock.told, datetime.now(UTC)))
        else:
            time.sleep(_IDLE_S)
        return report.claimed

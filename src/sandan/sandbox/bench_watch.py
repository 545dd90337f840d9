"""A stopwatch held against the functions of the hot path while they run."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sandan.sandbox.bench_facts import Times

STAGES = (
    ("sandan.intake.door", "read", "open"),
    ("sandan.intake.reading", "parse", "parse"),
    ("sandan.intake.reading", "verified", "verify"),
    ("sandan.intake.reading", "identify", "verify"),
    ("sandan.intake.reading", "decode", "decode"),
    ("sandan.intake.door", "incoming", "register"),
    ("sandan.store.inbox", "register", "register"),
    ("sandan.intake.door", "acknowledge", "acknowledge"),
    ("sandan.work.worker", "enqueue_due", "claim"),
    ("sandan.store.claim", "claim", "claim"),
    ("sandan.store.batch", "hear", "decide"),
    ("sandan.store.load", "load_versions", "load"),
    ("sandan.store.load", "lock_numbers", "load"),
    ("sandan.store.load", "take_cases", "load"),
    ("sandan.store.load", "load_cases", "load"),
    ("sandan.store.load", "load_partners", "load"),
    ("sandan.store.load", "load_balances", "load"),
    ("sandan.store.load", "next_serials", "load"),
    ("sandan.store.states", "write", "apply"),
    ("sandan.store.batch", "apply", "apply"),
    ("sandan.work.worker", "run_batch", "commit"),
)
"""Module, function as that module calls it, and the stage its time belongs to, in the order of the flow."""

NAMES = tuple(dict.fromkeys(stage for _, _, stage in STAGES))
"""Stages in the order of the flow."""


class Stopwatch:
    """Adds up the time spent in each stage, in one thread; time in a stage within a stage counts for the inner one."""

    def __init__(self) -> None:
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self.wall: defaultdict[str, float] = defaultdict(float)
        self._inner_cpu = 0.0
        self._inner_wall = 0.0

    @property
    def times(self) -> Times:
        """What has been added up so far."""
        return Times(cpu=dict(self.cpu), wall=dict(self.wall))

    def clear(self) -> None:
        """Forgets what was added up."""
        self.cpu.clear()
        self.wall.clear()

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*args: object, **kwargs: object) -> object:
            outer_cpu, outer_wall = self._inner_cpu, self._inner_wall
            self._inner_cpu = self._inner_wall = 0.0
            cpu, wall = time.thread_time(), time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
                self.cpu[stage] += cpu - self._inner_cpu
                self.wall[stage] += wall - self._inner_wall
                self._inner_cpu, self._inner_wall = outer_cpu + cpu, outer_wall + wall

        return timed


@contextmanager
def watching() -> Iterator[Stopwatch]:
    """Puts a stopwatch on every stage of this process, and takes it off at the end.

    Raises:
        AttributeError: A function has another name by now; `STAGES` has to follow.
    """
    watch = Stopwatch()
    kept = [(import_module(module), name, stage) for module, name, stage in STAGES]
    before = [(module, name, getattr(module, name)) for module, name, _ in kept]
    try:
        for (module, name, call), (_, _, stage) in zip(before, kept, strict=True):
            setattr(module, name, watch.timed(stage, call))
        yield watch
    finally:
        for module, name, call in before:
            setattr(module, name, call)

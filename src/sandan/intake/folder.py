"""A folder pair: messages are taken from ``in``, acknowledgements and answers are put into ``out``.

The protocol holds by renaming alone, which a file system does at once or not at all:

- A sender writes ``name.tmp`` and renames it to ``name.xml`` when it is whole.
- We rename ``name.xml`` to ``name.xml.reading``, submit it, then move it to ``done/YYYYMMDD`` or ``bad/YYYYMMDD``.
- We write ``name.ack.json`` (and ``name.CEB900.xml`` for what was refused) under a temporary name, then rename it.

A file left at ``.reading`` by a stopped process or a failed round is submitted again: the same bytes get the same answer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct
from watchfiles import watch

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.gather import Submits
from sandan.intake.incidents import trace_of
from sandan.store.clock import Clock
from sandan.terms.days import legal_day

READING = ".reading"

_log = structlog.get_logger(__name__)


class FolderSettings(Struct, frozen=True, kw_only=True):
    """Where a pair lies and how it is watched."""

    inbound: Path
    outbound: Path
    #: Files submitted together
    batch: int = 200
    #: Largest file read, in bytes; a larger one is set aside unread
    message_limit: int = 4_000_000
    #: Milliseconds after which the folder is read even if no change was reported, for notifications get lost
    rescan_ms: int = 3_000


class Folder:
    """One pair; one process serves it."""

    def __init__(self, settings: FolderSettings, door: Submits, clock: Clock) -> None:
        self._settings = settings
        self._door = door
        self._clock = clock
        for folder in (settings.inbound, settings.outbound):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, stop: threading.Event) -> None:
        """Serves the pair until told to stop; a failed round is logged and tried again."""
        for _ in self._changes(stop):
            self._round()

    def recover(self) -> int:
        """Submits what a stopped process or a failed round left half read; returns how many files."""
        return self._submit(sorted(self._settings.inbound.glob(f"*.xml{READING}")))

    def scan(self) -> int:
        """Takes every waiting file once, oldest first; returns how many."""
        taken = 0
        while names := self._waiting():
            taken += self._submit([claimed for name in names if (claimed := _claim(name))])
        return taken

    def _round(self) -> None:
        try:
            self.recover()
            self.scan()
        except Exception as problem:  # noqa: BLE001 - the next round tries again, whatever it was
            folder = str(self._settings.inbound)
            _log.error("folder round failed", folder=folder, trace=trace_of(problem))

    def _changes(self, stop: threading.Event) -> Iterator[object]:
        yield object()
        yield from watch(
            self._settings.inbound,
            stop_event=stop,
            rust_timeout=self._settings.rescan_ms,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
        )

    def _waiting(self) -> list[Path]:
        """Whole files, by the time they were written and then by name."""
        found = [(path.stat().st_mtime_ns, path) for path in self._settings.inbound.glob("*.xml") if path.is_file()]
        return [path for _, path in sorted(found)[: self._settings.batch]]

    def _submit(self, files: Sequence[Path]) -> int:
        if not files:
            return 0
        answers = self._door.submit([self._arrival(path) for path in files])
        for path, answer in zip(files, answers, strict=True):
            self._file_away(path, answer)
        return len(files)

    def _arrival(self, path: Path) -> Arrival:
        limit = self._settings.message_limit
        with path.open("rb") as file:
            body = file.read(limit + 1)
        if len(body) > limit:
            found = f"{path.stat().st_size} bytes"
            too_large = fault("too-large", where=path.name, found=found, expected=f"≤ {limit} bytes")
            return Arrival(body=body[:limit], channel=Channel.FOLDER, fault=too_large)
        return Arrival(body=body, channel=Channel.FOLDER)

    def _file_away(self, path: Path, answer: Acknowledgement) -> None:
        """The answer first: whoever sees the file in ``done`` finds its answer too."""
        stem = path.name.removesuffix(READING).removesuffix(".xml")
        _put(self._settings.outbound / f"{stem}.ack.json", msgspec.json.format(msgspec.json.encode(answer.shown())))
        if answer.answer:
            _put(self._settings.outbound / f"{stem}.CEB900.xml", answer.answer)
        verdict = "done" if answer.outcome is Outcome.REGISTERED else "bad"
        day = f"{legal_day(self._clock.now()):%Y%m%d}"
        _move(path, self._settings.inbound / verdict / day, f"{stem}.xml")


def _claim(path: Path) -> Path | None:
    """The file under its reading name, or None when another process was quicker."""
    claimed = path.with_name(path.name + READING)
    try:
        path.rename(claimed)
    except FileNotFoundError:
        return None
    return claimed


def _put(path: Path, body: bytes) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(body)
    temporary.replace(path)


def _move(path: Path, folder: Path, name: str) -> None:
    """Moves without overwriting: a second file of the name gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{name.removesuffix('.xml')}.{number}.xml"
    path.rename(target)

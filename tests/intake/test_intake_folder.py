"""The folder pair: renaming is the protocol, an answer for every file, nothing taken twice or left behind."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import pytest

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.folder import Folder
from sandan.intake.folder import FolderSettings
from sandan.store.clock import Clock


class Taker:
    """A door that takes what begins with "<", and remembers the order."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.down = False

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        if self.down:
            raise ConnectionError("store gone")
        self.seen += [arrival.body for arrival in arrivals]
        return [self._answer(arrival) for arrival in arrivals]

    def _answer(self, arrival: Arrival) -> Acknowledgement:
        wrong = arrival.fault or (None if arrival.body.startswith(b"<") else fault("empty-body"))
        if wrong is None:
            return Acknowledgement(receipt_id=len(self.seen), outcome=Outcome.REGISTERED)
        return Acknowledgement(
            receipt_id=len(self.seen), outcome=Outcome.UNREADABLE, faults=(wrong,), answer=b"<CEB900Message/>"
        )


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
def pair(tmp_path: Path, taker: Taker, clock: Clock) -> Folder:
    settings = FolderSettings(inbound=tmp_path / "in", outbound=tmp_path / "out", message_limit=100, rescan_ms=50)
    return Folder(settings, taker, clock)


def put(tmp_path: Path, name: str, body: bytes) -> None:
    temporary = tmp_path / "in" / f"{name}.tmp"
    temporary.write_bytes(body)
    temporary.rename(tmp_path / "in" / name)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_message_is_taken_and_moved_to_done_of_the_day(tmp_path: Path, pair: Folder) -> None:
    put(tmp_path, "a.xml", b"<a/>")
    assert pair.scan() == 1
    assert names(tmp_path) == ["in/done/20261120/a.xml", "out/a.ack.json"]
    assert json.loads((tmp_path / "out/a.ack.json").read_bytes())["outcome"] == "registered"


def test_a_bad_one_is_moved_aside_with_its_ceb900(tmp_path: Path, pair: Folder) -> None:
    put(tmp_path, "a.xml", b"rubbish")
    pair.scan()
    assert names(tmp_path) == ["in/bad/20261120/a.xml", "out/a.CEB900.xml", "out/a.ack.json"]
    assert (tmp_path / "in/bad/20261120/a.xml").read_bytes() == b"rubbish"


def test_what_is_still_being_written_is_left_alone(tmp_path: Path, pair: Folder, taker: Taker) -> None:
    (tmp_path / "in/a.xml.tmp").write_bytes(b"<half")
    assert (pair.scan(), taker.seen) == (0, [])


def test_oldest_first(tmp_path: Path, pair: Folder, taker: Taker) -> None:
    for number in (3, 1, 2):
        put(tmp_path, f"{number}.xml", f"<m{number}/>".encode())
    pair.scan()
    assert taker.seen == [b"<m3/>", b"<m1/>", b"<m2/>"]


def test_the_same_name_twice_overwrites_nothing(tmp_path: Path, pair: Folder) -> None:
    for body in (b"<a/>", b"<b/>"):
        put(tmp_path, "a.xml", body)
        pair.scan()
    done = tmp_path / "in/done/20261120"
    assert [(done / name).read_bytes() for name in ("a.xml", "a.2.xml")] == [b"<a/>", b"<b/>"]


def test_above_the_limit_is_set_aside_whole(tmp_path: Path, pair: Folder) -> None:
    put(tmp_path, "a.xml", b"<" * 101)
    pair.scan()
    assert (tmp_path / "in/bad/20261120/a.xml").stat().st_size == 101
    answer = json.loads((tmp_path / "out/a.ack.json").read_bytes())
    assert answer["faults"][0]["code"] == "too-large"


def test_what_a_stopped_process_left_is_taken_again(tmp_path: Path, pair: Folder) -> None:
    (tmp_path / "in/a.xml.reading").write_bytes(b"<a/>")
    assert pair.recover() == 1
    assert names(tmp_path) == ["in/done/20261120/a.xml", "out/a.ack.json"]


def test_the_folder_is_served_until_told_to_stop(tmp_path: Path, pair: Folder) -> None:
    stop = threading.Event()
    serving = threading.Thread(target=pair.run, args=(stop,))
    serving.start()
    put(tmp_path, "a.xml", b"<a/>")
    until((tmp_path / "out/a.ack.json").exists)
    stop.set()
    serving.join(5)
    assert not serving.is_alive()


def test_a_store_that_was_gone_for_a_while_loses_no_file(tmp_path: Path, pair: Folder, taker: Taker) -> None:
    taker.down = True
    stop = threading.Event()
    serving = threading.Thread(target=pair.run, args=(stop,))
    put(tmp_path, "a.xml", b"<a/>")
    serving.start()
    until((tmp_path / "in/a.xml.reading").exists)
    taker.down = False
    until((tmp_path / "out/a.ack.json").exists)
    stop.set()
    serving.join(5)
    assert names(tmp_path) == ["in/done/20261120/a.xml", "out/a.ack.json"]


def until(holds: Callable[[], bool]) -> None:
    """Waits for another thread, at most five seconds."""
    tick = threading.Event()
    for _ in range(500):
        if holds():
            return
        tick.wait(0.01)
    raise AssertionError("it never came to hold")

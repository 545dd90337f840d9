"""The line before a device: who is next, and how long it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Iterator

import pytest

from sandan.signing.queue import Line


@pytest.fixture
def ticking() -> Callable[[], float]:
    """A clock that shows half a second more each time it is read."""
    moments: Iterator[float] = (half / 2 for half in range(1000))
    return lambda: next(moments)


def test_an_unused_line_shows_the_nominal_rate_of_a_card() -> None:
    status = Line().status()
    assert (status.waiting, status.signed, status.per_minute, status.wait_s) == (0, 0, 250.0, 0.24)


def test_the_first_signature_shows_the_rate_of_this_card(ticking: Callable[[], float]) -> None:
    line = Line(seconds=ticking)
    with line.turn() as place:
        assert (place.position, place.wait_s) == (0, 0.24)
    assert line.status().per_minute == 120.0


def test_a_request_that_failed_does_not_count_towards_the_rate(ticking: Callable[[], float]) -> None:
    line = Line(seconds=ticking)
    with pytest.raises(ValueError, match="the card failed"), line.turn():
        raise ValueError("the card failed")
    assert (line.status().signed, line.status().per_minute, line.status().waiting) == (0, 250.0, 0)


def test_those_who_come_meanwhile_wait_in_the_order_they_came() -> None:
    line, served = Line(), []
    threads: list[threading.Thread] = []

    def ask(number: int) -> None:
        with line.turn() as place:
            served.append((number, place.position))

    with line.turn():
        for number in (1, 2, 3):
            threads.append(threading.Thread(target=ask, args=(number,)))
            threads[-1].start()
            while line.status().waiting <= number:
                threading.Event().wait(0.001)
        assert line.status().wait_s == pytest.approx(5 * 0.24)
    for thread in threads:
        thread.join()
    assert served == [(1, 1), (2, 2), (3, 3)]

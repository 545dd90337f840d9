"""Requests that arrive at once become batches; too much of them is pushed back, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.intake.gather import Closed
from sandan.intake.gather import Full
from sandan.intake.gather import Gather
from sandan.intake.gather import GatherLimits


class Gate:
    """A door that waits to be opened, and remembers what came in which batch."""

    def __init__(self) -> None:
        self.batches: list[list[bytes]] = []
        self.open = threading.Event()
        self.entered = threading.Event()

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        self.batches.append([arrival.body for arrival in arrivals])
        self.entered.set()
        assert self.open.wait(5)
        return [Acknowledgement(receipt_id=int(arrival.body), outcome=Outcome.REGISTERED) for arrival in arrivals]


class Broken:
    """A door whose store is gone."""

    def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
        raise ConnectionError(f"{len(arrivals)} lost")


def numbered(count: int) -> list[Arrival]:
    return [Arrival(body=str(number).encode()) for number in range(count)]


async def entered(gate: Gate) -> None:
    await asyncio.to_thread(gate.entered.wait, 5)


def test_what_arrives_meanwhile_is_the_next_batch() -> None:
    async def play() -> Gate:
        gate = Gate()
        gather = Gather(gate, GatherLimits(lanes=1, batch=100))
        await gather.start()
        first = asyncio.create_task(gather.submit(numbered(1)[0]))
        await entered(gate)
        rest = [asyncio.create_task(gather.submit(arrival)) for arrival in numbered(50)]
        await asyncio.sleep(0)
        gate.open.set()
        answers = await asyncio.gather(first, *rest)
        assert [answer.receipt_id for answer in answers[1:]] == list(range(50))
        await gather.stop()
        return gate

    assert [len(batch) for batch in asyncio.run(play()).batches] == [1, 50]


def test_a_batch_has_its_limit() -> None:
    async def play() -> Gate:
        gate = Gate()
        gate.open.set()
        gather = Gather(gate, GatherLimits(lanes=1, batch=10))
        await gather.start()
        await asyncio.gather(*(gather.submit(arrival) for arrival in numbered(35)))
        await gather.stop()
        return gate

    assert max(len(batch) for batch in asyncio.run(play()).batches) == 10


@pytest.mark.parametrize(
    "limits", [GatherLimits(lanes=1, batch=1, waiting=3), GatherLimits(lanes=1, batch=1, waiting_bytes=3)]
)
def test_too_much_waiting_is_pushed_back_and_the_rest_answered(limits: GatherLimits) -> None:
    async def play() -> tuple[int, int]:
        gate = Gate()
        gather = Gather(gate, limits)
        await gather.start()
        tasks = [asyncio.create_task(gather.submit(numbered(1)[0]))]
        await entered(gate)
        tasks += [asyncio.create_task(gather.submit(arrival)) for arrival in numbered(8)]
        await asyncio.sleep(0)
        gate.open.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        await gather.stop()
        return sum(isinstance(answer, Full) for answer in answers), sum(
            isinstance(answer, Acknowledgement) for answer in answers
        )

    assert asyncio.run(play()) == (5, 4)


def test_a_backlog_of_undecided_documents_is_pushed_back() -> None:
    counted = threading.Event()

    def backlog() -> int:
        if counted.is_set():
            return 0
        counted.set()
        return 11

    async def play() -> Full:
        gather = Gather(Gate(), GatherLimits(backlog=10, retry_after_s=7, backlog_age_s=60), backlog)
        await gather.start()
        await asyncio.to_thread(counted.wait, 5)
        await asyncio.sleep(0.05)
        with pytest.raises(Full) as full:
            await gather.submit(numbered(1)[0])
        await gather.stop()
        return full.value

    full = asyncio.run(play())
    assert full.retry_after_s == 7
    assert "11" in full.reason


def test_every_waiting_request_hears_that_the_store_is_gone() -> None:
    async def play() -> list[object]:
        gather = Gather(Broken(), GatherLimits(lanes=1))
        await gather.start()
        answers = await asyncio.gather(*(gather.submit(one) for one in numbered(5)), return_exceptions=True)
        await gather.stop()
        return list(answers)

    assert all(isinstance(answer, ConnectionError) for answer in asyncio.run(play()))


def test_one_that_cannot_be_stored_fails_alone() -> None:
    class Fussy:
        """A door whose store cannot hold one of them."""

        def submit(self, arrivals: Sequence[Arrival]) -> list[Acknowledgement]:
            if any(arrival.body == b"3" for arrival in arrivals):
                raise ValueError("3 does not fit")
            return [Acknowledgement(receipt_id=int(one.body), outcome=Outcome.REGISTERED) for one in arrivals]

    async def play() -> list[object]:
        gather = Gather(Fussy(), GatherLimits(lanes=1))
        await gather.start()
        answers = await asyncio.gather(*(gather.submit(one) for one in numbered(5)), return_exceptions=True)
        await gather.stop()
        return list(answers)

    assert [isinstance(answer, ValueError) for answer in asyncio.run(play())] == [False, False, False, True, False]


def test_stopping_answers_what_waits_and_takes_no_more() -> None:
    async def play() -> None:
        gate = Gate()
        gate.open.set()
        gather = Gather(gate, GatherLimits(lanes=1, batch=2))
        await gather.start()
        tasks = [asyncio.create_task(gather.submit(arrival)) for arrival in numbered(9)]
        await asyncio.sleep(0)
        await gather.stop()
        assert [task.result().receipt_id for task in tasks] == list(range(9))
        with pytest.raises(Closed):
            await gather.submit(numbered(1)[0])

    asyncio.run(play())


def test_a_client_that_leaves_takes_nothing_from_the_others() -> None:
    async def play() -> Acknowledgement:
        gate = Gate()
        gather = Gather(gate, GatherLimits(lanes=1))
        await gather.start()
        gone, stays = (asyncio.create_task(gather.submit(arrival)) for arrival in numbered(2))
        await entered(gate)
        gone.cancel()
        gate.open.set()
        answer = await stays
        await gather.stop()
        return answer

    assert asyncio.run(play()).receipt_id == 1

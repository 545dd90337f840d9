"""Papers arrive in any order, alone or in one batch, and the parcel clears all the same (194/2018 art. 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any

from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.documents.facts import Ref
from sandan.intake.door import Door
from sandan.intake.facts import Arrival
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.store.clock import Clock
from sandan.work.worker import Duty
from sandan.work.worker import Worker

CONDITIONS = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))


def status(seeded: ConnectionPool[Any], ref: Ref) -> str:
    with seeded.connection() as conn:
        row = conn.execute(
            "SELECT status FROM cases WHERE declarant = %s AND list_key = %s", (ref.owner, ref.key)
        ).fetchone()
    return row[0] if row else ""


def test_every_order_of_arrival_ends_in_release(
    door: Door, seeded: ConnectionPool[Any], clock: Clock, office: Office
) -> None:
    worker = Worker(seeded, clock, Duty(conditions=CONDITIONS))
    orders = list(permutations(range(4)))
    maker = Maker(21, clock.now(), "ORDER")
    parcels = [maker.ordinary() for _ in orders]
    for order, parcel in zip(orders, parcels, strict=True):
        bodies = [message.data for message in office.messages([parcel])]
        for place in order:
            door.submit([Arrival(body=bodies[place])])
            worker.drain()
    found = {order: status(seeded, parcel.declaration.ref) for order, parcel in zip(orders, parcels, strict=True)}
    assert found == dict.fromkeys(orders, "released")


def test_a_list_alone_waits_and_a_repeat_changes_nothing(
    door: Door, seeded: ConnectionPool[Any], clock: Clock, post: Mapping[str, bytes], parcel: Parcel
) -> None:
    worker = Worker(seeded, clock, Duty(conditions=CONDITIONS))
    for _ in range(2):
        door.submit([Arrival(body=post["declaration"])])
        worker.drain()
    assert status(seeded, parcel.declaration.ref) == "waiting"


def test_the_whole_parcel_in_one_batch_and_again(
    door: Door, seeded: ConnectionPool[Any], clock: Clock, post: Mapping[str, bytes], parcel: Parcel
) -> None:
    worker = Worker(seeded, clock, Duty(conditions=CONDITIONS))
    for _ in range(3):
        door.submit([Arrival(body=body) for body in reversed(list(post.values()))])
        worker.drain()
    with seeded.connection() as conn:
        decided = conn.execute("SELECT count(*) FROM decisions WHERE status = 'released'").fetchone()
    assert (status(seeded, parcel.declaration.ref), decided) == ("released", (1,))

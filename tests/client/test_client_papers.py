"""Papers put into messages: heads, the same again, one kind a message, signatures that hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime

import pytest
from lxml import etree
from msgspec.structs import replace

import sandan.client
from sandan.client import Sender
from sandan.client import again
from sandan.client import deleted
from sandan.client import new_guid
from sandan.client import new_head
from sandan.client.sender import MixedPapersError
from sandan.documents.facts import AppStatus
from sandan.documents.versions import content_hash
from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel
from sandan.signing.facts import Policy
from sandan.signing.verify import verify
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.write import WriteError

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""Half past midnight of the 21st in Beijing."""


def test_ids_are_new_and_in_upper_case() -> None:
    first, second = new_guid(), new_guid()
    assert first != second
    assert (len(first), first) == (36, first.upper())


def test_the_head_is_in_beijing_time() -> None:
    head = new_head(NOW, app_status=AppStatus.DRAFT)
    assert (head.app_time, head.app_type, head.app_status) == ("20261121003000", "1", "1")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        new_head(NOW.replace(tzinfo=None))


def test_again_is_the_same_content(parcel: Parcel) -> None:
    order = parcel.full[0]
    repeated = again(order, NOW)
    assert repeated.head.guid != order.head.guid
    assert content_hash(repeated) == content_hash(order)


def test_deleted_keeps_the_key(parcel: Parcel) -> None:
    gone = deleted(parcel.full[2], NOW)
    assert (gone.head.app_type, gone.ref) == ("3", parcel.full[2].ref)


def test_the_message_reads_back_and_its_signature_holds(sender: Callable[[str], Sender], parcel: Parcel) -> None:
    data = sender(world.EXPRESS).message(parcel.full[2], guid="0A" * 18)
    reading = decode(parse(data))
    assert (reading.documents, reading.guid, reading.faults) == ((parcel.full[2],), "0A" * 18, ())
    assert verify(etree.fromstring(data), Policy(at=NOW)).ok


def test_a_message_takes_one_kind(sender: Callable[[str], Sender], parcel: Parcel) -> None:
    dispatch = sender(world.PLATFORM)
    for papers in ((), parcel.full, (parcel.full[0],) * 101):
        with pytest.raises(MixedPapersError, match="1 to 100 papers of one kind"):
            dispatch.message(*papers)


def test_many_papers_take_as_few_messages_as_they_can(sender: Callable[[str], Sender], parcel: Parcel) -> None:
    orders = [replace(parcel.full[0], order_no=f"YT{number}") for number in range(101)]
    messages = sender(world.PLATFORM).messages([*orders, parcel.full[1]])
    assert [len(decode(parse(data)).documents) for data in messages] == [100, 1, 1]


def test_a_value_that_does_not_fit_names_its_element(sender: Callable[[str], Sender], parcel: Parcel) -> None:
    with pytest.raises(WriteError, match="orderNo"):
        sender(world.PLATFORM).message(replace(parcel.full[0], order_no="9" * 61))


def test_the_door_of_the_package_is_complete() -> None:
    assert all(hasattr(sandan.client, name) for name in sandan.client.__all__)

"""The same with ``await``."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandan.client import AsyncClient
from sandan.client import Patience
from sandan.client.errors import NotFoundError
from sandan.client.errors import UnreachableError
from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel


def test_sent_followed_and_read(site: Any, messages: dict[str, bytes], parcel: Parcel) -> None:
    async def clear() -> tuple[int, ...]:
        for code, data in messages.items():
            async with AsyncClient(site.address, site.token(code), Patience(look_s=0.02)) as client:
                taken = await client.send(data)
        async with AsyncClient(site.address, site.token(world.AGENT)) as client:
            course = await client.follow(taken.documents[0], within_s=20)
            assert [receipt.status async for receipt in client.receipts()] == list(course.statuses)
            assert (await client.case(world.AGENT, parcel.declaration.cop_no)).status == "released"
            assert [line.status async for line in client.cases()] == ["released"]
            assert (await client.search(parcel.declaration.cop_no))[0].what == "case"
            assert (await client.precheck(list(messages.values()))).clears
            return course.statuses

    assert asyncio.run(clear()) == (2, 120, 800)


def test_refusals_are_the_same_family(site: Any) -> None:
    async def ask() -> None:
        async with AsyncClient(site.address, site.token(world.AGENT)) as client:
            await client.case(world.AGENT, "none")

    with pytest.raises(NotFoundError):
        asyncio.run(ask())


def test_nothing_answers() -> None:
    async def ask() -> None:
        async with AsyncClient("http://127.0.0.1:1", patience=Patience(repeats=1, pause_s=0.01)) as client:
            await client.search("1")

    with pytest.raises(UnreachableError):
        asyncio.run(ask())

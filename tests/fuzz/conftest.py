"""What is spoilt: signed messages of the invented world, and the budget of a search."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
_EXAMPLES = 120


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def post(office: Office) -> Sequence[bytes]:
    """The four signed messages of one parcel."""
    parcel = Maker(7, NOW, "FUZZ").ordinary()
    return [office.message([paper]).data for paper in parcel.full]


@pytest.fixture
def search(request: pytest.FixtureRequest) -> Callable[[Callable[[bytes], None], st.SearchStrategy[bytes]], None]:
    """Holds a promise against bytes: some dozens of them, or round after round for this test's share of ``--minutes``."""
    searches = sum("search" in item.fixturenames for item in request.session.items)
    seconds = request.config.getoption("--minutes") * 60 / searches
    often = settings(max_examples=_EXAMPLES, derandomize=False) if seconds else settings(max_examples=_EXAMPLES)

    def hold(promise: Callable[[bytes], None], strategy: st.SearchStrategy[bytes]) -> None:
        def attempt(data: bytes) -> None:
            promise(data)

        until = time.monotonic() + seconds
        while True:
            often(given(data=strategy)(attempt))()
            if time.monotonic() >= until:
                return

    return hold

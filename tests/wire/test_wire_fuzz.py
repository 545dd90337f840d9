"""Whatever the bytes are: nothing is raised, and a message is valid or has a fault."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from sandan.wire import specimen
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import unwrap
from sandan.wire.dxp import wrap
from sandan.wire.inspect import inspect
from sandan.wire.read import decode
from sandan.wire.read import parse

NAMES = (
    "CEB311Message",
    "CEB411Message",
    "CEB511Message",
    "CEB621Message",
    "CEB622Message",
    "CEB900Message",
    "CEB603Message",
)
INFO = TransInfo(
    cop_msg_id="1",
    sender_id="DXPENT0000000001",
    receiver_ids=("DXPEDCCEB0000002",),
    created=datetime(2025, 6, 11, tzinfo=UTC),
    message_type="CEB411Message",
)
GOOD = [*(specimen.smallest(name) for name in NAMES), wrap(specimen.smallest("CEB411Message"), INFO)]
NASTY = [
    b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    b"&x;",
    b"<a>" * 400,
    b"A" * 200_000,
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<?php ?>",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbf\xbf",
    b"&#0;",
    b"&#x1F600;",
    b'xmlns=""',
    b"<ceb:Order/>",
]


def settle(data: bytes) -> None:
    """Read bytes in every way; the assertions are the promise."""
    parsed = parse(data)
    reading = decode(parsed)
    assert reading.valid or reading.faults
    assert reading.schema_valid or reading.faults
    assert parsed.root is not None or parsed.faults
    assert not reading.documents or reading.schema_valid
    seen = inspect(data)
    assert seen.valid or seen.diagnosis
    opened = unwrap(data)
    assert opened is None or opened.data or opened.faults


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    settle(data)


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 9999), st.integers(0, 255))
def test_one_byte_changed(data: bytes, at: int, byte: int) -> None:
    at %= len(data)
    settle(data[:at] + bytes([byte]) + data[at + 1 :])


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 9999))
def test_cut_off(data: bytes, at: int) -> None:
    settle(data[: at % len(data)])


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 9999), st.sampled_from(NASTY))
def test_something_nasty_inside(data: bytes, at: int, nasty: bytes) -> None:
    at %= len(data)
    settle(data[:at] + nasty + data[at:])


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 9999), st.integers(0, 9999), st.integers(1, 400))
def test_a_piece_moved(data: bytes, source: int, target: int, length: int) -> None:
    source %= len(data)
    piece, rest = data[source : source + length], data[:source] + data[source + length :]
    target %= max(1, len(rest))
    settle(rest[:target] + piece + rest[target:])


@pytest.mark.parametrize("nasty", NASTY)
def test_something_nasty_alone(nasty: bytes) -> None:
    settle(nasty)
    settle(b'<?xml version="1.0" encoding="UTF-8"?>' + nasty + b"<a/>")

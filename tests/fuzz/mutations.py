"""How good bytes are spoilt: changed, cut, moved, and with something nasty put inside."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

NASTY = (
    b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    b"&x;",
    b"<a>" * 400,
    b"[" * 5_000,
    b"A" * 200_000,
    b"9" * 5_000,
    b"1e999999999",
    b"NaN",
    b"-0",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<?php ?>",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbf\xbf",
    b"\\ud800",
    b"&#0;",
    b"&#x1F600;",
    b'xmlns=""',
    b"<ceb:Order/>",
    b"=2+3",
    b'"',
    b",",
    b"\n",
    b"%",
)
"""Pieces that have broken readers of XML, JSON, forms or tables."""

_FAR = 1 << 20


def anything(goods: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Good bytes spoilt, and now and then bytes that were never good."""
    return st.one_of(spoilt(goods), spoilt(goods), spoilt(goods), st.binary(max_size=300))


@st.composite
def spoilt(draw: st.DrawFn, goods: Sequence[bytes]) -> bytes:
    """One of the goods after one to three changes."""
    data = draw(st.sampled_from(goods))
    for change in draw(st.lists(st.sampled_from(_CHANGES), min_size=1, max_size=3)):
        data = change(draw, data)
    return data


def _byte_changed(draw: st.DrawFn, data: bytes) -> bytes:
    at = _place(draw, data)
    return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]


def _stretch_replaced(draw: st.DrawFn, data: bytes) -> bytes:
    at = _place(draw, data)
    return data[:at] + draw(st.binary(max_size=8)) + data[at + draw(st.integers(0, 60)) :]


def _cut_off(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: _place(draw, data)]


def _nasty_inside(draw: st.DrawFn, data: bytes) -> bytes:
    at = _place(draw, data)
    return data[:at] + draw(st.sampled_from(NASTY)) + data[at:]


def _piece_moved(draw: st.DrawFn, data: bytes) -> bytes:
    at, length = _place(draw, data), draw(st.integers(1, 400))
    piece, rest = data[at : at + length], data[:at] + data[at + length :]
    target = _place(draw, rest)
    return rest[:target] + piece + rest[target:]


def _piece_doubled(draw: st.DrawFn, data: bytes) -> bytes:
    at, length = _place(draw, data), draw(st.integers(1, 400))
    return data[: at + length] + data[at:]


def _place(draw: st.DrawFn, data: bytes) -> int:
    return draw(st.integers(0, _FAR)) % max(1, len(data))


_CHANGES = (_byte_changed, _stretch_replaced, _cut_off, _nasty_inside, _piece_moved, _piece_doubled)

"""Whose rows a reader may see, and how pages of rows follow one another."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any
from typing import Generic
from typing import TypeVar

import msgspec
from msgspec import Struct

Row = TypeVar("Row")


class Scope(Struct, frozen=True):
    """Whose rows may be read: one enterprise's, or everyone's for customs and the operator."""

    #: Enterprise code; empty reads everything
    enterprise: str = ""


EVERYTHING = Scope()
"""Scope of officers and the operator."""

_OWN_CASE = """(%(enterprise)s = '' OR %(enterprise)s IN (c.declarant, c.ebp_code, c.ebc_code, c.logistics_code)
    OR EXISTS (SELECT 1 FROM documents p WHERE p.owner = c.ebp_code AND p.order_no = c.order_no
               AND p.kind = 'payment' AND p.sender = %(enterprise)s))"""


def scoped(query: str) -> str:
    """Returns the SQL with ``{own_case}`` written out: the case ``c`` concerns the enterprise of the scope."""
    return query.replace("{own_case}", _OWN_CASE)


class BadCursorError(ValueError):
    """A page cursor that this platform did not hand out."""


class Cut(Struct, frozen=True):
    """Which page is wanted."""

    #: Cursor of the page before, as handed out; empty for the first page
    after: str = ""
    #: Rows a page
    limit: int = 50


class Page(Struct, Generic[Row], frozen=True):
    """Rows of one page and the cursor of the next."""

    rows: tuple[Row, ...]
    #: Cursor of the next page; empty on the last one
    after: str = ""


def cursor_of(keys: Sequence[str | int]) -> str:
    """Returns an opaque cursor that holds the sort keys of the last row shown.

    >>> keys_of(cursor_of(["2026-11-21T08:00:00+00:00", "A", "1"]), 3)
    ('2026-11-21T08:00:00+00:00', 'A', '1')
    """
    return base64.urlsafe_b64encode(msgspec.json.encode([str(key) for key in keys])).decode()


def keys_of(cursor: str, count: int) -> tuple[str, ...] | None:
    """Returns the sort keys inside a cursor, or None for the first page.

    Raises:
        BadCursorError: The text is no cursor, or one of another list.
    """
    if not cursor:
        return None
    try:
        keys = msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode()), type=tuple[str, ...])
    except (ValueError, binascii.Error, msgspec.MsgspecError) as fault:
        raise BadCursorError(cursor) from fault
    if len(keys) != count:
        raise BadCursorError(cursor)
    return keys


def page_of(rows: Sequence[Row], cut: Cut, keys: Callable[[Row], Sequence[Any]]) -> Page[Row]:
    """Returns one page of rows read with one row more than the limit, so that the last page is known."""
    shown = tuple(rows[: cut.limit])
    return Page(shown, cursor_of(keys(shown[-1])) if len(rows) > cut.limit else "")

"""Values under the names of the facts made into documents."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from functools import cache
from functools import partial
from typing import Any

from sandan.documents.facts import Head
from sandan.wire.definitions import Entity
from sandan.wire.facts import Record
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.papers import LINED_PAPERS
from sandan.wire.papers import PAPERS
from sandan.wire.papers import Line
from sandan.wire.papers import LinedPaper
from sandan.wire.papers import Paper
from sandan.wire.papers import attributes

Make = Callable[[dict[str, Value], Sequence[dict[str, Value]]], WireDocument]
"""Makes a document of the values of its head and of its lines."""


@cache
def maker(message_type: str) -> Make:
    """What makes the documents of a message: one of the four papers, or records.

    Args:
        message_type: For example ``CEB311Message``.

    Returns:
        A function of head values and line values; for the papers under the names of the facts, complete with what is
        absent, for records under those of the wire.
    """
    if message_type not in PAPERS:
        return partial(_record, message_type)
    if message_type in LINED_PAPERS:
        return partial(_lined_paper, *LINED_PAPERS[message_type])
    return partial(_paper, PAPERS[message_type])


def completed(message_type: str, entity: Entity, values: dict[str, Value]) -> dict[str, Value]:
    """Values under the names of the wire made ready for the message's maker.

    Args:
        message_type: For example ``CEB311Message``.
        entity: Definition of the head or list.
        values: What stands in it.

    Returns:
        For the four papers the values under the names of the facts, absent text empty, absent numbers None.
    """
    if message_type not in PAPERS:
        return values
    names = attributes(entity)
    return {names[field.name]: values.get(field.name, absent(field.base)) for field in entity.fields}


def absent(base: str) -> Value:
    """What stands for an absent optional element of a base type."""
    return "" if base == "string" else None


def _record(message_type: str, head: dict[str, Value], rows: Sequence[dict[str, Value]]) -> WireDocument:
    return Record(message_type=message_type, head=head, lines=tuple(rows))


def _head(values: dict[str, Any]) -> Head:
    pop = values.pop
    return Head(guid=pop("guid"), app_type=pop("app_type"), app_time=pop("app_time"), app_status=pop("app_status"))


def _paper(paper: Paper, values: dict[str, Any], rows: Sequence[dict[str, Value]]) -> WireDocument:
    del rows
    return paper(head=_head(values), **values)


def _lined_paper(paper: LinedPaper, line: Line, values: dict[str, Any], rows: Sequence[dict[str, Any]]) -> WireDocument:
    lines: Any = tuple([line(**row) for row in rows])
    return paper(head=_head(values), lines=lines, **values)

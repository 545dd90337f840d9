"""Ordinary messages read fast: readers generated from the definitions, which give up on anything unusual.

A message read here is one the complete check (``check``) would accept with the same values; what these readers do
not recognise says nothing against a message, it only goes the slow way. For each entity the row of child tags chooses
a ``Layout`` worked out once; after that a head is a few list comprehensions and comparisons done in C.
"""

from __future__ import annotations

from operator import le
from operator import methodcaller

from lxml import etree
from msgspec import Struct

from sandan.wire.definitions import CEB
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.facts import Value
from sandan.wire.numbers import BLANK
from sandan.wire.numbers import INT_MOST
from sandan.wire.numbers import plain_e5

_LAYOUTS_KEPT = 256
_INT_DIGITS = 9


class UnusualError(Exception):
    """The quick way does not know this form; the complete check decides."""


class Layout(Struct, frozen=True):
    """Which fields one row of child tags holds, prepared for reading."""

    #: Names of the values, then of the optional fields that are absent
    names: tuple[str, ...]
    lows: tuple[int, ...]
    highs: tuple[int, ...]
    decimals: tuple[int, ...]
    ints: tuple[tuple[int, int], ...]
    fixed: tuple[tuple[int, str], ...]
    #: Values of the absent ones: empty text or None
    absent: tuple[Value, ...]


class EntityReader:
    """Reads one head or list entity."""

    def __init__(self, entity: Entity, names: dict[str, str] | None) -> None:
        """Prepare for one entity.

        Args:
            entity: Its definition.
            names: Wire name to fact name; None keeps the names of the wire and leaves absent fields out.
        """
        self._fields = {f"{{{CEB}}}{field.name}": field for field in entity.fields}
        self._order = tuple(self._fields)
        self._names = names
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def read(self, element: etree._Element) -> dict[str, Value]:
        """Values of one entity by name.

        Raises:
            UnusualError: The entity is not of the ordinary form.
        """
        children = list(element)
        tags = tuple([child.tag for child in children])
        layout = self._layouts.get(tags) or self._learn(tags)
        texts = [child.text or "" for child in children]
        sizes = [len(text) for text in texts]
        if not (all(map(le, layout.lows, sizes)) and all(map(le, sizes, layout.highs))):
            raise UnusualError
        plain_content(element, children)
        values: list[Value] = [*texts]
        for at in layout.decimals:
            values[at] = _decimal(texts[at])
        for at, digits in layout.ints:
            values[at] = _int(texts[at], digits)
        for at, only in layout.fixed:
            if texts[at] != only:
                raise UnusualError
        values.extend(layout.absent)
        return dict(zip(layout.names, values, strict=True))

    def _learn(self, tags: tuple[str, ...]) -> Layout:
        """Work out the layout of a row of tags that follows the definition."""
        fields = [self._fields.get(tag) for tag in tags]
        if not _in_order(tags, self._order) or any(field is None for field in fields):
            raise UnusualError
        missing = [field for tag, field in self._fields.items() if tag not in tags]
        if any(not field.optional for field in missing):
            raise UnusualError
        layout = self._layout([field for field in fields if field is not None], missing)
        if len(self._layouts) < _LAYOUTS_KEPT:
            self._layouts[tags] = layout
        return layout

    def _layout(self, fields: list[Field], missing: list[Field]) -> Layout:
        numbered = list(enumerate(fields))
        left_out = missing if self._names is not None else []
        return Layout(
            names=tuple(self._name(field) for field in (*fields, *left_out)),
            lows=tuple(_low(field) for field in fields),
            highs=tuple(_high(field) for field in fields),
            decimals=tuple(at for at, field in numbered if field.base == "decimal"),
            ints=tuple((at, field.digits or _INT_DIGITS) for at, field in numbered if field.base == "int"),
            fixed=tuple((at, field.fixed) for at, field in numbered if field.fixed is not None),
            absent=tuple("" if field.base == "string" else None for field in left_out),
        )

    def _name(self, field: Field) -> str:
        return field.name if self._names is None else self._names[field.name]


def plain_content(element: etree._Element, children: list[etree._Element]) -> None:
    """Make sure that between children stands only white space and that they carry no attributes.

    Raises:
        UnusualError: There is anything else.
    """
    between = {child.tail for child in children}
    between.add(element.text)
    for text in between:
        if text and text.strip(BLANK):
            raise UnusualError
    if any(map(_keys, children)):
        raise UnusualError


_keys = methodcaller("keys")


def _low(field: Field) -> int:
    """Shortest text taken here; what white space or a default could change goes the slow way."""
    return max(field.low, 1) if field.default is not None or field.base != "string" else field.low


def _high(field: Field) -> int:
    if field.collapse:
        return -1
    return INT_MOST if field.high is None else field.high


def _in_order(tags: tuple[str, ...], order: tuple[str, ...]) -> bool:
    """Whether the tags are a part of the order, each at most once."""
    rest = iter(order)
    return all(tag in rest for tag in tags)


def _decimal(text: str) -> int:
    value = plain_e5(text)
    if value is None:
        raise UnusualError
    return value


def _int(text: str, digits: int) -> int:
    if len(text) > digits or not (text.isascii() and text.isdigit()):
        raise UnusualError
    return int(text)

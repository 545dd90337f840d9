"""Elements in sequence checked against a definition: names, order, number, then each child by its own content.

The verdict on a sequence is the schema's; beyond it each fault names the likeliest cause, and none hides the next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from lxml import etree
from msgspec import Struct

from sandan.wire import signature
from sandan.wire.definitions import XSI
from sandan.wire.definitions import Field
from sandan.wire.facts import Fault
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of
from sandan.wire.fields import allowed
from sandan.wire.fields import field_fault
from sandan.wire.numbers import BLANK

_XSI_ALLOWED = frozenset({f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"})


class Attribute(Struct, frozen=True):
    """An attribute an element may carry."""

    name: str
    required: bool = True
    #: The only value allowed; empty where any is
    only: str = ""
    #: Fewest and most characters; None without limit
    least: int = 0
    most: int | None = None


class Part(Struct, frozen=True, dict=True):
    """What may stand at one place of a sequence; ``most`` is None without limit."""

    tag: str
    least: int
    most: int | None
    content: Content
    attributes: tuple[Attribute, ...] = ()

    @cached_property
    def name(self) -> str:
        """Local name of the element."""
        return etree.QName(self.tag).localname


class Group(Struct, frozen=True, dict=True):
    """An element that holds a sequence of elements."""

    parts: tuple[Part, ...]

    @cached_property
    def by_tag(self) -> Mapping[str, int]:
        """Place of each element by its full name."""
        return {part.tag: at for at, part in enumerate(self.parts)}

    @cached_property
    def by_name(self) -> Mapping[str, int]:
        """Place of each element by its local name, for those in a wrong namespace."""
        return {part.name: at for at, part in enumerate(self.parts)}


Content = Group | Field | Literal["one", "any", "signature"]
"""What an element holds; ``one`` is at most one element of any kind, ``any`` whatever there is."""


def group_faults(element: etree._Element, group: Group, path: str) -> Iterator[Fault]:
    """Check a sequence of elements.

    Args:
        element: What holds it.
        group: Its definition.
        path: Path of the element.

    Yields:
        Every fault in it, in document order; what is missing last. What is surplus is not looked into.
    """
    children = [child for child in element if isinstance(child.tag, str)]
    yield from text_between(element, path)
    places = [group.by_tag.get(child.tag, group.by_name.get(etree.QName(child).localname)) for child in children]
    misplaced = _misplaced(places)
    seen: Counter[int] = Counter()
    for at, (child, place) in enumerate(zip(children, places, strict=True)):
        if place is None:
            yield _unknown(child, group, path)
            continue
        part = group.parts[place]
        seen[place] += 1
        child_path = _child_path(path, part, seen[place])
        if child.tag != part.tag:
            yield _at("W-NAMESPACE", child, child_path, etree.QName(child).namespace or "", _namespace_of(part))
        if at in misplaced:
            yield _order(child, child_path, group, place)
        if part.most is not None and seen[place] == part.most + 1:
            yield _too_many(child, child_path, part, places.count(place))
        if part.most is None or seen[place] <= part.most:
            yield from _content_faults(child, part, child_path)
    for place, part in enumerate(group.parts):
        if seen[place] < part.least:
            yield _missing(element, part, path)


def attribute_faults(element: etree._Element, path: str, known: tuple[Attribute, ...] = ()) -> Iterator[Fault]:
    """Check the attributes of an element.

    Args:
        element: The element.
        path: Its path.
        known: What it may carry; hints of schema location may always stand.

    Yields:
        A fault for each attribute that is missing, unknown or has a value of its own.
    """
    names = {attribute.name for attribute in known}
    for name in map(str, element.attrib):
        if name not in names and name not in _XSI_ALLOWED:
            local = etree.QName(name).localname
            yield fault("W-ATTRIBUTE", Place(f"{path}/@{local}", line_of(element), local), element.get(name, ""))
    for attribute in known:
        yield from _known_attribute(element, path, attribute)


def _known_attribute(element: etree._Element, path: str, attribute: Attribute) -> Iterator[Fault]:
    value = element.get(attribute.name)
    place = Place(f"{path}/@{attribute.name}", line_of(element), attribute.name)
    if value is None:
        if attribute.required:
            yield fault("W-ATTRIBUTE-MISSING", place, "", (attribute.name, attribute.name))
    elif attribute.only and value != attribute.only:
        yield fault("W-FIXED", place, value, (f"固定为 {attribute.only}", f"always {attribute.only}"))
    elif not attribute.least <= len(value) <= (len(value) if attribute.most is None else attribute.most):
        code = "W-GUID" if attribute.name == "guid" else "W-LENGTH"
        least, most = attribute.least, attribute.most
        yield fault(code, place, value, (f"{least} 至 {most} 个字符", f"{least} to {most} characters"))


def text_between(element: etree._Element, path: str) -> Iterator[Fault]:
    """One fault where text other than white space stands between elements."""
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip(BLANK):
            yield _at("W-TEXT", element, path, text.strip(BLANK))
            return


def text_of(element: etree._Element) -> str:
    """All text of an element that holds no other, comments left out."""
    return "".join([str(text) for text in element.itertext(with_tail=False)])


def _child_path(path: str, part: Part, number: int) -> str:
    return f"{path}/{part.name}" if part.most == 1 and number == 1 else f"{path}/{part.name}[{number}]"


def _content_faults(child: etree._Element, part: Part, path: str) -> Iterator[Fault]:
    if part.content == "any":
        return
    if part.content == "signature":
        yield from signature.faults(child, path)
        return
    yield from attribute_faults(child, path, part.attributes)
    if isinstance(part.content, Field):
        yield from _field_faults(child, part.content, path)
    elif isinstance(part.content, Group):
        yield from group_faults(child, part.content, path)
    else:
        yield from _one_faults(child, path)


def _one_faults(child: etree._Element, path: str) -> Iterator[Fault]:
    """At most one element of any kind."""
    yield from text_between(child, path)
    if len(child) > 1:
        yield _at("W-TOO-MANY", child, path, str(len(child)), ("至多 1 个子元素", "at most one element inside"))


def _field_faults(child: etree._Element, field: Field, path: str) -> Iterator[Fault]:
    inner = next((node for node in child if isinstance(node.tag, str)), None)
    if inner is not None:
        yield _at("W-CHILD", child, path, etree.QName(inner).localname)
        return
    text = text_of(child)
    code = field_fault(field, text)
    if code:
        yield _at(code, child, path, text, None if code == "W-AMOUNT" else allowed(field))


def _misplaced(places: list[int | None]) -> set[int]:
    """The fewest children that would have to move for the rest to be in order."""
    tops: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for at, place in enumerate(places):
        if place is None:
            continue
        slot = bisect_right(tops, place)
        before[at] = ends[slot - 1] if slot else -1
        tops[slot : slot + 1] = [place]
        ends[slot : slot + 1] = [at]
    kept = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return set(before) - kept


def _at(code: str, element: etree._Element, path: str, value: str = "", rule: tuple[str, str] | None = None) -> Fault:
    name = path.rsplit("/", 1)[-1].split("[", 1)[0]
    return fault(code, Place(path, line_of(element), name), value, rule)


def _unknown(child: etree._Element, group: Group, path: str) -> Fault:
    names = "、".join(part.name for part in group.parts)
    local = etree.QName(child).localname
    return _at("W-UNKNOWN", child, f"{path}/{local}", local, (names, names.replace("、", ", ")))


def _order(child: etree._Element, path: str, group: Group, place: int) -> Fault:
    before = group.parts[place - 1].name if place else ""
    rule = (f"紧接 {before} 之后", f"after {before}") if before else ("在最前", "first")
    return _at("W-ORDER", child, path, etree.QName(child).localname, rule)


def _too_many(child: etree._Element, path: str, part: Part, count: int) -> Fault:
    name = part.name
    if name == "BaseTransfer":
        return _at("W-TRANSFER-TWICE", child, path, str(count))
    return _at("W-TOO-MANY", child, path, str(count), (f"至多 {part.most} 个 {name}", f"at most {part.most} {name}"))


def _missing(element: etree._Element, part: Part, path: str) -> Fault:
    name = part.name
    content = part.content
    zh, en = allowed(content) if isinstance(content, Field) else (f"至少 {part.least} 个", f"at least {part.least}")
    title = (content.zh, content.en) if isinstance(content, Field) else (name, name)
    return _at("W-MISSING", element, f"{path}/{name}", "", (f"{title[0]}：{zh}", f"{title[1]}: {en}"))


def _namespace_of(part: Part) -> tuple[str, str]:
    namespace = etree.QName(part.tag).namespace or ""
    return namespace, namespace

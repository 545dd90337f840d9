"""The complete check of a message against its definition: every fault with its place, none missed after the first.

The verdict is that of the published schema 202205 (the tests compare the two); beyond it the check names the cause.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from sandan.wire import signature
from sandan.wire.definitions import CEB
from sandan.wire.definitions import DS
from sandan.wire.definitions import XSI
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions
from sandan.wire.facts import Fault
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of
from sandan.wire.fields import effective
from sandan.wire.fields import fault_of
from sandan.wire.fields import value_of
from sandan.wire.numbers import BLANK
from sandan.wire.numbers import E5_MOST

_GUID_LENGTH = 36
_VERSION_MOST = 10
_DIGIT_TIMES = {8: "YYYYMMDD", 14: "YYYYMMDDhhmmss", 17: "YYYYMMDDhhmmssSSS"}
_XSI_ALLOWED = frozenset({f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"})


class Part(Struct, frozen=True):
    """What may stand at one place of a sequence; ``most`` is None without limit."""

    tag: str
    least: int
    most: int | None
    content: Group | Field | None


class Group(Struct, frozen=True):
    """An element that holds a sequence of elements."""

    parts: tuple[Part, ...]


def message_faults(root: etree._Element, message: Message) -> list[Fault]:
    """Check a whole message.

    Args:
        root: Its root element, known to be that of ``message``.
        message: Its definition.

    Returns:
        All faults in document order; empty where the schema accepts it.
    """
    path = "/" + etree.QName(root).localname
    return [*_root_attributes(root, path), *_group_faults(root, message_group(message), path)]


def message_group(message: Message) -> Group:
    """The sequence under the root of a message."""
    heads = tuple(_entity_part(entity) for entity in message.entities)
    node = _fields_group(message.head) if message.flat else Group(heads)
    return Group(
        (
            Part(f"{{{CEB}}}{message.node}", 1, message.most, node),
            *(Part(_trailing_tag(item.name), item.least, item.most, _block(item.name)) for item in message.trailing),
        )
    )


def _entity_part(entity: Entity) -> Part:
    return Part(f"{{{CEB}}}{entity.name}", entity.least, entity.most, _fields_group(entity))


def _fields_group(entity: Entity) -> Group:
    return _group_of(entity.fields)


def _group_of(fields: tuple[Field, ...]) -> Group:
    return Group(tuple(Part(f"{{{CEB}}}{field.name}", 0 if field.optional else 1, 1, field) for field in fields))


def _trailing_tag(name: str) -> str:
    return f"{{{DS if name == 'Signature' else CEB}}}{name}"


def _block(name: str) -> Group | None:
    fields = definitions().blocks.get(name)
    if fields is None:
        return None
    group = _group_of(fields)
    if name == "ExtendMessage":
        return Group((*group.parts, Part(f"{{{CEB}}}Message", 1, 1, None)))
    return group


def _root_attributes(root: etree._Element, path: str) -> Iterator[Fault]:
    """``guid`` of 36 and ``version`` of 1 to 10 characters, both required (specification 202205, chapter 3)."""
    line = line_of(root)
    guid, version = root.get("guid"), root.get("version")
    if guid is None:
        yield fault("W-ATTRIBUTE-MISSING", Place(path, line, "guid"), "", ("guid，36 个字符", "guid, 36 characters"))
    elif len(guid) != _GUID_LENGTH:
        yield fault("W-GUID", Place(f"{path}/@guid", line, "guid"), guid)
    if version is None:
        yield fault(
            "W-ATTRIBUTE-MISSING", Place(path, line, "version"), "", ("version，例如 1.0", "version, such as 1.0")
        )
    elif not 1 <= len(version) <= _VERSION_MOST:
        yield fault(
            "W-LENGTH", Place(f"{path}/@version", line, "version"), version, ("1 至 10 个字符", "1 to 10 characters")
        )
    yield from _attribute_faults(root, path, frozenset({"guid", "version"}))


def _attribute_faults(element: etree._Element, path: str, known: frozenset[str] = frozenset()) -> Iterator[Fault]:
    for name in element.attrib:
        if name not in known and name not in _XSI_ALLOWED:
            local = etree.QName(name).localname
            yield fault("W-ATTRIBUTE", Place(f"{path}/@{local}", line_of(element), local), element.get(name, ""))


def _group_faults(element: etree._Element, group: Group, path: str) -> Iterator[Fault]:
    """Check one sequence: names, order, number, then each child by its own definition."""
    index = {part.tag: at for at, part in enumerate(group.parts)}
    locals_ = {etree.QName(part.tag).localname: at for at, part in enumerate(group.parts)}
    children = [child for child in element if isinstance(child.tag, str)]
    yield from _text_between(element, path)
    places = [index.get(child.tag, locals_.get(etree.QName(child).localname)) for child in children]
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
            yield _at("W-NAMESPACE", child, child_path, etree.QName(child).namespace or "")
        if at in misplaced:
            yield _order(child, child_path, group, place)
        if part.most is not None and seen[place] == part.most + 1:
            yield _too_many(child, child_path, part, places.count(place))
        yield from _content_faults(child, part, child_path)
    for place, part in enumerate(group.parts):
        if seen[place] < part.least:
            yield _missing(element, part, path)


def _child_path(path: str, part: Part, number: int) -> str:
    name = etree.QName(part.tag).localname
    return f"{path}/{name}" if part.most == 1 and number == 1 else f"{path}/{name}[{number}]"


def _content_faults(child: etree._Element, part: Part, path: str) -> Iterator[Fault]:
    if isinstance(part.content, Field):
        yield from _field_faults(child, part.content, path)
    elif part.tag == f"{{{DS}}}Signature":
        yield from signature.faults(child, path)
    elif part.content is None:
        yield from _any_faults(child, path)
    else:
        yield from _attribute_faults(child, path)
        yield from _group_faults(child, part.content, path)


def _any_faults(child: etree._Element, path: str) -> Iterator[Fault]:
    """``ExtendMessage/Message``: at most one element of any kind (specification 202205, 2.3)."""
    yield from _attribute_faults(child, path)
    yield from _text_between(child, path)
    if len(child) > 1:
        yield _at("W-TOO-MANY", child, path, str(len(child)), ("至多 1 个子元素", "at most one element inside"))


def _field_faults(child: etree._Element, field: Field, path: str) -> Iterator[Fault]:
    yield from _attribute_faults(child, path)
    if any(isinstance(inner.tag, str) for inner in child):
        yield _at("W-CHILD", child, path, etree.QName(child[0]).localname if isinstance(child[0].tag, str) else "")
        return
    text = text_of(child)
    code = fault_of(field, text)
    if code:
        yield _at(_sharper(code, field, text), child, path, text, allowed(field))
    elif field.base == "decimal" and abs(int(value_of(field, text) or 0)) > E5_MOST:
        yield _at("W-AMOUNT", child, path, text)


def _sharper(code: str, field: Field, text: str) -> str:
    """The more telling code where one is known."""
    if code == "W-LENGTH" and effective(field, text) == "":
        return "W-EMPTY-TEXT"
    if code == "W-LENGTH" and field.name == "guid":
        return "W-GUID"
    if code == "W-LENGTH" and field.low == field.high and field.low in _DIGIT_TIMES and _is_time(field):
        return "W-TIME"
    return code


def _is_time(field: Field) -> bool:
    return field.name.endswith(("Time", "Date"))


def allowed(field: Field) -> tuple[str, str]:
    """What a field allows, in Chinese and English."""
    if field.fixed is not None:
        return f"固定为 {field.fixed}", f"always {field.fixed}"
    if field.base == "string":
        return _allowed_text(field)
    if field.base == "int":
        digits = "" if field.digits is None else f"，至多 {field.digits} 位"
        return f"整数{digits}", "a whole number" + (f" of at most {field.digits} digits" if field.digits else "")
    return (
        f"数值，至多 {field.digits} 位，其中小数至多 {field.fraction} 位",
        f"a number of at most {field.digits} digits, {field.fraction} of them behind the point",
    )


def _allowed_text(field: Field) -> tuple[str, str]:
    time = _DIGIT_TIMES.get(field.low) if _is_time(field) else None
    if time is not None and field.low == field.high:
        return f"{field.low} 位数字 {time}", f"{field.low} digits, {time}"
    if field.low == field.high:
        return f"{field.low} 个字符", f"exactly {field.low} characters"
    return f"{field.low} 至 {field.high} 个字符", f"{field.low} to {field.high} characters"


def text_of(element: etree._Element) -> str:
    """All text of an element that holds no other, comments left out."""
    return "".join([str(text) for text in element.itertext(with_tail=False)])


def _text_between(element: etree._Element, path: str) -> Iterator[Fault]:
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip(BLANK):
            yield _at("W-TEXT", element, path, text.strip(BLANK))
            return


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
        tops[slot:] = [place, *tops[slot + 1 :]]
        ends[slot:] = [at, *ends[slot + 1 :]]
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
    names = "、".join(etree.QName(part.tag).localname for part in group.parts)
    local = etree.QName(child).localname
    return _at("W-UNKNOWN", child, f"{path}/{local}", local, (names, names.replace("、", ", ")))


def _order(child: etree._Element, path: str, group: Group, place: int) -> Fault:
    before = etree.QName(group.parts[place - 1].tag).localname if place else ""
    rule = (f"紧接 {before} 之后", f"after {before}") if before else ("在最前", "first")
    return _at("W-ORDER", child, path, etree.QName(child).localname, rule)


def _too_many(child: etree._Element, path: str, part: Part, count: int) -> Fault:
    name = etree.QName(part.tag).localname
    if name == "BaseTransfer":
        return _at("W-TRANSFER-TWICE", child, path, str(count))
    return _at("W-TOO-MANY", child, path, str(count), (f"至多 {part.most} 个 {name}", f"at most {part.most} {name}"))


def _missing(element: etree._Element, part: Part, path: str) -> Fault:
    name = etree.QName(part.tag).localname
    content = part.content
    zh, en = allowed(content) if isinstance(content, Field) else (f"至少 {part.least} 个", f"at least {part.least}")
    title = (content.zh, content.en) if isinstance(content, Field) else (name, name)
    return _at("W-MISSING", element, f"{path}/{name}", "", (f"{title[0]}：{zh}", f"{title[1]}: {en}"))

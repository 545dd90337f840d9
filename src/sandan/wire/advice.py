"""What is probably not meant although the schema accepts it: habits of real clients, said before they hurt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta

from lxml import etree

from sandan.terms.days import parse_wire_day
from sandan.terms.days import parse_wire_time
from sandan.terms.errors import TermError
from sandan.wire.definitions import CEB
from sandan.wire.definitions import Field
from sandan.wire.definitions import Message
from sandan.wire.facts import Fault
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of

_HALF_DAY = timedelta(hours=12)
_SLACK = timedelta(minutes=30)
_TIME_LENGTHS = (14, 17)
_DAY_LENGTH = 8


def advice(root: etree._Element, message: Message, now: datetime | None = None) -> Iterator[Fault]:
    """Look for habits that hurt.

    Args:
        root: Root of a message the schema accepts.
        message: Its definition.
        now: When it was received, to tell a 12-hour clock by; None to judge by the message alone.

    Yields:
        Faults of weight ``ADVICE``.
    """
    path = "/" + etree.QName(root).localname
    guid = root.get("guid", "")
    if message.from_enterprise and guid != guid.upper():
        yield fault("W-GUID-CASE", Place(f"{path}/@guid", line_of(root), "guid"), guid)
    nodes = list(root.iterchildren(f"{{{CEB}}}{message.node}"))
    for number, node in enumerate(nodes, 1):
        head = node if message.flat else next(node.iterchildren(f"{{{CEB}}}{message.head.name}"))
        below = f"{path}/{message.node}[{number}]" + ("" if message.flat else f"/{message.head.name}")
        yield from _head_advice(head, message, below, now)
        if message.from_enterprise and guid and _text(head, "guid") == guid:
            yield _at("W-GUID-SAME", head, below, "guid")


def _head_advice(head: etree._Element, message: Message, path: str, now: datetime | None) -> Iterator[Fault]:
    times = {}
    for field in message.head.fields:
        text = _text(head, field.name)
        if text is None:
            if field.optional and field.spec_required and message.from_enterprise:
                yield fault(
                    "W-SPEC-REQUIRED",
                    Place(f"{path}/{field.name}", line_of(head), field.name),
                    "",
                    (field.zh, field.en),
                )
        elif _is_time(field):
            moment = _moment(text)
            if moment is None and text:
                yield _at("W-TIME-VALUE", head, path, field.name)
            elif moment is not None:
                times[field.name] = moment
    if _half_a_day_late(times, now):
        yield _at("W-CLOCK12", head, path, "appTime")


def _is_time(field: Field) -> bool:
    digits = field.high in (*_TIME_LENGTHS, _DAY_LENGTH) and field.low == field.high
    return digits and field.name.endswith(("Time", "Date"))


def _moment(text: str) -> datetime | None:
    """A time or day of the wire; None where there is none such."""
    try:
        if len(text) == _DAY_LENGTH:
            day = parse_wire_day(text)
            return parse_wire_time(f"{day:%Y%m%d}000000")
        return parse_wire_time(text)
    except TermError:
        return None


def _half_a_day_late(times: dict[str, datetime], now: datetime | None) -> bool:
    """Whether ``appTime`` lies about twelve hours before something that cannot be later than it.

    A report cannot precede the payment it reports, nor arrive half a day after it was made (PHP ``Ymdhis``).
    """
    reported = times.get("appTime")
    if reported is None or reported.hour > _HALF_DAY.seconds // 3600:
        return False
    known = [*(moment for name, moment in times.items() if name in {"payTime", "logisticsTime", "leaveTime"})]
    if now is not None:
        known.append(now)
    return any(abs(moment - reported - _HALF_DAY) <= _SLACK for moment in known)


def _text(head: etree._Element, name: str) -> str | None:
    node = head.find(f"{{{CEB}}}{name}")
    return None if node is None else node.text or ""


def _at(code: str, head: etree._Element, path: str, name: str) -> Fault:
    node = head.find(f"{{{CEB}}}{name}")
    line = line_of(head if node is None else node)
    return fault(code, Place(f"{path}/{name}", line, name), _text(head, name) or "", None)

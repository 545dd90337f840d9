"""Dated parameters: which value of a figure, list or window holds on a day, and why there is none.

A value holds from its day to its last day, or until the next one begins. A value from memory, without a source, holds its
place but is off: asking for it says so, until an operator supplies the text.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sandan.law import data_files
from sandan.law.errors import NotInForceError
from sandan.law.errors import UnverifiedError
from sandan.law.facts import DatedValue
from sandan.law.facts import Evidence
from sandan.law.facts import Gap
from sandan.law.facts import Parameter
from sandan.law.facts import Source
from sandan.law.facts import Value
from sandan.terms.ids import RuleId


@cache
def shipped() -> Mapping[str, Parameter]:
    """Every parameter that ships with the platform, by name."""
    parameters = (_parameter(content) for _, content in data_files.documents("parameters"))
    return {parameter.name: parameter for parameter in parameters}


def value_on(parameter: Parameter, day: date, supplied: Sequence[DatedValue] = ()) -> DatedValue:
    """The value of a parameter that holds on a day.

    Args:
        parameter: The parameter as shipped.
        day: Legal day.
        supplied: Values an operator supplied; they come before shipped ones that begin on the same day.

    Raises:
        UnverifiedError: The only value is from memory.
        NotInForceError: No value holds on the day; the message gives the stated reason.
    """
    found = _latest((*supplied, *parameter.values), day)
    if found is not None:
        return _verified(parameter, found)
    raise NotInForceError(f"{parameter.name} has no value on {day}: {gap_on(parameter, day)}")


def gap_on(parameter: Parameter, day: date) -> str:
    """Stated reason why a parameter has no value on a day; empty where none is stated."""
    covers = (gap for gap in parameter.gaps if (gap.since or day) <= day <= (gap.until or day))
    return next((gap.reason for gap in covers), "")


def typed(raw: object, unit: str) -> Value:
    """A raw value of a file in the type its unit asks for.

    Raises:
        ValueError: The raw value does not fit the unit.
    """
    return _READERS[unit](raw)


def _latest(values: Sequence[DatedValue], day: date) -> DatedValue | None:
    """The value begun last, if it has not ended."""
    begun = [value for value in values if value.since <= day]
    if not begun:
        return None
    last = max(begun, key=lambda value: value.since)
    return last if last.until is None or day <= last.until else None


def _verified(parameter: Parameter, found: DatedValue) -> DatedValue:
    """The value, unless it is from memory only."""
    if found.evidence is Evidence.MEMORY:
        raise UnverifiedError(
            f"{parameter.name} from {found.since} is known from memory only ({found.source.title}); "
            "it is off until an operator supplies the text"
        )
    return found


def _whole(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    return int(str(raw))


def _rate(raw: object) -> Decimal:
    rate = Decimal(str(raw))
    if isinstance(raw, float) or not Decimal(0) <= rate <= Decimal(1):
        raise ValueError(f"{raw!r} is no rate from 0 to 1 written as text")
    return rate


def _day(raw: object) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw))


def _flag(raw: object) -> bool:
    answers = {"true": True, "false": False, "yes": True, "no": False}
    return answers[str(raw).lower()]


def _codes(raw: object) -> tuple[str, ...]:
    return tuple(raw.split()) if isinstance(raw, str) else tuple(str(code) for code in raw)  # type: ignore[attr-defined]


_READERS: Mapping[str, Callable[[object], Value]] = {
    "fen": _whole,
    "days": _whole,
    "months": _whole,
    "count": _whole,
    "e5": _whole,
    "rate": _rate,
    "day": _day,
    "flag": _flag,
    "text": str,
    "codes": _codes,
}

UNITS: frozenset[str] = frozenset(_READERS)
"""Units a parameter may have."""


def _parameter(content: Mapping[str, Any]) -> Parameter:
    """One file."""
    return Parameter(
        name=content["name"],
        zh=content["zh"],
        en=content["en"],
        unit=content["unit"],
        rules=tuple(RuleId(rule) for rule in content["rules"].split()),
        values=tuple(_value(row, content["unit"]) for row in content["values"]),
        gaps=tuple(Gap(**row) for row in content.get("none", ())),
    )


def _value(row: Mapping[str, Any], unit: str) -> DatedValue:
    """One value of a file."""
    return DatedValue(
        value=typed(row["value"], unit),
        since=row["since"],
        until=row.get("until"),
        source=Source(title=row["source"], article=str(row.get("article", ""))),
        evidence=Evidence(row["evidence"]),
        gazetted=row.get("gazetted"),
        checked=row["checked"],
        note=row.get("note", ""),
    )

"""Charts as options for ECharts; the same numbers always stand in a table beside."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandan.console.statuses import STATUSES
from sandan.law.facts import DatedValue
from sandan.law.facts import Value
from sandan.store.views.today import HourCount
from sandan.terms.days import SHANGHAI

_HOURS = tuple(range(24))
_GRID = {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True}


def by_hour(counts: Sequence[HourCount], gettext: Callable[[str], str]) -> dict[str, Any]:
    """Returns stacked bars of the day's cases by hour and status."""
    cases = {(count.hour.astimezone(SHANGHAI).hour, count.status): count.cases for count in counts}
    shown = [status for status in STATUSES.values() if any(key[1] == status.name for key in cases)]
    return {
        "aria": {"enabled": True},
        "animation": False,
        "grid": _GRID,
        "legend": {"top": 0, "left": 0, "icon": "roundRect", "itemWidth": 12, "itemHeight": 12},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "category", "data": [f"{hour:02d}" for hour in _HOURS]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "type": "bar",
                "stack": "cases",
                "name": gettext(status.label),
                "color": status.colour,
                "data": [cases.get((hour, status.name), 0) for hour in _HOURS],
            }
            for status in shown
        ],
    }


def by_reason(bars: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """Returns lying bars, the longest on top.

    Args:
        bars: Label, count and colour of each.
    """
    rising = list(reversed(bars))
    return {
        "aria": {"enabled": True},
        "animation": False,
        "grid": _GRID | {"top": 8},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [label for label, _, _ in rising]},
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 18,
                "label": {"show": True, "position": "right"},
                "data": [{"value": cases, "itemStyle": {"color": colour}} for _, cases, colour in rising],
            }
        ],
    }


def by_day(values: Sequence[DatedValue], unit: str, day: date) -> dict[str, Any] | None:
    """Returns the values of a parameter over time as steps; None where they are no numbers.

    Args:
        values: In order of their first days.
        unit: Unit of the parameter; rates are drawn in per cent, fen in yuan.
        day: Day the line is drawn to where the last value still holds.
    """
    numbers = [(value.since.isoformat(), _drawn(value.value, unit)) for value in values]
    if len(numbers) <= 1 or any(number is None for _, number in numbers):
        return None
    last = max(day.isoformat(), numbers[-1][0])
    return {
        "aria": {"enabled": True},
        "animation": False,
        "grid": _GRID | {"top": 16},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "min": 0},
        "series": [{"type": "line", "step": "end", "color": "#a3262a", "data": [*numbers, (last, numbers[-1][1])]}],
    }


def _drawn(value: Value, unit: str) -> str | int | None:
    """A number as it is drawn; exact decimal text, so that no rate is rounded on its way."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, Decimal):
        return f"{value * 100:f}"
    return f"{Decimal(value) / 100:f}" if unit == "fen" else value

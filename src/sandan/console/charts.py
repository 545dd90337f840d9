"""Charts as options for ECharts; the same numbers always stand in a table beside."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from sandan.console.statuses import STATUSES
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

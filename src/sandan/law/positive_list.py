"""The positive list (跨境电子商务零售进口商品清单): the lines public data shows, by tariff line and day (RPL-1, RPL-2)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from functools import cache

from sandan.law import data_files
from sandan.law.facts import Evidence
from sandan.law.facts import ListEntry
from sandan.law.facts import Remark
from sandan.law.facts import Restriction
from sandan.law.facts import Source

TITLES: Mapping[str, str] = {
    "2016-1": "财政部等11部门公告2016年第40号",
    "2016-2": "第二批跨境电子商务零售进口商品清单",
    "2018": "财政部等13部门公告2018年第157号",
    "2019": "财政部等13部门公告2019年第96号",
    "2022": "财政部等8部门公告2022年第7号",
}
"""Titles of the editions."""


@cache
def shipped() -> Mapping[str, tuple[ListEntry, ...]]:
    """Lines that ship with the platform, by tariff line."""
    lines: dict[str, tuple[ListEntry, ...]] = {}
    for row in data_files.table("lists", "positive_list.csv"):
        lines[row["hs8"]] = (*lines.get(row["hs8"], ()), _entry(row))
    return lines


def entry_on(hs8: str, day: date, supplied: Sequence[ListEntry] = ()) -> ListEntry | None:
    """The line of a tariff line on a day; None means that the list at hand does not have it.

    Args:
        hs8: Eight digits.
        day: Legal day.
        supplied: Lines of the operator's file for this code; they come before the shipped ones.
    """
    candidates = (*supplied, *shipped().get(hs8, ()))
    return next((line for line in candidates if line.since <= day and (line.until is None or day <= line.until)), None)


def _entry(row: Mapping[str, str]) -> ListEntry:
    """One row of the shipped table."""
    return ListEntry(
        hs8=row["hs8"],
        name=row["name"],
        edition=row["edition"],
        remarks=_remarks(row),
        since=date.fromisoformat(row["since"]),
        until=data_files.day(row["until"]),
        source=Source(title=TITLES[row["edition"]]),
        evidence=Evidence.FOUND,
    )


def _remarks(row: Mapping[str, str]) -> tuple[Remark, ...]:
    """Restrictions of a row: goods excluded, and names it is limited to."""
    excluded = Remark(kind=Restriction.EXCLUSION, text=row["excluded"])
    named = Remark(kind=Restriction.NAME_ONLY, text=row["names_remark"], names=tuple(row["names"].split()))
    return tuple(remark for remark in (excluded, named) if remark.text)

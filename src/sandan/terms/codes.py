"""Dated code lists of the messages (参数代码表): what a code of two to four characters means.

Each list is a small file beside this module whose header says where it comes from and on which day it was compiled. A row
carries the first and last day of its validity where known; a code that only an older edition knew keeps its name, because
old documents still carry it, but is no longer in force after the day it was last seen.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Final

from msgspec import Struct


class Code(Struct, frozen=True, kw_only=True):
    """One row of a code list."""

    code: str
    zh: str
    en: str = ""
    #: First day of validity; None where it is older than the law kept here
    since: date | None = None
    #: Last day of validity, inclusive
    until: date | None = None
    #: Other marks of the row, by column name
    marks: Mapping[str, str] = {}

    def in_force(self, day: date) -> bool:
        """Whether the code may be used on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class CodeList:
    """One code list, read when it is first asked."""

    def __init__(self, name: str) -> None:
        self.file = name

    @cached_property
    def provenance(self) -> str:
        """Header of the file: origin, compilation day, what is known to be missing."""
        return "\n".join(line.lstrip("# ") for line in self._text().splitlines() if line.startswith("#"))

    @cached_property
    def rows(self) -> Mapping[str, Code]:
        """All rows by code."""
        return {row["code"]: _code(row) for row in csv.DictReader(_data_lines(self._text()))}

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __iter__(self) -> Iterator[Code]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def name(self, code: str, language: str = "zh") -> str:
        """Name of a code in ``zh`` or ``en``; the Chinese name where no English is known, empty for an unknown code."""
        row = self.rows.get(code)
        if row is None:
            return ""
        return row.en or row.zh if language == "en" else row.zh

    def in_force(self, code: str, day: date) -> bool:
        """Whether the code is in the list and may be used on a day."""
        row = self.rows.get(code)
        return row is not None and row.in_force(day)

    def _text(self) -> str:
        return files("sandan.terms").joinpath("data", f"{self.file}.csv").read_text("utf-8")


def _data_lines(text: str) -> list[str]:
    """Lines of a file without its header of remarks."""
    return [line for line in text.splitlines() if not line.startswith("#")]


def _code(row: dict[str, str]) -> Code:
    """One row of a file."""
    known = {"code", "zh", "en", "since", "until"}
    return Code(
        code=row["code"],
        zh=row["zh"],
        en=row.get("en", ""),
        since=_day(row.get("since", "")),
        until=_day(row.get("until", "")),
        marks={key: value for key, value in row.items() if key not in known and value},
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


COUNTRIES: Final = CodeList("countries")
"""Countries and regions (国别地区代码), three digits; mark ``iso3``."""
CURRENCIES: Final = CodeList("currencies")
"""Currencies (币制代码), three digits; mark ``alpha3``; the public list is not complete."""
UNITS: Final = CodeList("units")
"""Units of measure (计量单位代码), three digits."""
DISTRICTS: Final = CodeList("districts")
"""Customs districts (关区代码), four digits."""
TRANSPORT_MODES: Final = CodeList("transport_modes")
"""Modes of transport (运输方式代码), one character."""
WRAP_TYPES: Final = CodeList("wrap_types")
"""Kinds of packing (包装种类代码), one digit."""
TRADE_MODES: Final = CodeList("trade_modes")
"""Supervision modes (监管方式代码), four digits; mark ``ceb`` names the messages that use the mode."""

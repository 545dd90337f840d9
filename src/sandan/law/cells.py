"""Cells of an operator's table: each is read as what its column asks for, and every fault is kept, not the first."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from decimal import Decimal
from decimal import InvalidOperation
from typing import Final

from python_calamine import CalamineError
from python_calamine import CalamineWorkbook

from sandan.law.errors import Fault

_WORKBOOK: Final = b"PK\x03\x04"
_HEADER_ROW: Final = 1
_YES: Final = frozenset({"true", "yes", "1", "是"})
_NO: Final = frozenset({"false", "no", "0", "否", ""})


class Row:
    """One row of a table, with the faults found in it."""

    def __init__(self, file: str, number: int, cells: Mapping[str, str]) -> None:
        self.file = file
        self.number = number
        self.cells = cells
        self.faults: list[Fault] = []

    def fault(self, column: str, wanted: str) -> None:
        """Keeps a fault of one column."""
        found = self.cells.get(column, "")
        self.faults.append(Fault(file=self.file, row=self.number, column=column, found=found, wanted=wanted))

    def text(self, column: str, *, required: bool = False) -> str:
        """A cell as text."""
        value = self.cells.get(column, "").strip()
        if required and not value:
            self.fault(column, "must be filled in")
        return value

    def digits(self, column: str, lengths: Collection[int]) -> str:
        """A cell of so many digits; spreadsheets that hold codes as numbers lose leading zeros."""
        value = self.text(column, required=0 not in lengths)
        if value and (not value.isascii() or not value.isdecimal() or len(value) not in lengths):
            wanted = " or ".join(str(length) for length in sorted(lengths) if length)
            self.fault(column, f"must be {wanted} digits; format the column as text so that leading zeros stay")
        return value

    def choice(self, column: str, options: Collection[str], default: str = "") -> str:
        """A cell that is one of some words."""
        value = self.text(column) or default
        if value not in options:
            self.fault(column, f"must be one of {', '.join(sorted(options))}")
        return value

    def day(self, column: str, *, required: bool = False) -> date | None:
        """A cell that is a day, written 2026-01-31."""
        value = self.text(column, required=required)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(column, "must be a day such as 2026-01-31")
            return None

    def rate(self, column: str) -> Decimal | None:
        """A cell that is a share from 0 to 1, or a percentage with its sign."""
        value = self.text(column)
        if not value:
            return None
        try:
            rate = _number(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except InvalidOperation:
            rate = Decimal(-1)
        if not rate.is_finite() or not Decimal(0) <= rate < Decimal(1):
            self.fault(column, "must be a share such as 0.13, or 13%")
            return None
        return rate

    def amount(self, column: str) -> Decimal:
        """A cell that is an amount of zero or more; empty is zero."""
        value = self.text(column)
        try:
            amount = _number(value or "0")
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or amount < 0:
            self.fault(column, "must be a number of zero or more")
            return Decimal(0)
        return amount

    def flag(self, column: str, *, default: bool = False) -> bool:
        """A cell that is yes or no; empty is the default."""
        value = self.text(column).lower()
        if not value:
            return default
        if value not in _YES | _NO:
            self.fault(column, "must be yes or no")
        return value in _YES


def rows(file: str, body: bytes, columns: Collection[str], required: Collection[str]) -> Iterator[Row]:
    """Rows of a CSV or XLSX table whose first row names its columns.

    A file that cannot be read, or whose header is not right, gives one row that only carries its faults.
    """
    try:
        table = _sheet(body) if body.startswith(_WORKBOOK) else _csv(body)
    except (UnicodeDecodeError, CalamineError, csv.Error) as error:
        yield _broken(file, "", f"cannot be read: save it as XLSX or as CSV in UTF-8 ({type(error).__name__})")
        return
    header = [cell.strip() for cell in table[0]] if table else []
    wrong = list(_header_faults(file, header, columns, required))
    if wrong:
        yield from wrong
        return
    for number, cells in enumerate(table[1:], _HEADER_ROW + 1):
        if any(cell.strip() for cell in cells):
            yield _row(file, number, header, cells)


def _number(text: str) -> Decimal:
    """A plain number; the underscores and wide digits that ``Decimal`` would take are refused."""
    if not text.isascii() or "_" in text:
        raise InvalidOperation
    return Decimal(text)


def _row(file: str, number: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    """One row; fewer or more cells than columns is the mark of a file cut short or shifted."""
    row = Row(file, number, dict(zip(header, cells, strict=False)))
    if len(cells) != len(header):
        row.faults.append(
            Fault(
                file=file, row=number, column="", found=f"{len(cells)} cells", wanted=f"must have {len(header)} cells"
            )
        )
    return row


def _header_faults(
    file: str, header: Sequence[str], columns: Collection[str], required: Collection[str]
) -> Iterator[Row]:
    """Columns that are missing, unknown or there twice."""
    for column in sorted(set(required) - set(header)):
        yield _broken(file, "", f"the column {column} is missing", _HEADER_ROW)
    for column in sorted(set(header) - set(columns)):
        yield _broken(file, column, f"unknown column; known are {', '.join(sorted(columns))}", _HEADER_ROW)
    if len(set(header)) != len(header):
        yield _broken(file, "", "a column stands twice in the header", _HEADER_ROW)


def _broken(file: str, found: str, wanted: str, number: int = 0) -> Row:
    row = Row(file, number, {})
    row.faults.append(Fault(file=file, row=number, column="", found=found, wanted=wanted))
    return row


def _csv(body: bytes) -> list[list[str]]:
    text = body.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), strict=True))


def _sheet(body: bytes) -> list[list[str]]:
    """First sheet of a workbook, its cells as text."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0)
    return [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]


def _cell(value: object) -> str:
    """A spreadsheet cell as the text a person sees: whole numbers without a point, days without a time."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)

"""Lists as CSV files that open in a spreadsheet without running anything.

A cell that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from collections.abc import Sequence

from starlette.responses import Response

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> str:
    """Returns the text of a cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded(-5), guarded("-5")
    ("'=1+1", '-5', "'-5")
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA_STARTS) else text


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Returns rows as a UTF-8 file with byte order mark, which Chinese spreadsheets need to read it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return Response(
        "\ufeff" + stream.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )

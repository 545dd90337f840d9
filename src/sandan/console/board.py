"""The match board of a case: order, payment, waybill and list side by side (三单比对)."""

from __future__ import annotations

from msgspec import Struct

from sandan.clearance import compare
from sandan.clearance.compare import DOCUMENTS
from sandan.clearance.facts import Papers
from sandan.documents.facts import Received
from sandan.parties.bench import Bench
from sandan.store.masks import Veil
from sandan.store.views.case import CaseFile
from sandan.store.views.case import papers_compared

_A_PAIR = 2


class Column(Struct, frozen=True):
    """One paper at the head of the board."""

    kind: str
    #: None while the paper is missing
    received: Received | None
    #: Further papers of this kind, such as a second payment
    others: int = 0


class Row(Struct, frozen=True):
    """One field of the board, a cell for each paper; None where the paper has no such field or is missing."""

    field: str
    cells: tuple[str | None, ...]
    agrees: bool
    rule: str

    @property
    def is_alone(self) -> bool:
        """Whether only one paper that is here states the field, so that there is nothing to compare yet."""
        return sum(cell is not None for cell in self.cells) < _A_PAIR


class Board(Struct, frozen=True):
    """The board as a reader may see it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Papers that have not come."""
        return tuple(column.kind for column in self.columns if column.received is None)

    @property
    def differing(self) -> int:
        """Fields that differ."""
        return sum(not row.agrees for row in self.rows)


def board_of(file: CaseFile, veil: Veil, bench: Bench | None = None) -> Board | None:
    """Returns the board of the papers the case stands on; None while its list is not there.

    Args:
        file: The case with its papers.
        veil: Hides personal data from the reader.
        bench: Law and register, which say whether another payer counts as disagreeing.
    """
    papers = papers_compared(file)
    if papers is None:
        return None
    rows = tuple(_row(row, veil) for row in compare.board(papers, bench))
    return Board(_columns(papers), tuple(sorted(rows, key=lambda row: row.agrees)))


def _row(row: compare.BoardRow, veil: Veil) -> Row:
    cells = (row.values.get(kind) for kind in DOCUMENTS)
    shown = tuple(None if cell is None else veil.field(row.field, cell) for cell in cells)
    return Row(row.field, shown, row.agrees, row.rule)


def _columns(papers: Papers) -> tuple[Column, ...]:
    payment = papers.payments[-1] if papers.payments else None
    return (
        Column("order", papers.order),
        Column("payment", payment, max(len(papers.payments) - 1, 0)),
        Column("waybill", papers.waybill),
        Column("list", papers.declaration),
    )

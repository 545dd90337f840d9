"""Tax in scenarios: what collector, bank and revenue desk do, and whether bills and letters are as expected."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from sandan.documents.facts import Ref
from sandan.revenue.facts import Advice
from sandan.revenue.facts import TaxDocument
from sandan.revenue.rules import stage_of
from sandan.sandbox import world
from sandan.sandbox.bank import SandboxBank
from sandan.sandbox.platform import Platform
from sandan.sandbox.scenario import Expected
from sandan.sandbox.scenario import Tax
from sandan.store import tax_bills
from sandan.store.audit import verify
from sandan.terms.days import legal_day

NOTHING = "nothing payable"

_TAX_NO = "SELECT collector, tax_no FROM tax_bills WHERE declarant = %s AND list_key = %s"
_LETTERS = """
    SELECT id, facts->'letter'->>'message_type', status FROM receipts
     WHERE subject_kind = 'tax_bill' AND recipient = %s AND id > %s ORDER BY id
"""


class Till:
    """The collector's till with its bank."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._bank = SandboxBank(platform.clock)
        self._document: TaxDocument | None = None
        self._advice: Advice | None = None
        self._outcome = ""
        self._last_letter = 0

    def do(self, tax: Tax, case: Ref | None) -> None:
        """Does what a step says.

        Raises:
            ValueError: The story pays before there is a document, or voids what has no bill.
        """
        {"aggregate": self._aggregate, "pay": self._pay, "void": self._void}[tax.do](tax, case)

    def differences(self, expect: Expected, refs: Mapping[str, Ref]) -> Iterator[str]:
        """What is not as expected, in words."""
        letters = self._letters()
        if expect.letters is not None and letters != expect.letters:
            yield f"letters {list(letters)}, expected {list(expect.letters)}"
        if expect.payment and self._outcome != expect.payment:
            yield f"payment {self._outcome or 'none'}, expected {expect.payment}"
        for parcel, stage in expect.stage.items():
            yield from _compare(f"stage of {parcel}", self._bill(refs[parcel], "stage"), stage)
        for parcel, status in expect.bill.items():
            yield from _compare(f"bill of {parcel}", self._bill(refs[parcel], "status"), status)
        if expect.sound:
            yield from self._faults()

    def _aggregate(self, tax: Tax, case: Ref | None) -> None:
        del tax, case
        document = self._platform.desk.aggregate(world.PLATFORM, world.DISTRICT)
        self._outcome = NOTHING if document is None else ""
        self._document = document or self._document

    def _pay(self, tax: Tax, case: Ref | None) -> None:
        del case
        if self._document is None:
            raise ValueError("the story pays before anything was aggregated")
        if not (tax.again and self._advice):
            self._advice = self._bank.pay(self._document, self._document.amount_fen + tax.difference_fen)
        self._outcome = self._platform.desk.receive(self._advice).outcome

    def _void(self, tax: Tax, case: Ref | None) -> None:
        del tax
        found = self._row(_TAX_NO, [case.owner, case.key]) if case else None
        if found is None:
            raise ValueError("the story voids a bill that is not there")
        collector, tax_no = found
        self._platform.desk.void(collector, tax_no, "退货按期运抵")

    def _bill(self, case: Ref, what: str) -> str:
        found = self._row(_TAX_NO, [case.owner, case.key])
        if found is None:
            return "none"
        with self._platform.pool.connection() as conn:
            bill = tax_bills.one(conn, *found)
        assert bill is not None  # noqa: S101 - its key was just read
        return stage_of(bill, legal_day(self._platform.clock.now())) if what == "stage" else bill.status

    def _letters(self) -> tuple[str, ...]:
        with self._platform.pool.connection() as conn:
            rows = conn.execute(_LETTERS, [world.PLATFORM, self._last_letter]).fetchall()
        self._last_letter = rows[-1][0] if rows else self._last_letter
        return tuple(f"{kind.removesuffix('Message')} {status}" for _, kind, status in rows)

    def _faults(self) -> Iterator[str]:
        with self._platform.pool.connection() as conn:
            yield from (f"{fault.kind} {fault.where}: {fault.found}" for fault in verify(conn).faults)

    def _row(self, query: str, values: list[str]) -> Any:  # noqa: ANN401 - a row
        with self._platform.pool.connection() as conn:
            return conn.execute(query.encode(), values).fetchone()


def _compare(what: str, found: str, expected: str) -> Iterator[str]:
    if found != expected:
        yield f"{what} is {found}, expected {expected}"

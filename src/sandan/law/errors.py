"""Why the law gives no answer, and why a file of law data is refused."""

from __future__ import annotations

from msgspec import Struct


class LawError(ValueError):
    """The law at hand gives no answer."""


class UnknownNameError(LawError):
    """No parameter or rule of that name is kept."""


class NotInForceError(LawError):
    """The parameter has no value on that day."""


class UnverifiedError(NotInForceError):
    """The value is known from memory only and is off until an operator supplies its text."""


class UnpublishedError(LawError):
    """The calendar of that year is not published yet."""


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong with one file of law data."""

    #: File the fault stands in
    file: str
    #: Row counted as a spreadsheet shows it, the header being row 1; 0 for the file as a whole
    row: int
    #: Name of the column; empty for the row as a whole
    column: str
    #: What was found
    found: str
    #: What would do
    wanted: str

    def sentence(self) -> str:
        """The fault in one line: where, what was found, what would do."""
        place = f"{self.file} row {self.row}" if self.row else self.file
        column = f", column {self.column}" if self.column else ""
        found = f"found {self.found!r}; " if self.found else ""
        return f"{place}{column}: {found}{self.wanted}"


class FileRefusedError(LawError):
    """A file of law data is refused whole; what was in force stays in force."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(fault.sentence() for fault in faults))

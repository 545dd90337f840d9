"""An operator's files of law: read row by row, refused whole when anything is wrong, compared before they take effect.

A file is CSV in UTF-8 or XLSX; its kind decides its columns (``rows.TABLES``). Nothing of a set of files is taken when one
row of one of them is wrong, so that what was in force stays in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from itertools import pairwise
from typing import Any
from typing import TypeVar
from typing import cast

import msgspec
from msgspec import Struct

from sandan.law import cells
from sandan.law.errors import Fault
from sandan.law.errors import FileRefusedError
from sandan.law.facts import DatedValue
from sandan.law.facts import Evidence
from sandan.law.facts import ListEntry
from sandan.law.places import PlaceFact
from sandan.law.rows import TABLES
from sandan.law.rows import Read
from sandan.law.rows import Table
from sandan.law.rows import read_row
from sandan.law.supplied import EMPTY
from sandan.law.supplied import LocalList
from sandan.law.supplied import Overlay
from sandan.law.supplied import RateRow
from sandan.law.supplied import Suspension
from sandan.law.supplied import Switch
from sandan.terms.ids import RuleId

__all__ = ["EMPTY", "Change", "LawFile", "Overlay", "check", "diff", "read_overlay"]

T = TypeVar("T")
ONE_DAY = timedelta(days=1)


class LawFile(Struct, frozen=True, kw_only=True):
    """One file of an operator."""

    #: One of ``rows.TABLES``
    kind: str
    name: str
    body: bytes
    #: Title of the source for rows that name none
    source: str = ""
    #: Evidence for rows that name none: ``operator``, ``stated``, ``found`` or ``invented``
    evidence: str = Evidence.OPERATOR


class Change(Struct, frozen=True):
    """One difference between two sets of files."""

    kind: str
    key: str
    #: Empty where the row is new
    before: str
    #: Empty where the row is gone
    after: str


def read_overlay(files: Sequence[LawFile], *, production: bool) -> Overlay:
    """All files of an operator as one overlay.

    Args:
        files: The files; several of one kind are taken together.
        production: Whether the deployment is real; rows of evidence ``invented`` are refused then.

    Raises:
        FileRefusedError: With every fault of every file; nothing is taken.
    """
    read: dict[str, list[Read]] = defaultdict(list)
    faults: list[Fault] = []
    for file in files:
        good, bad = _read(file)
        read[file.kind] += good
        faults += bad or _invented(file, good, production=production)
    for kind, facts in read.items():
        faults += _clashes(kind, facts)
    if faults:
        raise FileRefusedError(tuple(faults))
    return _overlay(read)


def check(file: LawFile, *, production: bool) -> tuple[Fault, ...]:
    """Faults of one file; empty where it can be taken."""
    try:
        read_overlay([file], production=production)
    except FileRefusedError as error:
        return error.faults
    return ()


def diff(before: Overlay, after: Overlay) -> tuple[Change, ...]:
    """What changes when one overlay takes the place of another, in order of kind and key."""
    old, new = _flat(before), _flat(after)
    keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return tuple(Change(*key, old.get(key, ""), new.get(key, "")) for key in keys)


def _read(file: LawFile) -> tuple[list[Read], list[Fault]]:
    """Good rows and faults of one file."""
    table = TABLES.get(file.kind)
    if table is None:
        wanted = f"the kind must be one of {', '.join(TABLES)}"
        return [], [Fault(file=file.name, row=0, column="", found=file.kind, wanted=wanted)]
    good: list[Read] = []
    faults: list[Fault] = []
    for row in cells.rows(file.name, file.body, table.columns, table.required):
        fact = None if row.faults else read_row(table, row, file.source, file.evidence)
        faults += row.faults
        good += [fact] if fact else []
    return good, faults or _empty(file, good)


def _empty(file: LawFile, good: Sequence[Read]) -> list[Fault]:
    """A file without a row is a file cut short."""
    return (
        [] if good else [Fault(file=file.name, row=0, column="", found="no rows", wanted="must have at least one row")]
    )


def _invented(file: LawFile, good: Iterable[Read], *, production: bool) -> list[Fault]:
    """Rows of invented evidence, which a real deployment refuses."""
    wanted = "made-up law is refused in production"
    return [
        Fault(file=file.name, row=read.row, column="evidence", found=Evidence.INVENTED, wanted=wanted)
        for read in good
        if production and _evidence(read) is Evidence.INVENTED
    ]


def _evidence(read: Read) -> Evidence:
    fact: Any = read.fact
    period = getattr(fact, "period", fact)
    return cast("Evidence", period.evidence)


def _clashes(kind: str, facts: Iterable[Read]) -> Iterator[Fault]:
    """Rows of one key whose days overlap, or leave a gap where the kind allows none."""
    by_key: dict[str, list[Read]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key].append(fact)
    for key, same in by_key.items():
        ordered = sorted(same, key=lambda read: read.since)
        for first, second in pairwise(ordered):
            yield from _clash(kind, key, first, second)


def _clash(kind: str, key: str, first: Read, second: Read) -> Iterator[Fault]:
    """Two rows of one key that follow each other."""
    table: Table = TABLES[kind]
    if first.until is None or first.until >= second.since:
        wanted = f"{key}: overlaps row {first.row}, which holds until {first.until or 'further notice'}"
        yield Fault(file=kind, row=second.row, column="since", found=str(second.since), wanted=wanted)
    elif table.unbroken and first.until + ONE_DAY < second.since:
        wanted = f"{key}: leaves a gap after row {first.row}, which ends {first.until}"
        yield Fault(file=kind, row=second.row, column="since", found=str(second.since), wanted=wanted)


def _overlay(read: Mapping[str, Sequence[Read]]) -> Overlay:
    """Facts of all files, arranged for look-up."""
    return Overlay(
        positive_list=_keyed(read.get("positive_list", ()), ListEntry),
        tariff=_keyed(read.get("tariff", ()), RateRow),
        places=_plain(read.get("places", ()), PlaceFact),
        suspensions=_plain(read.get("suspensions", ()), Suspension),
        local_lists=_plain(read.get("local_lists", ()), LocalList),
        parameters=_keyed(read.get("parameters", ()), DatedValue),
        switches={RuleId(key): value for key, value in _keyed(read.get("rules", ()), Switch).items()},
    )


def _plain(read: Iterable[Read], kind: type[T]) -> tuple[T, ...]:
    return tuple(one.fact for one in read if isinstance(one.fact, kind))


def _keyed(read: Iterable[Read], kind: type[T]) -> Mapping[str, tuple[T, ...]]:
    keyed: dict[str, tuple[T, ...]] = {}
    for one in sorted(read, key=lambda read: (read.key, _ordinal(read.since))):
        if isinstance(one.fact, kind):
            keyed[one.key] = (*keyed.get(one.key, ()), one.fact)
    return keyed


def _ordinal(day: date) -> int:
    return day.toordinal()


def _flat(overlay: Overlay) -> dict[tuple[str, str], str]:
    """Every row under its kind and key, as text that two overlays can be compared by."""
    flat: dict[tuple[str, str], str] = {}
    for kind in overlay.__struct_fields__:
        held = getattr(overlay, kind)
        named = held.items() if isinstance(held, Mapping) else ((_about(fact), (fact,)) for fact in held)
        for name, facts in named:
            flat.update({(kind, f"{name} from {_since(fact)}"): msgspec.json.encode(fact).decode() for fact in facts})
    return flat


def _about(fact: PlaceFact | Suspension | LocalList) -> str:
    """What a row is about, by the columns that name it."""
    columns = ("city", "zone", "code", "country", "kind")
    return " ".join(str(getattr(fact, column)) for column in columns if getattr(fact, column, ""))


def _since(fact: Any) -> date:  # noqa: ANN401 any of the facts a row can become
    return cast("date", getattr(fact, "period", fact).since)

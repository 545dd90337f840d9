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


class Standing(Struct, frozen=True):
    """One row of a set of files, with its days."""

    #: Field of ``Overlay``
    kind: str
    #: Code, place, parameter or rule
    name: str
    since: date
    #: Last day, inclusive; None without end
    until: date | None
    source: str

    def covers(self, day: date) -> bool:
        """Whether the row holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Field(Struct, frozen=True):
    """One field of a row before and after a change; empty where it is not there."""

    name: str
    before: str
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


def fields(change: Change) -> tuple[Field, ...]:
    """What a change does to a row, field by field: those that differ, or all that are filled in where it is new or gone."""
    old, new = _leaves(change.before), _leaves(change.after)
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        Field(name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name, "") != new.get(name, "")
    )


def rows_of(overlay: Overlay, kinds: Iterable[str]) -> Iterator[Standing]:
    """Rows of some kinds, by the fields of ``Overlay``, each with its days and source."""
    for kind in kinds:
        for name, fact in _facts(getattr(overlay, kind)):
            period: Any = getattr(fact, "period", fact)
            yield Standing(kind, name, period.since, period.until, period.source.title)


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
    return {
        (kind, f"{name} from {_since(fact)}"): msgspec.json.encode(fact).decode()
        for kind in overlay.__struct_fields__
        for name, fact in _facts(getattr(overlay, kind))
    }


def _facts(held: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 a field of Overlay: by name, or a plain list
    """Rows of one kind, each with what it is about."""
    if isinstance(held, Mapping):
        yield from ((name, fact) for name, facts in held.items() for fact in facts)
    else:
        yield from ((_about(fact), fact) for fact in held)


def _leaves(encoded: str) -> dict[str, str]:
    """Fields of a row that hold something, by the names of its columns."""
    return dict(_walk("", msgspec.json.decode(encoded))) if encoded else {}


def _walk(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(_path(name, str(key)), inner)
    elif isinstance(value, list):
        yield from ((name, text) for text in [", ".join(_said(item) for item in value)] if text)
    elif value not in (None, "", False):
        yield name, _said(value)


def _path(name: str, key: str) -> str:
    """A period's fields go by their own names, as the columns do."""
    return key if name in {"", "period"} else f"{name}.{key}"


def _said(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_said(inner) for inner in value.values() if inner not in (None, "", 0, [], ()))
    if isinstance(value, list):
        return " ".join(_said(inner) for inner in value)
    return "yes" if value is True else str(value)


def _about(fact: PlaceFact | Suspension | LocalList) -> str:
    """What a row is about, by the columns that name it."""
    columns = ("city", "zone", "code", "country", "kind")
    return " ".join(str(getattr(fact, column)) for column in columns if getattr(fact, column, ""))


def _since(fact: Any) -> date:  # noqa: ANN401 any of the facts a row can become
    return cast("date", getattr(fact, "period", fact).since)

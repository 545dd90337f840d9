"""Scenarios as data: a story, the parcels in it, what is sent step by step, and every answer expected.

A scenario is a folder ``scenarios/NN-name/`` with ``README.md`` (the story) and ``scenario.yaml``. Messages are made
and signed when it is played, so nothing in it grows stale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Literal
from typing import TypeVar

import msgspec
import yaml
from msgspec import Struct

PAPERS = ("order", "payment", "waybill", "list")
"""The four papers of a parcel in the order a shop would send them."""

D = TypeVar("D", bound=Struct)

_STEP = re.compile(r"([a-z_]\w*)|\[(\d+)\]")


class ParcelRecipe(Struct, frozen=True, forbid_unknown_fields=True):
    """How one parcel of the story is made."""

    #: Supervision mode, 1210 or 9610
    mode: str
    #: Item number and count
    goods: tuple[tuple[str, int], ...]
    #: Number of the invented consumer
    buyer: int
    freight_fen: int = 0
    #: Price of one item in fen, where the story needs another than the shop's
    prices_fen: dict[str, int] = {}
    #: Fields that differ from a clean parcel, such as ``payment.payer_name``
    set: dict[str, Any] = {}


class Tax(Struct, frozen=True, forbid_unknown_fields=True):
    """What the revenue desk, the collector or its bank does; for the collector and district of the invented world."""

    #: ``aggregate`` gathers what is payable; ``pay`` pays the last document; ``void`` voids the bill of a parcel
    do: Literal["aggregate", "pay", "void"]
    #: Fen that differ from what the document asks for: -1 pays one fen too little
    difference_fen: int = 0
    #: Pay with the reference of the last payment again
    again: bool = False
    #: Parcel whose bill is voided
    parcel: str = ""


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true when a step is done."""

    #: New receipts in order, each ``paper status code``, such as ``list 100 1327``
    receipts: tuple[str, ...] | None = None
    #: Status of the case of each parcel named
    status: dict[str, str] = {}
    #: Tax of the case of each parcel named
    tax_fen: dict[str, int] = {}
    #: What is available on an account, named ``quota:buyer``, ``guarantee:code`` or ``stock:item``
    available: dict[str, int] = {}
    #: Outcome of the last message: ``registered``, ``refused``, ``unreadable`` or ``repeat``
    outcome: str = ""
    #: What each enterprise named was forwarded since it was last asked: ``CEB311Message``, ``order 120``
    forwarded: dict[str, tuple[str, ...]] = {}
    #: New tax letters to the collector in order, each ``CEB816 1`` or ``CEB818 2``
    letters: tuple[str, ...] | None = None
    #: Where the bill of each parcel stands in its window today: ``returnable``, ``payable``, ``overdue`` or ``settled``
    stage: dict[str, str] = {}
    #: Status of the bill of each parcel: ``created``, ``aggregated``, ``paid``, ``void`` or ``zero``
    bill: dict[str, str] = {}
    #: Outcome of the payment, or ``nothing payable`` of an aggregation
    payment: str = ""
    #: Whether the whole store proves sound
    sound: bool = False
    #: Rules the case of each parcel was refused by or waits for, at least these
    rules: dict[str, tuple[str, ...]] = {}


class Act(Struct, frozen=True, forbid_unknown_fields=True):
    """What an officer does."""

    parcel: str
    verdict: str
    reason: str


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happens."""

    #: ``parcel`` or ``parcel.paper``: these papers are sent, each by its own sender
    send: str = ""
    #: Changed fields in this sending only
    set: dict[str, Any] = {}
    #: ``same_bytes`` sends the very bytes of the last sending; ``tampered``, ``unsigned``, ``truncated`` break them
    how: Literal["", "same_bytes", "tampered", "unsigned", "truncated"] = ""
    #: CopMsgId of a DXP envelope around each message; empty sends them bare
    envelope: str = ""
    #: Who else is to have the messages or their receipts: DXP id to ``ALL``, ``DATA`` or ``RET``
    subscribe: dict[str, str] = {}
    #: Hours the clock is moved forward
    advance_hours: float = 0
    #: Days the clock is moved forward; the time of day stays, but for the seconds of the steps
    advance_days: int = 0
    officer: Act | None = None
    tax: Tax | None = None
    expect: Expected = Expected()


class LawText(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of law of the story, put into force before it begins; invented, so production refuses it."""

    #: One of the kinds an operator may load, such as ``suspensions``
    kind: str
    #: The table as CSV
    rows: str
    #: Name it is kept under; ``sandbox places`` takes the place of the sandbox's own places
    name: str = "scenario"


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole story."""

    title: dict[str, str]
    tags: tuple[str, ...]
    start: datetime
    parcels: dict[str, ParcelRecipe]
    steps: tuple[Step, ...]
    #: Play the steps once for every order in which the papers of ``send: parcel`` can arrive
    every_order: bool = False
    #: Operator's settings that differ, such as ``wait_missing_hours``
    settings: dict[str, float] = {}
    #: Accounts that open with another amount, named as in ``available``
    openings: dict[str, int] = {}
    #: Law of the story beside the sandbox's own, or in its place
    law_files: tuple[LawText, ...] = ()
    #: Fields of registered parties that differ: by enterprise code or account book number, field to value
    registered: dict[str, dict[str, Any]] = {}
    name: str = ""

    @property
    def number(self) -> str:
        """The number its folder begins with."""
        return self.name.partition("-")[0]


def read(folder: Path) -> Scenario:
    """Reads one scenario.

    Args:
        folder: ``scenarios/NN-name``.

    Returns:
        The scenario.

    Raises:
        msgspec.ValidationError: the file does not have the shape of a scenario; says where.
    """
    data = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    return msgspec.convert({**data, "name": folder.name}, Scenario)


def read_all(folder: Path) -> tuple[Scenario, ...]:
    """Reads every scenario below a folder, by number."""
    return tuple(read(path.parent) for path in sorted(folder.glob("*/scenario.yaml")))


def changed(document: D, fields: Mapping[str, Any]) -> D:
    """The document with some fields set, by path in our own names.

    Args:
        document: A paper.
        fields: ``payer_name`` or ``lines[1].qty_e5`` to the new value.

    Returns:
        A new document.

    Raises:
        KeyError: there is no such field.
    """
    data = msgspec.to_builtins(document)
    for path, value in fields.items():
        target = data
        *way, last = [name or int(index) for name, index in _STEP.findall(path)]
        for step in way:
            target = target[step]
        if isinstance(last, str) and last not in target:
            raise KeyError(path)
        target[last] = value
    return msgspec.convert(data, type(document))

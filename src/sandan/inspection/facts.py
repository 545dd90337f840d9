"""Criteria of selection, and what selection orders."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from sandan.terms.ids import EnterpriseCode


class Action(StrEnum):
    """What selection asks of an officer."""

    REVIEW = "review"
    """Manual examination of the papers (人工审核), 300."""
    INSPECT = "inspect"
    """Inspection of the goods (查验), 500."""


class Criterion(Struct, frozen=True, kw_only=True):
    """One selection criterion (布控条件) of the operator; every condition it names must hold."""

    name: str
    order: Action
    #: Prefixes of commodity codes, any line
    gcodes: tuple[str, ...] = ()
    #: Shop, platform, agent, logistics or warehouse enterprise
    enterprises: tuple[EnterpriseCode, ...] = ()
    #: Countries of origin, any line
    countries: tuple[str, ...] = ()
    #: Least dutiable value in fen; zero for any
    value_fen: int = 0
    #: Share of matching lists that is taken, in a thousand; drawn from the case key, so that it repeats
    per_mille: int = 1000


class Selection(Struct, frozen=True, kw_only=True):
    """What selection ordered, and by which criterion (for officers only)."""

    order: Action
    criterion: str

"""Selection of lists by the operator's criteria (194/2018 art. 5, 19 and 21)."""

from __future__ import annotations

from hashlib import blake2b

from sandan.documents.facts import DeclarationList
from sandan.inspection.facts import Action
from sandan.inspection.facts import Criterion
from sandan.inspection.facts import Selection

_DRAWS = 1000


def select(declaration: DeclarationList, value_fen: int, criteria: tuple[Criterion, ...]) -> Selection | None:
    """What an officer is asked to do about a list; inspection outranks review.

    Args:
        declaration: The list.
        value_fen: Its dutiable value (完税价格) in fen.
        criteria: The operator's criteria, in their order.

    Returns:
        The first inspection ordered, else the first review, else None.
    """
    chosen: Selection | None = None
    for criterion in criteria:
        if not matches(declaration, value_fen, criterion):
            continue
        if criterion.order is Action.INSPECT:
            return Selection(order=Action.INSPECT, criterion=criterion.name)
        chosen = chosen or Selection(order=criterion.order, criterion=criterion.name)
    return chosen


def matches(declaration: DeclarationList, value_fen: int, criterion: Criterion) -> bool:
    """Whether every condition a criterion names holds for the list."""
    return (
        value_fen >= criterion.value_fen
        and _goods_match(declaration, criterion.gcodes)
        and _origin_matches(declaration, criterion.countries)
        and _party_matches(declaration, criterion)
        and drawn(declaration, criterion)
    )


def drawn(declaration: DeclarationList, criterion: Criterion) -> bool:
    """Whether the lot falls on this list: a hash of its key and the criterion, the same every time it is asked."""
    if criterion.per_mille >= _DRAWS:
        return True
    key = f"{criterion.name}\0{declaration.agent_code}\0{declaration.ebp_code}\0{declaration.order_no}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") % _DRAWS < criterion.per_mille


def _goods_match(declaration: DeclarationList, prefixes: tuple[str, ...]) -> bool:
    return not prefixes or any(line.gcode.startswith(prefixes) for line in declaration.lines)


def _origin_matches(declaration: DeclarationList, countries: tuple[str, ...]) -> bool:
    return not countries or any(line.country in countries for line in declaration.lines)


def _party_matches(declaration: DeclarationList, criterion: Criterion) -> bool:
    if not criterion.enterprises:
        return True
    parties = (
        declaration.ebc_code,
        declaration.ebp_code,
        declaration.agent_code,
        declaration.logistics_code,
        declaration.area_code,
    )
    return any(party in criterion.enterprises for party in parties)

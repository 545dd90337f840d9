"""Whatever a paper says, it gets an answer: never an exception, never a half-held case."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import fields
from msgspec.structs import replace

from sandan.clearance import compare
from sandan.clearance.decide import answer
from sandan.clearance.decide import decide
from sandan.clearance.explain import explain
from sandan.clearance.facts import Status
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.ledger.facts import Movement
from sandan.sandbox.faults import FAULTS
from sandan.sandbox.parcels import Maker

TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=30)
NUMBER = st.integers(-(10**14), 10**14)


def _fields(struct: type, kind: str) -> list[str]:
    """Names of the fields of a kind: ``text`` or ``number``."""
    numbers = {"gnum", "pack_no"}
    named = [f.name for f in fields(struct) if f.name not in {"head", "lines"}]
    number = [name for name in named if name.endswith("_e5") or name in numbers]
    return number if kind == "number" else [name for name in named if name not in number]


def _change(struct: type) -> st.SearchStrategy[dict[str, Any]]:
    """Any value in any one field."""
    texts = st.fixed_dictionaries({"name": st.sampled_from(_fields(struct, "text")), "value": TEXT})
    numbers = st.fixed_dictionaries({"name": st.sampled_from(_fields(struct, "number")), "value": NUMBER})
    return st.one_of(texts, numbers).map(lambda drawn: {drawn["name"]: drawn["value"]})


@settings(max_examples=150, deadline=None)
@given(mode=st.sampled_from(["1210", "9610"]), head=_change(DeclarationList), line=_change(ListLine))
def test_any_list_is_decided_and_explained(new_scene: Any, mode: str, head: Any, line: Any) -> None:
    scene = new_scene()
    papers = scene.on_list(scene.on_line(scene.papers(mode, ((scene.milk, 1), (scene.wine, 1))), **line), **head)
    decision = decide(papers, scene.court())
    assert decision.receipts
    assert all(0 < len(receipt.info) <= 1_000 for receipt in decision.receipts)
    assert all(explain(finding, scene.bench().law).zh for finding in decision.findings)
    assert compare.board(papers)


@settings(max_examples=100, deadline=None)
@given(head=_change(Order), line=_change(OrderLine))
def test_any_order_is_answered(new_scene: Any, head: Any, line: Any) -> None:
    scene = new_scene()
    papers = scene.bonded()
    document: Any = papers.order.document
    changed = scene.on_order(papers, lines=tuple(replace(one, **line) for one in document.lines), **head)
    assert answer(changed.order, scene.court()).receipts
    assert decide(changed, scene.court()).receipts


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=8))
def test_what_is_held_is_exactly_what_stands_in_the_cases(new_scene: Any, seed: int, faults: Any) -> None:
    """Over a day of parcels with every fault: reserved balances equal the sum over the cases."""
    scene = new_scene()
    maker = Maker(seed, scene.now)
    cases = [scene.decide(scene.of(fault.make(maker))).case for fault in faults]
    held: dict[Any, int] = {}
    for case in cases:
        for account, amount in case.reserved:
            held[account] = held.get(account, 0) + amount
    assert {account: b.reserved for account, b in scene.balances.items() if b.reserved} == held
    assert all(balance.available >= 0 for balance in scene.balances.values())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), fault=st.sampled_from(FAULTS))
def test_only_an_accepted_list_moves_accounts(new_scene: Any, seed: int, fault: Any) -> None:
    scene = new_scene()
    decision = decide(scene.of(fault.make(Maker(seed, scene.now))), scene.court())
    moved = {posting.movement for posting in decision.postings}
    assert bool(moved) is (decision.case.status is Status.RELEASED)
    assert moved <= {Movement.CREDIT, Movement.RESERVE, Movement.SETTLE}

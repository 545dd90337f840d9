"""Plays scenarios through the same door as anyone and tells every answer that was not the expected one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sandan import law
from sandan.clearance.facts import Conditions
from sandan.documents.facts import Head
from sandan.documents.facts import OfficerVerdict
from sandan.documents.facts import Ref
from sandan.intake import acts
from sandan.intake.facts import Acknowledgement
from sandan.law.facts import Evidence
from sandan.law.overlay import LawFile
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.sandbox import world
from sandan.sandbox.lawfiles import enact
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import Paper
from sandan.sandbox.messages import tampered
from sandan.sandbox.messages import truncated
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.platform import Platform
from sandan.sandbox.platform import Scratch
from sandan.sandbox.platform import StillClock
from sandan.sandbox.posting import Mail
from sandan.sandbox.posting import enveloped
from sandan.sandbox.posting import subscriptions
from sandan.sandbox.scenario import PAPERS
from sandan.sandbox.scenario import Act
from sandan.sandbox.scenario import LawText
from sandan.sandbox.scenario import ParcelRecipe
from sandan.sandbox.scenario import Scenario
from sandan.sandbox.scenario import Step
from sandan.sandbox.scenario import changed
from sandan.sandbox.seed import seed
from sandan.sandbox.till import Till
from sandan.store.registry import load_registry
from sandan.store.registry import save_registry
from sandan.terms.days import legal_day
from sandan.terms.days import wire_time

_CODE = re.compile(r"\[Code:(\d+)")
_TICK = timedelta(seconds=1)


class Played(Struct, frozen=True, kw_only=True):
    """One scenario, played."""

    name: str
    #: What was not as expected, in words; empty when all was
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every answer was the expected one."""
        return not self.failures


def play(scenario: Scenario, scratch: Scratch, dispatch: Office) -> Played:
    """Plays one scenario on a database of its own.

    Args:
        scenario: The story.
        scratch: Where the database comes from.
        dispatch: The invented enterprises with their keys.
    """
    with ConnectionPool(scratch.new(), min_size=1, max_size=4) as pool:
        stage = Stage(scenario, pool, dispatch)
        orders = itertools.permutations(PAPERS) if scenario.every_order else (PAPERS,)
        failures = [
            f"{' → '.join(papers)}, {failure}" if scenario.every_order else failure
            for papers in orders
            for failure in stage.play(papers)
        ]
    return Played(name=scenario.name, failures=tuple(failures))


class Stage:
    """One scenario being played."""

    def __init__(self, scenario: Scenario, pool: ConnectionPool[Connection[Any]], dispatch: Office) -> None:
        self.scenario = scenario
        self.dispatch = dispatch
        self.clock = StillClock(scenario.start)
        self.platform = Platform(pool, self.clock, _conditions(scenario))
        self.maker = Maker(0, scenario.start, run=f"S{scenario.number}")
        self.last_receipt = 0
        self.till = Till(self.platform)
        self.mail = Mail(pool)
        with pool.connection() as conn:
            seed(conn, dispatch, scenario.start, {_account(name): n for name, n in scenario.openings.items()})
            _register(conn, scenario.registered)
            enact(conn, [_law_file(text) for text in scenario.law_files], scenario.start)

    def play(self, papers: Iterable[str]) -> Iterator[str]:
        """Plays all steps with fresh parcels, the papers of a whole parcel in the order given; yields what failed."""
        self.papers = tuple(papers)
        self.parcels = {name: self._make(recipe) for name, recipe in self.scenario.parcels.items()}
        self.sent: dict[str, bytes] = {}
        for number, step in enumerate(self.scenario.steps, 1):
            answer = self._do(step)
            for failure in self._differences(step, answer):
                yield f"step {number}: {failure}"

    def _do(self, step: Step) -> Acknowledgement | None:
        self.clock.advance(timedelta(days=step.advance_days, hours=step.advance_hours) + _TICK)
        self.platform.settle()
        if step.tax:
            self.till.do(step.tax, self.parcels[step.tax.parcel].declaration.ref if step.tax.parcel else None)
        if step.officer:
            self._act(step.officer)
        answer = None
        parcel, _, paper = step.send.partition(".")
        for name in (paper,) if paper else self.papers if parcel else ():
            self.clock.advance(_TICK)
            answer = self.platform.submit(self._bytes(step, parcel, name))
        return answer

    def _bytes(self, step: Step, parcel: str, paper: str) -> bytes:
        place = f"{parcel}.{paper}"
        if step.how == "same_bytes":
            return self.sent[place]
        sending = changed(self._renewed(_paper(self.parcels[parcel], paper)), _of_paper(step.set, paper))
        wanted = subscriptions(step.subscribe)
        outgoing = self.dispatch.message([sending], signed=step.how != "unsigned", subscribes=wanted)
        data = enveloped(outgoing, step.envelope, self.dispatch, self.clock.now()) if step.envelope else outgoing.data
        data = tampered(data) if step.how == "tampered" else truncated(data) if step.how == "truncated" else data
        self.sent[place] = data
        return data

    def _renewed(self, paper: Paper) -> Paper:
        """The paper as it is sent now: a new id, and the report time of this moment."""
        time = wire_time(self.clock.now())
        head: Head = replace(paper.head, guid=self.maker.guid(), app_time=time)
        return replace(paper, head=head)

    def _act(self, act: Act) -> None:
        ref = self.parcels[act.parcel].declaration.ref
        (version,) = self._row("SELECT version FROM cases WHERE declarant = %s AND list_key = %s", ref) or (0,)
        deciding = acts.Deciding(verdict=OfficerVerdict(act.verdict), reason=act.reason, seen_version=version)
        arrival = acts.arrival_of(acts.act_on(ref, "officer", deciding))
        self.platform.submit(arrival.body, arrival.channel, arrival.actor)

    def _make(self, recipe: ParcelRecipe) -> Parcel:
        goods = tuple((self._goods(item, recipe), count) for item, count in recipe.goods)
        parcel = self.maker.parcel(recipe.mode, goods, self.maker.person(recipe.buyer), recipe.freight_fen)
        order, payment, waybill, declaration = parcel.full
        return Parcel(
            order=changed(order, _of_paper(recipe.set, "order")),
            payment=changed(payment, _of_paper(recipe.set, "payment")),
            waybill=changed(waybill, _of_paper(recipe.set, "waybill")),
            declaration=changed(declaration, _of_paper(recipe.set, "list")),
        )

    def _goods(self, item: str, recipe: ParcelRecipe) -> world.Goods:
        goods = next(g for g in world.GOODS if g.item_no == item)
        return replace(goods, price_fen=recipe.prices_fen.get(item, goods.price_fen))

    def _differences(self, step: Step, answer: Acknowledgement | None) -> Iterator[str]:
        expect = step.expect
        receipts = self._new_receipts()
        if expect.receipts is not None and receipts != expect.receipts:
            yield f"receipts {list(receipts)}, expected {list(expect.receipts)}"
        if expect.outcome and (found := _outcome(answer)) != expect.outcome:
            yield f"outcome {found}, expected {expect.outcome}"
        for parcel, status in expect.status.items():
            yield from _compare(f"status of {parcel}", self._case(parcel, "status"), status)
        for parcel, tax_fen in expect.tax_fen.items():
            yield from _compare(f"tax of {parcel} in fen", self._case(parcel, "tax_fen"), tax_fen)
        for name, amount in expect.available.items():
            yield from _compare(f"available on {name}", self._available(name), amount)
        refs = {name: parcel.declaration.ref for name, parcel in self.parcels.items()}
        yield from self.till.differences(expect, refs)
        yield from self.mail.differences(expect.forwarded)
        for parcel, rules in expect.rules.items():
            reasons = self._case(parcel, "reasons") or []
            yield from (f"{parcel} does not name {rule}, only {reasons}" for rule in rules if rule not in reasons)

    def _new_receipts(self) -> tuple[str, ...]:
        with self.platform.pool.connection() as conn:
            rows = conn.execute(
                "SELECT id, subject_kind, status, info FROM receipts"
                " WHERE id > %s AND subject_kind NOT IN ('tax_bill', 'tax_payment') ORDER BY id",
                [self.last_receipt],
            ).fetchall()
        self.last_receipt = rows[-1][0] if rows else self.last_receipt
        return tuple(_receipt(kind, status, info) for _, kind, status, info in rows)

    def _case(self, parcel: str, column: str) -> Any:  # noqa: ANN401 - whatever the column holds
        ref = self.parcels[parcel].declaration.ref
        row = self._row(f"SELECT {column} FROM cases WHERE declarant = %s AND list_key = %s", ref)  # noqa: S608 - our own name
        return row[0] if row else None

    def _available(self, name: str) -> int:
        kind, _, what = name.partition(":")
        account = self._quota(what) if kind == AccountKind.QUOTA else _account(name)
        query = "SELECT granted - reserved - settled FROM accounts WHERE owner = %s AND kind = %s AND item = %s"
        with self.platform.pool.connection() as conn:
            row = conn.execute(query, [account.owner, account.kind, account.item]).fetchone()
        if row is None and kind == AccountKind.QUOTA:
            return law.at(legal_day(self.clock.now())).number("import.annual_limit_fen")
        return int(row[0]) if row else 0

    def _quota(self, parcel: str) -> AccountId:
        person = self.parcels[parcel].declaration.buyer_id_number
        return AccountId(person, AccountKind.QUOTA, str(legal_day(self.clock.now()).year))

    def _row(self, query: str, ref: Ref) -> tuple[Any, ...] | None:
        with self.platform.pool.connection() as conn:
            return conn.execute(query.encode(), [ref.owner, ref.key]).fetchone()


def _register(conn: Connection[Any], parties: Mapping[str, Mapping[str, Any]]) -> None:
    """Gives registered parties of the story the fields it names."""
    if not parties:
        return
    registry = load_registry(conn)
    enterprises = {code: changed(party, parties.get(code, {})) for code, party in registry.enterprises.items()}
    books = {number: changed(book, parties.get(number, {})) for number, book in registry.books.items()}
    save_registry(conn, replace(registry, enterprises=enterprises, books=books))


def _law_file(text: LawText) -> LawFile:
    """A file of the story as an operator would load it."""
    source = "invented for this scenario"
    return LawFile(kind=text.kind, name=text.name, body=text.rows.encode(), source=source, evidence=Evidence.INVENTED)


def _conditions(scenario: Scenario) -> Conditions:
    hours = scenario.settings
    return Conditions(
        wait_missing=timedelta(hours=hours.get("wait_missing_hours", 24)),
        wait_disagreement=timedelta(hours=hours.get("wait_disagreement_hours", 0)),
    )


def _account(name: str) -> AccountId:
    kind, _, what = name.partition(":")
    if kind == AccountKind.STOCK:
        return AccountId(world.BOOK, AccountKind.STOCK, what)
    return AccountId(what, AccountKind(kind), world.DISTRICT)


def _paper(parcel: Parcel, name: str) -> Paper:
    papers: dict[str, Paper] = dict(zip(PAPERS, parcel.full, strict=True))
    return papers[name]


def _of_paper(fields: Mapping[str, Any], paper: str) -> dict[str, Any]:
    """The fields named for this paper, without the paper's name."""
    return {path.partition(".")[2]: value for path, value in fields.items() if path.partition(".")[0] == paper}


def _receipt(kind: str, status: int, info: str) -> str:
    code = _CODE.search(info)
    return f"{kind} {status} {code[1]}" if code and status >= 0 else f"{kind} {status}"


def _outcome(answer: Acknowledgement | None) -> str:
    if answer is None:
        return "nothing sent"
    return "repeat" if answer.repeat else answer.outcome.value


def _compare(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what} is {found}, expected {expected}"

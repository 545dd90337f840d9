"""A day of the invented world played through the real door and decided by the real batch, and readers of each seat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg_pool import ConnectionPool
from starlette.applications import Starlette
from starlette.responses import Response

from sandan import law
from sandan.api.sessions import Sessions
from sandan.clearance.facts import Conditions
from sandan.console.port import Acted
from sandan.console.port import Deps
from sandan.console.routes import routes
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import Ref
from sandan.inspection.facts import Action
from sandan.inspection.facts import Criterion
from sandan.intake.acts import arrival_of
from sandan.intake.door import Door
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.rehearsal import Stage
from sandan.law import Law
from sandan.law import Overlay
from sandan.law.facts import Evidence
from sandan.law.facts import ListEntry
from sandan.law.facts import Source
from sandan.law.places import PlaceFact
from sandan.law.supplied import Period
from sandan.law.supplied import RateRow
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Movement
from sandan.ledger.facts import Posting
from sandan.parties.facts import Registry
from sandan.sandbox import faults
from sandan.sandbox import messages
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.store import accounts
from sandan.store.batch import run_batch
from sandan.store.hearing import Sitting
from sandan.store.provider import Database
from sandan.store.registry import load_registry
from sandan.store.registry import save_registry
from sandan.store.users import Seat
from sandan.store.users import User
from sandan.store.users import save_user
from sandan.terms.ids import RuleId
from sandan.work.bills import Biller

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
"""14:30 in Beijing on a Saturday."""

WORLD = Source(title="invented")
PERIOD = Period(since=date(2016, 4, 8), until=None, source=WORLD, evidence=Evidence.INVENTED)
WATCHED = next(goods.gcode for goods in world.GOODS if goods.item_no == "YT-011")
CONDITIONS = Conditions(wait_missing=timedelta(hours=72), wait_disagreement=timedelta())

OFFICER = User(account="lin", name="林关员", seat=Seat.OFFICER)
OPERATOR = User(account="ops", name="平台值班", seat=Seat.OPERATOR)
AGENT = User(account="agent", name="云汀跨境", seat=Seat.ENTERPRISE, enterprise=world.AGENT)
BANK = User(account="bank", name="云汀银行", seat=Seat.ENTERPRISE, enterprise=world.BANK)


class Bridge(httpx.BaseTransport):
    """Lets a plain client call an ASGI application."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._call(request))

    async def _call(self, request: httpx.Request) -> httpx.Response:
        answer = await httpx.ASGITransport(self._app).handle_async_request(
            httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        )
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


class StillClock:
    """A clock that shows one moment until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="session")
def overlay() -> Overlay:
    """Rates, list and place of the invented world."""
    return Overlay(
        tariff={
            goods.gcode: (
                RateRow(
                    code=goods.gcode,
                    period=PERIOD,
                    vat="vat.standard_rate",
                    tariff=Decimal("0.05"),
                    unit1=goods.unit1,
                    unit2=goods.unit2,
                ),
            )
            for goods in world.GOODS
        },
        positive_list={
            goods.gcode[:8]: (
                ListEntry(
                    hs8=goods.gcode[:8],
                    name=goods.name,
                    edition="invented",
                    since=PERIOD.since,
                    source=WORLD,
                    evidence=Evidence.INVENTED,
                ),
            )
            for goods in world.GOODS
        },
        places=tuple(
            PlaceFact(
                city=world.CITY,
                kind=kind,
                holds=True,
                since=PERIOD.since,
                until=None,
                source=WORLD,
                evidence=Evidence.INVENTED,
            )
            for kind in ("pilot_zone", "bonded_1210")
        ),
    )


@pytest.fixture(scope="session")
def law_on(overlay: Overlay) -> Callable[[date], Law]:
    return lambda day: law.at(day, overlay)


@pytest.fixture(scope="session")
def parcels() -> dict[str, Parcel]:
    """One clean parcel of each mode and one with each fault, by name."""
    maker = Maker(3, NOW, "SHOW")
    made = {fault.name: fault.make(maker) for fault in faults.FAULTS}
    person = maker.person(4711)
    made["bonded"] = maker.parcel("1210", ((world.GOODS[0], 2), (world.GOODS[2], 1)), person, 1_200)
    made["direct"] = maker.parcel("9610", ((world.GOODS[0], 1),), person)
    return made


@pytest.fixture(scope="session")
def played(
    server: Database,
    office: Office,
    world_registry: Registry,
    law_on: Callable[[date], Law],
    parcels: dict[str, Parcel],
) -> Iterator[ConnectionPool[Any]]:
    """A database in which the parcels came in and were decided; tests only read it."""
    with _database(server, "console_played") as pool:
        clock = StillClock()
        open_world(pool, world_registry)
        door = Door(pool, clock)
        for parcel in parcels.values():
            door.submit([_arrival(office.message([paper]).data) for paper in messages.papers_of(parcel)])
        door.submit([_arrival(data) for data in spoiled(office, parcels["bonded"])])
        settle(pool, law_on, clock.now())
        Biller(pool, clock).drain()
        yield pool


@pytest.fixture(scope="session")
def officer() -> User:
    return OFFICER


@pytest.fixture(scope="session")
def operator() -> User:
    return OPERATOR


@pytest.fixture(scope="session")
def agent() -> User:
    """Staff of the enterprise that declared the parcels."""
    return AGENT


@pytest.fixture(scope="session")
def bank() -> User:
    """Staff of an enterprise that has nothing to do with the parcels."""
    return BANK


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def acts() -> list[OfficerAct]:
    """Acts the console handed over."""
    return []


@pytest.fixture
def deps(
    played: ConnectionPool[Any],
    clock: StillClock,
    law_on: Callable[[date], Law],
    acts: list[OfficerAct],
    stage: Callable[[datetime], Stage],
) -> Deps:
    """The console over the played day; acts are kept, not decided."""

    def keep(act: OfficerAct, _user: User) -> Acted:
        acts.append(act)
        return Acted(taken=True)

    return Deps(
        connect=played.connection,
        clock=clock.now,
        law_on=law_on,
        sessions=Sessions(played.connection),
        submit_act=keep,
        stage=stage,
        invented=True,
    )


@pytest.fixture
def stage(world_registry: Registry, law_on: Callable[[date], Law]) -> Callable[[datetime], Stage]:
    """What pasted messages are tried on: the invented parties and law, with full accounts."""
    full = {account: Balance(granted=amount) for account, amount in world.openings().items()}
    return lambda now: Stage(
        registry=world_registry,
        law_on=law_on,
        conditions=CONDITIONS,
        balances=lambda wanted: {account: full[account] for account in wanted if account in full},
        now=now,
    )


@pytest.fixture(name="visitor_of")
def fixture_visitor_of() -> Callable[..., httpx.Client]:
    """Opens a console of given dependencies as a user."""
    return visitor_of


@pytest.fixture(scope="session")
def cookies_of() -> Callable[[Deps, User], dict[str, str]]:
    """Cookies of a new session of a user."""
    return session_cookies


@pytest.fixture
def play(clock: StillClock, law_on: Callable[[date], Law]) -> Callable[..., Callable[[OfficerAct, User], Acted]]:
    """Plays one parcel into a database; gives back the door for acts, each decided at once."""

    def start(pool: ConnectionPool[Any], office: Office, parcel: Parcel) -> Callable[[OfficerAct, User], Acted]:
        Door(pool, clock).submit([_arrival(office.message([paper]).data) for paper in messages.papers_of(parcel)])
        settle(pool, law_on, clock.now())
        submit = door_act(pool, clock)

        def decide_at_once(act: OfficerAct, user: User) -> Acted:
            acted = submit(act, user)
            settle(pool, law_on, clock.now())
            return acted

        return decide_at_once

    return start


@pytest.fixture
def visitor(deps: Deps) -> Callable[..., httpx.Client]:
    """Opens the console as a user, in a language; None comes without an account."""
    return lambda user, language="en": visitor_of(deps, user, language)


@contextmanager
def _database(server: Database, name: str) -> Iterator[ConnectionPool[Any]]:
    """A database of its own on the shared server."""
    quoted = sql.Identifier(name)
    with psycopg.connect(server.admin_url.replace("///sandan?", "///postgres?"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE sandan OWNER sandan STRATEGY wal_log").format(quoted))
        with ConnectionPool(server.url.replace("///sandan?", f"///{name}?"), min_size=1, max_size=4) as pool:
            yield pool
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def open_world(pool: ConnectionPool[Any], registry: Registry) -> None:
    """Writes the parties, the opening balances and the readers."""
    cause = Ref(kind=Kind.OFFICER_ACT, owner="opening", key="1")
    postings = [
        Posting(
            account=account,
            movement=Movement.CREDIT,
            amount=amount,
            case=None,
            cause=cause,
            rule=RuleId("R194-16.1"),
            at=NOW - timedelta(days=1),
        )
        for account, amount in world.openings().items()
    ]
    with pool.connection() as conn:
        save_registry(conn, registry)
        accounts.post(conn, postings, {})
        for user in (OFFICER, OPERATOR, AGENT, BANK):
            save_user(conn, user, f"pw-{user.account}")


def settle(pool: ConnectionPool[Any], law_on: Callable[[date], Law], now: datetime) -> None:
    """Decides everything that waits in the queue."""
    watched = Criterion(name="watched", order=Action.INSPECT, gcodes=(WATCHED,))
    with pool.connection() as conn:
        registry = load_registry(conn)
        sitting = Sitting(law_on=law_on, registry=registry, conditions=CONDITIONS, now=now, criteria=(watched,))
        while run_batch(conn, sitting, 100).claimed:
            pass


def spoiled(office: Office, parcel: Parcel) -> list[bytes]:
    """What goes wrong on the way: cut off, changed after signing, and no message at all."""
    data = office.message([messages.papers_of(parcel)[0]]).data
    return [messages.truncated(data), messages.tampered(data), b"\x00\x01 not a message"]


def _arrival(data: bytes) -> Arrival:
    return Arrival(body=data, channel=Channel.HTTP)


def visitor_of(deps: Deps, user: User | None, language: str = "en") -> httpx.Client:
    """A client that holds the cookies of a signed-in user."""
    transport = Bridge(Starlette(routes=routes(deps)))
    cookies = {"sandan_language": language, **(session_cookies(deps, user) if user else {})}
    return httpx.Client(transport=transport, base_url="http://console.test", cookies=cookies)


def session_cookies(deps: Deps, user: User) -> dict[str, str]:
    """The cookie of a new session."""
    response = Response()
    deps.sessions.remember(response, user)
    name, _, rest = response.headers["set-cookie"].partition("=")
    return {name: rest.partition(";")[0]}


def door_act(pool: ConnectionPool[Any], clock: StillClock) -> Callable[[OfficerAct, User], Acted]:
    """Hands acts to the real door."""
    door = Door(pool, clock)

    def submit(act: OfficerAct, _user: User) -> Acted:
        answer = door.submit([arrival_of(act)])[0]
        return Acted(taken=answer.outcome == "registered")

    return submit

"""What the console asks of the others: who is signed in, where the rows are, which law holds, and the door for acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from datetime import datetime
from typing import Any
from typing import Protocol

from msgspec import Struct
from psycopg import Connection
from starlette.requests import Request
from starlette.responses import Response

from sandan.documents.facts import OfficerAct
from sandan.intake.rehearsal import Stage
from sandan.law import Law
from sandan.parties.facts import Registry
from sandan.store.users import User


class Sessions(Protocol):
    """Who is signed in, kept by whoever owns the cookies."""

    def current_user(self, request: Request) -> User | None:
        """Returns the account signed in, or None."""

    def sign_in(self, account: str, password: str) -> User | None:
        """Returns the account whose password this is, or None; slow on purpose, called on a thread."""

    def remember(self, response: Response, user: User) -> object:
        """Lets the response set the cookie of a new session."""

    def forget(self, response: Response) -> None:
        """Lets the response end the session."""

    def form_token(self, request: Request) -> str:
        """Returns the token every form of this session carries, against forged requests."""

    def is_form_token(self, request: Request, token: str) -> bool:
        """Returns whether a form carries the token of its session."""


class Acted(Struct, frozen=True):
    """What the door said to an officer's act."""

    taken: bool
    #: Why it was not taken, in the reader's language where the door knows it
    reason_zh: str = ""
    reason_en: str = ""


class ClockControl(Protocol):
    """The clock of a sandbox, which an operator may set."""

    @property
    def speed(self) -> int:
        """Returns the seconds that pass in one second."""

    def set(self, moment: datetime, *, speed: int | None = None, actor: str = "") -> object:
        """Makes this the present moment; raises ValueError with the reason where it is none a sandbox knows."""


class Deps(Struct, frozen=True, kw_only=True):
    """Everything the pages are made from."""

    #: Opens a connection for one page
    connect: Callable[[], AbstractContextManager[Connection[Any]]]
    clock: Callable[[], datetime]
    #: The law in force on a day, with the operator's files
    law_on: Callable[[date], Law]
    sessions: Sessions
    #: Hands an officer's act (关员处置) to the intake, like any other document; called on a thread
    submit_act: Callable[[OfficerAct, User], Acted]
    #: The parties as registered now; the board asks it whether a platform has identities authenticated (art. 9)
    registry: Callable[[], Registry] | None = None
    #: None in production, where nobody sets the clock
    clock_control: ClockControl | None = None
    #: Parties, law and balances a message is tried on as at a moment; without it the inspector is not there
    stage: Callable[[datetime], Stage] | None = None
    #: Shown on every page while the data are invented
    invented: bool = False
    #: A real deployment, which takes no invented law
    production: bool = False

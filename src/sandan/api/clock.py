"""The clock: what time the platform decides by, and in a sandbox the operator's control of it."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.store.clock import ClockRangeError
from sandan.store.clock import SettableClock
from sandan.store.permissions import Act
from sandan.store.users import User

router = APIRouter(prefix="/v1", tags=["platform"])

Setter = Annotated[User, Depends(needs(Act.SET_CLOCK))]


class ClockSet(BaseModel):
    """How the clock shall stand: a moment, a step from now, or a speed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    moment: datetime | None = Field(default=None, description="Present moment from now on, with its zone")
    advance_seconds: int | None = Field(default=None, description="Step from the present moment; may be negative")
    speed: int | None = Field(default=None, description="Seconds that pass in one second; 1 is ordinary")


class ClockShown(BaseModel):
    """The moment the platform decides by."""

    now: datetime
    settable: bool = Field(description="False in production, where it is the machine's clock")
    speed: int
    backwards: bool = Field(default=False, description="Time was turned back: decisions keep their times")


@router.get("/clock", response_model=ClockShown, summary="The moment the platform decides by")
def show(request: Request) -> Response:
    """The present moment, and whether an operator may set it."""
    return json_response(_shown(deps_of(request)))


@router.put("/clock", response_model=ClockShown, summary="Set, advance or speed up the clock of a sandbox")
def put(request: Request, body: ClockSet, user: Setter) -> Response:
    """The clock as it stands now; a production deployment refuses."""
    deps = deps_of(request)
    clock = _settable(deps)
    try:
        moment = (body.moment or clock.now()) + timedelta(seconds=body.advance_seconds or 0)
        setting = clock.set(moment, speed=body.speed, actor=user.account)
    except (ClockRangeError, OverflowError, TypeError) as problem:
        raise error(422, "request-invalid", where="body", found=str(body), expected=str(problem)) from problem
    return json_response(_shown(deps) | {"backwards": setting.backwards})


def _settable(deps: Deps) -> SettableClock:
    if deps.production or not isinstance(deps.clock, SettableClock):
        raise error(409, "clock-fixed", where="PUT /v1/clock", expected="a sandbox")
    return deps.clock


def _shown(deps: Deps) -> dict[str, object]:
    clock = deps.clock
    if isinstance(clock, SettableClock):
        return {"now": clock.now(), "settable": not deps.production, "speed": clock.speed}
    return {"now": clock.now(), "settable": False, "speed": 1}

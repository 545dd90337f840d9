"""Where receipts are pushed: webhooks, broker queues and out-folders of one's own enterprise."""

from __future__ import annotations

import ipaddress
import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from fastapi.responses import Response
from psycopg.rows import dict_row

from sandan.api.deps import Deps
from sandan.api.deps import deps_of
from sandan.api.deps import json_response
from sandan.api.deps import needs
from sandan.api.errors import error
from sandan.api.models import SubscriptionMade
from sandan.api.models import SubscriptionShown
from sandan.api.models import SubscriptionWanted
from sandan.store.permissions import Act
from sandan.store.users import User
from sandan.terms.ids import EnterpriseCode

router = APIRouter(prefix="/v1/subscriptions", tags=["receipts"])

Subscriber = Annotated[User, Depends(needs(Act.SUBSCRIBE))]


@router.get("", response_model=list[SubscriptionShown], summary="Where receipts are pushed, and how far each has got")
def list_subscriptions(request: Request, user: Subscriber) -> Response:
    """Subscriptions of one's own enterprise."""
    with deps_of(request).pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "SELECT recipient, channel, target, attempts, next_at, last_error FROM subscriptions"
            " WHERE recipient = %s ORDER BY channel, target",
            (user.enterprise,),
        ).fetchall()
    return json_response(rows)


@router.put("", response_model=SubscriptionMade, summary="Have receipts pushed")
def subscribe(request: Request, body: SubscriptionWanted, user: Subscriber) -> Response:
    """A subscription that begins with the oldest receipt not yet delivered to it; the secret is shown once."""
    deps = deps_of(request)
    _check_target(body, production=deps.production)
    _check_address(deps, body, user)
    secret = body.secret or secrets.token_urlsafe(32)
    with deps.pool.connection() as conn:
        conn.execute(
            "INSERT INTO subscriptions (recipient, channel, target, secret) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (recipient, channel, target) DO UPDATE SET secret = EXCLUDED.secret, attempts = 0, next_at = NULL",
            (user.enterprise, body.channel, body.target, secret),
        )
    return json_response(
        {"recipient": user.enterprise, "channel": body.channel, "target": body.target, "secret": secret}
    )


@router.delete("", status_code=204, summary="Stop pushing receipts")
def unsubscribe(request: Request, channel: str, target: str, user: Subscriber) -> Response:
    """The receipts stay to be pulled."""
    with deps_of(request).pool.connection() as conn:
        gone = conn.execute(
            "DELETE FROM subscriptions WHERE recipient = %s AND channel = %s AND target = %s",
            (user.enterprise, channel, target),
        ).rowcount
    if not gone:
        raise error(404, "not-found", where="query.target", found=target)
    return Response(status_code=204)


def _check_target(wanted: SubscriptionWanted, *, production: bool) -> None:
    """A webhook is an absolute URL, over HTTPS and to a public address in production; folders are the operator's to give."""
    if wanted.channel == "folder":
        raise error(403, "not-permitted", where="body.channel", found="folder", expected="webhook, broker")
    if wanted.channel == "broker":
        return
    parts = urlsplit(wanted.target)
    allowed = {"https"} if production else {"http", "https"}
    if parts.scheme not in allowed or not parts.hostname:
        expected = " or ".join(sorted(allowed)) + " URL"
        raise error(422, "request-invalid", where="body.target", found=wanted.target, expected=expected)
    if production and _is_inside(parts.hostname):
        raise error(422, "request-invalid", where="body.target", found=parts.hostname, expected="a public address")


def _check_address(deps: Deps, wanted: SubscriptionWanted, user: User) -> None:
    """At a broker, what goes to a DXP id goes to whoever holds it: only one's own can be named."""
    holder = deps.registry().enterprises.get(EnterpriseCode(user.enterprise))
    own = holder.dxp_ids if holder else ()
    if wanted.channel == "broker" and wanted.target not in own:
        expected = ", ".join(own) or "a registered DXP id"
        raise error(422, "request-invalid", where="body.target", found=wanted.target, expected=expected)


def _is_inside(host: str) -> bool:
    """Whether a host names this machine or a private network by its number or the name localhost."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False

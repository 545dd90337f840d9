"""How an enterprise gets its token: the operator issues it, once, by his own account."""

from __future__ import annotations

import httpx
import msgspec
from msgspec import Struct

from sandan.client.client import TIMEOUT_S
from sandan.client.client import reply_of
from sandan.client.client import unreachable
from sandan.client.facts import Token
from sandan.client.replies import Reply
from sandan.client.replies import decoded
from sandan.client.replies import refusal


class Operator(Struct, frozen=True, kw_only=True):
    """An operator's account on one platform."""

    #: Such as ``http://127.0.0.1:8321``
    address: str
    account: str
    password: str

    def issue(self, enterprise: str, label: str = "") -> str:
        """A new token of an enterprise; the platform keeps only its hash.

        Args:
            enterprise: Customs code of a registered enterprise.
            label: What the token is for.

        Raises:
            NotLoggedInError: Account or password is wrong.
            NotPermittedError: The account is no operator's.
            RequestInvalidError: No such enterprise is registered.
        """
        with httpx.Client(base_url=self.address.rstrip("/"), timeout=TIMEOUT_S, trust_env=False) as http:
            session = _posted(http, "/v1/session", {"account": self.account, "password": self.password}, {})
            csrf = decoded(session, _Session).csrf
            wanted = {"enterprise": enterprise, "label": label}
            return decoded(_posted(http, "/v1/tokens", wanted, {"X-CSRF-Token": csrf}), Token).token


class _Session(Struct, frozen=True):
    csrf: str


def _posted(http: httpx.Client, path: str, body: object, headers: dict[str, str]) -> Reply:
    headers = {"Content-Type": "application/json", **headers}
    try:
        response = http.post(path, content=msgspec.json.encode(body), headers=headers)
    except httpx.TransportError as error:
        raise unreachable(error) from error
    if not response.is_success:
        raise refusal(reply_of(response))
    return reply_of(response)

"""Tokens are the operator's to give."""

from __future__ import annotations

from typing import Any

import pytest

from sandan.client import Client
from sandan.client.errors import NotLoggedInError
from sandan.client.errors import NotPermittedError
from sandan.client.errors import RequestInvalidError
from sandan.client.errors import UnreachableError
from sandan.client.tokens import Operator
from sandan.sandbox import world


def test_the_operator_gives_a_token_that_works(site: Any) -> None:
    token = Operator(address=site.address, account="operator", password="sandan").issue(world.AGENT, "test")
    with Client(site.address, token) as client:
        assert list(client.receipts()) == []


def test_an_officer_does_not(site: Any) -> None:
    with pytest.raises(NotPermittedError):
        Operator(address=site.address, account="officer", password="sandan").issue(world.AGENT)


def test_not_with_a_wrong_password(site: Any) -> None:
    with pytest.raises(NotLoggedInError, match="login-wrong"):
        Operator(address=site.address, account="operator", password="sesame").issue(world.AGENT)


def test_not_for_an_enterprise_nobody_registered(site: Any) -> None:
    with pytest.raises(RequestInvalidError) as refused:
        Operator(address=site.address, account="operator", password="sandan").issue("9999999999")
    assert refused.value.fault.found == "9999999999"


def test_not_where_nobody_answers() -> None:
    with pytest.raises(UnreachableError):
        Operator(address="http://127.0.0.1:1", account="operator", password="sandan").issue(world.AGENT)

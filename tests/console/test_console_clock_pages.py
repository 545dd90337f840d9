"""The clock's page: everyone reads it, only the operator has the form."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.store.users import User

Visitor = Callable[..., httpx.Client]


def test_an_enterprise_sees_the_moment_and_no_form(visitor: Visitor, agent: User) -> None:
    text = visitor(agent, "en").get("/clock").text
    assert "2026-11-21 14:30:00" in text
    assert 'name="moment"' not in text


@pytest.mark.parametrize("form", [{"days": "1"}, {"moment": "2026-12-31T09:00"}])
def test_an_enterprise_cannot_set_it(visitor: Visitor, agent: User, form: dict[str, str]) -> None:
    assert visitor(agent).post("/clock", data=form).status_code == 403

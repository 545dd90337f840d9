"""Callback addresses and immediate answers (179 号公告 registration)."""

from __future__ import annotations

import pytest

from sandan.oversight.rules import acknowledgement
from sandan.oversight.rules import callback

JSON = "application/json; charset=utf-8"


@pytest.mark.parametrize("url", ["http://platform.example/customs", "http://203.0.113.7/a"])
def test_a_callback_address_is_plain_http_on_its_own_port(url: str) -> None:
    assert callback(url) == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://platform.example/customs",
        "http://platform.example:8080/customs",
        "http://platform.example:80/customs",
        "http://user@platform.example/",
        "platform.example",
        "http://",
        "http://[",
        "",
    ],
)
def test_any_other_callback_address_is_refused(url: str) -> None:
    assert [slip.rule for slip in callback(url)] == ["P179-CALLBACK"]


def test_a_platform_acknowledges_with_10000() -> None:
    assert acknowledgement("10000", JSON) == ()
    assert acknowledgement("10000", "Application/JSON;charset=UTF-8") == ()


@pytest.mark.parametrize(
    ("code", "kind", "rules"),
    [
        ("20000", JSON, ["P179-ACKNOWLEDGED"]),
        ("10000", "text/html", ["P179-ACKNOWLEDGED-TYPE"]),
        ("10000", "application/json", ["P179-ACKNOWLEDGED-TYPE"]),
        ("<html>", "text/html", ["P179-ACKNOWLEDGED", "P179-ACKNOWLEDGED-TYPE"]),
    ],
)
def test_any_other_acknowledgement_is_told(code: str, kind: str, rules: list[str]) -> None:
    assert [slip.rule for slip in acknowledgement(code, kind)] == rules

"""Every example of the quickstart and of the client's page runs against a real platform and prints what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(Struct, frozen=True):
    """A block of Python, and what the page says it prints."""

    code: str
    printed: str


def examples(page: str) -> list[Example]:
    blocks = [*_BLOCK.findall((DOCS / page).read_text("utf-8")), ("", "")]
    return [
        Example(code, after if kind == "text" else "")
        for (language, code), (kind, after) in pairwise(blocks)
        if language == "python"
    ]


class Reader:
    """Somebody who types in the examples one after another."""

    def __init__(self, address: str, keys: Path) -> None:
        self._names: dict[str, Any] = {"__name__": "first_parcel"}
        self._own = {
            '"http://127.0.0.1:8321"': repr(address),
            'Path.home() / ".sandan/demo/keys"': f"Path({str(keys)!r})",
        }

    def types_in(self, page: str) -> Iterator[tuple[str, str]]:
        """What the page says each example prints, and what it printed."""
        return ((example.printed, self._run(example.code)) for example in examples(page))

    def _run(self, code: str) -> str:
        for theirs, own in self._own.items():
            code = code.replace(theirs, own)
        with redirect_stdout(StringIO()) as printed:
            exec(compile(code, "example", "exec"), self._names)  # noqa: S102 - our own pages
        return printed.getvalue()


@pytest.fixture
def reader(site: Any, office: Office, test_authority: Authority) -> Reader:
    assert office.signers
    return Reader(site.address, test_authority._folder)


def test_the_quickstart_releases_a_parcel_and_the_client_page_goes_on(reader: Reader) -> None:
    for page in ("quickstart.md", "client.md"):
        for said, printed in reader.types_in(page):
            assert printed == said


def test_both_pages_have_examples_that_print() -> None:
    for page in ("quickstart.md", "client.md"):
        assert sum(bool(example.printed) for example in examples(page)) >= 3

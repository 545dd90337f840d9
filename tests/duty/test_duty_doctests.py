"""The examples in the docstrings hold."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from sandan.duty import value
from sandan.ledger import decide as ledger


@pytest.mark.parametrize("module", [value, ledger], ids=["duty.value", "ledger.decide"])
def test_examples(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0

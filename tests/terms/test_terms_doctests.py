"""Every example in a docstring of the room holds."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = ("money", "days", "resident_id", "credit_code", "enterprise_code", "hs_code", "district", "guid")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    result = doctest.testmod(import_module(f"sandan.terms.{name}"))
    assert result.attempted > 0
    assert result.failed == 0

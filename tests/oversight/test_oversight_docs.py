"""The pages on signing and payment data name every refusal and every rule there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandan.law import catalogue
from sandan.signing.refusals import Refusal

DOCS = Path(__file__).parents[2] / "docs"
RULES = sorted(rule for rule in catalogue.shipped() if rule.startswith("P179-"))


@pytest.mark.parametrize("rule", RULES)
def test_every_pitfall_is_on_the_page(rule: str) -> None:
    page = (DOCS / "realtime-179.md").read_text("utf-8")
    assert f"`{rule}`" in page or f"`{rule.removeprefix('P179')}`" in page


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_of_a_signer_is_on_the_page(refusal: Refusal) -> None:
    assert f"`{refusal}`" in (DOCS / "signing.md").read_text("utf-8")

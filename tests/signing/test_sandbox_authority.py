"""The test authority: what it issues says that it is a test, and stays the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sandan.sandbox.authority import Authority
from sandan.signing import certificates
from sandan.signing.port import Algorithm

DAYS = (date(2026, 1, 1), date(2026, 12, 31))


def test_the_same_enterprise_gets_the_same_key_again(tmp_path: Path) -> None:
    first = Authority(tmp_path).issue("甲", "3301960A01", Algorithm.SM2_SM3, *DAYS)
    again = Authority(tmp_path).issue("甲", "3301960A01", Algorithm.SM2_SM3, *DAYS)
    assert again.fingerprint == first.fingerprint


@pytest.mark.parametrize("days", [(date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2027, 1, 1))])
def test_other_days_are_another_certificate(days: tuple[date, date], tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first = authority.issue("甲", "3301960A01", Algorithm.SM2_SM3, *DAYS)
    assert authority.issue("甲", "3301960A01", Algorithm.SM2_SM3, *days).fingerprint != first.fingerprint


def test_every_name_says_that_it_is_a_test(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    leaf = authority.issue("杭州某某", "3301960A01", Algorithm.SM2_SM3, *DAYS).certificate.facts
    root = certificates.read(authority.root_certificate(Algorithm.SM2_SM3)).facts
    assert "测试" in leaf.subject
    assert "测试" in root.subject
    assert leaf.issuer == root.subject


def test_key_files_are_for_their_owner_only(tmp_path: Path) -> None:
    Authority(tmp_path).issue("甲", "3301960A01", Algorithm.SM2_SM3, *DAYS)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("code", ["", "../x", "a/b", "甲", "x" * 41])
def test_a_code_that_is_no_code(code: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no test certificate"):
        Authority(tmp_path).issue("甲", code, Algorithm.SM2_SM3, *DAYS)


@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(2015, 12, 31), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2050, 1, 1)),
    ],
)
def test_days_in_the_wrong_order_or_outside_the_roots(days: tuple[date, date], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no test certificate"):
        Authority(tmp_path).issue("甲", "3301960A01", Algorithm.SM2_SM3, *days)

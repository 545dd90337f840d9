"""``sandan quote`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from sandan.cli.quote import app

PLAIN = "1901101000:100:vat=13%"
DAY = ("--at", "2026-03-02")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, *DAY], env={"COLUMNS": "200", "NO_COLOR": "1"})


def told(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_tax_and_quota_left() -> None:
    answer = told(PLAIN, "--freight", "10", "--used", "1000")
    assert (answer["value_fen"], answer["tax_fen"], answer["route"]) == (11_000, 1_001, "reduced")
    assert (answer["left_before_fen"], answer["left_after_fen"]) == (2_500_000, 2_489_000)


def test_the_day_chooses_the_law() -> None:
    """16 % until 2019-03-31."""
    result = CliRunner().invoke(app, ["1901101000:100:ct=0%", "--at", "2019-03-31", "--json"])
    assert json.loads(result.output)["tax_fen"] == 1_120


def test_quantity_multiplies_price_and_content() -> None:
    """Two bottles of 50 ml at 600.00 are 12.00 a millilitre: high-end."""
    answer = told("3304990039:600:2:ml=50:ct=cosmetic")
    content = next(row for row in answer["assessment"]["working"] if row["name"] == "content")
    assert (content["formula"], content["yuan"]) == ("1200.00 ÷ 100 ml ≥ 10.00", "12.00")


@pytest.mark.parametrize("unit", ["035", "千克", "kilogram", "kg", "KG"])
def test_units_by_code_name_or_sign(unit: str) -> None:
    answer = told(f"3304990039:160:{unit}=0.05:ct=cosmetic")
    assert any(row["formula"] == "160.00 ÷ 50 g < 10.00" for row in answer["assessment"]["working"])


def test_rates_of_an_operators_table(tmp_path: Path) -> None:
    """Wine at 10 % consumption tax, given once for all codes that begin with 2204."""
    table = tmp_path / "rates.csv"
    table.write_text("code,vat,consumption,since\n2204,0.13,0.10,2019-04-01\n")
    assert told("2204210000:100", "--rates", str(table))["composite"] == ["0.1789"]


def test_a_table_with_a_wrong_row_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "rates.csv"
    table.write_text("code,vat,since\n2204,plenty,2019-04-01\n")
    result = run("2204210000:100", "--rates", str(table))
    assert result.exit_code == 2
    assert "rates.csv row 2" in " ".join(result.output.replace("│", " ").split())


def test_a_price_with_tax() -> None:
    assert told("1901101000:109.10:vat=13%", "--tax-included")["value_fen"] == 10_000


def test_the_table_shows_every_step() -> None:
    output = run(PLAIN).output
    assert "100.00 × 13 % × 70 %" in output
    assert "annual quota left (before → after): 26000.00 → 25900.00" in output


def test_the_table_in_chinese() -> None:
    output = run(PLAIN, "--lang", "zh").output
    assert "应征增值税" in output
    assert "年度额度剩余" in output


def test_over_the_limit_exits_with_one_and_says_why() -> None:
    result = run("1901101000:3000:2:vat=13%")
    assert result.exit_code == 1
    assert "RTAX-6" in result.output
    assert "6000.00 > 5000.00" in result.output


def test_goods_without_a_rate_say_so() -> None:
    result = run("1901101000:100")
    assert result.exit_code == 1
    assert "1901101000: VAT" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["190110:100"], "10 digits"),
        (["1901101000"], "CODE:PRICE"),
        (["1901101000:x"], "decimal number"),
        (["1901101000:-1"], "zero or more"),
        (["1901101000:1:0"], "above zero"),
        (["1901101000:1:furlong=2"], "'furlong' is no unit"),
        (["1901101000:1:kg=1:ml=1:L=1"], "at most two units"),
        (["1901101000:1:vat=high"], "'high' is no rate"),
        (["1901101000:1:vat=130%"], "no rate below 100 %"),
        ([PLAIN, "--freight", "free"], "decimal number"),
        ([PLAIN, "--freight", "-1"], "below zero"),
        ([PLAIN, "--lang", "fr"], "use zh or en"),
        (["3304990039:350:g=30:ct=cosmetic", "--tax-included"], "high-end cosmetic"),
    ],
)
def test_what_cannot_be_read_is_explained(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())


def test_spirits_have_no_composite_rate(tmp_path: Path) -> None:
    table = tmp_path / "rates.csv"
    table.write_text("code,vat,consumption,specific_fen,specific_unit,since\n2208,0.13,0.20,100,035,2019-04-01\n")
    result = run("2208300000:300:L=0.7:kg=0.7", "--rates", str(table))
    assert "composite rate: -" in result.output


def test_a_day_before_the_law() -> None:
    result = CliRunner().invoke(app, [PLAIN, "--at", "2016-04-07"], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "personal articles" in result.output

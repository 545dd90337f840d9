"""``sandan code``: a code explained at the command line."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from sandan.cli.code import app

RUN = CliRunner()


def test_a_code_is_told_in_both_languages() -> None:
    result = RUN.invoke(app, ["1327"])
    assert result.exit_code == 0
    assert "支付人不是订购人" in result.stdout
    assert "The payer is not the buyer." in result.stdout


def test_a_negative_code_is_no_option() -> None:
    assert "已存在相同编号的订单" in RUN.invoke(app, ["-301010"]).stdout


def test_a_whole_receipt_text_is_taken() -> None:
    result = RUN.invoke(app, ["[Code:1313;Desc:超过年度限额]", "--json"])
    assert json.loads(result.stdout)["retry"] == "never"


def test_an_unknown_code_says_so_and_fails() -> None:
    result = RUN.invoke(app, ["998877", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["known"] is False


def test_search_lists_what_holds_the_words() -> None:
    assert "1313" in RUN.invoke(app, ["--search", "额度"]).stdout
    assert any(row["code"] == "1313" for row in json.loads(RUN.invoke(app, ["--search", "额度", "--json"]).stdout))


def test_nothing_asked_is_a_mistake() -> None:
    assert RUN.invoke(app, []).exit_code == 2


def test_pages_are_written_for_the_documentation(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["--reference", str(tmp_path)]).exit_code == 0
    assert "已存在相同编号的订单" in (tmp_path / "zh" / "codes.md").read_text("utf-8")
    assert (tmp_path / "en" / "codes.md").exists()

"""``sandan law``: what a customs officer asks at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sandan.cli.law import app

RUN = CliRunner()


def asked(*words: str) -> Any:
    result = RUN.invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_show_a_parameter_on_a_day() -> None:
    assert asked("show", "import.single_limit_fen", "--at", "2018-12-31")["value"] == "2000.00 yuan"


def test_show_a_rule_for_people() -> None:
    result = RUN.invoke(app, ["show", "R194-9.1", "--at", "2026-01-01"])
    assert "1327" in result.stdout
    assert "订购人" in result.stdout


def test_search_in_words() -> None:
    assert "R194-9.1" in asked("search", "orderer", "payer")
    assert "R194-9.1" in RUN.invoke(app, ["search", "orderer", "payer"]).stdout


def test_diff_two_days() -> None:
    names = [change["name"] for change in asked("diff", "2019-03-31", "2019-04-01")]
    assert names == ["vat.lower_rate", "vat.standard_rate", "R194-32.2"]
    assert "vat.lower_rate" in RUN.invoke(app, ["diff", "2019-03-31", "2019-04-01"]).stdout


def test_what_comes() -> None:
    assert "2028-01-01" in RUN.invoke(app, ["coming", "--at", "2026-11-21"]).stdout
    assert {"day", "name", "before", "after"} <= set(asked("coming", "--at", "2026-11-21")[0])


@pytest.mark.parametrize(
    ("city", "day", "zone", "bonded"),
    [
        ("南通", "2020-01-16", True, False),
        ("南通", "2020-01-17", True, True),
        ("示例市", "2026-01-01", False, "unknown"),
    ],
)
def test_place_on_a_day(city: str, day: str, *, zone: bool | str, bonded: bool | str) -> None:
    answer = asked("place", city, "--at", day)
    assert (answer["pilot_zone"], answer["bonded_1210"]) == (zone, bonded)


def test_deadline_of_a_month() -> None:
    assert asked("deadline", "summary", "2026-01")["deadline"] == "2026-02-24"


def test_coverage_gives_rules_covered_and_share() -> None:
    answer = asked("coverage")
    assert answer["rules"] == sum(line["counted"] for line in answer["lines"])
    assert answer["share"] == round(answer["covered"] / answer["executable"], 4)


def test_coverage_for_people_ends_with_the_share() -> None:
    assert RUN.invoke(app, ["coverage"]).stdout.strip().endswith("%")


def test_a_file_is_read_with_the_law(tmp_path: Path) -> None:
    table = tmp_path / "places.csv"
    table.write_text("city,kind,since,source\n示例市,bonded_1210,2026-01-01,公告\n", "utf-8")
    assert asked("place", "示例市", "--at", "2026-01-01", "--file", f"places={table}")["bonded_1210"] is True
    assert asked("check", "--file", f"places={table}")[0]["key"] == "示例市 bonded_1210 from 2026-01-01"


@pytest.mark.parametrize(
    "words",
    [
        ("show", "no.such.thing"),
        ("show", "R194-9.1", "--at", "yesterday"),
        ("deadline", "summary", "January"),
        ("deadline", "summary", "2018-05"),
        ("check", "--file", "places"),
        ("diff", "2019-03-31", "soon"),
    ],
)
def test_what_cannot_be_answered_ends_with_two_and_a_sentence(words: tuple[str, ...]) -> None:
    result = RUN.invoke(app, list(words))
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.output


def test_a_file_with_a_fault_is_refused_with_its_row(tmp_path: Path) -> None:
    table = tmp_path / "places.csv"
    table.write_text("city,kind,since,source\n示例市,airport,2026-01-01,公告\n", "utf-8")
    result = RUN.invoke(app, ["check", "--file", f"places={table}"])
    assert result.exit_code == 2
    assert "row 2, column kind" in result.stderr


def test_reference_pages_are_written_in_both_languages(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["reference", str(tmp_path)]).exit_code == 0
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")}
    assert written == {
        f"{language}/{page}.md" for language in ("zh", "en") for page in ("rules", "parameters", "coverage")
    }


NOTICE = "rule,enabled,since\nR194-16.3,yes,2026-12-01\n"


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """A file that turns a rule on."""
    path = tmp_path / "notice.csv"
    path.write_text(NOTICE, "utf-8")
    return path


def test_a_file_is_shown_as_a_difference_and_put_into_force_by_yes(database_url: str, notice: Path) -> None:
    env = {"SANDAN_DATABASE_URL": database_url}
    shown = RUN.invoke(app, ["load", "rules", str(notice), "--source", "notice 9"], env=env)
    assert (shown.exit_code, "nothing is in force yet" in shown.output) == (0, True)
    assert json.loads(RUN.invoke(app, ["files", "--json"], env=env).stdout) == []
    assert RUN.invoke(app, ["load", "rules", str(notice), "--source", "notice 9", "--yes"], env=env).exit_code == 0
    (file,) = json.loads(RUN.invoke(app, ["files", "--json"], env=env).stdout)
    assert (file["kind"], file["name"], file["source"]) == ("rules", "notice.csv", "notice 9")


def test_a_file_without_source_is_refused_row_by_row(database_url: str, notice: Path) -> None:
    done = RUN.invoke(app, ["load", "rules", str(notice), "--yes"], env={"SANDAN_DATABASE_URL": database_url})
    assert done.exit_code == 2
    assert "row 2, column source" in done.output


def test_production_refuses_made_up_law(database_url: str, notice: Path) -> None:
    env = {"SANDAN_DATABASE_URL": database_url, "SANDAN_PRODUCTION": "true"}
    words = ["load", "rules", str(notice), "--source", "notice 9", "--evidence", "invented", "--yes"]
    done = RUN.invoke(app, words, env=env)
    assert done.exit_code == 2
    assert "refused in production" in done.output

"""``sandan check``: would these messages clear? Nothing is sent and nothing is written."""

from __future__ import annotations

import sys
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from pathlib import Path
from typing import Annotated
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from sandan.clearance.explain import explain
from sandan.duty.working import in_words
from sandan.intake.rehearsal import Rehearsal
from sandan.intake.rehearsal import Verdict
from sandan.intake.rehearsal import rehearse
from sandan.law import Law
from sandan.sandbox.grounds import invented
from sandan.sandbox.grounds import stored
from sandan.store.settings import Settings
from sandan.terms.days import SHANGHAI
from sandan.terms.days import legal_day

app = typer.Typer()


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Messages, in the order they would be sent.", exists=True, dir_okay=False)
    ],
    at: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Legal day to judge at; today where not given.")] = "",
    own: Annotated[bool, typer.Option("--store", help="Judge by this deployment's parties, law and balances.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: Annotated[str, typer.Option(help="Language of the findings, zh or en.")] = "en",
) -> None:
    """Check messages as customs would, without sending them.

    Without --store the invented world of the sandbox is the judge. Exit 0: would clear; 1: would be refused or wait;
    2: not readable.
    """
    ground = stored if own else invented
    with ground(Settings(), _moment(at)) as stage:
        rehearsal = rehearse([path.read_bytes() for path in files], stage)
        law = stage.law_on(legal_day(stage.now))
    if as_json:
        sys.stdout.write(msgspec.json.encode(_shown(rehearsal, law, files)).decode() + "\n")
    else:
        _print(rehearsal, law, files, lang)
    raise typer.Exit(2 if not rehearsal.readable else 0 if rehearsal.clears else 1)


def _moment(at: str) -> datetime:
    """Noon of the day asked for, or now."""
    try:
        return datetime.combine(date.fromisoformat(at), time(12), SHANGHAI) if at else datetime.now(UTC)
    except ValueError:
        raise typer.BadParameter(f"{at!r} is no day; write 2026-01-31") from None


def _shown(rehearsal: Rehearsal, law: Law, files: list[Path]) -> dict[str, Any]:
    return {
        "clears": rehearsal.clears,
        "readable": rehearsal.readable,
        "messages": [
            {
                "file": str(path),
                "outcome": item.outcome,
                "message_type": item.message_type,
                "faults": [fault.shown() for fault in item.faults],
            }
            for path, item in zip(files, rehearsal.opened, strict=True)
        ],
        "documents": [_document(verdict, law) for verdict in rehearsal.verdicts],
    }


def _document(verdict: Verdict, law: Law) -> dict[str, Any]:
    case = verdict.decision.case if verdict.decision else None
    return {
        "subject": verdict.subject,
        "clears": verdict.clears,
        "status": case.status if case else None,
        "tax_fen": case.assessment.tax_fen if case and case.assessment else None,
        "findings": [explain(finding, law, verdict.subject.kind) for finding in verdict.findings],
    }


def _print(rehearsal: Rehearsal, law: Law, files: list[Path], lang: str) -> None:
    terminal = Console(soft_wrap=True)
    for path, item in zip(files, rehearsal.opened, strict=True):
        terminal.print(f"[bold]{escape(str(path))}[/bold]: {item.message_type or 'no message'}, {item.outcome}")
        for fault in item.faults:
            words, remedy = fault.what, fault.remedy
            where = escape(f"{fault.where} {fault.found}")
            terminal.print(f"  [red]{escape(words.zh if lang == 'zh' else words.en)}[/red] {where}")
            terminal.print(f"    → {remedy.zh if lang == 'zh' else remedy.en}", markup=False)
    for verdict in rehearsal.verdicts:
        _print_verdict(terminal, verdict, law, lang)
    terminal.print("[green]would clear" if rehearsal.clears else "[red]would not clear")


def _print_verdict(terminal: Console, verdict: Verdict, law: Law, lang: str) -> None:
    case = verdict.decision.case if verdict.decision else None
    mark = "[green]✓[/green]" if verdict.clears else "[red]✗[/red]"
    terminal.print(f"{mark} {verdict.subject.kind} {escape(verdict.subject.key)}{f': {case.status}' if case else ''}")
    for finding in verdict.findings:
        told = explain(finding, law, verdict.subject.kind)
        zh = lang == "zh"
        terminal.print(f"  [red]{told.rule}[/red] {escape(told.zh if zh else told.en)}")
        values, remedy = (told.values_zh, told.remedy_zh) if zh else (told.values_en, told.remedy_en)
        terminal.print(f"    {values} ({told.source})", markup=False)
        terminal.print(f"    → {remedy.rstrip('.。')}; {told.retry_zh if zh else told.retry_en}", markup=False)
    if case and case.assessment:
        for line in in_words(case.assessment, "zh" if lang == "zh" else "en").splitlines():
            terminal.print(f"    {line}", markup=False)

"""``sandan realtime``: rehearses customs' demand for payment data (179 号公告) against a platform's own address."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from sandan import law
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.law import Law
from sandan.law.facts import Severity
from sandan.oversight.decide import finding_of
from sandan.oversight.facts import Papers
from sandan.oversight.rules import callback
from sandan.sandbox.realtime import UPLOAD_PATH
from sandan.sandbox.realtime import Rehearsal
from sandan.sandbox.realtime import Rehearsed
from sandan.sandbox.realtime import Stage
from sandan.sandbox.realtime import listening
from sandan.signing.certificates import UnreadableError
from sandan.signing.realtime import serial_of
from sandan.signing.software import KeyFileError
from sandan.signing.software import certificate_der
from sandan.terms.days import legal_day
from sandan.wire.read import decode
from sandan.wire.read import parse

app = typer.Typer(no_args_is_help=True)


@app.callback()
def realtime() -> None:
    """Real-time payment data (announcement 179)."""


@app.command()
def rehearse(
    url: Annotated[str, typer.Argument(help="The platform's callback address.")],
    order: Annotated[str, typer.Option(help="Order number to ask for.")],
    ebp: Annotated[str, typer.Option(help="Customs code of the platform (ebpCode).")],
    certificate: Annotated[
        list[Path],
        typer.Option(help="Certificate the platform would register, PEM or DER.", exists=True, dir_okay=False),
    ],
    paper: Annotated[
        list[Path] | None,
        typer.Option(help="CEB311 or CEB411 message to hold the answer against.", exists=True, dir_okay=False),
    ] = None,
    listen: Annotated[str, typer.Option(help="HOST:PORT the platform uploads to.")] = "127.0.0.1:8379",
    wait: Annotated[float | None, typer.Option(help="Seconds to wait; the law's two minutes if absent.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the reasons, zh or en.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Ask URL for an order's payment data as customs would, time the upload and check it field by field.

    Exit 0 when customs would take it, 1 when not or when nothing came.
    """
    today = law.at(legal_day(_now()))
    rehearsal = Rehearsal(
        url=url,
        ebp_code=ebp,
        order_no=order,
        certificates=_certificates(certificate),
        papers=_papers(paper or []),
        law=today,
        wait_s=today.number("realtime.answer_seconds") if wait is None else wait,
    )
    rehearsed = _play(rehearsal, listen)
    told = _told(rehearsed, url, today, lang)
    if as_json:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    else:
        _print(told)
    raise typer.Exit(0 if told["ok"] else 1)


def _now() -> datetime:
    return datetime.now(UTC)


def _play(rehearsal: Rehearsal, listen: str) -> Rehearsed:
    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise typer.BadParameter(f"--listen {listen!r}: give HOST:PORT")
    stage = Stage(rehearsal, _now)
    try:
        with listening(stage.receive, host, int(port)) as address:
            typer.echo(f"customs listens on {address}{UPLOAD_PATH}", err=True)
            return stage.play()
    except (OSError, OverflowError) as error:
        raise typer.BadParameter(f"--listen {listen!r}: {error}") from None


def _certificates(files: Iterable[Path]) -> dict[str, bytes]:
    found = {}
    for file in files:
        try:
            content = certificate_der(file.read_bytes())
            found[serial_of(content)] = content
        except (KeyFileError, UnreadableError) as error:
            raise typer.BadParameter(f"--certificate {file}: {error}") from None
    return found


def _papers(files: Iterable[Path]) -> Papers:
    orders: list[Order] = []
    payments: list[Payment] = []
    for file in files:
        documents = decode(parse(file.read_bytes())).documents
        orders += [document for document in documents if isinstance(document, Order)]
        payments += [document for document in documents if isinstance(document, Payment)]
    return Papers(order=orders[0] if orders else None, payments={one.order_no: one for one in payments})


def _told(rehearsed: Rehearsed, url: str, today: Law, lang: str) -> dict[str, Any]:
    """How it went, in facts and words."""
    judgement = rehearsed.judgement
    slips = (*callback(url), *rehearsed.reply.slips)
    findings = [finding_of(slip, today) for slip in slips] + list(judgement.findings if judgement else ())
    acknowledged = not any(today.rule(slip.rule).severity is Severity.REFUSE for slip in rehearsed.reply.slips)
    return {
        "ok": acknowledged and judgement is not None and judgement.stored,
        "acknowledged_ms": rehearsed.reply.took_ms,
        "uploaded_ms": rehearsed.took_ms,
        "code": judgement.code if judgement else None,
        "message": judgement.message if judgement else "no upload came in time",
        "compared": judgement.compared if judgement else (),
        "findings": [
            {
                "rule": one.rule,
                "severity": one.severity,
                "where": one.found.field,
                "found": one.found.value,
                "expected": one.against.value if one.against else "",
                "what": today.rule(one.rule).zh if lang == "zh" else today.rule(one.rule).en,
                "remedy": today.rule(one.rule).remedy_zh if lang == "zh" else today.rule(one.rule).remedy_en,
            }
            for one in findings
        ],
    }


def _print(told: dict[str, Any]) -> None:
    terminal = Console()
    terminal.print(f"acknowledged after {told['acknowledged_ms']} ms, uploaded after {told['uploaded_ms']} ms")
    table = Table("field", "answered", "declared", "agrees")
    for field in told["compared"]:
        table.add_row(field.field, field.answered, field.declared, _MARKS[field.agrees])
    terminal.print(table)
    for one in told["findings"]:
        values = f"{one['where']}: {one['found']!r}" + (f" ≠ {one['expected']!r}" if one["expected"] else "")
        terminal.print(f"{one['rule']} {one['what']} {values} → {one['remedy']}", markup=False)
    terminal.print(f"{told['code'] or '-'} {told['message']}", markup=False)


_MARKS = {True: "=", False: "≠", None: "?"}

"""The inspector: a message pasted or uploaded, laid open and tried; nothing is stored (报文体检、验签诊断)."""

from __future__ import annotations

import base64
import binascii

from msgspec import Struct
from starlette.responses import Response

from sandan.console import reading
from sandan.console.findings import Telling
from sandan.console.findings import Told
from sandan.console.findings import told
from sandan.console.meanings import enterprise_names
from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.intake.examination import Examination
from sandan.intake.examination import examine
from sandan.intake.rehearsal import Verdict
from sandan.store.masks import Veil
from sandan.store.masks import personal_values

_SPACE = b" \t\r\n"
_MARK = b"\xef\xbb\xbf"


class Foreseen(Struct, frozen=True):
    """What would become of one document, in the reader's language."""

    verdict: Verdict
    findings: list[Told]

    @property
    def status(self) -> str:
        """Status a list would come to; empty for the other papers."""
        decision = self.verdict.decision
        return decision.case.status.value if decision else ""

    @property
    def tax_fen(self) -> int | None:
        """Tax assessed, fen; None where there is none."""
        decision = self.verdict.decision
        assessment = decision.case.assessment if decision else None
        return assessment.tax_fen if assessment else None


def inspector(visit: Visit) -> Response:
    """Returns the empty form."""
    return visit.show("inspect.html", found=None, problem="")


def inspect(visit: Visit) -> Response:
    """Returns the message in the form laid open, with the form for the next."""
    _ = visit.gettext
    data = message_in(visit)
    if visit.deps.stage is None:
        return visit.missing()
    if not data:
        return _again(visit, _("Paste a message or choose a file."))
    found = examine(data, visit.deps.stage(visit.now))
    veil = Veil(visit.reader, personal_values(found.documents))
    return visit.show(
        "inspect.html",
        found=found,
        problem="",
        veil=veil,
        foreseen=_foreseen(visit, found, veil),
        names=enterprise_names(found.documents),
        shown=reading.shown(data, veil),
    )


def message_in(visit: Visit) -> bytes:
    """Returns the bytes of the form: those of its file as they are, else the text, out of its base64 if it is that."""
    if visit.upload.body:
        return visit.upload.body
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    data = text.encode("utf-8", "surrogatepass")
    return data if _begins_xml(data) else _from_base64(text) or data


def _begins_xml(data: bytes) -> bool:
    return data.removeprefix(_MARK).lstrip(_SPACE).startswith(b"<")


def _from_base64(text: str) -> bytes:
    """What a base64 text holds where that is a message, else nothing."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if _begins_xml(data) else b""


def _foreseen(visit: Visit, found: Examination, veil: Veil) -> list[Foreseen]:
    return [
        Foreseen(verdict, told(verdict.findings, Telling(found.law, visit.language, veil, verdict.subject.kind)))
        for verdict in found.rehearsal.verdicts
    ]


def _again(visit: Visit, problem: str) -> Response:
    return visit.show("inspect.html", BAD_REQUEST, found=None, problem=problem)

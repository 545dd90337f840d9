"""The operator's law files: what stands and who put it there, a file seen as a difference, then put into force."""

from __future__ import annotations

import base64
import binascii
import csv
import io
from urllib.parse import quote

import zstandard
from starlette.responses import Response

from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.law import overlay
from sandan.law import words
from sandan.law.errors import FileRefusedError
from sandan.law.facts import Evidence
from sandan.law.overlay import LawFile
from sandan.law.rows import TABLES
from sandan.store import lawfiles
from sandan.store.lawfiles import ChangedMeanwhileError
from sandan.store.lawfiles import Loading

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of one file; the whole national tariff with rates has about one."""

LONGEST_TEXT = 200
ENTRIES_SHOWN = 100
CHANGES_SHOWN = 200
EVIDENCE = (Evidence.OPERATOR, Evidence.STATED, Evidence.FOUND, Evidence.INVENTED)
RULE_COLUMNS = ("rule", "enabled", "since", "article")
PARAMETER_COLUMNS = ("name", "value", "since", "checked", "article")


def files(visit: Visit) -> Response:
    """Returns the files that stand, every change with who and when, and for the operator the form to load one."""
    with visit.reading() as conn:
        standing, entries = lawfiles.listed(conn), lawfiles.history(conn, ENTRIES_SHOWN)
    return visit.show(
        "law_files.html",
        standing=standing,
        entries=entries,
        tables=TABLES,
        evidence_kinds=[each for each in EVIDENCE if each is not Evidence.INVENTED or not visit.deps.production],
        forced=visit.query("forced"),
    )


def offer(visit: Visit) -> Response:
    """Reads a file row by row and shows what it would change; nothing is put into force."""
    _ = visit.gettext
    if not visit.upload.body:
        return visit.refuse(BAD_REQUEST, _("No file came"), _("Choose a CSV or XLSX file and send the form again."))
    if len(visit.upload.body) > LARGEST_FILE:
        return visit.refuse(
            BAD_REQUEST, _("The file is too large"), _("A file has at most 8 MB; split it by chapters.")
        )
    file = LawFile(
        kind=visit.form.get("kind", ""),
        name=(_text(visit, "name") or visit.upload.name)[:LONGEST_TEXT],
        body=visit.upload.body,
        source=_text(visit, "source"),
        evidence=visit.form.get("evidence", ""),
    )
    return _previewed(visit, file)


def supply(visit: Visit) -> Response:
    """Reads the text supplied for one rule or parameter and shows what it would change."""
    name, article = _text(visit, "name"), _text(visit, "article")
    since, value = _text(visit, "since"), _text(visit, "value")
    if visit.form.get("kind") == "rules":
        return _previewed(visit, _one_row(visit, "rules", RULE_COLUMNS, (name, value, since, article)))
    checked = str(visit.law.day)
    return _previewed(visit, _one_row(visit, "parameters", PARAMETER_COLUMNS, (name, value, since, checked, article)))


def force(visit: Visit) -> Response:
    """Puts a file into force that was seen as a difference; journalled with who and when."""
    _ = visit.gettext
    file = _packed_file(visit)
    seen = visit.form.get("seen_version", "")
    if file is None or not seen.isdecimal():
        sentence = _("The form is damaged. Load the file again to see what it changes.")
        return visit.refuse(BAD_REQUEST, _("Nothing was changed"), sentence)
    if visit.form.get("confirmed") != "yes":
        return visit.refuse(BAD_REQUEST, _("Nothing was changed"), _("Confirm the change with the tick box."))
    loading = Loading(by=visit.reader.account, at=visit.now, production=visit.deps.production, seen_version=int(seen))
    try:
        with visit.deps.connect() as conn:
            lawfiles.save_law_files(conn, [file], loading)
    except FileRefusedError as error:
        return _refused(visit, file, error)
    except ChangedMeanwhileError:
        sentence = _("Another change of law came in between. Load the file again to see what it changes now.")
        return visit.refuse(BAD_REQUEST, _("Nothing was changed"), sentence)
    return go(f"/law/files?forced={quote(file.name)}")


def _previewed(visit: Visit, file: LawFile) -> Response:
    try:
        with visit.reading() as conn:
            preview = lawfiles.preview(conn, [file], production=visit.deps.production)
    except FileRefusedError as error:
        return _refused(visit, file, error)
    shown = [(change, overlay.fields(change)) for change in preview.changes[:CHANGES_SHOWN]]
    return visit.show(
        "law_preview.html", file=file, preview=preview, changes=shown, packed=_packed(file.body), faults=()
    )


def _refused(visit: Visit, file: LawFile, error: FileRefusedError) -> Response:
    """Every fault with its row and column; what was in force stays in force."""
    faults = [(fault, words.fault(fault.wanted, visit.language)) for fault in error.faults]
    return visit.show("law_preview.html", BAD_REQUEST, file=file, preview=None, changes=(), packed="", faults=faults)


def _one_row(visit: Visit, kind: str, columns: tuple[str, ...], cells: tuple[str, ...]) -> LawFile:
    """A file of one row, named as the rule or parameter it is about, so that a later text takes its place."""
    stream = io.StringIO()
    csv.writer(stream).writerows([columns, cells])
    body = stream.getvalue().encode()
    return LawFile(kind=kind, name=_text(visit, "name"), body=body, source=_text(visit, "source"))


def _text(visit: Visit, name: str) -> str:
    return visit.form.get(name, "").strip()[:LONGEST_TEXT]


def _packed(body: bytes) -> str:
    """A file as it travels in the form that confirms it."""
    return base64.b64encode(zstandard.ZstdCompressor().compress(body)).decode()


def _packed_file(visit: Visit) -> LawFile | None:
    """The file inside a form that confirms it; None where the form is damaged."""
    try:
        packed = base64.b64decode(visit.form.get("packed", ""), validate=True)
        body = zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST_FILE)
    except (binascii.Error, zstandard.ZstdError, ValueError):
        return None
    return LawFile(
        kind=visit.form.get("kind", ""),
        name=_text(visit, "name"),
        body=body,
        source=_text(visit, "source"),
        evidence=visit.form.get("evidence", ""),
    )

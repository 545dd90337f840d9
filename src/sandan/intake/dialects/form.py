"""A form whose field ``data`` holds the message in base64, URL-encoded or multipart, as local gateways take it."""

from __future__ import annotations

import io
from urllib.parse import parse_qs

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field
from python_multipart.multipart import File

from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import come
from sandan.intake.dialects.facts import from_base64
from sandan.intake.dialects.facts import spoilt
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.faults import fault

#: Fields of a form beyond which it is no form of ours
_MAX_FIELDS = 50


def read(body: bytes, content_type: str) -> Arrival:
    """The message in the field ``data``; a plus sign left unescaped (a space after decoding) is put back."""
    data = fields_of(body, content_type).get(b"data")
    if data is None:
        return spoilt(come(Channel.FORM), body, fault("form-without-data", where="data"))
    return from_base64(data.strip().replace(b" ", b"+"), body, come(Channel.FORM))


def fields_of(body: bytes, content_type: str) -> dict[bytes, bytes]:
    """The fields and files of a form, the first of each name; empty for what is no form."""
    return _multipart(body, content_type) if content_type.startswith("multipart/") else _urlencoded(body)


def _urlencoded(body: bytes) -> dict[bytes, bytes]:
    try:
        found = parse_qs(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MAX_FIELDS, encoding="latin-1")
    except ValueError:
        return {}
    return {name.encode("latin-1"): values[0].encode("latin-1") for name, values in found.items()}


def _multipart(body: bytes, content_type: str) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}

    def keep_field(field: Field) -> None:
        found.setdefault(field.field_name or b"", field.value or b"")

    def keep_file(file: File) -> None:
        file.file_object.seek(0)
        found.setdefault(file.field_name or b"", file.file_object.read())

    headers = {"Content-Type": content_type.encode("latin-1", "replace")}
    try:
        parse_form(headers, io.BytesIO(body), keep_field, keep_file)
    except (FormParserError, ValueError):
        return {}
    return found


DIALECT = Dialect(
    name="form",
    path="/v1/messages/form",
    accepts=("application/x-www-form-urlencoded", "multipart/form-data"),
    summary="A form whose field data is the message in base64",
    read=read,
)

"""The description of the API: the framework's own, with the plain routes and the one error shape added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from sandan.api import examples
from sandan.api.models import AcknowledgementShown
from sandan.api.models import ErrorShown
from sandan.api.shapes import ANSWERS
from sandan.api.shapes import OTHER_MEDIA
from sandan.api.shapes import PLAIN_BODIES
from sandan.intake.dialects import spoken
from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Poll

_REF = "#/components/schemas/"
_BYTES = {"type": "string", "format": "binary"}

_REASONS = {
    "400": "No message could be read out of the bytes; they are kept",
    "401": "Not logged in",
    "403": "The seat may not do this, or the anti-forgery token is missing",
    "404": "Nothing here, or nothing you may see",
    "409": "The state has moved on",
    "413": "Body above the limit; nothing was kept",
    "422": "Refused, with the reasons",
    "429": "Full: come back after Retry-After with the same bytes",
    "500": "Failed inside; quote the number under found",
    "503": "Database not available: send the same again later",
}


_TAKEN = {
    "202": "Durable and queued",
    "200": "The first answer again, or the dialect's own words",
    "400": _REASONS["400"],
    "422": _REASONS["422"],
}


def describe(app: FastAPI) -> None:
    """Makes the app serve the complete description."""

    def schema() -> dict[str, Any]:
        """The description, made once."""
        if not app.openapi_schema:
            app.openapi_schema = _complete(get_openapi(title=app.title, version=app.version, routes=app.routes))
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]  # the framework's own way to extend it


def _complete(schema: dict[str, Any]) -> dict[str, Any]:
    _, models = models_json_schema(
        [(ErrorShown, "serialization"), (AcknowledgementShown, "serialization")], ref_template=_REF + "{model}"
    )
    shapes, structs = _struct_schemas()
    components = schema.setdefault("components", {})
    components["schemas"] = {**models["$defs"], **structs, **components.get("schemas", {})}
    components["securitySchemes"] = _SECURITY
    schema["paths"].update({dialect.path: {"post": _intake(dialect)} for dialect in spoken()})
    schema["paths"].update({poll.path: {"get": _poll(poll)} for dialect in spoken() for poll in dialect.polls})
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _add_answer(operation, (method, path), shapes)
            _add_request(operation, (method, path))
            _add_errors(operation)
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    return schema


def _struct_schemas() -> tuple[Mapping[tuple[str, str], dict[str, Any]], dict[str, Any]]:
    """Schema of the answer of each address that is made of structs, and the components they refer to."""
    kinds = [kind for several in ANSWERS.values() for kind in several]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF + "{name}")
    left = iter(schemas)
    answers = {key: [next(left) for _ in several] for key, several in ANSWERS.items()}
    return {key: {"anyOf": several} if several[1:] else several[0] for key, several in answers.items()}, components


def _add_answer(operation: dict[str, Any], key: tuple[str, str], shapes: Mapping[tuple[str, str], Any]) -> None:
    """What the address answers when all is well."""
    for status, answer in operation.get("responses", {}).items():
        if status.startswith("2") and key in OTHER_MEDIA:
            answer["content"] = {OTHER_MEDIA[key]: {"schema": {"type": "string"}}}
        elif status.startswith("2") and key in shapes:
            answer["content"] = {"application/json": {"schema": shapes[key]}}


def _add_request(operation: dict[str, Any], key: tuple[str, str]) -> None:
    """The bytes of a message as the body, or an example of it."""
    if key in PLAIN_BODIES:
        media = ("application/octet-stream", "application/xml")
        operation["requestBody"] = {"required": True, "content": {name: {"schema": _BYTES} for name in media}}
    elif key in examples.REQUESTS:
        operation["requestBody"]["content"]["application/json"]["example"] = examples.REQUESTS[key]


def _add_errors(operation: dict[str, Any]) -> None:
    answers = operation.setdefault("responses", {})
    for status, reason in _REASONS.items():
        known = answers.get(status, {}).get("content", {}) if operation.get("tags") == ["messages"] else {}
        answers[status] = _error(reason)
        answers[status]["content"] = {**known, **answers[status]["content"]}
    operation.setdefault("security", [{"bearer": []}, {"session": []}])


def _error(reason: str) -> dict[str, Any]:
    content = {"schema": {"$ref": f"{_REF}ErrorShown"}, "example": examples.ERROR}
    return {"description": reason, "content": {"application/json": content}}


def _intake(dialect: Dialect) -> dict[str, Any]:
    return {
        "tags": ["messages"],
        "summary": dialect.summary,
        "operationId": f"post_{dialect.name}",
        "requestBody": {"required": True, "content": {media: {"schema": _BYTES} for media in dialect.accepts}},
        "security": [{}, {"bearer": []}],
        "responses": {
            status: {"description": reason, "content": _taken(dialect, status)} for status, reason in _TAKEN.items()
        },
    }


def _taken(dialect: Dialect, status: str) -> dict[str, Any]:
    """What a message is answered with: the dialect's own words, or ours, as JSON or, where XML is asked for, as CEB900."""
    if dialect.answer is not None and dialect.speaks != "application/json":
        return {dialect.speaks: {"schema": {"type": "string"}}}
    if dialect.answer is not None:
        return {"application/json": {"schema": {"type": "object"}}}
    if status.startswith("4"):
        return {"application/xml": {"schema": {"type": "string"}}}
    schema = {"$ref": f"{_REF}AcknowledgementShown"}
    shown = {"application/json": {"schema": schema, "example": examples.ACKNOWLEDGEMENT}}
    return shown | {"application/xml": {"schema": {"type": "string"}}}


def _poll(poll: Poll) -> dict[str, Any]:
    return {
        "tags": ["messages"],
        "summary": poll.summary,
        "operationId": f"get{poll.path.replace('/', '_')}",
        "parameters": [
            {"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in poll.parameters
        ],
        "responses": {"200": {"description": "Receipts", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    }


_SECURITY: Mapping[str, Mapping[str, str]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "API token of an enterprise"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sandan_session",
        "description": "Session of POST /v1/session",
    },
}

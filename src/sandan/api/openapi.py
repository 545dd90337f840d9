"""The description of the API: the framework's own, with the plain routes and the one error shape added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from sandan.api.models import AcknowledgementShown
from sandan.api.models import ErrorShown
from sandan.intake.dialects import spoken
from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Poll

_REF = "#/components/schemas/"

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
    components = schema.setdefault("components", {})
    components["schemas"] = {**models["$defs"], **components.get("schemas", {})}
    components["securitySchemes"] = _SECURITY
    schema["paths"].update({dialect.path: {"post": _intake(dialect)} for dialect in spoken()})
    schema["paths"].update({poll.path: {"get": _poll(poll)} for dialect in spoken() for poll in dialect.polls})
    for path in schema["paths"].values():
        for operation in path.values():
            _add_errors(operation)
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    return schema


def _add_errors(operation: dict[str, Any]) -> None:
    answers = operation.setdefault("responses", {})
    answers.update({status: _error(reason) for status, reason in _REASONS.items()})
    operation.setdefault("security", [{"bearer": []}, {"session": []}])


def _error(reason: str) -> dict[str, Any]:
    return {"description": reason, "content": {"application/json": {"schema": {"$ref": f"{_REF}ErrorShown"}}}}


def _intake(dialect: Dialect) -> dict[str, Any]:
    body = {media: {"schema": {"type": "string", "format": "binary"}} for media in dialect.accepts}
    taken = {"application/json": {"schema": {"$ref": f"{_REF}AcknowledgementShown"}}}
    return {
        "tags": ["messages"],
        "summary": dialect.summary,
        "operationId": f"post_{dialect.name}",
        "requestBody": {"required": True, "content": body},
        "security": [{}, {"bearer": []}],
        "responses": {
            "202": {"description": "Durable and queued", "content": taken},
            "200": {"description": "The first answer again", "content": taken},
        },
    }


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

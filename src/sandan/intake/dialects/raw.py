"""The message itself as the body of the request, bare or in its DXP envelope."""

from __future__ import annotations

from sandan.intake.dialects.facts import Dialect
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel


def read(body: bytes, content_type: str) -> Arrival:  # noqa: ARG001 - the bytes say what they are
    """The bytes as they are."""
    return Arrival(body=body, channel=Channel.HTTP)


DIALECT = Dialect(
    name="raw",
    path="/v1/messages",
    accepts=("application/xml", "text/xml", "application/octet-stream"),
    summary="One CEB message or DxpMsg envelope as the body",
    read=read,
)

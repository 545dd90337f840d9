"""Bodies of the real-time payment data routes, as the API's description shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from sandan.api.models import Strict


class Asking(Strict):
    """An order whose payment data customs wants."""

    ebp_code: str = Field(min_length=1, max_length=18, pattern=r"^[0-9A-Za-z]+$", description="Platform asked")
    order_no: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$", description="Its order number")


class EndpointWanted(Strict):
    """Where a platform is asked, and with which certificates it answers."""

    url: str = Field(min_length=1, max_length=500, description="http, port 80, no port in the address")
    certificates: list[str] = Field(min_length=1, max_length=20, description="PEM or base64 DER")


class EndpointShown(Strict):
    """What is registered for a platform."""

    ebp_code: str
    url: str
    cert_nos: list[str] = Field(description="Serials as certNo must spell them: lower-case hex")
    findings: list[dict[str, Any]] = Field(description="What customs would refuse of the address")


class ComparedShown(Strict):
    """One field of the answer beside what was declared."""

    rule: str
    field: str
    answered: str
    declared: str
    document: str
    agrees: bool | None = Field(description="null where there is nothing to compare with")


class CallShown(Strict):
    """What the platform answered at once."""

    url: str
    called_at: datetime
    took_ms: int
    answer: str
    findings: list[dict[str, Any]]


class UploadShown(Strict):
    """One upload and customs' answer to it."""

    received_at: datetime
    after_ms: int = Field(description="Milliseconds since the demand")
    code: str
    message: str
    findings: list[dict[str, Any]]
    compared: list[ComparedShown]


class UploadAnswer(Strict):
    """Customs' answer to an upload."""

    code: str = Field(description="10000 stored; 20000, 20004 not")
    message: str
    total: int
    serviceTime: int = Field(description="Milliseconds since 1970")  # noqa: N815 - the interface's own name


class DemandShown(Strict):
    """A demand with every check of what came back."""

    session_id: str
    ebp_code: str
    order_no: str
    officer: str
    issued_at: datetime
    due_at: datetime
    state: str = Field(description="waiting, stored, refused or overdue")
    call: CallShown | None
    uploads: list[UploadShown]

"""How processes log: one line an event on standard error, without local variables and without personal data."""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_PERSONAL = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)|(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


def configure() -> None:
    """Sets up logging of this process; every process of ours calls it first."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            veil,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def veil(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hides the middle of identity numbers and mobile numbers wherever they stand in a log event."""
    del logger, method
    for name, value in event.items():
        if name != "timestamp" and not isinstance(value, int | float | bool):
            event[name] = _PERSONAL.sub(r"\1\3****\2\4", str(value))
    return event

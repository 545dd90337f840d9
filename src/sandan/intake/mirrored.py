"""Receipts of customs read out of a message (回执): CEB312, CEB412, CEB512 and CEB622, each record one receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sandan.clearance.mirror import Mirrored
from sandan.clearance.mirror import subject_of
from sandan.wire.facts import Reading
from sandan.wire.facts import Record

MIRRORED = frozenset({"CEB312Message", "CEB412Message", "CEB512Message", "CEB622Message"})
"""Messages whose records answer one of the four papers."""

_STATUS = re.compile(r"-?\d{1,9}")


def receipts_of(reading: Reading, at: datetime) -> tuple[Mirrored, ...]:
    """The receipts a message holds; empty for any other message.

    Args:
        reading: The message, read.
        at: When its bytes came.
    """
    if reading.message_type not in MIRRORED:
        return ()
    records = [item for item in reading.documents if isinstance(item, Record)]
    found = [_receipt(record, at) for record in records]
    return tuple(one for one in found if one is not None)


def _receipt(record: Record, at: datetime) -> Mirrored | None:
    fields = {name: "" if value is None else str(value) for name, value in record.head.items()}
    subject = subject_of(record.message_type, fields)
    if subject is None:
        return None
    status, info = _status(fields)
    return Mirrored(
        subject=subject,
        status=status,
        return_time=fields["returnTime"],
        info=info,
        message_type=record.message_type,
        guid=fields["guid"],
        pre_no=fields.get("preNo", ""),
        invt_no=fields.get("invtNo", ""),
        received_at=at,
    )


def _status(fields: Mapping[str, str]) -> tuple[int, str]:
    """Status and text; a status that is no number is kept in the text and counts as unknown."""
    text, info = fields["returnStatus"].strip(), fields["returnInfo"]
    return (int(text), info) if _STATUS.fullmatch(text) else (0, f"[{text}]{info}")

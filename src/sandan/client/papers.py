"""Papers made ready to be sent: new heads, and the same paper once more.

The papers themselves are `sandan.documents.facts`: ``Order``, ``Payment``, ``Waybill``, ``DeclarationList``.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from sandan.documents.facts import AppStatus
from sandan.documents.facts import AppType
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Head
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.terms.days import wire_time
from sandan.terms.ids import Guid

Paper = TypeVar("Paper", Order, Payment, Waybill, DeclarationList)


def new_guid() -> Guid:
    """A new unique id of 36 characters, in upper case as the interface asks."""
    return Guid(str(uuid.uuid4()).upper())


def new_head(at: datetime, *, app_type: AppType = AppType.ADD, app_status: AppStatus = AppStatus.DECLARE) -> Head:
    """The head of a paper reported at a moment (报送时间).

    Args:
        at: The moment, aware; written in Beijing time.
        app_type: Add, change or delete (报送类型).
        app_status: Declared, or saved as a draft only (业务状态).
    """
    return Head(guid=new_guid(), app_type=app_type, app_time=wire_time(at), app_status=app_status)


def again(paper: Paper, at: datetime) -> Paper:
    """The same paper reported anew, as after a refusal: a new id and a newer time, everything else as it is.

    Args:
        paper: As sent before, or mended.
        at: The moment, later than before; a paper with an older time is passed over.
    """
    return replace(paper, head=replace(paper.head, guid=new_guid(), app_time=wire_time(at)))


def deleted(paper: Paper, at: datetime) -> Paper:
    """The paper that takes one back (删除, appType 3)."""
    return replace(paper, head=new_head(at, app_type=AppType.DELETE))

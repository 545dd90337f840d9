"""What reading a message yields: the tree, the verdict, the diagnosis and the documents inside."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.law.facts import Retry
from sandan.wire.editions import Edition

Value = str | int | None
"""What one element holds: text, an integer, or 10⁻⁵ units for ``decimal(19,5)``; None where an optional number is absent."""


class Weight(StrEnum):
    """What a fault does to the message."""

    SCHEMA = "schema"
    """The schema, 202205 unless another edition is asked for, refuses the message (报文格式校验不通过)."""
    REFUSED = "refused"
    """The schema would let it pass, we do not: it endangers the signature or the reader."""
    ADVICE = "advice"
    """Accepted, but probably not what the sender meant."""


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong with a message (报文差错): where, what was found, what is allowed, how to mend."""

    #: Name of the fault in the catalogue, for example ``W-LENGTH``
    code: str
    weight: Weight
    #: Path without prefixes; repeated nodes are numbered from 1
    path: str
    #: Line in the bytes as received, 0 where there is none
    line: int
    #: Element or attribute concerned
    element: str
    #: What was found, shortened; numbers of persons are masked
    value: str
    allowed_zh: str
    allowed_en: str
    remedy_zh: str
    remedy_en: str
    retry: Retry = Retry.FIX
    #: Where the specification says so
    source: str = ""


class Transfer(Struct, frozen=True, kw_only=True):
    """Who transmits (基础报文传输实体 BaseTransfer)."""

    #: Code of the transmitting enterprise (传输企业代码 copCode)
    cop_code: str
    #: Its name (传输企业名称 copName)
    cop_name: str
    #: Transport mode, three characters (报文传输模式 dxpMode)
    dxp_mode: str = "DXP"
    #: DXP user number (报文传输编号 dxpId)
    dxp_id: str
    note: str = ""


class Subscription(Struct, frozen=True, kw_only=True):
    """Who else is sent the data or the receipts (订阅 BaseSubscribe)."""

    #: ``ALL`` data and receipts, ``DATA`` data only, ``RET`` receipts only
    status: str
    dxp_mode: str
    #: DXP user number of the subscriber (dxpAddress)
    dxp_address: str
    note: str = ""


class Record(Struct, frozen=True, kw_only=True):
    """One business document of a message that has no facts of its own yet, under the names of the wire."""

    message_type: str
    head: dict[str, Value]
    lines: tuple[dict[str, Value], ...] = ()


WireDocument = Order | Payment | Waybill | DeclarationList | Record
"""Any document a message can hold."""


class Reading(Struct, frozen=True, kw_only=True):
    """A message read (报文解析结果)."""

    #: For example ``CEB311Message``; empty where the root is none of the 42
    message_type: str = ""
    #: Root attribute (报文编号)
    guid: str = ""
    version: str = ""
    transfer: Transfer | None = None
    subscribes: tuple[Subscription, ...] = ()
    #: Empty unless the schema accepts the whole message
    documents: tuple[WireDocument, ...] = ()
    faults: tuple[Fault, ...] = ()
    #: Whose schema gave the verdict
    edition: Edition = Edition.CURRENT

    @property
    def schema_valid(self) -> bool:
        """Whether the schema of the edition accepts the message, as customs' format check would with 202205."""
        return bool(self.message_type) and all(fault.weight is not Weight.SCHEMA for fault in self.faults)

    @property
    def valid(self) -> bool:
        """Whether the message may go on: the schema accepts it and nothing endangers its signature."""
        return bool(self.message_type) and all(fault.weight is Weight.ADVICE for fault in self.faults)

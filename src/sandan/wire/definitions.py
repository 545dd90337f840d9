"""The 42 messages of the unified version as data (企业对接报文规范 202205): elements, order, types, occurrence.

Read once from ``data/messages.json``. Everything that reads, checks or writes a message goes by these definitions.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

CEB = "http://www.chinaport.gov.cn/ceb"
"""Namespace of every CEB message (specification 202205, chapter 3)."""

DS = "http://www.w3.org/2000/09/xmldsig#"
"""Namespace of ``ds:Signature``."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"
"""Namespace every signed root declares besides that of CEB."""


class Field(Struct, frozen=True, kw_only=True):
    """One element that holds text or a number (字段)."""

    name: str
    zh: str
    en: str
    base: Literal["string", "decimal", "int", "base64", "datetime", "date"]
    #: Fewest and most characters of a string; None without limit
    low: int = 0
    high: int | None = None
    #: Most digits of a number, zeros that carry no value not counted
    digits: int | None = None
    #: Most digits behind the point of a decimal
    fraction: int = 0
    #: White space is trimmed and runs of it made one blank before it is judged
    collapse: bool = False
    #: The only value allowed; empty text means it too
    fixed: str | None = None
    #: What empty text means
    default: str | None = None
    optional: bool = False
    #: Format as the specification's tables write it, for example ``C..18`` or ``N19,5``
    spec: str = ""
    #: Whether the tables demand it (必填), where they differ from the schema or not; None where they omit it
    spec_required: bool | None = None


class Entity(Struct, frozen=True, kw_only=True):
    """Head or list of a business document (表头, 表体); ``most`` is None without limit."""

    name: str
    least: int
    most: int | None
    fields: tuple[Field, ...]


class Trailing(Struct, frozen=True, kw_only=True):
    """A node that follows the business documents; the order differs between import and export."""

    name: str
    least: int
    most: int


class Message(Struct, frozen=True, kw_only=True):
    """One message of the family."""

    zh: str
    en: str
    schema: Literal["import", "export"]
    #: True for what enterprises send, False for what customs sends
    from_enterprise: bool
    #: The message that answers it, or that it answers
    pair: str
    #: Who sends it, in the words of announcement 56/2018
    sender: str
    #: Name of the repeated business document
    node: str
    #: Most documents in one message, None without limit
    most: int | None
    #: Fields stand directly in the business document
    flat: bool
    trailing: tuple[Trailing, ...]
    #: The specification demands a signature (必填)
    signature_spec: bool
    entities: tuple[Entity, ...]

    @property
    def head(self) -> Entity:
        """The entity that occurs once."""
        return self.entities[0]

    @property
    def list(self) -> Entity | None:
        """The repeated entity, where there is one."""
        return self.entities[1] if len(self.entities) > 1 else None


class Definitions(Struct, frozen=True, kw_only=True):
    """All messages by root name, and the blocks they share."""

    #: BaseTransfer, BaseSubscribe, ExtendMessage by schema; export lets an empty copCode pass
    blocks: dict[str, dict[str, tuple[Field, ...]]]
    messages: dict[str, Message]


@cache
def definitions() -> Definitions:
    """All message definitions, read once.

    Returns:
        The 42 messages and the three blocks they share.
    """
    data = resources.files(__package__).joinpath("data/messages.json").read_bytes()
    return msgspec.json.decode(data, type=Definitions)

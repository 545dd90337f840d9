"""Ordinary envelopes (DxpMsg) recognised without a tree, as ``recognise`` does for messages.

Recognised is what programs write: a root with namespaces and ``ver`` only, no entities, at most a file name added, no
signature of the envelope. Everything else goes the complete way.
"""

from __future__ import annotations

import binascii
import re
from functools import cache

from msgspec import Struct

from sandan.wire.definitions import Field
from sandan.wire.envelope import DXP
from sandan.wire.fields import fault_of
from sandan.wire.recognise import plain_text

_PREFIXES = frozenset({"", "dxp"})
_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_ATTRIBUTE_TEXT = rf' (xmlns(?::{_NAME})?|ver)="([^"<&\s]*)"'
_ATTRIBUTE = re.compile(_ATTRIBUTE_TEXT)
_OPENING = re.compile(
    rf'(?:<\?xml version="1\.0" encoding="[uU][tT][fF]-8"\?>)?[ \t\n]*<(?:({_NAME}):)?DxpMsg((?:{_ATTRIBUTE_TEXT})+)>'
)
_CREATED = Field(name="CreatTime", zh="创建时间", en="time of creation", base="datetime")
_RECEIVERS_MOST = 5


class Franked(Struct, frozen=True):
    """What stands on an ordinary envelope, and what is in it."""

    cop_msg_id: str
    sender_id: str
    receiver_ids: tuple[str, ...]
    created: str
    message_type: str
    file_name: str
    data: bytes


def franked(data: bytes) -> Franked | None:
    """Read an ordinary envelope.

    Args:
        data: Bytes as received.

    Returns:
        None for anything unusual, right or wrong.
    """
    text = plain_text(data)
    opening = None if text is None or "&" in text else _OPENING.match(text)
    if text is None or opening is None or not _is_dxp(opening):
        return None
    found = _body(opening[1] or "").fullmatch(text, opening.end())
    if found is None or fault_of(_CREATED, found["created"]):
        return None
    receivers = tuple(_receiver(opening[1] or "").findall(found["receivers"]))
    body = _decoded(found["data"])
    if len(receivers) > _RECEIVERS_MOST or not body:
        return None
    return Franked(found["id"], found["sender"], receivers, found["created"], found["type"], found["file"] or "", body)


def _is_dxp(opening: re.Match[str]) -> bool:
    """Whether the root stands in the namespace, once declared, and carries ``ver="1.0"``."""
    pairs = _ATTRIBUTE.findall(opening[2])
    values = dict(pairs)
    prefix = opening[1] or ""
    declared = values.get(f"xmlns:{prefix}" if prefix else "xmlns")
    plain = all(uri.startswith("http://") for name, uri in pairs if name != "ver") and not {
        "xmlns:xml",
        "xmlns:xmlns",
    } & set(values)
    return (
        prefix in _PREFIXES and len(values) == len(pairs) and declared == DXP and values.get("ver") == "1.0" and plain
    )


@cache
def _body(prefix: str) -> re.Pattern[str]:
    """Expression of everything behind the opening tag."""
    tag = f"{prefix}:" if prefix else ""
    blank = r"[ \t\n]*+"

    def leaf(name: str, group: str, inside: str) -> str:
        return rf"<{tag}{name}>(?P<{group}>{inside})</{tag}{name}>{blank}"

    one = rf"<{tag}ReceiverId>[^<\s]{{1,16}}+</{tag}ReceiverId>{blank}"
    return re.compile(
        rf"{blank}<{tag}TransInfo>{blank}"
        + leaf("CopMsgId", "id", r"[^<\s]{1,255}+")
        + leaf("SenderId", "sender", r"[^<\s]{1,16}+")
        + rf"<{tag}ReceiverIds>{blank}(?P<receivers>(?:{one})+)</{tag}ReceiverIds>{blank}"
        + leaf("CreatTime", "created", r"[^<\s]*+")
        + leaf("MsgType", "type", r"[^<\s]{0,30}+")
        + rf"</{tag}TransInfo>{blank}"
        + leaf("Data", "data", "[^<]*+")
        + rf"(?:<{tag}AddInfo>{blank}(?:"
        + leaf("FileName", "file", r"[^<\s]{1,255}+")
        + rf")?</{tag}AddInfo>{blank})?</{tag}DxpMsg>{blank}"
    )


@cache
def _receiver(prefix: str) -> re.Pattern[str]:
    return re.compile(f"<{prefix + ':' if prefix else ''}ReceiverId>([^<]+)<")


def _decoded(text: str) -> bytes:
    """Bytes of base64 in which white space may stand; empty where it is none."""
    if not text.isascii():
        return b""
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        return b""

"""Bytes to documents, never raising: ``parse`` makes the tree, ``decode`` the facts, the verdict and the diagnosis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from sandan.wire import check
from sandan.wire import content
from sandan.wire import recognise
from sandan.wire.definitions import CEB
from sandan.wire.definitions import definitions
from sandan.wire.editions import SOURCES
from sandan.wire.editions import Edition
from sandan.wire.editions import definitions_of
from sandan.wire.facts import Fault
from sandan.wire.facts import Reading
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of
from sandan.wire.numbers import BLANK
from sandan.wire.sealed import Sealed

_ROOT = re.compile(rb"<[A-Za-z_:\x80-\xff]")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<\x00", b"<\x00", b"\x00\x00\xfe\xff", b"\x00\x00\x00<")
_PARSER = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    huge_tree=False,
    collect_ids=False,
    remove_comments=False,
    remove_pis=False,
)


class Limits(Struct, frozen=True, kw_only=True):
    """How much a reader takes from a stranger."""

    #: Most bytes of one message; a hundred lists of ninety-nine lines fit
    message_bytes: int = 16 * 1024 * 1024


LIMITS = Limits()


class Parsed:
    """Bytes from a stranger, read or refused.

    An ordinary message is recognised without a tree; its tree is made when it is asked for.
    """

    __slots__ = ("_root", "data", "faults", "recognised")

    def __init__(
        self, data: bytes, found: recognise.Recognised | etree._Element | None = None, *, faults: tuple[Fault, ...] = ()
    ) -> None:
        """Keep the bytes with what was made of them: a recognised message, a tree, or nothing."""
        self.data = data
        self.faults = faults
        self.recognised = found if isinstance(found, recognise.Recognised) else None
        self._root = None if isinstance(found, recognise.Recognised) else found

    @property
    def root(self) -> etree._Element | None:
        """Root element; None where nothing may be read from the bytes."""
        if self._root is None and self.recognised is not None:
            self._root = etree.fromstring(self.data, _PARSER)
        return self._root

    @property
    def sealed(self) -> Sealed | None:
        """What the signature covers, told without a tree; None where the message is not of the ordinary form."""
        return None if self.recognised is None else self.recognised.sealed


def parse(data: bytes, limits: Limits = LIMITS) -> Parsed:
    """Make a tree of bytes from a stranger.

    No DTD, no entity, no network; UTF-8 only.

    Args:
        data: The bytes as received.
        limits: How much is taken.

    Returns:
        The tree, or the faults that kept it from being made; with a comment or a processing instruction both.
    """
    if len(data) > limits.message_bytes:
        return Parsed(data, faults=(_too_large(data, limits),))
    marked = data.startswith(_UTF8_BOM)
    known = recognise.recognise(data[len(_UTF8_BOM) :] if marked else data)
    if known is not None:
        return Parsed(data, known, faults=_mark() if marked else ())
    early = _before_parsing(data)
    if early is not None:
        return Parsed(data, faults=(early,))
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.LxmlError, ValueError) as error:
        return Parsed(data, faults=(_not_xml(data, error),))
    return Parsed(data, root, faults=tuple(_strange_nodes(root, data)))


def decode(parsed: Parsed, edition: Edition = Edition.CURRENT) -> Reading:
    """Read the documents of a message.

    Args:
        parsed: What ``parse`` made.
        edition: Whose schema gives the verdict.

    Returns:
        Type, transfer, documents, faults and verdict; documents only where the schema accepts the message.
    """
    if parsed.recognised is not None and edition is Edition.CURRENT:
        reading = parsed.recognised.reading
        return replace(reading, faults=parsed.faults) if parsed.faults else reading
    return decode_tree(parsed.root, parsed.faults, edition)


def decode_tree(
    root: etree._Element | None, faults: tuple[Fault, ...] = (), edition: Edition = Edition.CURRENT
) -> Reading:
    """Read a message from its tree, the complete way.

    Args:
        root: The root element, None where there is no tree.
        faults: What parsing has found already.
        edition: Whose schema gives the verdict.

    Returns:
        As ``decode``.
    """
    if root is None:
        return Reading(edition=edition, faults=faults)
    name = _message_name(root)
    message = definitions_of(edition).messages.get(name)
    if message is None:
        return Reading(edition=edition, faults=(*faults, _wrong_root(root, edition)))
    reading = Reading(
        edition=edition,
        message_type=name,
        guid=root.get("guid", ""),
        version=root.get("version", ""),
        faults=(*faults, *check.message_faults(root, name, edition)),
    )
    return content.fill(reading, root, message)


def _message_name(root: etree._Element) -> str:
    name = etree.QName(root)
    return name.localname if name.namespace == CEB else ""


def _wrong_root(root: etree._Element, edition: Edition) -> Fault:
    name = etree.QName(root)
    shown = f"{{{name.namespace or ''}}}{name.localname}"
    place = Place(f"/{name.localname}", line_of(root), name.localname)
    if _message_name(root) not in definitions().messages:
        return fault("W-ROOT", place, shown)
    count = len(definitions_of(edition).messages)
    rule = (f"{edition} 版的 {count} 种报文之一", f"one of the {count} messages of the {edition} edition")
    return replace(fault("W-EDITION", place, shown, rule), source=SOURCES[edition])


def _before_parsing(data: bytes) -> Fault | None:
    """What makes bytes unfit before a parser sees them."""
    start = data[:400].lstrip()
    if not start and not data.strip():
        return fault("W-EMPTY", Place())
    if data.startswith(_WIDE):
        return fault("W-UTF16", Place(line=1))
    if data.startswith(b"\x00"):
        return fault("W-NUL", Place(line=1), "0x00")
    return _encoding(start, data) or _doctype(data)


def _too_large(data: bytes, limits: Limits) -> Fault:
    most = limits.message_bytes
    return fault("W-SIZE", Place(), str(len(data)), (f"至多 {most} 字节", f"at most {most} bytes"))


def _encoding(start: bytes, data: bytes) -> Fault | None:
    match = _ENCODING.match(start.removeprefix(_UTF8_BOM))
    if match is None or match[1].lower() in (b"utf-8", b"utf8"):
        return None
    declared = match[1].decode("ascii")
    honest = "" if _is_utf8(data) else declared
    note = ("（字节本身是 UTF-8，只需改声明）", " (the bytes are UTF-8 already: only the prolog is wrong)")
    tail = ("", "") if honest else note
    return fault("W-ENCODING", Place("", 1, "encoding"), declared, ("UTF-8" + tail[0], "UTF-8" + tail[1]))


def _doctype(data: bytes) -> Fault | None:
    at = data.find(b"<!DOCTYPE")
    if at < 0:
        return None
    root = _ROOT.search(data)
    if root is not None and root.start() < at:
        return None
    return fault(
        "W-DOCTYPE", Place("", data.count(b"\n", 0, at) + 1, "DOCTYPE"), data[at : at + 40].decode("utf-8", "replace")
    )


def _not_xml(data: bytes, error: Exception) -> Fault:
    line = getattr(error, "lineno", None) or 1
    reason = str(getattr(error, "msg", None) or error)
    if not _is_utf8(data):
        return fault("W-ENCODING-BYTES", Place(line=_bad_line(data)), "")
    if "Text node too long" in reason:
        return fault("W-SIZE", Place(line=line), reason, ("每个元素的文本小于 10 MB", "less than 10 MB in one element"))
    if "depth" in reason.lower():
        return fault("W-DEPTH", Place(line=line), reason)
    return fault("W-NOT-XML", Place(line=line), reason)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _bad_line(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 0


def _mark() -> tuple[Fault, ...]:
    return (fault("W-BOM", Place(line=1), "EF BB BF"),)


def _strange_nodes(root: etree._Element, data: bytes) -> Iterator[Fault]:
    """Byte order mark, comments and processing instructions, which do not keep the tree from being made."""
    if data.startswith(_UTF8_BOM):
        yield from _mark()
    if b"<!--" in data:
        yield from (_strange("W-COMMENT", node) for node in _anywhere(root, etree.Comment))
    if data.find(b"<?", 8) >= 0:
        yield from (_strange("W-INSTRUCTION", node) for node in _anywhere(root, etree.PI))


def _anywhere(root: etree._Element, kind: object) -> Iterator[etree._Element]:
    """Nodes of a kind before, in and after the root."""
    yield from (node for node in (*root.itersiblings(preceding=True), *root.itersiblings()) if node.tag is kind)
    yield from root.iter(kind)


def _strange(code: str, node: etree._Element) -> Fault:
    return fault(code, Place("", line_of(node), ""), (node.text or "").strip(BLANK))

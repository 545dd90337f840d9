"""What else may have been digested or signed: the message and SignedInfo as the known mistakes would have had them.

Each mistake was seen in real messages or public code; the strict form is never among them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from collections.abc import Iterator
from enum import StrEnum

from lxml import etree
from msgspec import Struct

from sandan.signing.canonical import start_tag
from sandan.signing.profile import DS
from sandan.signing.profile import SIGNATURE

CEB = "http://www.chinaport.gov.cn/ceb"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DEVICE_SCOPE = {"ceb": CEB, "xsi": XSI}
_XSI = f' xmlns:xsi="{XSI}"'.encode()
_CEB = f' xmlns:ceb="{CEB}"'.encode()
_BEFORE, _BEHIND = "before", "behind"
_BETWEEN_TAGS = re.compile(rb">[ \t\r\n]+<")


class Mistake(StrEnum):
    """A known way in which what was signed differs from what arrived; the value is stable."""

    REFORMATTED = "reformatted"
    SPACE_AROUND = "space-around-signature"
    XSI_MISSING = "xsi-missing"
    XSI_ADDED = "xsi-added"
    PREFIX = "prefix-changed"
    COMMENTS = "comments-digested"
    RAW = "not-canonicalised"
    ENCODING = "digested-as-gbk"
    LINE_ENDS = "digested-with-crlf"
    HASH = "other-hash"
    INFO_REFORMATTED = "signed-info-reformatted"
    INFO_SCOPE = "signed-info-namespaces"
    INFO_PREFIX = "signature-prefix-changed"
    DIGEST_SIGNED = "digest-signed"
    MESSAGE_SIGNED = "message-signed"
    NO_IDENTITY = "sm2-without-identity"


class Form(Struct, frozen=True):
    """Bytes that may have been digested or signed, and the mistakes that lead to them."""

    mistakes: tuple[Mistake, ...]
    content: bytes


def message_forms(data: bytes, root: etree._Element) -> Iterator[Form]:
    """Forms of the message that may have been digested; the first is the strict one, without mistakes.

    Args:
        data: The message as received.
        root: Its root; it is only read.
    """
    for laid_out, layout in _LAYOUTS:
        tree = copy.deepcopy(root)
        if layout(tree):
            content = etree.tostring(tree, method="c14n", with_comments=False)
            yield from _scoped(laid_out, content)
    if next(root.iter(etree.Comment), None) is not None:
        tree = copy.deepcopy(root)
        _taken_out()(tree)
        yield Form((Mistake.COMMENTS,), etree.tostring(tree, method="c14n", with_comments=True))
    yield from _raw(data)


def info_forms(info: bytes, prefix: str | None, scope: dict[str | None, str]) -> Iterator[Form]:
    """Forms of SignedInfo that may have been signed; the first is the strict one, without mistakes.

    Args:
        info: Canonical SignedInfo.
        prefix: Prefix the signature uses.
        scope: Namespaces in scope at SignedInfo.
    """
    inner = info[info.index(b">") + 1 :]
    names = {kept: uri for kept, uri in scope.items() if uri != DS}
    for mistakes, text in (((), inner), ((Mistake.INFO_REFORMATTED,), _BETWEEN_TAGS.sub(b"><", inner).lstrip())):
        for renamed in dict.fromkeys((prefix, "ds", None)):
            changed = () if renamed == prefix else (Mistake.INFO_PREFIX,)
            for widened, held in _scopes(names):
                opening = _opening(renamed, held)
                yield Form((*mistakes, *changed, *widened), opening + _renamed(text, prefix, renamed))


def _taken_out(*sides: str) -> Callable[[etree._Element], bool]:
    """Remove the signature, and the white space on the sides named; False where there is nothing of that to remove."""

    def layout(root: etree._Element) -> bool:
        signature = root.find(SIGNATURE)
        if signature is None:
            return False
        previous, behind = signature.getprevious(), signature.tail or ""
        ahead = (root.text if previous is None else previous.tail) or ""
        kept = ("" if _BEFORE in sides and not ahead.strip() else ahead) + (
            "" if _BEHIND in sides and not behind.strip() else behind
        )
        if previous is None:
            root.text = kept
        else:
            previous.tail = kept
        signature.tail = None
        root.remove(signature)
        return not sides or kept != ahead + behind

    return layout


def _compact(root: etree._Element) -> bool:
    """Take all white space between elements out."""
    if not _taken_out()(root):
        return False
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None
    return True


def _indented(space: str) -> Callable[[etree._Element], bool]:
    def layout(root: etree._Element) -> bool:
        found = _compact(root)
        etree.indent(root, space)
        return found

    return layout


_LAYOUTS: tuple[tuple[tuple[Mistake, ...], Callable[[etree._Element], bool]], ...] = (
    ((), _taken_out()),
    ((Mistake.SPACE_AROUND,), _taken_out(_BEHIND)),
    ((Mistake.SPACE_AROUND,), _taken_out(_BEFORE)),
    ((Mistake.SPACE_AROUND,), _taken_out(_BEFORE, _BEHIND)),
    ((Mistake.REFORMATTED,), _compact),
    ((Mistake.REFORMATTED,), _indented("  ")),
    ((Mistake.REFORMATTED,), _indented("    ")),
    ((Mistake.REFORMATTED,), _indented("\t")),
)


def _scoped(mistakes: tuple[Mistake, ...], content: bytes) -> Iterator[Form]:
    """The content under other namespaces on its root, and each in the other encodings."""
    end = content.index(b">")
    root, rest = content[:end], content[end:]
    yield from _encoded(mistakes, content)
    if _XSI in root:
        yield from _encoded((*mistakes, Mistake.XSI_ADDED), root.replace(_XSI, b"") + rest)
    else:
        yield from _encoded((*mistakes, Mistake.XSI_MISSING), _with_xsi(root) + rest)
    other = _default_prefix(content) if _CEB in root else _ceb_prefix(content)
    yield from _encoded((*mistakes, Mistake.PREFIX), other)


def _with_xsi(root: bytes) -> bytes:
    """The root's start tag with xsi after its other namespaces; ``xsi`` sorts behind ``ceb``."""
    at = max((found.end() for found in re.finditer(rb' xmlns(:\w+)?="[^"]*"', root)), default=len(root))
    return root[:at] + _XSI + root[at:]


def _default_prefix(content: bytes) -> bytes:
    return re.sub(rb"<(/?)ceb:", rb"<\1", content).replace(b"xmlns:ceb=", b"xmlns=", 1)


def _ceb_prefix(content: bytes) -> bytes:
    return re.sub(rb"<(/?)(?=\w)", rb"<\1ceb:", content).replace(b"xmlns=", b"xmlns:ceb=", 1)


def _encoded(mistakes: tuple[Mistake, ...], content: bytes) -> Iterator[Form]:
    yield Form(mistakes, content)
    if b"\n" in content:
        yield Form((*mistakes, Mistake.LINE_ENDS), content.replace(b"\n", b"\r\n"))
    if not content.isascii():
        yield Form((*mistakes, Mistake.ENCODING), content.decode().encode("gb18030"))


def _raw(data: bytes) -> Iterator[Form]:
    """The file's own text without its signature, as a digest without canonicalization would take it."""
    found = re.search(rb"<(\w+:)?Signature[ >].*</(\w+:)?Signature>", data, re.DOTALL)
    if found is None:
        return
    text = data[: found.start()] + data[found.end() :]
    yield Form((Mistake.RAW,), text)
    yield Form(
        (Mistake.RAW,), text[text.index(b"<", text.find(b"?>")) :] if text.startswith(b"<?xml") else text.strip()
    )


def _scopes(names: dict[str | None, str]) -> Iterator[tuple[tuple[Mistake, ...], dict[str | None, str]]]:
    yield (), names
    if names != _DEVICE_SCOPE:
        lacking = Mistake.XSI_MISSING if "xsi" not in names else Mistake.INFO_SCOPE
        yield (lacking,), {"ceb": CEB, "xsi": XSI}
    yield (Mistake.INFO_SCOPE,), {"ceb": CEB}
    yield (Mistake.INFO_SCOPE,), {}


def _opening(prefix: str | None, names: dict[str | None, str]) -> bytes:
    name = f"{prefix}:SignedInfo" if prefix else "SignedInfo"
    return start_tag(name, tuple({**names, prefix: DS}.items()))


def _renamed(text: bytes, old: str | None, new: str | None) -> bytes:
    if old == new:
        return text
    before, after = (f"{prefix}:" if prefix else "" for prefix in (old, new))
    return re.sub(rb"<(/?)" + before.encode() + rb"(?=\w)", rb"<\1" + after.encode(), text)

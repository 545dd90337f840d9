"""The outer form of ``ds:Signature`` as the published schema has it; whether it is genuine is for ``signing``.

The annex's copy of the XML-DSig schema knows no ``ds:Object``. Content models are expressions over the names of the
children, each followed by a blank; ``*`` stands for an element of another namespace.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from lxml import etree
from msgspec import Struct

from sandan.wire.definitions import DS
from sandan.wire.definitions import XSI
from sandan.wire.facts import Fault
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of
from sandan.wire.numbers import BLANK


class Model(Struct, frozen=True):
    """What one element of a signature may hold."""

    children: str = ""
    #: Text allowed between or instead of children
    text: Literal["none", "any", "base64", "integer"] = "none"
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


_METHOD = Model(text="any", required=("Algorithm",))
_BASE64 = Model(text="base64")
_TEXT = Model(text="any")

_MODELS: dict[str, Model] = {
    "Signature": Model("SignedInfo SignatureValue (KeyInfo )?", optional=("Id",)),
    "SignedInfo": Model("CanonicalizationMethod SignatureMethod (Reference )+"),
    "CanonicalizationMethod": _METHOD,
    "SignatureMethod": _METHOD,
    "Reference": Model("(Transforms )?DigestMethod DigestValue ", optional=("Id", "URI", "Type")),
    "Transforms": Model("(Transform )+"),
    "Transform": Model("((\\*|XPath) )*", "any", ("Algorithm",)),
    "XPath": _TEXT,
    "DigestMethod": _METHOD,
    "DigestValue": _BASE64,
    "SignatureValue": _BASE64,
    "KeyInfo": Model("((KeyName|KeyValue|RetrievalMethod|X509Data|PGPData|SPKIData|MgmtData|\\*) )+", "any"),
    "KeyName": _TEXT,
    "MgmtData": _TEXT,
    "KeyValue": Model("(DSAKeyValue|RSAKeyValue|\\*) ", "any"),
    "DSAKeyValue": Model("(P Q )?(G )?Y (J )?(Seed PgenCounter )?"),
    "RSAKeyValue": Model("Modulus Exponent "),
    "RetrievalMethod": Model("(Transforms )?", optional=("URI", "Type")),
    "X509Data": Model("((X509IssuerSerial|X509SKI|X509SubjectName|X509Certificate|X509CRL|\\*) )+"),
    "X509IssuerSerial": Model("X509IssuerName X509SerialNumber "),
    "X509IssuerName": _TEXT,
    "X509SerialNumber": Model(text="integer"),
    "X509SubjectName": _TEXT,
    "PGPData": Model("(PGPKeyID (PGPKeyPacket )?|PGPKeyPacket )(\\* )*"),
    "SPKIData": Model("(SPKISexp (\\* )?)+"),
    **dict.fromkeys(("P", "Q", "G", "Y", "J", "Seed", "PgenCounter", "Modulus", "Exponent"), _BASE64),
    **dict.fromkeys(("X509SKI", "X509Certificate", "X509CRL", "PGPKeyID", "PGPKeyPacket", "SPKISexp"), _BASE64),
}
_XSI_ALLOWED = frozenset({f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"})
_INTEGER = re.compile(r"[+-]?[0-9]+")
_ID = re.compile(r"[^\W\d][\w.\-·]*")


def faults(element: etree._Element, path: str) -> Iterator[Fault]:
    """Check a signature and everything in it.

    Args:
        element: The ``ds:Signature``.
        path: Its path.

    Yields:
        One fault for each element whose children, text or attributes are not those of the schema.
    """
    name = etree.QName(element).localname
    model = _MODELS[name]
    children = [child for child in element if isinstance(child.tag, str)]
    row = "".join(_name(child) + " " for child in children)
    if not _expression(model.children).fullmatch(row):
        yield _fault(element, path, row.strip() or "—", model.children.replace("\\", "") or "—")
    if not _text_fits(element, model, bare=not children):
        yield _fault(element, path, _text(element), model.text)
    yield from _attribute_faults(element, model, path)
    for child in children:
        if _name(child) in _MODELS:
            yield from faults(child, f"{path}/{_name(child)}")


def is_base64(text: str) -> bool:
    """Whether a text is ``xs:base64Binary``; white space of XML may stand anywhere in it."""
    if not text.isascii():
        return False
    try:
        binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        return False
    return True


@cache
def _expression(children: str) -> re.Pattern[str]:
    return re.compile(children)


def _name(element: etree._Element) -> str:
    """Local name of an element of XML-DSig, ``*`` for one of another namespace, ``?`` for one unknown or in none."""
    name = etree.QName(element)
    if name.namespace not in {DS, None}:
        return "*"
    return name.localname if name.namespace == DS and name.localname in _MODELS else "?"


def _text(element: etree._Element) -> str:
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(parts).strip(BLANK)


def _text_fits(element: etree._Element, model: Model, *, bare: bool) -> bool:
    text = _text(element)
    if model.text == "none":
        return not text
    if model.text == "any":
        return True
    if not bare:
        return False
    return is_base64(text) if model.text == "base64" else bool(_INTEGER.fullmatch(text))


def _attribute_faults(element: etree._Element, model: Model, path: str) -> Iterator[Fault]:
    names = set(map(str, element.attrib)) - _XSI_ALLOWED
    for name in sorted(names - {*model.required, *model.optional}):
        yield _fault(
            element, path, f"@{etree.QName(name).localname}", " ".join((*model.required, *model.optional)) or "—"
        )
    for name in model.required:
        if name not in names:
            yield _fault(element, path, "—", f"@{name}")
    identity = element.get("Id")
    if identity is not None and not _ID.fullmatch(identity.strip(BLANK)):
        yield _fault(element, f"{path}/@Id", identity, "NCName")


def _fault(element: etree._Element, path: str, value: str, allowed: str) -> Fault:
    place = Place(path, line_of(element), etree.QName(element).localname)
    return fault("W-SIGNATURE", place, value, (allowed, allowed))

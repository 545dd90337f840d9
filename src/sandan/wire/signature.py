"""The outer form of ``ds:Signature`` as the schema of XML-DSig has it; whether it is right is for ``signing``."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sandan.wire.definitions import DS
from sandan.wire.facts import Fault
from sandan.wire.faults import Place
from sandan.wire.faults import fault
from sandan.wire.faults import line_of


def faults(element: etree._Element, path: str) -> Iterator[Fault]:
    """Check the children of a signature.

    Args:
        element: The ``ds:Signature``.
        path: Its path.

    Yields:
        One fault where the order or the names are wrong.
    """
    names = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
    foreign = any(etree.QName(child).namespace != DS for child in element if isinstance(child.tag, str))
    if foreign or names not in (["SignedInfo", "SignatureValue", "KeyInfo"], ["SignedInfo", "SignatureValue"]):
        allowed = ("SignedInfo、SignatureValue、KeyInfo", "SignedInfo, SignatureValue, KeyInfo")
        yield fault("W-SIGNATURE", Place(path, line_of(element), "Signature"), " ".join(names), allowed)

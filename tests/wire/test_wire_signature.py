"""The outer form of a signature: what the schema of XML-DSig lets pass."""

from __future__ import annotations

import pytest
from lxml import etree

from sandan.wire import specimen
from sandan.wire.facts import Fault
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.signature import is_base64

LIST = specimen.smallest("CEB621Message")


def faults(old: str, new: str) -> list[Fault]:
    assert old.encode() in LIST
    return list(decode(parse(LIST.replace(old.encode(), new.encode()))).faults)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ds:KeyName>00</ds:KeyName>", ""),
        ("<ds:KeyName>00</ds:KeyName>", "<ds:KeyName/>any text"),
        ("<ds:KeyName>00</ds:KeyName>", '<x xmlns="urn:x"/>'),
        ("<ds:SignatureValue>AAAA<", "<ds:SignatureValue>\nAA\n AA<"),
        ('URI=""', 'Id="a" URI="#b" Type="c"'),
        (
            "</ds:Reference>",
            "</ds:Reference><ds:Reference><ds:DigestMethod Algorithm='a'/><ds:DigestValue/></ds:Reference>",
        ),
    ],
)
def test_forms_the_schema_lets_pass(old: str, new: str) -> None:
    assert not faults(old, new)


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ("<ds:DigestValue>AAAA<", "<ds:DigestValue>A!<", "DigestValue"),
        ("<ds:SignatureValue>AAAA</ds:SignatureValue>", "", "Signature"),
        ('Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"', "", "DigestMethod"),
        ("<ds:SignedInfo>", '<ds:SignedInfo Id="a">', "SignedInfo"),
        ("<ds:SignedInfo>", "<ds:SignedInfo>text", "SignedInfo"),
        ('URI=""', 'Id="1a"', "Reference"),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>", "Signature"),
        ("<ds:X509Certificate>AAAA</ds:X509Certificate>", "", "X509Data"),
        ("<ds:KeyName>00</ds:KeyName>", "<ds:KeyNam>00</ds:KeyNam>", "KeyInfo"),
    ],
)
def test_forms_it_does_not(old: str, new: str, element: str) -> None:
    (fault,) = faults(old, new)
    assert (fault.code, fault.element) == ("W-SIGNATURE", element) or fault.path.endswith("/@Id")
    assert "Sign again" in fault.remedy_en


def test_two_signatures() -> None:
    start, end = LIST.index(b"<ds:Signature "), LIST.rindex(b"</ceb:")
    (fault,) = decode(parse(LIST[:end] + LIST[start:end] + LIST[end:])).faults
    assert (fault.code, fault.path) == ("W-TOO-MANY", "/CEB621Message/Signature[2]")


def test_a_signature_that_is_not_last() -> None:
    root = etree.fromstring(LIST)
    root.insert(0, root[-1])
    (fault,) = decode(parse(etree.tostring(root))).faults
    assert (fault.code, fault.element) == ("W-ORDER", "Signature")


@pytest.mark.parametrize(
    ("text", "right"),
    [("", True), ("AAAA", True), ("AA A=\n", True), ("AAA", False), ("样AAA", False), ("AA.A", False)],
)
def test_base64(text: str, right: bool) -> None:  # noqa: FBT001
    assert is_base64(text) is right

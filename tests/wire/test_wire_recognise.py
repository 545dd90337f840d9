"""The recogniser and the complete way agree wherever the recogniser speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.wire import specimen
from sandan.wire.definitions import definitions
from sandan.wire.facts import Transfer
from sandan.wire.facts import Weight
from sandan.wire.read import decode_tree
from sandan.wire.recognise import recognise
from sandan.wire.write import message

GUID = "B0000000-0000-4000-8000-000000000002"
NAMES = list(definitions().messages)
SPECIMENS = {(name, kind): getattr(specimen, kind)(name) for name in NAMES for kind in ("smallest", "fullest")}

texts = st.text(st.characters(codec="utf-8"), max_size=40).map(
    lambda text: text.translate(dict.fromkeys(range(0x20))).replace("\ufffe", "").replace("\uffff", "")
)
snippets = st.sampled_from(
    [
        " ",
        "\n",
        "\t",
        "\r\n",
        "&amp;",
        "&lt;",
        "&#65;",
        "&quot;",
        ">",
        "]]>",
        "<!-- -->",
        "<![CDATA[x]]>",
        "<?p?>",
        "<x/>",
        "x",
        "0",
    ]
)
spots = st.tuples(st.sampled_from(sorted(SPECIMENS)), st.integers(0, 10_000), st.integers(0, 12))


@pytest.mark.parametrize(("name", "kind"), SPECIMENS)
def test_every_specimen_is_recognised_and_read_alike(name: str, kind: str) -> None:
    data = SPECIMENS[name, kind]
    known = recognise(data)
    assert known is not None
    assert known.reading == decode_tree(etree.fromstring(data))


@given(spots, st.one_of(snippets, texts))
def test_what_is_recognised_is_well_formed_valid_and_read_alike(
    spot: tuple[tuple[str, str], int, int], text: str
) -> None:
    """A stretch of a specimen is replaced by something else; if that is recognised, the complete way says the same."""
    key, at, length = spot
    data = SPECIMENS[key]
    at %= len(data)
    changed = data[:at] + text.encode() + data[at + length :]
    known = recognise(changed)
    if known is None:
        return
    root = etree.fromstring(changed)
    assert known.reading == decode_tree(root)
    for signed_info in root.iterfind("*/{http://www.w3.org/2000/09/xmldsig#}SignedInfo"):
        assert etree.tostring(signed_info, method="c14n", with_tail=False) == known.sealed.signed_info()
    assert etree.tostring(_unsigned(root), method="c14n") == known.sealed.content()


def _unsigned(root: etree._Element) -> etree._Element:
    """The root without its signature; text behind the signature stays."""
    signature = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    if signature is not None:
        before = signature.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + (signature.tail or "") or None
        root.remove(signature)
    return root


@pytest.mark.parametrize("blank", ["\n", "\t", "\r\n", "  \n\t"])
def test_indentation_is_ordinary(order: Order, transfer: Transfer, blank: str) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(b"><ceb:", b">" + blank.encode() + b"<ceb:")
    known = recognise(data)
    assert known is not None
    assert known.reading.documents == (order,)
    assert etree.tostring(etree.fromstring(data), method="c14n") == known.sealed.content()


def test_an_empty_optional_text_is_ordinary_in_either_spelling(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID)
    short = data.replace(b"</ceb:OrderHead>", b"<ceb:note/></ceb:OrderHead>")
    known = recognise(short)
    assert known is not None
    assert known.reading.documents == (order,)
    assert known.sealed.content() == etree.tostring(etree.fromstring(short), method="c14n")


def test_an_escaped_name_is_ordinary_and_keeps_its_true_length(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID)
    assert b"&amp;" in data
    assert recognise(data) is not None
    assert recognise(data.replace(b">20250611101500<", b">2025061110&lt;<")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ceb:orderType>", b"<ceb:orderType >"),
        (b"<ceb:orderType>I", b"<ceb:orderType><![CDATA[I]]>"),
        (b"<ceb:goodsValue>257", b"<ceb:goodsValue>+257"),
        (b'encoding="UTF-8"', b"encoding='UTF-8'"),
        (b' version="1.0"><ceb:Order>', b' version="1.0" xmlns:y="urn:y"><ceb:Order>'),
    ],
)
def test_the_unusual_goes_the_complete_way_and_is_as_valid(
    order: Order, transfer: Transfer, old: bytes, new: bytes
) -> None:
    data = message("CEB311Message", [order], transfer, GUID)
    assert old in data
    changed = data.replace(old, new)
    assert recognise(changed) is None
    assert decode_tree(etree.fromstring(changed)).documents == (order,)


@pytest.mark.parametrize("prefix", ["ns0", "ns2"])
def test_prefixes_of_programs_are_ordinary(order: Order, transfer: Transfer, prefix: str) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(b"ceb:", f"{prefix}:".encode())
    known = recognise(data.replace(b"xmlns:ceb=", f"xmlns:{prefix}=".encode()))
    assert known is not None
    assert known.reading.documents == (order,)


@pytest.mark.parametrize("prefix", ["n2", "a.b-c", "x" * 50])
def test_a_made_up_prefix_goes_the_complete_way(order: Order, transfer: Transfer, prefix: str) -> None:
    data = message("CEB311Message", [order], transfer, GUID).replace(b"ceb:", f"{prefix}:".encode())
    data = data.replace(b"xmlns:ceb=", f"xmlns:{prefix}=".encode())
    assert recognise(data) is None
    assert decode_tree(etree.fromstring(data)).documents == (order,)


def test_an_undeclared_prefix_is_not(order: Order, transfer: Transfer) -> None:
    data = message("CEB311Message", [order], transfer, GUID)
    assert recognise(data.replace(b"xmlns:ceb=", b"xmlns:cab=")) is None


def test_an_undeclared_signature_prefix_is_not(declaration: DeclarationList, transfer: Transfer) -> None:
    data = specimen.sign_for_show(message("CEB621Message", [declaration], transfer, GUID))
    assert recognise(data) is not None
    declared = b' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    assert recognise(data.replace(declared, b"")) is None
    assert recognise(data.replace(declared, b"").replace(b" xmlns:xsi=", declared + b" xmlns:xsi=")) is not None


def test_what_the_signature_covers_is_what_canonical_xml_makes_of_it(
    declaration: DeclarationList, transfer: Transfer
) -> None:
    data = specimen.sign_for_show(message("CEB621Message", [declaration], transfer, GUID))
    short = data.replace(b"></ds:DigestMethod>", b"/>").replace(b"></ds:SignatureMethod>", b"/>")
    known, root = recognise(short), etree.fromstring(short)
    assert known is not None
    signed_info = root[-1][0]
    assert known.sealed.signed_info() == etree.tostring(signed_info, method="c14n")
    assert known.sealed.content() == etree.tostring(_unsigned(root), method="c14n")


def test_a_signed_message_shows_its_signature(declaration: DeclarationList, transfer: Transfer) -> None:
    known = recognise(specimen.sign_for_show(message("CEB621Message", [declaration], transfer, GUID)))
    assert known is not None
    assert known.sealed.seal is not None
    assert known.sealed.seal.signature_method == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
    assert (known.sealed.seal.digest_value, known.sealed.seal.key_name) == ("AAAA", "00")


def test_recognised_readings_carry_no_refusal() -> None:
    for data in SPECIMENS.values():
        known = recognise(data)
        assert known is not None
        assert all(fault.weight is Weight.ADVICE for fault in known.reading.faults)

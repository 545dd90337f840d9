"""The verdict is that of the published schema, 202205 and on request 2018, on samples and what is made of specimens."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree

from sandan.wire import specimen
from sandan.wire.definitions import CEB
from sandan.wire.definitions import DS
from sandan.wire.definitions import XSI
from sandan.wire.definitions import definitions
from sandan.wire.editions import Edition
from sandan.wire.editions import definitions_of
from sandan.wire.read import decode
from sandan.wire.read import decode_tree
from sandan.wire.read import parse

pytestmark = pytest.mark.shared

NAMES = list(definitions().messages)
OLD = Edition.OF_2018
NAMES_2018 = list(definitions_of(OLD).messages)
TEXTS = [
    *(
        "",
        "0",
        "1",
        " 1",
        "1 ",
        "+1",
        "-1",
        "01",
        "1.",
        "1.5",
        ".5",
        ".",
        "+.5",
        "-0.0",
        "1e3",
        "1,000",
        "abc",
        "１",
        "INF",
    ),
    *("142", " 142", "3", "  ", "\t", "\n", "\u3000", "\u00a01", "1 2", "a b  c", "a  ", " x"),
    *("2147483647", "2147483648", "-2147483648", "-2147483649", "00000000002147483647", "0" * 30 + "1.5"),
    *("9999999999999999999", "99999999999999999999", "12345678901234.12345", "123456789012345.12345", "1.000001"),
    *("12345678901234.123450000", "1.00000000", "99999", "100000", "999999999", "9999999999", "20250101120000"),
    *(
        "a" * 35,
        "a" * 36,
        "a" * 37,
        " " * 36,
        "样" * 18,
        "样" * 19,
        "😀" * 18,
        "x" * 300,
        "x" * 1000,
        "x" * 1001,
        "a>b",
    ),
]
TAGS = [f"{{{CEB}}}zz", f"{{{CEB}}}note", f"{{{CEB}}}guid", "{urn:x}note", f"{{{DS}}}KeyName", "note"]
ATTRIBUTES = ["x", "guid", "Id", "Algorithm", *(f"{{{XSI}}}{name}" for name in ("schemaLocation", "nil", "type", "x"))]
BASE64 = {f"{{{DS}}}{name}" for name in ("DigestValue", "SignatureValue", "X509Certificate")}


def test_every_sample_has_the_verdict_of_the_schema(shared: Path, schema_accepts: Callable[[bytes], bool]) -> None:
    files = [*(shared / "samples/gac-202205").rglob("*.xml"), *(shared / "samples/signed").glob("*.xml")]
    verdicts = {file.name: decode(parse(file.read_bytes())).schema_valid for file in files}
    assert verdicts == {file.name: schema_accepts(file.read_bytes()) for file in files}
    assert len(verdicts) >= 40


def test_every_sample_has_the_verdict_of_2018(shared: Path, schema_of_2018_accepts: Callable[[bytes], bool]) -> None:
    files = [*(shared / "samples/gac-202205").rglob("*.xml"), *(shared / "samples/signed").glob("*.xml")]
    verdicts = {file.name: decode(parse(file.read_bytes()), OLD).schema_valid for file in files}
    assert verdicts == {file.name: schema_of_2018_accepts(file.read_bytes()) for file in files}
    assert verdicts["official_2018_113_ceb311_sample.xml"]


def test_every_import_sample_is_valid_and_read_whole(shared: Path) -> None:
    for file in (shared / "samples/gac-202205/import").glob("*.xml"):
        reading = decode(parse(file.read_bytes()))
        assert reading.valid
        assert len(reading.documents) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_smallest_and_fullest_are_valid(name: str, schema_accepts: Callable[[bytes], bool]) -> None:
    for data in (specimen.smallest(name), specimen.fullest(name)):
        assert schema_accepts(data)
        assert decode(parse(data)).valid


def specimen_of_2018(name: str, *, full: bool) -> etree._Element:
    """A specimen of 202205 fitted to 2018: its elements, as much text in each and as many lines as it allows."""
    root = etree.fromstring(specimen.fullest(name) if full else specimen.smallest(name))
    add_demanded_line(root, name)
    for entity in definitions_of(OLD).messages[name].entities:
        fields = {field.name: field for field in entity.fields}
        for node in [child for each in root.iter(f"{{{CEB}}}{entity.name}") for child in each]:
            field = fields.get(etree.QName(node).localname)
            if field is None and not len(node):
                drop(None, node)
            elif field is not None and field.base == "string" and not field.fixed:
                node.text = "1" * ((field.high or 1000) if full else field.low)
    return root


def add_demanded_line(root: etree._Element, name: str) -> None:
    """A line where 2018 demands one that 202205 does not (701)."""
    definition = definitions_of(OLD).messages[name]
    if definition.list and definition.list.least and root.find(f".//{{{CEB}}}{definition.list.name}") is None:
        line = first_line(etree.fromstring(specimen.fullest(name)), definition.list.name)
        next(root.iter(f"{{{CEB}}}{definition.head.name}")).addnext(line)


@pytest.mark.parametrize("name", NAMES_2018)
def test_smallest_and_fullest_of_2018_are_valid(name: str, schema_of_2018_accepts: Callable[[bytes], bool]) -> None:
    for full in (False, True):
        data = etree.tostring(specimen_of_2018(name, full=full))
        assert schema_of_2018_accepts(data)
        assert decode(parse(data), OLD).valid


@pytest.mark.parametrize("name", NAMES_2018)
def test_every_field_of_2018_at_its_edges(name: str, schema_of_2018_accepts: Callable[[bytes], bool]) -> None:
    """One character or digit fewer and more than each element allows, by the edges of either edition."""
    root = specimen_of_2018(name, full=True)
    only_one_line(root, name)
    for entity in definitions_of(OLD).messages[name].entities:
        for at, field in enumerate(entity.fields):
            node = next(root.iterdescendants(f"{{{CEB}}}{entity.name}"))[at]
            before = node.text
            for size in sorted({0, *EDGES[field.base](field), *later_edges(name, entity.name, field.name)}):
                node.text = "1" * size
                data = etree.tostring(root)
                assert decode(parse(data), OLD).schema_valid == schema_of_2018_accepts(data), (field.name, size)
            node.text = before


def later_edges(name: str, entity: str, field: str) -> list[int]:
    """The edges 202205 gives the same element."""
    (found,) = (
        each
        for part in definitions().messages[name].entities
        if part.name == entity
        for each in part.fields
        if each.name == field
    )
    return EDGES[found.base](found)


@pytest.mark.parametrize("name", [name for name in NAMES_2018 if definitions().messages[name].list])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101])
def test_as_many_lines_as_2018_allows(name: str, count: int, schema_of_2018_accepts: Callable[[bytes], bool]) -> None:
    root = specimen_of_2018(name, full=False)
    listed = definitions().messages[name].list
    assert listed is not None
    node = next(root.iterdescendants(f"{{{CEB}}}{definitions().messages[name].head.name}"))
    line = first_line(specimen_of_2018(name, full=True), listed.name)
    for extra in root.findall(f".//{{{CEB}}}{listed.name}"):
        drop(None, extra)
    for _ in range(count):
        node.addnext(copy.deepcopy(line))
    data = etree.tostring(root)
    assert decode(parse(data), OLD).schema_valid == schema_of_2018_accepts(data)


def first_line(root: etree._Element, listed: str) -> etree._Element:
    return next(root.iterdescendants(f"{{{CEB}}}{listed}"))


EDGES = {
    "string": lambda field: [
        size for size in (field.low - 1, field.low, field.high or 9, (field.high or 9) + 1) if size >= 0
    ],
    "int": lambda field: [field.digits or 9, (field.digits or 9) + 1],
    "decimal": lambda field: [field.digits - 1, field.digits, field.digits + 1],
}


@pytest.mark.parametrize("name", NAMES)
def test_every_field_at_its_edges(name: str, schema_accepts: Callable[[bytes], bool]) -> None:
    """One character or digit fewer and more than each element of a message allows."""
    root = etree.fromstring(specimen.fullest(name))
    only_one_line(root, name)
    for entity in definitions().messages[name].entities:
        for field in entity.fields:
            node = next(root.iterdescendants(f"{{{CEB}}}{entity.name}"))[entity.fields.index(field)]
            before = node.text
            for size in [0, *EDGES[field.base](field)]:
                node.text = "1" * size
                data = etree.tostring(root)
                assert decode(parse(data)).schema_valid == schema_accepts(data), (field.name, size)
            node.text = before


def only_one_line(root: etree._Element, name: str) -> None:
    listed = definitions().messages[name].list
    if listed is not None:
        for extra in root.findall(f".//{{{CEB}}}{listed.name}")[1:]:
            drop(None, extra)


@st.composite
def mutants(draw: st.DrawFn, edition: Edition) -> bytes:
    """A specimen of an edition with one or two things changed in its tree."""
    name = draw(st.sampled_from(list(definitions_of(edition).messages)))
    full = not draw(st.integers(0, 3))
    if edition is OLD:
        root = specimen_of_2018(name, full=full)
    else:
        root = etree.fromstring(specimen.fullest(name) if full else specimen.smallest(name))
    for _ in range(draw(st.integers(1, 2))):
        mutate(draw, root)
    return etree.tostring(root, encoding="UTF-8")


def mutate(draw: st.DrawFn, root: etree._Element) -> None:
    nodes = [node for node in root.iter() if node is not root]
    if nodes:
        draw(st.sampled_from(CHANGES))(draw, nodes[draw(st.integers(0, len(nodes) - 1))])


def new_text(draw: st.DrawFn, node: etree._Element) -> None:
    if not len(node) and node.tag not in BASE64:
        node.text = draw(st.sampled_from(TEXTS))


def drop(_: st.DrawFn | None, node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def twice(_: st.DrawFn, node: etree._Element) -> None:
    node.addnext(copy.deepcopy(node))


def swap(_: st.DrawFn, node: etree._Element) -> None:
    after = node.getnext()
    if after is not None:
        after.addnext(node)


def new_tag(draw: st.DrawFn, node: etree._Element) -> None:
    node.tag = draw(st.sampled_from([*TAGS, f"{{urn:x}}{etree.QName(node).localname}"]))


def new_attribute(draw: st.DrawFn, node: etree._Element) -> None:
    node.set(draw(st.sampled_from(ATTRIBUTES)), draw(st.sampled_from(["", "a", "true"])))


def new_child(draw: st.DrawFn, node: etree._Element) -> None:
    etree.SubElement(node, draw(st.sampled_from(TAGS)))


def new_tail(draw: st.DrawFn, node: etree._Element) -> None:
    node.tail = draw(st.sampled_from([" ", "x", "\u00a0"]))


def new_root_attribute(draw: st.DrawFn, node: etree._Element) -> None:
    name = draw(st.sampled_from(["guid", "version"]))
    node.getroottree().getroot().set(name, draw(st.sampled_from(["", "a", "a" * 36, "a" * 10])))


CHANGES = [new_text] * 4 + [drop, twice, swap, new_tag, new_attribute, new_child, new_tail, new_root_attribute]


@settings(max_examples=400, deadline=None)
@given(mutants(Edition.CURRENT))
def test_every_mutant_has_the_verdict_of_the_schema(schema_accepts: Callable[[bytes], bool], mutant: bytes) -> None:
    accepted = schema_accepts(mutant)
    reading = decode(parse(mutant))
    assert reading.schema_valid == accepted
    assert reading == decode_tree(etree.fromstring(mutant))


@settings(max_examples=200, deadline=None)
@given(st.one_of(mutants(OLD), mutants(Edition.CURRENT)))
def test_every_mutant_has_the_verdict_of_2018(schema_of_2018_accepts: Callable[[bytes], bool], mutant: bytes) -> None:
    assert decode(parse(mutant), OLD).schema_valid == schema_of_2018_accepts(mutant)

"""Every message has typed facts, every element its name in them, and nothing is lost on the way there and back."""

from __future__ import annotations

from operator import attrgetter

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from sandan.documents.facts import Head
from sandan.documents.facts import Order
from sandan.wire import specimen
from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import definitions
from sandan.wire.facts import Record
from sandan.wire.facts import Transfer
from sandan.wire.facts import Value
from sandan.wire.facts import WireDocument
from sandan.wire.read import decode
from sandan.wire.read import parse
from sandan.wire.typed import FACTS
from sandan.wire.typed import LINES
from sandan.wire.typed import UnfitRecordError
from sandan.wire.typed import fields
from sandan.wire.typed import record_of
from sandan.wire.typed import typed
from sandan.wire.write import message
from sandan.wire.write import record_message

GUID = "B0000000-0000-4000-8000-000000000003"
TRANSFER = Transfer(cop_code="3301960001", cop_name="样本", dxp_id="DXPENT0000000001")
NAMES = list(definitions().messages)
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")


def values(field: Field) -> st.SearchStrategy[Value]:
    """Anything the field allows and white space handling leaves alone; an empty optional text is an absent one."""
    if field.fixed is not None:
        return st.just(field.fixed)
    if field.base == "decimal":
        return st.integers(-(10**18) + 1, 10**18 - 1)
    if field.base == "int":
        return st.integers(0, 10 ** min(field.digits or 9, 9) - 1)
    low = max(field.low, 1) if field.optional or field.default is not None else field.low
    letters = st.sampled_from("abc样") if field.collapse else LETTERS
    return st.text(letters, min_size=low, max_size=min(field.high or low + 8, low + 8))


def entities(entity: Entity) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries(
        {field.name: values(field) for field in entity.fields if not field.optional},
        optional={field.name: values(field) for field in entity.fields if field.optional},
    )


def records(name: str) -> st.SearchStrategy[Record]:
    definition = definitions().messages[name]
    listed = definition.list
    rows = st.lists(entities(listed), min_size=listed.least, max_size=3) if listed else st.just([])
    return st.builds(Record, message_type=st.just(name), head=entities(definition.head), lines=rows.map(tuple))


def written(name: str, document: WireDocument) -> bytes:
    if not definitions().messages[name].trailing:
        return record_message(name, [document], GUID) if isinstance(document, Record) else b""
    return specimen.sign_for_show(message(name, [document], TRANSFER, GUID))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_read_typed_and_written_again_is_the_same_bytes(name: str) -> None:
    @settings(max_examples=8, deadline=None)
    @given(records(name))
    def there_and_back(record: Record) -> None:
        data = written(name, record)
        (document,) = decode(parse(data)).documents
        facts = typed(document)
        assert type(facts) is FACTS[name]
        assert typed(record) == facts
        assert written(name, record_of(facts)) == data

    there_and_back()


@pytest.mark.parametrize("name", NAMES)
def test_typed_facts_hold_the_types_they_declare(name: str) -> None:
    for data in (specimen.smallest(name), specimen.fullest(name)):
        (document,) = decode(parse(data)).documents
        facts = typed(document)
        assert msgspec.json.decode(msgspec.json.encode(facts), type=FACTS[name]) == facts


@pytest.mark.parametrize("name", NAMES)
def test_every_element_has_one_name_of_its_own(name: str) -> None:
    for entity in definitions().messages[name].entities:
        line = entity is definitions().messages[name].list
        names = [each for each in fields(name) if each.line is line]
        assert [each.wire for each in names] == [field.name for field in entity.fields]
        assert len({each.name.removeprefix("head.") for each in names}) == len(entity.fields)
        assert {each.name.removeprefix("head.") for each in names} == held(LINES[name] if line else FACTS[name])


def held(facts: type[msgspec.Struct]) -> set[str]:
    """The fields of a struct, its head opened."""
    own = set(facts.__struct_fields__) - {"lines"}
    return own - {"head"} | set(Head.__struct_fields__) if "head" in own else own


@pytest.mark.parametrize("name", NAMES)
def test_names_are_plain_words_and_amounts_say_their_unit(name: str) -> None:
    elements = {field.name: field for part in definitions().messages[name].entities for field in part.fields}
    for each in fields(name):
        own = each.name.removeprefix("head.")
        assert own.isidentifier()
        assert own == own.lower()
        assert own not in {"head", "lines"}
        assert own.endswith("_e5") is (elements[each.wire].base == "decimal")
        assert each.zh
        assert each.en


@pytest.mark.parametrize("name", NAMES)
def test_every_name_leads_to_the_value_on_the_wire(name: str) -> None:
    (document,) = decode(parse(specimen.fullest(name))).documents
    facts, record = typed(document), record_of(typed(document))
    for each in fields(name):
        row, source = (facts.lines[0], record.lines[0]) if each.line else (facts, record.head)
        assert attrgetter(each.name)(row) == source[each.wire]


def test_each_message_has_a_struct_of_its_own() -> None:
    assert (len(FACTS), len(set(FACTS.values()))) == (42, 42)
    assert len(LINES) == len(set(LINES.values())) == sum(len(m.entities) > 1 for m in definitions().messages.values())
    assert all(facts.__struct_config__.frozen for facts in [*FACTS.values(), *LINES.values()])


def test_the_four_papers_keep_the_facts_they_have(order: Order) -> None:
    assert FACTS["CEB311Message"] is Order
    assert typed(order) is order


def test_a_tax_bill_reads_in_our_words() -> None:
    """电子税单 CEB816: amounts in 10⁻⁵, lines typed, its guid without the head of an enterprise document."""
    (document,) = decode(parse(specimen.smallest("CEB816Message"))).documents
    bill = typed(document)
    assert (bill.guid, bill.customs_tax_e5, bill.lines[0].gnum) == (specimen.GUID, 0, 1)
    assert "应征关税" in str(FACTS["CEB816Message"].__doc__)


def test_what_is_absent_is_empty_or_none() -> None:
    """603 with nothing optional: a text is empty, a number None, and neither is written back."""
    (document,) = decode(parse(specimen.smallest("CEB603Message"))).documents
    facts = typed(document)
    optional = [each for each in fields("CEB603Message") if not each.line and each.wire not in document.head]
    assert {attrgetter(each.name)(facts) for each in optional} <= {"", None}
    assert {each.wire for each in optional}.isdisjoint(record_of(facts).head)


def test_a_record_without_a_demanded_element_is_named() -> None:
    with pytest.raises(UnfitRecordError, match="CEB818Message: element guid is missing"):
        typed(Record(message_type="CEB818Message", head={}))


def test_a_record_with_an_unknown_element_is_named() -> None:
    (document,) = decode(parse(specimen.smallest("CEB818Message"))).documents
    with pytest.raises(UnfitRecordError, match="element colour is unknown"):
        typed(Record(message_type="CEB818Message", head={**document.head, "colour": "red"}))

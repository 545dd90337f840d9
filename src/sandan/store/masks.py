"""Personal data hidden from everyone but officers.

Names, telephones, addresses and identity numbers of consumers are known by the fields they stand in; the same values
are hidden wherever they turn up in sentences, receipts and messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from sandan.documents.facts import Document
from sandan.store.permissions import Act
from sandan.store.permissions import may
from sandan.store.users import User
from sandan.terms import resident_id

_NUMBERS = frozenset({"buyer_id_number", "payer_id_number", "buyer_reg_no"})
_NAMES = frozenset({"buyer_name", "payer_name", "consignee"})
_TELEPHONES = frozenset({"buyer_telephone", "consignee_telephone", "telephone"})
_ADDRESSES = frozenset({"consignee_address"})

_FREE_TEXTS = frozenset({"note", "goods_info", "item_describe"})

PERSONAL_FIELDS = _NUMBERS | _NAMES | _TELEPHONES | _ADDRESSES
"""Fields of the papers that speak of a consumer."""

_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_TELEPHONE_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])")
_ELEMENTS = (
    "buyerIdNumber|payerIdNumber|buyerRegNo|buyerName|payerName|consignee|buyerTelephone|consigneeTelephone|telephone|"
    "consigneeAddress|consigneeTel"
)
_ELEMENT_IN_XML = re.compile(rf"(<(?:[\w.-]+:)?({_ELEMENTS})(?:\s[^<>]*)?>)([^<]*)")


class Veil:
    """Hides personal data from one reader."""

    def __init__(self, user: User, personal: Iterable[tuple[str, str]] = ()) -> None:
        """Hides a case's personal values wherever they are told.

        Args:
            user: The reader; only an officer sees through.
            personal: Field names and values known to be personal in what is shown.
        """
        self.is_lifted = may(user, Act.READ_PERSONS)
        known = {value: masked(field, value) for field, value in personal if value}
        self._known = dict(sorted(known.items(), key=lambda pair: -len(pair[0])))

    def field(self, name: str, value: str) -> str:
        """Returns the value of a field as this reader may see it; the name may be a path."""
        if self.is_lifted:
            return value
        last = name.rsplit(".", 1)[-1]
        return self.text(value) if last in _FREE_TEXTS else masked(last, value)

    def person(self, number: str) -> str:
        """Returns a person's number as this reader may see it."""
        return number if self.is_lifted else resident_id.mask(number)

    def text(self, text: str) -> str:
        """Returns free text with the case's personal values, identity numbers and telephones hidden."""
        if self.is_lifted:
            return text
        for value, hidden in self._known.items():
            text = text.replace(value, hidden)
        text = _ID_IN_TEXT.sub(_hidden_number, text)
        return _TELEPHONE_IN_TEXT.sub(lambda found: _telephone(found[0]), text)

    def xml(self, text: str) -> str:
        """Returns a message with the content of its personal elements hidden."""
        if self.is_lifted:
            return text
        return self.text(_ELEMENT_IN_XML.sub(_hidden_element, text))


def masked(field: str, value: str) -> str:
    """Returns the value of a field with what is personal hidden, whoever reads.

    >>> masked("buyer_name", "张小三"), masked("telephone", "13800001234"), masked("order_no", "A1")
    ('张**', '138****1234', 'A1')
    """
    if not value:
        return value
    if field in _NUMBERS:
        return resident_id.mask(value)
    if field in _NAMES:
        return value[0] + "*" * (len(value) - 1)
    if field in _TELEPHONES:
        return _telephone(value)
    return value[:6] + "****" if field in _ADDRESSES else value


def personal_values(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Returns the personal fields of some papers with their values."""
    return [
        (field, value)
        for document in documents
        for field in PERSONAL_FIELDS
        if isinstance(value := getattr(document, field, ""), str) and len(value) > 1
    ]


def masked_facts(document: Document, veil: Veil) -> dict[str, object]:
    """Returns a document's fields by name, personal ones as the reader may see them."""
    facts: dict[str, object] = msgspec.to_builtins(document)
    return {name: veil.field(name, value) if isinstance(value, str) else value for name, value in facts.items()}


def _telephone(value: str) -> str:
    return f"{value[:3]}****{value[-4:]}" if len(value) > len("1384567") else "*" * len(value)


def _hidden_number(found: re.Match[str]) -> str:
    """An identity number hidden; other numbers as long stay, since only one in eleven has the check digit."""
    return resident_id.mask(found[0]) if resident_id.is_valid(found[0].upper()) else found[0]


def _hidden_element(found: re.Match[str]) -> str:
    opening, name, value = found.groups()
    field = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    return opening + masked(field if field in PERSONAL_FIELDS else "consignee_telephone", value)

"""The law of one day with the register of parties, and what every check looks up again and again."""

from __future__ import annotations

from sandan.law import Law
from sandan.parties.facts import Registry
from sandan.parties.register import register_of
from sandan.terms.money import E5_PER_FEN


class Bench:
    """Law and register a paper is held against; parameters used on every parcel are bound once.

    Attributes:
        law: The law in force on the day.
        day: Legal day the law was chosen by.
        register: The parties as known, indexed.
        modes: Supervision modes of retail import (监管方式).
        bonded_modes: Those of bonded import (网购保税进口).
        direct_modes: Those of direct purchase import (直购进口).
        fillers: Words that stand for nothing and are refused as names.
        currency: The currency of declaration (申报币制).
        departure: Country of departure of bonded lists (起运国).
        endnote_modes: Modes the endnotes of the positive list apply to.
        exit_modes: Transport modes of second-line exit (二线出区运输方式).
        id_type: The kind of identity paper persons show (证件类型).
        order_type: The type of an import order (订单类型).
        pack_no: Parcels of one list (件数).
        tolerance_e5: Difference allowed between a total and price times quantity, in 10⁻⁵ yuan.
    """

    __slots__ = (
        "bonded_modes",
        "currency",
        "day",
        "departure",
        "direct_modes",
        "endnote_modes",
        "exit_modes",
        "fillers",
        "id_type",
        "law",
        "modes",
        "order_type",
        "pack_no",
        "register",
        "tolerance_e5",
    )

    def __init__(self, law: Law, registry: Registry) -> None:
        """Binds the parameters of the day; one that has no value on the day binds nothing."""
        self.law = law
        self.day = law.day
        self.register = register_of(registry)
        self.modes = codes(law, "import.modes")
        self.bonded_modes = codes(law, "bonded.modes")
        self.direct_modes = codes(law, "direct.modes")
        self.fillers = codes(law, "message.filler_words")
        self.currency = text(law, "import.declaration_currency")
        self.departure = text(law, "message.bonded_departure_country")
        self.endnote_modes = codes(law, "first_import.endnote_modes")
        self.exit_modes = codes(law, "bonded.exit_transport_modes")
        self.id_type = text(law, "message.id_type")
        self.order_type = text(law, "message.order_type")
        self.pack_no = number(law, "message.pack_no")
        self.tolerance_e5 = number(law, "message.total_tolerance_fen") * E5_PER_FEN


def codes(law: Law, name: str) -> frozenset[str]:
    """Codes of a parameter; none where it has no value on the day."""
    found = law.find(name)
    return frozenset(found) if isinstance(found, tuple) else frozenset()


def text(law: Law, name: str) -> str:
    """Text of a parameter; empty where it has no value on the day."""
    found = law.find(name)
    return found if isinstance(found, str) else ""


def number(law: Law, name: str) -> int:
    """Figure of a parameter; zero where it has no value on the day."""
    found = law.find(name)
    return found if isinstance(found, int) else 0

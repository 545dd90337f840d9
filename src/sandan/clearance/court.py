"""What a decision needs besides the papers: law, registry, working balances, settings and the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import datetime
from typing import Any

from sandan.clearance.facts import Conditions
from sandan.inspection.facts import Criterion
from sandan.ledger.decide import Book
from sandan.parties.breach import Law
from sandan.parties.facts import Registry
from sandan.terms.days import legal_day


class Bench:
    """The law of one day with the registry, and what every check looks up again and again."""

    __slots__ = ("bonded_modes", "currency", "day", "law", "modes", "parameters", "registry")

    def __init__(self, law: Law, registry: Registry, day: date) -> None:
        """Binds the parameters the checks use on every parcel.

        Args:
            law: The law in force on the day.
            registry: The parties as known.
            day: Legal day the law was chosen by.
        """
        self.law = law
        self.registry = registry
        self.day = day
        self.modes: frozenset[str] = frozenset(law.value("import.modes"))
        self.bonded_modes: frozenset[str] = frozenset(law.value("bonded.modes"))
        self.currency: str = law.value("import.declaration_currency")
        self.parameters: dict[str, Any] = {}

    def value(self, name: str) -> Any:  # noqa: ANN401 - a parameter is of its own type
        """A parameter of the day, looked up once."""
        if name not in self.parameters:
            self.parameters[name] = self.law.value(name)
        return self.parameters[name]


class Court:
    """Everything a batch of cases is decided with; the same inputs give the same decisions.

    Attributes:
        law_on: The law in force on a legal day.
        registry: The parties as known.
        criteria: The operator's selection criteria, which stay secret.
        book: Working balances of the batch.
        conditions: The operator's settings.
        now: Moment of decision, aware.
    """

    __slots__ = ("_benches", "book", "conditions", "criteria", "law_on", "now", "registry")

    def __init__(  # noqa: PLR0913 - these six are the whole court
        self,
        *,
        law_on: Callable[[date], Law],
        registry: Registry,
        book: Book,
        conditions: Conditions,
        now: datetime,
        criteria: tuple[Criterion, ...] = (),
    ) -> None:
        """Calls the court together."""
        self.law_on = law_on
        self.registry = registry
        self.criteria = criteria
        self.book = book
        self.conditions = conditions
        self.now = now
        self._benches: dict[date, Bench] = {}

    @property
    def today(self) -> date:
        """Legal day of the decision (Asia/Shanghai)."""
        return legal_day(self.now)

    def bench(self) -> Bench:
        """The law of today with the registry: acceptance chooses the law (194/2018 art. 32)."""
        day = self.today
        bench = self._benches.get(day)
        if bench is None:
            bench = self._benches[day] = Bench(self.law_on(day), self.registry, day)
        return bench

"""What a decision needs besides the papers: law, registry, working balances, settings and the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from datetime import datetime

from sandan.clearance.facts import Conditions
from sandan.inspection.facts import Criterion
from sandan.law import Law
from sandan.ledger.decide import Book
from sandan.parties.bench import Bench
from sandan.parties.facts import Registry
from sandan.terms.days import legal_day


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
            bench = self._benches[day] = Bench(self.law_on(day), self.registry)
        return bench

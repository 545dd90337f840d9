"""An order of the invented platform, the payment data kept of it, and customs' question."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest

from sandan import law
from sandan.law import Law
from sandan.oversight.decide import Asked
from sandan.oversight.decide import demand as demanded
from sandan.oversight.facts import Answer
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Hearing
from sandan.oversight.facts import Papers
from sandan.oversight.facts import Seal
from sandan.sandbox.parcels import Maker
from sandan.sandbox.realtime import data_of
from sandan.terms.days import legal_day

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def today() -> Law:
    return law.at(legal_day(NOW))


@pytest.fixture
def papers() -> Papers:
    order, payment, _, _ = Maker(7, NOW, "RT").ordinary().full
    return Papers(order=order, payments={order.order_no: payment})


@pytest.fixture
def demand(papers: Papers, today: Law) -> Demand:
    assert papers.order is not None
    order = papers.order
    asked = Asked(session_id="SESSION-1", ebp_code=order.ebp_code, order_no=order.order_no, officer="guan")
    return demanded(asked, NOW, today)


@pytest.fixture
def answer(papers: Papers, demand: Demand) -> Answer:
    assert papers.order is not None
    data = data_of(papers.order, papers.payments[demand.order_no])
    return Answer(session_id="SESSION-1", data=data, service_time="1795140000000", cert_no="03ab", sign_value="AA==")


@pytest.fixture
def hearing(demand: Demand, papers: Papers, today: Law) -> Hearing:
    """Everything as it should be."""
    return Hearing(demand=demand, answered=False, seal=Seal(holds=True), papers=papers, now=NOW, law=today)

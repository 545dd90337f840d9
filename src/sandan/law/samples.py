"""Samples of rules that the law answers by itself: a question and the answer that keeps or breaks the rule.

A sample with a fact ``ask`` is a question this room can answer; the fact ``is`` is the answer claimed. Other samples name
the facts a check of another room judges.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any
from typing import Final

from sandan.law import calendar
from sandan.law.edition import Law
from sandan.law.edition import at
from sandan.law.errors import NotInForceError
from sandan.law.errors import UnverifiedError
from sandan.law.facts import Fact
from sandan.law.supplied import EMPTY
from sandan.law.supplied import Overlay
from sandan.terms import days
from sandan.terms import resident_id
from sandan.terms.errors import TermError

Sample = Mapping[str, Any]


def answerable(sample: Mapping[str, Fact]) -> bool:
    """Whether this room can answer the sample by itself."""
    return sample.get("ask") in QUESTIONS


def holds(sample: Mapping[str, Fact], overlay: Overlay = EMPTY) -> bool:
    """Whether the answer a sample claims is the law's answer.

    Raises:
        KeyError: The sample asks nothing this room can answer.
    """
    answer = QUESTIONS[str(sample["ask"])](sample, overlay)
    return str(_plain(answer)) == str(sample["is"])


def composite_percent(law: Law, consumption: Decimal) -> Decimal:
    """Composite rate within the limits at standard VAT (综合税率), in per cent to two decimals (RF-1, RV-3).

    Args:
        law: The law of the day.
        consumption: Ad valorem consumption tax, a share.
    """
    vat = law.rate("vat.standard_rate")
    share = (consumption + vat) / (1 - consumption) * law.rate("import.reduced_share")
    return (share * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _plain(answer: object) -> object:
    """None is said as unknown; per cents lose trailing zeros."""
    return "unknown" if answer is None else answer


def _law(sample: Sample, overlay: Overlay) -> Law:
    return at(date.fromisoformat(sample["day"]), overlay)


def _value(sample: Sample, overlay: Overlay) -> object:
    return _law(sample, overlay).find(sample["name"])


def _unverified(sample: Sample, overlay: Overlay) -> bool:
    try:
        _law(sample, overlay).value(sample["name"])
    except UnverifiedError:
        return True
    except NotInForceError:
        return False
    return False


def _in_codes(sample: Sample, overlay: Overlay) -> bool:
    codes = _law(sample, overlay).find(sample["name"])
    return isinstance(codes, tuple) and sample["code"] in codes


def _limit(sample: Sample, overlay: Overlay) -> bool:
    return int(sample["amount"]) <= _law(sample, overlay).number(sample["name"])


def _bonded(sample: Sample, overlay: Overlay) -> bool | None:
    return _law(sample, overlay).bonded_place(sample["city"])


def _zone(sample: Sample, overlay: Overlay) -> bool | None:
    return _law(sample, overlay).pilot_zone(sample["city"])


def _listed(sample: Sample, overlay: Overlay) -> bool:
    return _law(sample, overlay).listed(sample["gcode"]) is not None


def _units(sample: Sample, _overlay: Overlay) -> bool:
    law = at(date(2019, 1, 1))
    return law.legal_units(sample["gcode"]) == tuple(sample["units"])


def _rule_on(sample: Sample, overlay: Overlay) -> bool:
    return _law(sample, overlay).is_on(sample["rule"])


def _domestic_shop(sample: Sample, overlay: Overlay) -> bool:
    return _law(sample, overlay).domestic_shop_may_sell()


def _summary(sample: Sample, overlay: Overlay) -> date:
    month = date.fromisoformat(sample["month"])
    return calendar.summary_deadline(month, at(month, overlay).number("export.summary_day")).day


def _exchange(sample: Sample, overlay: Overlay) -> date:
    month = date.fromisoformat(sample["month"])
    law = at(month, overlay)
    choice, fallback = law.number("exchange.reference_wednesday"), law.number("exchange.fallback_wednesday")
    return calendar.reference_wednesday(month, choice, fallback).day


def _payable(sample: Sample, overlay: Overlay) -> bool:
    day = date.fromisoformat(sample["day"])
    law = at(day, overlay)
    number = calendar.days_since(date.fromisoformat(sample["released"]), day)
    return law.number("tax.payable_from_day") <= number <= law.number("tax.payable_to_day")


def _return_arrived(sample: Sample, overlay: Overlay) -> bool:
    """Whether goods arrived in time, by the law of the day of release."""
    released = date.fromisoformat(sample["released"])
    number = calendar.days_since(released, date.fromisoformat(sample["day"]))
    return number <= at(released, overlay).number("return.arrive_days")


def _within_months(sample: Sample, overlay: Overlay) -> bool:
    event = date.fromisoformat(sample["from"])
    number = at(event, overlay).number(sample["name"])
    return calendar.within_months(event, date.fromisoformat(sample["day"]), number)


def _composite(sample: Sample, overlay: Overlay) -> Decimal:
    return composite_percent(_law(sample, overlay), Decimal(sample["consumption"]))


def _resident_id(sample: Sample, _overlay: Overlay) -> bool:
    return resident_id.is_valid(sample["number"])


def _wire_time(sample: Sample, _overlay: Overlay) -> bool:
    try:
        days.parse_wire_time(sample["text"])
    except TermError:
        return False
    return True


QUESTIONS: Final[Mapping[str, Callable[[Sample, Overlay], object]]] = {
    "value": _value,
    "unverified": _unverified,
    "in_codes": _in_codes,
    "limit": _limit,
    "bonded_place": _bonded,
    "pilot_zone": _zone,
    "listed": _listed,
    "units": _units,
    "rule_on": _rule_on,
    "domestic_shop": _domestic_shop,
    "summary_deadline": _summary,
    "exchange_day": _exchange,
    "payable": _payable,
    "return_arrived": _return_arrived,
    "within_months": _within_months,
    "composite": _composite,
    "resident_id": _resident_id,
    "wire_time": _wire_time,
}
"""What a sample can ask this room."""

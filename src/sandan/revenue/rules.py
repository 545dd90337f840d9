"""When tax is paid, and what is said about a payment.

The window is 194/2018 art. 16 ¶2 (R194-16.2) and section 4 of the second-line exit announcement (R2L-8): without return,
amendment or cancellation within the days of return, the collector pays from day 31 to day 45 after release. R194-16.3,
what follows when it is overdue, is known from memory only and stays off: being overdue is shown, and nothing else happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from sandan.law import Law
from sandan.law.calendar import nth_day_after
from sandan.law.facts import Retry
from sandan.revenue.facts import Bill
from sandan.revenue.facts import Outcome
from sandan.revenue.facts import Stage
from sandan.revenue.facts import Status
from sandan.revenue.facts import Window
from sandan.terms.ids import RuleId

PAYABLE = RuleId("R194-16.2")
"""Rule of the window, and ground on which the guarantee of a paid bill is freed."""

BONDED_PAYABLE = RuleId("R2L-8")
"""The same window, said again for bonded goods."""


def window_of(released_on: date, law: Law) -> Window | None:
    """The days that follow a release, or None where no law in force on the day of acceptance sets them.

    Args:
        released_on: Legal day of release.
        law: The law of the day of acceptance.
    """
    first, last = law.find("tax.payable_from_day"), law.find("tax.payable_to_day")
    apply = law.find("return.apply_days") or law.find("tax.unreturned_days")
    if not (isinstance(first, int) and isinstance(last, int) and isinstance(apply, int)):
        return None
    return Window(
        released_on=released_on,
        return_until=nth_day_after(released_on, apply),
        payable_from=nth_day_after(released_on, first),
        payable_to=nth_day_after(released_on, last),
    )


def stage_of(bill: Bill, day: date) -> Stage:
    """Where a bill stands on a legal day."""
    if bill.status not in {Status.CREATED, Status.AGGREGATED}:
        return Stage.SETTLED
    if bill.window is None:
        return Stage.UNDATED
    if day < bill.window.payable_from:
        return Stage.RETURNABLE
    return Stage.PAYABLE if day <= bill.window.payable_to else Stage.OVERDUE


class Words(Struct, frozen=True, kw_only=True):
    """What is said about a payment, how to go on, and whether sending again helps."""

    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""
    retry: Retry = Retry.NEVER


WORDS: Mapping[Outcome, Words] = {
    Outcome.PAID: Words(zh="缴款书已缴清，担保已释放。", en="The document is paid in full; the guarantee is freed."),
    Outcome.PAID_LATE: Words(
        zh="缴款书已逾期缴清，担保已释放；逾期事实已记录。",
        en="The document is paid in full after its last day; the guarantee is freed and the delay is on record.",
    ),
    Outcome.PARTIAL: Words(
        zh="已收到部分税款，缴款书尚未缴清，担保不变。",
        en="A part is paid; the document stays open and the guarantee held until the rest comes.",
        remedy_zh="请补缴余额。",
        remedy_en="Pay what is still open.",
        retry=Retry.FIX,
    ),
    Outcome.TOO_MUCH: Words(
        zh="缴款金额超过缴款书余额，全额退回。",
        en="The amount is more than the document still asks for; all of it is given back.",
        remedy_zh="请按余额重新缴纳。",
        remedy_en="Pay exactly what is open.",
        retry=Retry.FIX,
    ),
    Outcome.NO_AMOUNT: Words(
        zh="缴款金额须大于零。",
        en="A payment must be more than zero.",
        remedy_zh="请核对金额。",
        remedy_en="Check the amount.",
        retry=Retry.FIX,
    ),
    Outcome.ALREADY_PAID: Words(
        zh="缴款书此前已缴清，本次款项全额退回。",
        en="The document was paid before; all of this payment is given back.",
    ),
    Outcome.VOID_DOCUMENT: Words(
        zh="缴款书已作废，款项全额退回。",
        en="The document is void; all of the payment is given back.",
        remedy_zh="请重新汇总后按新的缴款书缴纳。",
        remedy_en="Aggregate again and pay the new document.",
        retry=Retry.FIX,
    ),
    Outcome.UNKNOWN_DOCUMENT: Words(
        zh="没有这份缴款书，款项全额退回。",
        en="There is no such document of this collector; all of the payment is given back.",
        remedy_zh="请核对缴款书编号和代收代缴义务人。",
        remedy_en="Check the number of the document and the collector.",
        retry=Retry.FIX,
    ),
    Outcome.WRONG_CURRENCY: Words(
        zh="税款须以人民币（142）缴纳，款项全额退回。",
        en="Tax is paid in renminbi (142); all of the payment is given back.",
        remedy_zh="请以人民币缴纳。",
        remedy_en="Pay in renminbi.",
        retry=Retry.FIX,
    ),
}
"""Every outcome in words; a test holds it complete."""

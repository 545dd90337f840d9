"""What happens next with a case and who has to do it, in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime

from sandan.clearance.facts import Case
from sandan.clearance.facts import Status
from sandan.console import formats
from sandan.console.findings import Told
from sandan.console.findings import retry_of
from sandan.console.words import mark
from sandan.law.facts import Retry

_BY_STATUS = {
    Status.DRAFT: mark("Saved only. The declarant has to declare it with appStatus 2."),
    Status.ACCEPTED: mark("Accepted and reserved. Nothing to send; the decision follows."),
    Status.REVIEW: mark("An officer reads the case. Nothing to send; the receipt follows."),
    Status.INSPECTION: mark("The parcel is to be inspected. Keep it where it is until the result is in."),
    Status.HELD: mark("An officer suspended the case. Nothing moves until the officer releases or refuses it."),
    Status.RELEASED: mark("Released. The parcel may go; the tax stays on the guarantee until it is paid."),
}

_BY_RETRY = {
    Retry.NEVER: mark("Refused for good. This parcel cannot be cleared this way; cancel the sale or return the goods."),
    Retry.FIX: mark("Refused. Mend what is marked below, then send again with a newer appTime."),
    Retry.QUERY: mark("Refused. Ask for the state first; do not declare again before you know it."),
    Retry.WAIT: mark("Refused. Another party has to mend its paper; then send the list again with a newer appTime."),
    Retry.SAME: mark("Refused for a passing cause. The same list may be sent again with a newer appTime."),
}


def next_step(case: Case, entries: Sequence[Told], now: datetime, gettext: Callable[[str], str]) -> str:
    """Returns what happens next, in the reader's language."""
    if case.status is Status.WAITING:
        return _waiting(case, now, gettext)
    if case.status is Status.REFUSED:
        return gettext(_BY_RETRY[retry_of(entries) or Retry.FIX])
    return gettext(_BY_STATUS[case.status])


def _waiting(case: Case, now: datetime, gettext: Callable[[str], str]) -> str:
    since = formats.age(case.declared_at, now, gettext)
    if case.wait_until is None:
        return gettext("Waiting for %(since)s. Nothing to send, unless a paper below is yours.") % {"since": since}
    sentence = gettext("Waiting for %(since)s. What is missing has to come by %(until)s, or the list is refused.")
    return sentence % {"since": since, "until": formats.moment(case.wait_until)}

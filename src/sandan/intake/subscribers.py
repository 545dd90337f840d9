"""Who else is sent a message or its receipts (订阅 BaseSubscribe, 规范 §2.2), and to whom nothing is sent.

The sender decides, and the certificate proves that it did; what it lets go holds the names and identity numbers of
consumers. So a subscriber has to be an enterprise registered here under that DXP id with a role in force on the day,
and a message without a signature is forwarded to nobody. Nothing of this refuses a message: a subscription that is
not honoured is told as advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from sandan.intake.facts import Fault
from sandan.intake.faults import fault
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Registry
from sandan.terms.ids import EnterpriseCode
from sandan.wire.facts import Subscription

DATA = frozenset({"ALL", "DATA"})
RECEIPTS = frozenset({"ALL", "RET"})
_MODE = "DXP"


class Subscriber(Struct, frozen=True, kw_only=True):
    """An enterprise that is sent what the sender of a message has."""

    code: EnterpriseCode
    #: The message itself
    data: bool
    #: The receipts of its documents
    receipts: bool


class Asking(Struct, frozen=True, kw_only=True):
    """What a message asks to be sent on, and on whose word."""

    message_type: str
    subscribes: Sequence[Subscription]
    #: Enterprise proven by the signature; empty for an unsigned message
    signer: EnterpriseCode
    day: date


def judge(asking: Asking, registry: Registry) -> tuple[tuple[Subscriber, ...], tuple[Fault, ...]]:
    """The subscribers that are sent something, and advice for every subscription that is not honoured.

    Args:
        asking: The message's subscriptions.
        registry: The parties as registered now.
    """
    if not asking.subscribes:
        return (), ()
    holders = _holders(registry, {one.dxp_address for one in asking.subscribes})
    advice = tuple(_faults(asking, holders))
    if not asking.signer:
        return (), advice
    honoured = [
        (holders[one.dxp_address].code, one.status)
        for one in asking.subscribes
        if _objection(one, holders.get(one.dxp_address), asking.day) == ""
    ]
    return tuple(_merged(honoured, asking.signer)), advice


def _merged(honoured: Sequence[tuple[EnterpriseCode, str]], signer: EnterpriseCode) -> Iterator[Subscriber]:
    """One subscriber an enterprise; the sender itself has both already."""
    for code in dict.fromkeys(code for code, _ in honoured):
        wanted = {status for other, status in honoured if other == code}
        if code != signer:
            yield Subscriber(code=code, data=bool(wanted & DATA), receipts=bool(wanted & RECEIPTS))


def _faults(asking: Asking, holders: dict[str, Enterprise]) -> Iterator[Fault]:
    for number, one in enumerate(asking.subscribes, 1):
        path = f"/{asking.message_type}/BaseSubscribe[{number}]"
        objection = _objection(one, holders.get(one.dxp_address), asking.day)
        if objection == "subscribe-status":
            yield fault(objection, where=f"{path}/status", found=one.status, expected="ALL, DATA, RET")
        elif objection == "subscribe-mode":
            yield fault(objection, where=f"{path}/dxpMode", found=one.dxp_mode, expected=_MODE)
        elif objection:
            yield fault(objection, where=f"{path}/dxpAddress", found=one.dxp_address)
        elif not asking.signer:
            yield fault("subscribe-unsigned", where=path, found=one.dxp_address)


def _objection(one: Subscription, holder: Enterprise | None, day: date) -> str:
    """Class of fault that keeps a subscription from being honoured; empty where nothing does."""
    if one.status not in DATA | RECEIPTS:
        return "subscribe-status"
    if one.dxp_mode != _MODE:
        return "subscribe-mode"
    if holder is None or not _in_force(holder, day):
        return "subscriber-unregistered"
    return ""


def _in_force(enterprise: Enterprise, day: date) -> bool:
    return any(one.since <= day and (one.until is None or day <= one.until) for one in enterprise.registrations)


def _holders(registry: Registry, wanted: set[str]) -> dict[str, Enterprise]:
    """Enterprises by the DXP ids asked for, in one pass over the registry."""
    return {
        dxp_id: enterprise
        for enterprise in registry.enterprises.values()
        for dxp_id in enterprise.dxp_ids
        if dxp_id in wanted
    }

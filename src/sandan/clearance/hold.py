"""Reservations of one case: quota, guarantee and stock, all or none (先预扣).

Quota belongs to the person and the calendar year of acceptance (RTAX-7, interpretation K3), guarantee to the collector
and the district (194/2018 art. 16), stock to the account book and its item (second-line exit, section 3).
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from sandan.clearance.facts import Case
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Ref
from sandan.duty.facts import Assessment
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.ledger.decide import Book
from sandan.ledger.decide import Overdrawn
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.ledger.facts import Ground
from sandan.ledger.facts import Posting
from sandan.parties.bench import Bench
from sandan.parties.breach import Findings
from sandan.terms.ids import RuleId
from sandan.terms.money import format_e5
from sandan.terms.money import yuan_text

LIMITS = (RuleId("RTAX-2"), RuleId("RTAX-1"))
"""Rules that set the annual limit, newest first; the one in force opens a year."""

QUOTA = RuleId("RTAX-7")
GUARANTEE = RuleId("R194-16.1")
STOCK = RuleId("R2L-7")
SHORT_STOCK = RuleId("STOCK-4")

_RULES = {AccountKind.QUOTA: QUOTA, AccountKind.GUARANTEE: GUARANTEE, AccountKind.STOCK: STOCK}


class Held(Struct, frozen=True):
    """What a case holds, or why it holds nothing."""

    postings: tuple[Posting, ...] = ()
    findings: Findings = ()


def quota_account(declaration: DeclarationList, year: int) -> AccountId:
    """The consumer's annual total (个人年度交易总额)."""
    return AccountId(declaration.buyer_id_number, AccountKind.QUOTA, str(year))


def guarantee_account(declaration: DeclarationList) -> AccountId:
    """The collector's guarantee (税款担保) at the district of declaration."""
    return AccountId(declaration.assure_code, AccountKind.GUARANTEE, declaration.customs_code)


def accounts_of(declaration: DeclarationList, year: int) -> tuple[AccountId, ...]:
    """Every account a list may touch, so that the store can load their balances before a batch is decided.

    Args:
        declaration: The list.
        year: Calendar year of the legal day of decision.
    """
    stock = dict.fromkeys(account for account, _ in _stock(declaration))
    return (quota_account(declaration, year), guarantee_account(declaration), *stock)


def reserve(
    declaration: DeclarationList, assessment: Assessment | None, book: Book, bench: Bench, now: datetime
) -> Held:
    """Hold everything the case needs, or nothing.

    Args:
        declaration: The list.
        assessment: Its dutiable value and tax; None where it cannot be taxed, so that stock alone is asked for.
        book: Working balances of the batch; unchanged where something is short.
        bench: The law of the day of acceptance.
        now: Moment of the postings.

    Returns:
        The postings, or a finding for every account that is short, with its figures.
    """
    mark, ref = book.savepoint(), declaration.ref
    postings: list[Posting] = []
    findings: list[Finding] = []
    for account, amount in _wanted(declaration, assessment, bench):
        try:
            postings += _hold(account, amount, book, bench, _ground(ref, account.kind, now))
        except Overdrawn as short:
            findings += _short(declaration, account, amount, short.balance, bench)
    if findings:
        book.rollback(mark)
        return Held(findings=tuple(findings))
    return Held(postings=tuple(postings))


def shortages(
    declaration: DeclarationList, assessment: Assessment | None, book: Book, bench: Bench, now: datetime
) -> Findings:
    """Every account :func:`reserve` would find short; nothing is held afterwards."""
    mark = book.savepoint()
    try:
        return reserve(declaration, assessment, book, bench, now).findings
    finally:
        book.rollback(mark)


def settle_quota(case: Case, book: Book, cause: Ref, now: datetime) -> tuple[Posting, ...]:
    """Turn the quota held into used, at release; guarantee and stock stay held."""
    ground = Ground(case=case.ref, cause=cause, rule=QUOTA, at=now)
    return tuple(
        book.settle(account, amount, ground) for account, amount in case.reserved if account.kind is AccountKind.QUOTA
    )


def void(case: Case, book: Book, cause: Ref, now: datetime) -> tuple[Posting, ...]:
    """Free everything held for a case, when it is refused."""
    return tuple(
        book.void(account, amount, Ground(case=case.ref, cause=cause, rule=_RULES[account.kind], at=now))
        for account, amount in case.reserved
    )


def without_quota(reserved: Sequence[tuple[AccountId, int]]) -> tuple[tuple[AccountId, int], ...]:
    """What stays held after release."""
    return tuple(held for held in reserved if held[0].kind is not AccountKind.QUOTA)


def _wanted(
    declaration: DeclarationList, assessment: Assessment | None, bench: Bench
) -> Iterator[tuple[AccountId, int]]:
    """What the case needs; a guarantee is asked for since 194/2018 art. 16 is in force."""
    value_fen, tax_fen = (assessment.value_fen, assessment.tax_fen) if assessment else (0, 0)
    if value_fen:
        yield quota_account(declaration, bench.day.year), value_fen
    if tax_fen and bench.law.is_on(GUARANTEE):
        yield guarantee_account(declaration), tax_fen
    yield from _stock(declaration)


def _stock(declaration: DeclarationList) -> Iterator[tuple[AccountId, int]]:
    if not declaration.ems_no:
        return
    sums: dict[str, int] = {}
    for line in declaration.lines:
        sums[line.item_record_no] = sums.get(line.item_record_no, 0) + line.qty_e5
    for item, qty_e5 in sums.items():
        yield AccountId(declaration.ems_no, AccountKind.STOCK, item), qty_e5


def _hold(account: AccountId, amount: int, book: Book, bench: Bench, ground: Ground) -> tuple[Posting, ...]:
    if account.kind is AccountKind.QUOTA and not book.balance(account).granted:
        limit = bench.law.number("import.annual_limit_fen")
        opening = Ground(case=None, cause=ground.cause, rule=_in_force(LIMITS, bench), at=ground.at)
        return (book.credit(account, limit, opening), book.reserve(account, amount, ground))
    return (book.reserve(account, amount, ground),)


def _ground(case: Ref, kind: AccountKind, now: datetime) -> Ground:
    return Ground(case=case, cause=case, rule=_RULES[kind], at=now)


def _in_force(rules: Sequence[RuleId], bench: Bench) -> RuleId:
    """The first of the rules that is applied on the day, else the last."""
    return next((rule for rule in rules if bench.law.is_on(rule)), rules[-1])


def _short(declaration: DeclarationList, account: AccountId, amount: int, balance: Balance, bench: Bench) -> Findings:
    text: Callable[[int], str] = format_e5 if account.kind is AccountKind.STOCK else yuan_text
    rules, field = _SHORT[account.kind]
    wanted = Said(
        document="list", field=field.format(item=account.item), value=text(amount), sender=declaration.agent_code
    )
    held = Said(document="ledger", field="available", value=text(balance.available))
    used = balance.reserved + balance.settled
    detail = f"{text(used)} + {text(amount)} > {text(balance.granted)}"
    rule = _in_force(rules, bench)
    return (Finding(rule=rule, severity=Severity.REFUSE, found=wanted, against=held, detail=detail),)


_SHORT = {
    AccountKind.QUOTA: ((RuleId("RTAX-5"), RuleId("RTAX-1")), "value"),
    AccountKind.GUARANTEE: ((GUARANTEE,), "tax"),
    AccountKind.STOCK: ((SHORT_STOCK,), "items.{item}.qty"),
}
"""Rules a short account breaks, and the field of the list that asks too much."""

"""Accounts of quota, guarantee and stock, and their statements.

A person's number never stands in an address: a quota is reached through a case or by a form.
"""

from __future__ import annotations

from starlette.responses import Response

from sandan.console import sheets
from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.store.permissions import Act
from sandan.store.views import accounts as views
from sandan.store.views.case import case_file
from sandan.terms import resident_id
from sandan.terms.days import SHANGHAI
from sandan.terms.days import legal_day

LISTED = (AccountKind.GUARANTEE, AccountKind.STOCK)
"""Accounts that may be listed; persons are not."""

SHEET_HEAD = ("kind", "owner", "item", "granted", "reserved", "settled", "available")
STATEMENT_HEAD = ("at", "movement", "amount", "declarant", "list", "cause", "rule")


def accounts(visit: Visit) -> Response:
    """Returns guarantees or stock in the order of their owners."""
    asked = visit.query("kind")
    kind = AccountKind(asked) if asked in set(LISTED) else AccountKind.GUARANTEE
    with visit.reading() as conn:
        page = views.accounts(conn, kind, visit.scope, visit.cut)
    if visit.wants_sheet:
        rows = [(r.kind, r.owner, r.item, r.granted, r.reserved, r.settled, r.available) for r in page.rows]
        return sheets.csv_response(f"accounts-{kind}", SHEET_HEAD, rows)
    return visit.show("accounts.html", page=page, kind=kind, kinds=LISTED, kept={"kind": kind})


def account(visit: Visit) -> Response:
    """Returns the statement of a guarantee or of stock."""
    kind, owner, item = (visit.request.path_params[name] for name in ("kind", "owner", "item"))
    return _statement(visit, AccountId(owner, AccountKind(kind), item)) if kind in set(LISTED) else visit.missing()


def account_of_case(visit: Visit) -> Response:
    """Returns the statement of an account that a case moved."""
    kind = visit.request.path_params["kind"]
    if kind not in set(AccountKind) or (kind == AccountKind.QUOTA and not visit.may(Act.READ_PERSONS)):
        return visit.missing()
    params = visit.request.path_params
    ref = Ref(kind=Kind.LIST, owner=params["declarant"], key=params["key"])
    with visit.reading() as conn:
        is_seen = case_file(conn, ref, visit.scope) is not None
        key = views.account_of_case(conn, ref, AccountKind(kind)) if is_seen else None
    return _statement(visit, key) if key else visit.missing()


def person(visit: Visit) -> Response:
    """Returns the statement of a person's annual quota, for customs only."""
    number = resident_id.compact(visit.form.get("number", ""))
    if not resident_id.is_valid(number):
        sentence = visit.gettext("This is no resident identity number: 18 characters, the last one checks the others.")
        return visit.refuse(BAD_REQUEST, visit.gettext("Check the number"), sentence)
    year = visit.form.get("year", "") or str(legal_day(visit.now).year)
    return _statement(visit, AccountId(number, AccountKind.QUOTA, year))


def _statement(visit: Visit, key: AccountId) -> Response:
    with visit.reading() as conn:
        line = views.account(conn, key, visit.scope)
        page = views.statement(conn, key, visit.cut) if line else None
    if line is None or page is None:
        return visit.missing()
    if visit.wants_sheet:
        return _sheet(line, page.rows)
    return visit.show("account.html", line=line, page=page, owner=_owner(visit, key), kept={})


def _owner(visit: Visit, key: AccountId) -> str:
    return visit.veil.person(key.owner) if key.kind is AccountKind.QUOTA else key.owner


def _sheet(line: views.AccountLine, entries: tuple[views.Entry, ...]) -> Response:
    rows = (
        (
            entry.at.astimezone(SHANGHAI).isoformat(),
            entry.movement,
            entry.amount,
            entry.declarant,
            entry.list_key,
            f"{entry.cause_kind} {entry.cause_owner} {entry.cause_key}",
            entry.rule,
        )
        for entry in entries
    )
    return sheets.csv_response(f"statement-{line.kind}", STATEMENT_HEAD, rows)

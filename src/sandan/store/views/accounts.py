"""Accounts of quota, guarantee and stock, and the statement of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from sandan.documents.facts import Ref
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.store.views.scope import Cut
from sandan.store.views.scope import Page
from sandan.store.views.scope import Scope
from sandan.store.views.scope import keys_of
from sandan.store.views.scope import page_of

_OWN_ACCOUNT = """(%(enterprise)s = '' OR a.kind <> 'quota' AND (a.owner = %(enterprise)s
           OR EXISTS (SELECT 1 FROM books b WHERE b.book_no = a.owner AND b.owner = %(enterprise)s)))"""

_ACCOUNTS = """
    SELECT a.owner, a.kind, a.item, a.granted, a.reserved, a.settled FROM accounts a
     WHERE a.kind = %(kind)s AND (a.owner, a.item) > (%(owner)s, %(item)s) AND {own_account}
     ORDER BY a.owner, a.item LIMIT %(limit)s""".replace("{own_account}", _OWN_ACCOUNT)

_ACCOUNT = """
    SELECT a.owner, a.kind, a.item, a.granted, a.reserved, a.settled FROM accounts a
     WHERE a.owner = %(owner)s AND a.kind = %(kind)s AND a.item = %(item)s AND {own_account}
     """.replace("{own_account}", _OWN_ACCOUNT)

_STATEMENT = """
    SELECT p.id::text AS id, p.movement, p.amount, p.declarant, p.list_key, p.cause_kind, p.cause_owner, p.cause_key,
           p.rule, p.effective_at AS at
      FROM postings p
     WHERE p.owner = %(owner)s AND p.kind = %(kind)s AND p.item = %(item)s
       AND (%(before)s::uuid IS NULL OR p.id < %(before)s::uuid)
     ORDER BY p.id DESC LIMIT %(limit)s"""

_ACCOUNT_OF_CASE = """
    SELECT DISTINCT p.owner, p.kind, p.item FROM postings p
     WHERE p.declarant = %(declarant)s AND p.list_key = %(key)s AND p.kind = %(kind)s
     ORDER BY p.owner, p.item LIMIT 1"""


class AccountLine(Struct, frozen=True):
    """An account with its balance, in fen (quota, guarantee) or 10⁻⁵ units (stock)."""

    owner: str
    kind: str
    item: str
    granted: int
    reserved: int
    settled: int

    @property
    def available(self) -> int:
        """What can still be reserved."""
        return self.granted - self.reserved - self.settled


class Entry(Struct, frozen=True):
    """One movement of an account, with its cause and its ground in law."""

    id: str
    movement: str
    amount: int
    declarant: str
    list_key: str
    cause_kind: str
    cause_owner: str
    cause_key: str
    rule: str
    at: datetime


def accounts(conn: Connection[Any], kind: AccountKind, scope: Scope, cut: Cut) -> Page[AccountLine]:
    """Returns accounts of one kind in the order of their owners.

    Raises:
        BadCursorError: The cursor is not one of this list.
    """
    owner, item = keys_of(cut.after, 2) or ("", "")
    wanted = {"kind": kind, "owner": owner, "item": item, "enterprise": scope.enterprise, "limit": cut.limit + 1}
    with conn.cursor(row_factory=class_row(AccountLine)) as cursor:
        rows = cursor.execute(_ACCOUNTS, wanted).fetchall()
    return page_of(rows, cut, lambda row: (row.owner, row.item))


def account(conn: Connection[Any], key: AccountId, scope: Scope) -> AccountLine | None:
    """Returns one account, or None where there is none or it is another's."""
    wanted = {"owner": key.owner, "kind": key.kind, "item": key.item, "enterprise": scope.enterprise}
    with conn.cursor(row_factory=class_row(AccountLine)) as cursor:
        return cursor.execute(_ACCOUNT, wanted).fetchone()


def statement(conn: Connection[Any], key: AccountId, cut: Cut) -> Page[Entry]:
    """Returns the movements of one account, newest first.

    Raises:
        BadCursorError: The cursor is not one of this list.
    """
    before = (keys_of(cut.after, 1) or (None,))[0]
    wanted = {"owner": key.owner, "kind": key.kind, "item": key.item, "before": before, "limit": cut.limit + 1}
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        rows = cursor.execute(_STATEMENT, wanted).fetchall()
    return page_of(rows, cut, lambda row: (row.id,))


def account_of_case(conn: Connection[Any], case: Ref, kind: AccountKind) -> AccountId | None:
    """Returns the account of one kind a case moved, so that a page can name it without showing a person's number."""
    wanted = {"declarant": case.owner, "key": case.key, "kind": kind}
    row = conn.execute(_ACCOUNT_OF_CASE, wanted).fetchone()
    return AccountId(row[0], AccountKind(row[1]), row[2]) if row else None

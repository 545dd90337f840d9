"""Moves balances: conditional single-key updates in key order, and the postings that explain them.

An update that would overdraw touches no row; then the batch was decided on a balance that another worker has moved
meanwhile, and it is decided again.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from sandan.ledger.decide import Book
from sandan.ledger.decide import movements
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import Change
from sandan.ledger.facts import Ground
from sandan.ledger.facts import Posting
from sandan.store.load import load_balances
from sandan.store.rows import Table
from sandan.store.rows import copy

_POSTINGS = Table(
    "postings",
    {
        "owner": "text",
        "kind": "text",
        "item": "text",
        "movement": "text",
        "amount": "int8",
        "declarant": "text",
        "list_key": "text",
        "cause_kind": "text",
        "cause_owner": "text",
        "cause_key": "text",
        "rule": "text",
        "effective_at": "timestamptz",
    },
)
_MOVE = """
    UPDATE accounts SET granted = granted + %(granted)s, reserved = reserved + %(reserved)s, settled = settled + %(settled)s
     WHERE owner = %(owner)s AND kind = %(kind)s AND item = %(item)s
       AND granted + %(granted)s >= 0 AND reserved + %(reserved)s >= 0 AND settled + %(settled)s >= 0
       AND granted + %(granted)s - reserved - %(reserved)s - settled - %(settled)s >= 0
"""
_OPEN = """
    INSERT INTO accounts (owner, kind, item, granted, reserved, settled)
    VALUES (%(owner)s, %(kind)s, %(item)s, %(granted)s, %(reserved)s, %(settled)s) ON CONFLICT DO NOTHING
"""


class Contended(Exception):  # noqa: N818 - a state of the batch, no error of anybody
    """Another worker moved what this batch was decided on; the batch is decided again."""


def post(conn: Connection[Any], postings: Sequence[Posting], known: Mapping[AccountId, object]) -> None:
    """Writes postings and moves their accounts, each once, in key order.

    Args:
        conn: Connection with an open transaction.
        postings: Everything posted by the batch.
        known: Accounts that existed when the batch was decided; the others are opened here.

    Raises:
        Contended: an account was moved or opened by another worker so that this batch no longer fits.
    """
    if not postings:
        return
    changes = movements(postings)
    with conn.cursor() as cur:
        for statement, wanted in ((_OPEN, changes.keys() - known.keys()), (_MOVE, changes.keys() & known.keys())):
            rows = [_row(account, changes[account]) for account in sorted(wanted)]
            if rows:
                cur.executemany(statement, rows)
                if cur.rowcount != len(rows):
                    raise Contended(f"{len(rows) - cur.rowcount} of {len(rows)} accounts")
    copy(conn, _POSTINGS, map(_values, postings))


def open_accounts(conn: Connection[Any], amounts: Mapping[AccountId, int], ground: Ground) -> None:
    """Credits accounts with what their owners brought: a guarantee furnished, stock entered into a book.

    Args:
        conn: Connection with an open transaction.
        amounts: What each account gains, fen or 10⁻⁵ units, above zero.
        ground: Document and rule the credit rests on.

    Raises:
        Contended: another writer opened or moved one of the accounts at this moment; try again.
    """
    existing = load_balances(conn, amounts.keys())
    book = Book(existing)
    post(conn, [book.credit(account, amount, ground) for account, amount in amounts.items()], existing)


def _row(account: AccountId, change: Change) -> dict[str, object]:
    return {
        "owner": account.owner,
        "kind": account.kind.value,
        "item": account.item,
        "granted": change.granted,
        "reserved": change.reserved,
        "settled": change.settled,
    }


def _values(posting: Posting) -> tuple[object, ...]:
    account, case, cause = posting.account, posting.case, posting.cause
    return (
        account.owner,
        account.kind.value,
        account.item,
        posting.movement.value,
        posting.amount,
        case.owner if case else "",
        case.key if case else "",
        cause.kind.value,
        cause.owner,
        cause.key,
        posting.rule,
        posting.at,
    )

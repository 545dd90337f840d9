"""Puts the invented world into an empty store: parties, keys, money, goods, criteria and law files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from psycopg import Connection

from sandan.documents.facts import Kind
from sandan.documents.facts import Ref
from sandan.inspection.facts import Action
from sandan.inspection.facts import Criterion
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Ground
from sandan.parties.facts import Certificate
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.lawfiles import save as save_law
from sandan.sandbox.messages import Office
from sandan.signing.port import Algorithm
from sandan.store.accounts import open_accounts
from sandan.store.criteria import save_criteria
from sandan.store.registry import save_registry
from sandan.terms.ids import RuleId

VALID = (date(2016, 4, 8), date(2049, 12, 31))
NATIONAL = frozenset({world.BANK, world.EXPRESS})
"""Enterprises whose test keys are SM2; the others have RSA keys."""

CRITERIA = (Criterion(name="puzzles", order=Action.INSPECT, gcodes=("95030060",)),)
"""What the officers of the invented zone ask to see."""


def office(authority: Authority) -> Office:
    """The dispatch of the invented enterprises, with a test key each."""
    enterprises = {enterprise.code: enterprise for enterprise in world.signers()}
    signers = {
        code: authority.issue(
            enterprise.name, code, Algorithm.SM2_SM3 if code in NATIONAL else Algorithm.RSA_SHA256, *VALID
        )
        for code, enterprise in enterprises.items()
    }
    return Office(enterprises, signers)


def seed(
    conn: Connection[Any], dispatch: Office, now: datetime, openings: Mapping[AccountId, int] | None = None
) -> None:
    """Fills an empty, migrated store.

    Args:
        conn: Connection to it; everything is one transaction.
        dispatch: Whose certificates are registered.
        now: When the accounts are opened.
        openings: Accounts that open with another amount than the world's.
    """
    with conn.transaction():
        save_registry(conn, replace(world.registry(), certificates=certificates(dispatch)))
        save_criteria(conn, CRITERIA)
        save_law(conn, now)
        _open(conn, {**world.openings(), **(openings or {})}, now)


def certificates(dispatch: Office) -> dict[str, Certificate]:
    """The dispatch's certificates as the registry keeps them."""
    since, until = VALID
    marks = {code: hashlib.sha256(key.certificate_der).hexdigest() for code, key in dispatch.signers.items()}
    return {
        mark: Certificate(fingerprint=mark, enterprise=code, since=since, until=until) for code, mark in marks.items()
    }


def _open(conn: Connection[Any], amounts: Mapping[AccountId, int], now: datetime) -> None:
    """Opens guarantees by the letters lodged, and stock by the first-line entry."""
    rules = {AccountKind.GUARANTEE: RuleId("R194-16.1"), AccountKind.STOCK: RuleId("R2L-7")}
    for kind, rule in rules.items():
        chosen = {account: amount for account, amount in amounts.items() if account.kind is kind and amount}
        cause = Ref(kind=Kind.OPENING, owner="sandbox", key=kind.value)
        open_accounts(conn, chosen, Ground(case=None, cause=cause, rule=rule, at=now))

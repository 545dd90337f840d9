"""Local accounts and API tokens: who may log in, and for whom.

Passwords are kept as argon2 hashes, which take about half a second of one core: call `authenticate` and
`save_user` on a thread. Tokens are 256 random bits, so a plain SHA-256 of one is enough to keep.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError
from msgspec import Struct
from psycopg import Connection

#: What every token begins with, so that a leaked one is recognised by scanners
TOKEN_PREFIX = "sandan_"  # noqa: S105 - a mark, no secret


class Seat(StrEnum):
    """The seat an account works from; what it may do stands in the faces' permission table."""

    OFFICER = "officer"
    """Customs officer (关员)."""
    ENTERPRISE = "enterprise"
    """Staff of one registered enterprise (企业)."""
    OPERATOR = "operator"
    """Runs the platform (平台运营)."""
    FINANCE = "finance"
    """Revenue desk (财务)."""
    WAREHOUSE = "warehouse"
    """Warehouse of a zone (仓储)."""


class User(Struct, frozen=True, kw_only=True):
    """One local account."""

    account: str
    name: str
    seat: Seat
    #: Enterprise the account belongs to; empty for customs and the operator
    enterprise: str = ""
    active: bool = True


def save_user(conn: Connection[Any], user: User, password: str) -> None:
    """Creates an account or replaces its facts and password."""
    conn.execute(
        """
        INSERT INTO users (account, name, role, enterprise, password_hash, active)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (account) DO UPDATE SET
            name = EXCLUDED.name, role = EXCLUDED.role, enterprise = EXCLUDED.enterprise,
            password_hash = EXCLUDED.password_hash, active = EXCLUDED.active
        """,
        (user.account, user.name, user.seat.value, user.enterprise, _hasher().hash(password), user.active),
    )


def find_user(conn: Connection[Any], account: str) -> User | None:
    """The active account of that name."""
    row = conn.execute(
        "SELECT account, name, role, enterprise, active FROM users WHERE account = %s AND active", (account,)
    ).fetchone()
    return _user(row) if row else None


def list_users(conn: Connection[Any]) -> list[User]:
    """All accounts by name, inactive ones too."""
    rows = conn.execute("SELECT account, name, role, enterprise, active FROM users ORDER BY account")
    return [_user(row) for row in rows]


def authenticate(conn: Connection[Any], account: str, password: str) -> User | None:
    """The account whose password this is; an unknown account takes as long as a wrong password."""
    row = conn.execute(
        "SELECT account, name, role, enterprise, active, password_hash FROM users WHERE account = %s", (account,)
    ).fetchone()
    right = _matches(row[5] if row else _nobody_hash(), password)
    return _user(row[:5]) if row and right and row[4] else None


def issue_token(conn: Connection[Any], enterprise: str, label: str, now: datetime) -> str:
    """A new API token of an enterprise; only its hash is kept, so this is the one time it is shown."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO api_tokens (token_hash, enterprise, label, created_at) VALUES (%s, %s, %s, %s)",
        (token_hash(token), enterprise, label, now),
    )
    return token


def token_holder(conn: Connection[Any], token: str) -> str | None:
    """The enterprise a token was issued to, or None for an unknown or revoked one."""
    row = conn.execute("SELECT enterprise FROM api_tokens WHERE token_hash = %s", (token_hash(token),)).fetchone()
    return str(row[0]) if row else None


def revoke_token(conn: Connection[Any], token: str) -> bool:
    """Whether the token was there to be revoked."""
    return conn.execute("DELETE FROM api_tokens WHERE token_hash = %s", (token_hash(token),)).rowcount > 0


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def session_key(conn: Connection[Any]) -> str:
    """The secret sessions are signed with, made at first use and kept with the settings."""
    conn.execute(
        "INSERT INTO settings (key, value) VALUES ('session_key', to_jsonb(%s::text)) ON CONFLICT (key) DO NOTHING",
        (secrets.token_urlsafe(48),),
    )
    row = conn.execute("SELECT value #>> '{}' FROM settings WHERE key = 'session_key'").fetchone()
    return str(row[0]) if row else ""


def _user(row: tuple[Any, ...]) -> User:
    account, name, seat, enterprise, active = row
    return User(account=account, name=name, seat=Seat(seat), enterprise=enterprise, active=active)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody_hash() -> str:
    """A hash no password is kept for, so that guessing account names by the clock does not work."""
    return _hasher().hash(secrets.token_urlsafe(16))

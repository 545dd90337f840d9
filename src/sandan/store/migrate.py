"""Brings a database to the schema this version of Sandan writes; hand-written SQL, ordered by alembic."""

from __future__ import annotations

from pathlib import Path

import psycopg

HEAD = "0005"
"""Newest revision; a test holds it against the files."""

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x53414E44414E


def migrate(url: str) -> None:
    """Applies what is missing; safe to call from several processes at once.

    Raises:
        psycopg.OperationalError: the database cannot be reached.
    """
    if current(url) != HEAD:
        _upgrade(url)


def current(url: str) -> str:
    """Revision the database stands at, empty before the first."""
    with psycopg.connect(url) as conn:
        if conn.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return ""
        row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _upgrade(url: str) -> None:
    # Imported here: alembic and SQLAlchemy take half a second, and a database at its head needs neither.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above
    from sqlalchemy import create_engine  # noqa: PLC0415 - see above
    from sqlalchemy.pool import NullPool  # noqa: PLC0415 - see above

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    with psycopg.connect(url, autocommit=True) as guard, engine.connect() as connection:
        guard.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()

"""Table of mirrored receipts."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

_SQL = Path(__file__).parent.parent / "0005_mirror.sql"


def upgrade() -> None:
    """Runs the SQL beside this folder as it stands there, past SQLAlchemy, which would read ``%`` as a placeholder."""
    op.get_bind().connection.driver_connection.execute(_SQL.read_bytes())  # type: ignore[union-attr]

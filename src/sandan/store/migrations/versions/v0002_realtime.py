"""Tables of the real-time payment data."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

_SQL = Path(__file__).parent.parent / "0002_realtime.sql"


def upgrade() -> None:
    """Runs the SQL beside this folder as it stands there, past SQLAlchemy, which would read ``%`` as a placeholder."""
    op.get_bind().connection.driver_connection.execute(_SQL.read_bytes())  # type: ignore[union-attr]
